/** JupyterLab for people: an installed one, or one set up in the project's own `.venv`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_ROOT } from "../base/paths.ts";

/** The release that is set up where there is none. */
export const JUPYTERLAB_VERSION = "4.6.6";

/** One command of a set-up. */
export interface LabStep {
  readonly says: string;
  readonly command: readonly string[];
}

/** How JupyterLab is to be started, and what must be done before. */
export interface LabPlan {
  /** Program and arguments that come before "lab". */
  readonly jupyter: readonly string[];
  readonly steps: readonly LabStep[];
}

/** Whether a command can be run and ends with 0. */
export type Probe = (command: readonly string[]) => boolean;

/** Runs a command to see whether it is there. */
export function probeCommand(command: readonly string[]): boolean {
  try {
    return new Deno.Command(command[0]!, {
      args: command.slice(1),
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).outputSync().success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) return false;
    throw error;
  }
}

/**
 * Decides: the project's `.venv` if it has JupyterLab, else an installed `jupyter lab`, else a `.venv` made with uv, else with
 * Python's venv and pip. Nothing is done yet.
 *
 * @throws {Error} when there is neither Jupyter nor uv nor Python, with what to install
 */
export function planLab(root: string = PROJECT_ROOT, probe: Probe = probeCommand): LabPlan {
  const venv = join(root, ".venv");
  const bin = (name: string) =>
    Deno.build.os === "windows" ? join(venv, "Scripts", `${name}.exe`) : join(venv, "bin", name);
  const own = [bin("python"), "-m", "jupyter"];
  if (existsSync(bin("python")) && probe([...own, "lab", "--version"])) return { jupyter: own, steps: [] };
  if (probe(["jupyter", "lab", "--version"])) return { jupyter: ["jupyter"], steps: [] };
  const what = `jupyterlab==${JUPYTERLAB_VERSION}`;
  if (probe(["uv", "--version"])) {
    return {
      jupyter: own,
      steps: [
        { says: `making ${venv} with uv`, command: ["uv", "venv", "--allow-existing", venv] },
        {
          says: `installing ${what} from PyPI into it`,
          command: ["uv", "pip", "install", "--python", bin("python"), what],
        },
      ],
    };
  }
  const python = ["python3", "python"].find((name) => probe([name, "-m", "venv", "--help"]));
  if (python) {
    return {
      jupyter: own,
      steps: [
        { says: `making ${venv} with ${python}`, command: [python, "-m", "venv", venv] },
        {
          says: `installing ${what} from PyPI into it`,
          command: [bin("python"), "-m", "pip", "install", "--quiet", what],
        },
      ],
    };
  }
  throw new Error(
    "Cannot set up JupyterLab: found neither jupyter nor uv nor a Python with venv. " +
      "Install one of them (on Debian: apt install python3-venv, or jupyter-notebook where PyPI cannot be reached), " +
      "or open the notebooks in VS Code. deno task notebooks needs none of this",
  );
}
