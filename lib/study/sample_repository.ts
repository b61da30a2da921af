/** The generated sample repository: a small project with a history, so that everything can be tried without one's own. */
import { join } from "node:path";
import { sha256 } from "../base/canonical.ts";
import { cacheDir } from "../base/paths.ts";
import { historyStream, writeHistory } from "../repo/write_history.ts";
import { sampleHistory } from "./sample_history.ts";

/** Name of the sample in tables, and of the study made from it by default. */
export const SAMPLE_NAME = "generated-sample", SAMPLE_STUDY = "sample";

/** What must stand wherever numbers of the sample are shown. */
export const SAMPLE_NOTICE =
  "A generated sample: its numbers show that the machinery works, not how well anything ranks.";

/**
 * Folder of the sample, a bare repository. It is written into the cache at the first call, the same commit names on every machine.
 *
 * Processes that write it at once do not disturb one another.
 * @param cache default `cacheDir()` of base/paths.ts
 * @throws {GitError} when git fails
 */
export async function sampleRepository(cache: string = cacheDir()): Promise<string> {
  const stream = historyStream(sampleHistory());
  const folder = join(cache, "sample", sha256(stream).slice(0, 12)), dir = join(folder, `${SAMPLE_NAME}.git`);
  if (isThere(join(dir, "HEAD"))) return dir;
  Deno.mkdirSync(folder, { recursive: true });
  const attempt = Deno.makeTempDirSync({ dir: folder, prefix: "attempt-" });
  try {
    await writeHistory(attempt, stream);
    Deno.renameSync(attempt, dir);
  } catch (error) {
    Deno.removeSync(attempt, { recursive: true });
    // Another process was first: its repository is this one.
    if (!isThere(join(dir, "HEAD"))) throw error;
  }
  return dir;
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
