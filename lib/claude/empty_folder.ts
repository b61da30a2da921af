/** A working folder in which there is nothing to find. */
import { existsSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Runs a task with a fresh empty folder outside every repository, and removes it afterwards whatever happened.
 *
 * A command line that starts in a repository under study would run that repository's hooks and servers.
 */
export async function withEmptyFolder<T>(task: (folder: string) => Promise<T>): Promise<T> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "ripmap-lab-")));
  try {
    return await task(folder);
  } finally {
    // Something may still be writing while its group dies; a few attempts are enough.
    await rm(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 });
  }
}

/** True while a folder is there. */
export function folderExists(folder: string): boolean {
  return existsSync(folder);
}
