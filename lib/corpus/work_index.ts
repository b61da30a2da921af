/** Everything ranking needs of a working tree, opened in milliseconds when it was looked at before. */
import { basename, join, resolve } from "node:path";
import { digest } from "../base/digest.ts";
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
  /** The files, where somebody has begun to list them already */
  readonly tree?: Promise<WorkTree>;
  /** An earlier look at the same repository: what did not change since is taken from it */
  readonly before?: WorkIndex;
}

/** The files of a repository that are ranked, as `openWorkIndex` lists them. */
export const listWorkTree = (path: string): Promise<WorkTree> => readWorkTree(resolve(path), isSourcePath);

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
    `${basename(dir)}-${(await digest(dir)).slice(0, 12)}`,
  );
  const read = await (options.tree ?? listWorkTree(dir)), before = options.before;
  const tree = {
    ...read,
    files: Array.from(tieOrder(read.files.map((f) => f.path)), (i) => read.files[i]!),
  };
  const stop = signal ? { signal } : {};
  const [tags, history] = await Promise.all([
    before !== undefined && sameFiles(before.tree, tree)
      ? before.tags
      : readWorkTags(tree, join(folder, "tags.pack"), {
        ...stop,
        onProgress: (done, total) => onProgress?.("tags", done, total),
      }),
    before?.history.head === tree.head
      ? before.history
      : readWorkHistory(dir, tree.head, join(folder, "history.pack"), {
        ...stop,
        onProgress: (commits) => onProgress?.("history", commits, 0),
      }),
  ]);
  return { tree, tags, history };
}

function sameFiles({ files: a }: WorkTree, { files: b }: WorkTree): boolean {
  return a.length === b.length && a.every(({ path, blob }, i) => path === b[i]!.path && blob === b[i]!.blob);
}
