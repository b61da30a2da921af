/** What a crash may leave at the end of a file, set aside where it can be looked at. */
import { basename, join } from "node:path";
import type { Disk } from "./disk.ts";

/** A last line that a crash cut off, and where its bytes went. */
export interface Recovery {
  /** Path of the file that was cut */
  file: string;
  /** Bytes taken off its end */
  bytes: number;
  /** Where they were added: FILE.truncated */
  asideFile: string;
}

const NEWLINE = 0x0a;

/**
 * Moves what stands after the last newline of each `.jsonl` file of a folder to FILE.truncated, in order of names.
 *
 * Such bytes were never acknowledged to anybody, even where they happen to be whole JSON. The copy is down before the cut: a
 * second crash between the two repeats the copy and loses nothing. Call it only under the writer's lock.
 */
export function recoverTails(dir: string, disk: Disk): Recovery[] {
  const names = [...Deno.readDirSync(dir)].filter((entry) => entry.isFile && entry.name.endsWith(".jsonl"))
    .map((entry) => entry.name).sort();
  const found: Recovery[] = [];
  for (const name of names) {
    const file = join(dir, name);
    if (endsWithNewline(file)) continue;
    const bytes = Deno.readFileSync(file);
    const whole = bytes.lastIndexOf(NEWLINE) + 1;
    const asideFile = `${file}.truncated`;
    const tail = new Uint8Array(bytes.length - whole + 1);
    tail.set(bytes.subarray(whole));
    tail[tail.length - 1] = NEWLINE;
    try {
      disk.append(asideFile, tail);
      disk.truncate(file, whole);
    } catch (cause) {
      throw new Error(
        `Cannot set aside the unfinished last line of ${file}: ${(cause as Error).message}. ` +
          `Its whole lines are safe. Make room and run the command again with --resume`,
        { cause },
      );
    }
    found.push({ file, bytes: bytes.length - whole, asideFile });
  }
  return found;
}

/** Whether a file is empty or its last byte is a newline. */
function endsWithNewline(file: string): boolean {
  using handle = Deno.openSync(file);
  if (handle.statSync().size === 0) return true;
  handle.seekSync(-1, Deno.SeekMode.End);
  const last = new Uint8Array(1);
  handle.readSync(last);
  return last[0] === NEWLINE;
}

/** Says what a recovery did, in one line for the user. */
export function describeRecovery(recovery: Recovery): string {
  return `${
    basename(recovery.file)
  }: the last line was cut off by a crash; its ${recovery.bytes} bytes were moved to ` +
    `${basename(recovery.asideFile)} and the study goes on from the line before`;
}
