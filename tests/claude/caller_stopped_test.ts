/** When the program that asks is itself stopped, the child it asked does not live on. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../lib/base/paths.ts";
import { firstPid, isGone, withStandIn } from "./stand_in/install.ts";

/** Sends a signal to a caller whose child is running; how the caller ended, once the child is gone. */
function stopCaller(
  signal: Deno.Signal,
): Promise<{ said: string; signal: string | null; childGone: boolean }> {
  return withStandIn({ shell: "note $$; exec sleep 60" }, async (standIn) => {
    const caller = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--no-check",
        join(PROJECT_ROOT, "tests/claude/stand_in/caller.ts"),
        JSON.stringify(standIn.environment),
      ],
      cwd: PROJECT_ROOT,
      // A caller that is killed leaves its empty folder behind: here it goes with the stand-in.
      env: { TMPDIR: standIn.folder },
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const pid = await firstPid(standIn);
    caller.kill(signal);
    const { stdout, signal: endedBy } = await caller.output();
    const childGone = await isGone(pid);
    return { said: new TextDecoder().decode(stdout).trim(), signal: endedBy, childGone };
  });
}

Deno.test("Ctrl-C ends the call as cancelled and leaves the caller to save its work", async () => {
  assert.deepEqual(await stopCaller("SIGINT"), { said: "cancelled", signal: null, childGone: true });
});

Deno.test("SIGTERM ends the caller as it always does, and the child with it", async () => {
  assert.deepEqual(await stopCaller("SIGTERM"), { said: "", signal: "SIGTERM", childGone: true });
});
