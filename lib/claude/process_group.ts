/** Process groups, and making sure that none outlives this process. */
import process from "node:process";
import { killStrays } from "./strays.ts";

/**
 * Sends a signal to a child's whole group. A group that is already gone is no error.
 *
 * The child must have been started detached, so that it leads a group of its own.
 */
export function killGroup(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(Deno.build.os === "windows" ? pid : -pid, signal);
  } catch (error) {
    const code = (error as { code?: string }).code;
    // ESRCH: gone. EPERM: on some systems the answer for a group of which only zombies are left.
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}

/** Children in flight by their mark: the leader of the group once there is one, and what to do when the person presses Ctrl-C. */
const watched = new Map<string, { pid: number | undefined; cancel(): void }>();

/** A child that is being watched. */
export interface Watch {
  /** Tells who leads the child's group. */
  started(pid: number): void;
  /** Ends the watch. */
  end(): void;
}

/**
 * Ties a child that is about to be started to this process until the watch ends.
 *
 * Detached children do not receive the terminal's signals, so: Ctrl-C calls `cancel` (the call fails as cancelled and the
 * study can save itself; a second Ctrl-C finds no child and ends the program); SIGTERM, SIGHUP and exit kill the group. The watch begins
 * before the start, or a signal that came right behind it would leave the child alone in the world.
 */
export function watchChild(mark: string, cancel: () => void): Watch {
  if (watched.size === 0) listen("on");
  const child = { pid: undefined as number | undefined, cancel };
  watched.set(mark, child);
  return {
    started: (pid) => child.pid = pid,
    end: () => {
      if (watched.delete(mark) && watched.size === 0) listen("off");
    },
  };
}

function listen(how: "on" | "off"): void {
  process[how]("exit", killAll);
  process[how]("SIGINT", cancelAll);
  if (Deno.build.os === "windows") return;
  process[how]("SIGTERM", onTerminate);
  process[how]("SIGHUP", onHangup);
}

const killAll = () =>
  watched.forEach(({ pid }, mark) => {
    if (pid !== undefined) killGroup(pid, "SIGKILL");
    killStrays(mark);
  });
const cancelAll = () => watched.forEach(({ cancel }) => cancel());
const onTerminate = () => endAs("SIGTERM");
const onHangup = () => endAs("SIGHUP");

/** Kills the children, then lets the signal do to us what it would have done without our listening. */
function endAs(signal: "SIGTERM" | "SIGHUP"): void {
  killAll();
  watched.clear();
  listen("off");
  process.kill(process.pid, signal);
}
