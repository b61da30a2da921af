/** The kernelspec Jupyter starts the Deno kernel by: written here, because the stock one lets Stop kill the kernel. */
import { dirname, join } from "node:path";
import { existsSync } from "node:fs";

/** Options of {@link installKernelspec}. */
export interface KernelspecOptions {
  /** Jupyter's data folder (the one that has `kernels`). Default: the user's, or JUPYTER_DATA_DIR. */
  dir?: string;
  /** The deno binary to start. Default: the running one. */
  deno?: string;
  /** Heap of a kernel in MB. Default 8192. */
  heapMb?: number;
  /** Name of the spec. Default "deno", the one our notebooks ask for. */
  name?: string;
}

/** What was installed. */
export interface InstalledKernelspec {
  readonly file: string;
  readonly deno: string;
  /** Reasons to look again, for people. */
  readonly warnings: readonly string[];
}

/** The user's Jupyter data folder, as jupyter_core finds it. @throws {Error} when there is no home folder */
export function jupyterDataDir(
  os: string = Deno.build.os,
  env: (name: string) => string | undefined = readEnv,
): string {
  const given = env("JUPYTER_DATA_DIR");
  if (given) return given;
  const home = env("HOME") ?? env("USERPROFILE");
  if (os === "windows") {
    const data = env("APPDATA");
    if (data) return join(data, "jupyter");
  } else if (home) {
    if (os === "darwin") return join(home, "Library", "Jupyter");
    return join(env("XDG_DATA_HOME") || join(home, ".local", "share"), "jupyter");
  }
  throw new Error(
    "Cannot find Jupyter's data folder: neither JUPYTER_DATA_DIR nor a home folder is set. Give --dir",
  );
}

const readEnv = (name: string) => Deno.env.get(name);

/**
 * Writes `kernels/<name>/kernel.json`: message interrupts (Stop interrupts a busy cell; by signal it kills the kernel), the
 * heap limit, and whatever an existing spec has beside that.
 */
export function installKernelspec(options: KernelspecOptions = {}): InstalledKernelspec {
  const deno = options.deno ?? Deno.execPath();
  const file = join(options.dir ?? jupyterDataDir(), "kernels", options.name ?? "deno", "kernel.json");
  const existing = existsSync(file) ? JSON.parse(Deno.readTextFileSync(file)) as Record<string, unknown> : {};
  const spec = {
    ...existing,
    argv: [deno, "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name: "Deno",
    language: "typescript",
    interrupt_mode: "message",
    env: {
      ...(existing.env as Record<string, string> | undefined),
      DENO_V8_FLAGS: `--max-old-space-size=${options.heapMb ?? 8192}`,
    },
  };
  Deno.mkdirSync(dirname(file), { recursive: true });
  Deno.writeTextFileSync(file, JSON.stringify(spec, null, 2) + "\n");
  return { file, deno, warnings: warningsFor(deno) };
}

/** What is doubtful about starting kernels with this binary. */
export function warningsFor(deno: string): string[] {
  if (!/[\\/]_npx[\\/]/.test(deno)) return [];
  return [
    `The kernel starts ${deno}, which lies in npx's cache: clearing the cache breaks it. ` +
    `Install deno 2.9.6 and run the task again, or run it again after a clearing`,
  ];
}
