/** Descendants that left their process group: known by a mark that every process inherits in its environment. */
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";

/** Variable that holds the mark of a call. */
export const CALL_MARK = "RIPMAP_LAB_CALL";

/** Passes over the process table at the most: a stray may start another while it is looked for. */
const PASSES = 5;

/**
 * Kills every process of this user that was started with a mark, in whatever group or session it is.
 *
 * Linux only, where environments can be read; elsewhere only the group is known. A process that wiped its environment is not found.
 */
export function killStrays(mark: string): void {
  if (Deno.build.os !== "linux") return;
  const wanted = `${CALL_MARK}=${mark}`;
  for (let pass = 0; pass < PASSES; pass++) {
    const strays = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && isMarked(name, wanted));
    for (const pid of strays) kill(Number(pid));
    if (strays.length === 0) return;
  }
}

function isMarked(pid: string, wanted: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(wanted);
  } catch {
    // Gone since it was listed, or another user's: neither is ours to end.
    return false;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as { code?: string }).code !== "ESRCH") throw error;
  }
}
