/** One writer a study: a lock file that the operating system releases when its holder dies. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** Name of the lock file within a study's folder. It stays when the lock is gone; its text names the last holder. */
export const LOCK_FILE = "writer.lock";

/** The study is being written by somebody else. A caller catches it to name the process to the user. */
export class LockedError extends Error {
  override name = "LockedError";
  constructor(
    readonly dir: string,
    /** Undefined when the holder could not be read */ readonly pid: number | undefined,
  ) {
    const holder = pid === undefined ? "another process" : `process ${pid}`;
    super(
      `Cannot write the study in ${dir}: ${holder} is writing it. Wait for it to end or give this run another --study`,
    );
  }
}

/** A lock that is held. Closing it twice is harmless. */
export interface StudyLock extends Disposable {
  /** Process that held the lock and died without giving it back; undefined after an orderly end */
  readonly staleHolder: number | undefined;
  close(): void;
}

const Holder = z.object({ pid: z.int().positive(), state: z.enum(["held", "released"]) });

/**
 * Takes the writer lock of a study's folder, made when missing.
 *
 * The truth is the kernel's advisory lock on the open file, so a killed writer leaves nothing to clean up and a reused process
 * id cannot mislead; the text (process id and state) only serves the message, and tells a crash from an orderly end.
 * @throws {LockedError} while another holder lives, in this process or another
 */
export function lockStudy(dir: string): StudyLock {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, LOCK_FILE);
  const handle = Deno.openSync(file, { read: true, write: true, create: true });
  if (!handle.tryLockSync(true)) {
    handle.close();
    throw new LockedError(dir, readHolder(file)?.pid);
  }
  const before = readHolder(file);
  writeHolder(handle, "held");
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    writeHolder(handle, "released");
    handle.unlockSync();
    handle.close();
  };
  return {
    staleHolder: before?.state === "held" ? before.pid : undefined,
    close,
    [Symbol.dispose]: close,
  };
}

/** The last holder, or undefined when the text is empty, half-written or unreadable under the lock: it is a courtesy, not a truth. */
function readHolder(file: string): z.infer<typeof Holder> | undefined {
  try {
    return Holder.safeParse(JSON.parse(Deno.readTextFileSync(file))).data;
  } catch {
    return undefined;
  }
}

function writeHolder(handle: Deno.FsFile, state: "held" | "released"): void {
  handle.seekSync(0, Deno.SeekMode.Start);
  handle.truncateSync(0);
  handle.writeSync(new TextEncoder().encode(JSON.stringify({ pid: Deno.pid, state }) + "\n"));
}
