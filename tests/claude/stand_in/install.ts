/** Putting a stand-in first on the PATH of a child, in a folder of its own. */
import assert from "node:assert/strict";
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { locateProgram } from "../../../lib/claude/locate.ts";
import type { Scenario, SeenCall } from "./scenario.ts";

const HERE = dirname(fileURLToPath(import.meta.url));

/** Compiled stand-ins, shared by all those of one test file: starting one takes a third of the time. */
const COMPILED = Deno.makeTempDirSync({ prefix: "stand-in-compiled-" });
globalThis.addEventListener("unload", () => Deno.removeSync(COMPILED, { recursive: true }));

/** Secrets every stand-in test lays out in the parent's environment: none may reach a child. */
export const LAID_OUT_SECRETS = {
  ANTHROPIC_API_KEY: "not-a-real-key-but-looks-like-one",
  OPENAI_API_KEY: "not-a-real-key-either",
  GITHUB_TOKEN: "nor-is-this-a-token",
  CLAUDECODE: "1",
  CLAUDE_CODE_SIMPLE: "1",
  CLAUDE_EFFORT: "max",
} as const;

/** An installed stand-in. */
export interface StandIn {
  readonly folder: string;
  /** The environment to hand to a backend: restricted PATH, own home, secrets laid out */
  readonly environment: Readonly<Record<string, string>>;
  /** Calls that reached the script, in order */
  calls(): SeenCall[];
  /** Process numbers a shell body wrote down with `note` */
  pids(): number[];
  remove(): void;
}

/** What to install. A `shell` body replaces the script: it starts at once, for modes about processes and not about words. */
export interface StandInOptions extends Partial<Scenario> {
  readonly program?: "claude" | "codex";
  readonly version?: string;
  readonly help?: string;
  readonly shell?: string;
}

const HELP =
  "--print --output-format --verbose --tools --strict-mcp-config --system-prompt --safe-mode --json-schema";

/** Installs a stand-in and proves, before anything is started, that it is what would be started. */
export function installStandIn(options: StandInOptions = {}): StandIn {
  const program = options.program ?? "claude";
  const folder = realpathSync(Deno.makeTempDirSync({ prefix: "stand-in-" }));
  const home = join(folder, "home"), file = join(folder, program);
  Deno.mkdirSync(home);
  const { steps = [{ mode: "ok" }], refuses, rejects_schemas } = options;
  Deno.writeTextFileSync(join(folder, "scenario.json"), JSON.stringify({ steps, refuses, rejects_schemas }));
  const script = join(HERE, `${program}_stand_in.ts`);
  const run = `export DENO_DIR='${COMPILED}' DENO_NO_UPDATE_CHECK=1
exec '${Deno.execPath()}' run --quiet --no-config --no-lock --no-remote --no-npm --no-prompt \\
  --allow-env --allow-read --allow-write '${script}' '${folder}' "$@"`;
  writeProgram(
    file,
    `#!/bin/sh
case "$1" in
  --version) printf '%s\\n' '${options.version ?? "2.1.330 (Claude Code)"}'; exit 0;;
  --help) printf '%s\\n' '${options.help ?? HELP}'; exit 0;;
esac
note() { printf '%s\\n' "$1" >> '${join(folder, "pids")}'; }
${options.shell ?? run}
`,
  );
  const environment = {
    PATH: `${folder}:/usr/bin:/bin`,
    HOME: home,
    RIPMAP_LAB_CLI_DIR: folder,
    ...LAID_OUT_SECRETS,
  };
  assert.equal(locateProgram(program, { environment }), file, "the stand-in must be what is found");
  return {
    folder,
    environment,
    calls: () => linesOf(join(folder, "calls.ndjson")).map((line) => JSON.parse(line) as SeenCall),
    pids: () => linesOf(join(folder, "pids")).map(Number),
    remove: () => Deno.removeSync(folder, { recursive: true }),
  };
}

/**
 * Writes an executable by way of another process. Written from here, it would be "busy" for as long as any child that was
 * forked in between still holds the descriptor it was written through.
 */
function writeProgram(file: string, text: string): void {
  Deno.writeTextFileSync(`${file}.txt`, text);
  const { success } = new Deno.Command("/bin/sh", {
    args: ["-c", 'cp "$1" "$2" && chmod 755 "$2"', "sh", `${file}.txt`, file],
  }).outputSync();
  assert.ok(success, `could not write ${file}`);
}

function linesOf(file: string): string[] {
  try {
    return Deno.readTextFileSync(file).split("\n").filter((line) => line !== "");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Runs a test body with a stand-in that is removed afterwards. */
export async function withStandIn<T>(
  options: StandInOptions,
  body: (standIn: StandIn) => Promise<T>,
): Promise<T> {
  const standIn = installStandIn(options);
  try {
    return await body(standIn);
  } finally {
    standIn.remove();
  }
}

/** Waits until the stand-in has noted a process, and gives its number. @throws {Error} after 30 s: it was never started */
export async function firstPid(standIn: Pick<StandIn, "pids">): Promise<number> {
  for (let i = 0; i < 1500; i++) {
    const [pid] = standIn.pids();
    if (pid !== undefined) return pid;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("The stand-in was never started: no process was noted in 30 s");
}

/** Waits until a process is gone, at most 5 s; a zombie whose parent has not fetched it counts as gone. */
export async function isGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 250; i++) {
    try {
      process.kill(pid, 0);
      if (Deno.build.os === "linux" && /^\d+ \(.*\) Z/.test(Deno.readTextFileSync(`/proc/${pid}/stat`))) {
        return true;
      }
    } catch {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}
