/** What the installed command line is and can do, asked once. */
import { realpathSync, statSync } from "node:fs";
import type { Environment } from "./environment.ts";
import { type ProcessOutcome, runProcess } from "./process.ts";
import { withEmptyFolder } from "./empty_folder.ts";

/** One installed version. */
export interface Capabilities {
  /** "2.1.330", or what it printed instead */
  readonly version: string;
  /** Long options its help names */
  readonly listed: ReadonlySet<string>;
  /** Options it was seen to refuse; grows as calls are made */
  readonly refused: Set<string>;
}

/** The outcome of asking: capabilities, or the process that failed to tell. */
export type Probe = { readonly ok: true; readonly capabilities: Capabilities } | {
  readonly ok: false;
  readonly run: ProcessOutcome;
};

const known = new Map<string, Promise<Probe>>();

/**
 * Runs `--version` and `--help` with standard input closed; at most `deadlineMs` each. The answer is remembered for the very
 * file (real path, time of change, size), so an upgrade is noticed and a second call costs nothing.
 */
export function probe(file: string, env: Environment, deadlineMs = 10_000): Promise<Probe> {
  const real = realpathSync(file), { mtimeMs, size } = statSync(real);
  const key = `${real}:${mtimeMs}:${size}`;
  let answer = known.get(key);
  if (answer === undefined) {
    answer = ask(file, env, deadlineMs);
    known.set(key, answer);
    // A program that failed to answer may answer next time; only answers are remembered.
    answer.then((found) => found.ok || known.delete(key), () => known.delete(key));
  }
  return answer;
}

function ask(file: string, env: Environment, deadlineMs: number): Promise<Probe> {
  return withEmptyFolder(async (cwd) => {
    const run = (arg: string) =>
      runProcess({ file, args: [arg], cwd, env, stdin: "", deadlineMs, settleMs: 500 });
    const version = await run("--version");
    if (version.end !== "exit" || version.code !== 0) return { ok: false, run: version };
    const help = await run("--help");
    const listed = new Set(help.stdout.match(/--[a-z][a-z-]+/g) ?? []);
    const number = version.stdout.match(/\d+\.\d+\.\d+/)?.[0] ?? version.stdout.trim().slice(0, 60);
    return { ok: true, capabilities: { version: number, listed, refused: new Set<string>() } };
  });
}

/** True when `version` is "a.b.c" and stands before `minimum`; a version that is not a number is given the benefit. */
export function isOlder(version: string, minimum: string): boolean {
  if (!/^\d+\.\d+\.\d+$/.test(version)) return false;
  const a = version.split(".").map(Number), b = minimum.split(".").map(Number);
  const at = a.findIndex((part, i) => part !== b[i]);
  return at >= 0 && a[at]! < b[at]!;
}
