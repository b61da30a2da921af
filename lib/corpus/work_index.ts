/** Everything ranking needs of a working tree, opened in milliseconds when it was looked at before. */
import { basename, join, resolve } from "node:path";
import { sha256 } from "../base/canonical.ts";
import { cacheDir } from "../base/paths.ts";
import { isSourcePath } from "../repo/languages.ts";
import { readWorkTree, type WorkTree } from "../repo/work_tree.ts";
import { readWorkHistory, type WorkHistory } from "./work_history.ts";
import { readWorkTags, type WorkTags } from "./work_tags.ts";
import { tieOrder } from "../records/run.ts";

/** A working tree with its tags and the history behind it. */
export interface WorkIndex {
  /** Files in the kit's tie order, as a snapshot wants them */
  readonly tree: WorkTree;
  readonly tags: WorkTags;
  readonly history: WorkHistory;
}

/** Options of {@link openWorkIndex}. */
export interface WorkIndexOptions {
  /** Default `cacheDir()` of base/paths.ts */
  readonly cacheDir?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (stage: "history" | "tags", done: number, total: number) => void;
}

/**
 * Opens a repository's working tree, uncommitted files included. What was parsed or read before comes from the cache: tags by blob,
 * history by head.
 *
 * @throws {RepositoryError} when it is no repository that can be ranked
 * @throws {GitError} when git fails
 */
export async function openWorkIndex(path: string, options: WorkIndexOptions = {}): Promise<WorkIndex> {
  const dir = resolve(path), { signal, onProgress } = options;
  const folder = join(
    options.cacheDir ?? cacheDir(),
    "work",
    `${basename(dir)}-${sha256(dir).slice(0, 12)}`,
  );
  const read = await readWorkTree(dir, isSourcePath);
  const tree = {
    ...read,
    files: Array.from(tieOrder(read.files.map((f) => f.path)), (i) => read.files[i]!),
  };
  const stop = signal ? { signal } : {};
  const [tags, history] = await Promise.all([
    readWorkTags(tree, join(folder, "tags.pack"), {
      ...stop,
      onProgress: (done, total) => onProgress?.("tags", done, total),
    }),
    readWorkHistory(dir, tree.head, join(folder, "history.pack"), {
      ...stop,
      onProgress: (commits) => onProgress?.("history", commits, 0),
    }),
  ]);
  return { tree, tags, history };
}
