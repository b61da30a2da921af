/** The history behind a working tree's head in the few numbers ranking needs, kept on disk by head. */
import type { Commit } from "../repo/log.ts";
import { type Activity, type Ancestry, countActivity, type HistoryIndex } from "./ancestry.ts";
import { readCheckedPack, writeCheckedPack } from "./checked_pack.ts";

const LAYOUT_VERSION = 1;

/** A history that ends at the checked-out commit. */
export interface WorkHistory {
  readonly head: string;
  readonly index: HistoryIndex;
  readonly ancestry: Ancestry;
  /** Identity of a path at the head; -1 for one that no commit touched */
  readonly identity: (path: string) => number;
  /** Counts as of a moment, Unix seconds; author days are left at never */
  readonly activityAt: (now_s: number) => Activity;
  /** Non-merge commits, time of the oldest (Unix seconds, null for none), people, and median files a commit */
  readonly commits: number;
  readonly oldest_s: number | null;
  readonly contributors: number;
  readonly median_change_size: number;
}

/** What stays of a history on disk. */
interface Kept {
  readonly head: string;
  readonly paths: readonly string[];
  readonly contributors: number;
  readonly median_change_size: number;
  /** Unix seconds, one a non-merge commit, oldest first */
  readonly times: Float64Array;
  /** Identities touched, in rows */
  readonly offsets: Uint32Array;
  readonly touched: Int32Array;
  /** Identity of each of `paths`, and how many identities there are in all */
  readonly identities: Int32Array;
  readonly nFiles: number;
}

/**
 * Reads the history that ends at `head`: from the pack at `file` when it is of that head, else from git.
 *
 * @throws {GitError} when git fails
 */
export async function readWorkHistory(
  dir: string,
  head: string,
  file: string,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (commits: number) => void } = {},
): Promise<WorkHistory> {
  const kept = readPack(file);
  if (kept?.head === head) return open(kept);
  const fresh = await measure(dir, head, options);
  const { times, offsets, touched, identities, ...words } = fresh;
  writeCheckedPack(file, LAYOUT_VERSION, words, { times, offsets, touched, identities });
  return open(fresh);
}

async function measure(
  dir: string,
  head: string,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (commits: number) => void },
): Promise<Kept> {
  // Loaded only for a head not seen before.
  const [{ sourceChanges }, { identitiesAt, readHistory }, { indexHistory }] = await Promise.all([
    import("../oracle/cases.ts"),
    import("../repo/log.ts"),
    import("./ancestry.ts"),
  ]);
  const history = await readHistory(dir, head, options);
  const { touched } = indexHistory(history, sourceChanges);
  const line = history.commits.filter((commit) => commit.parents.length <= 1);
  const offsets = new Uint32Array(line.length + 1);
  line.forEach((commit, i) => offsets[i + 1] = offsets[i]! + touched[commit.index]!.length);
  const all = new Int32Array(offsets[line.length]!);
  line.forEach((commit, i) => all.set(touched[commit.index]!, offsets[i]!));
  const tip = history.commits.findIndex(({ sha }) => sha === head);
  const identity = identitiesAt(history, tip);
  // Every path that ever was, since the work tree may hold again what the head does not.
  const paths = [...new Set(line.flatMap(({ changes }) => changes.map(({ path }) => path)))];
  const sizes = line.map(({ changes }) => changes.length).filter((n) => n > 0).sort((a, b) => a - b);
  const middle = sizes.length >> 1;
  return {
    head,
    paths,
    contributors: new Set(line.map(({ author_email }) => author_email.toLowerCase())).size,
    median_change_size: sizes.length === 0
      ? 0
      : sizes.length % 2 === 1
      ? sizes[middle]!
      : (sizes[middle - 1]! + sizes[middle]!) / 2,
    times: Float64Array.from(line, ({ committed_at_s }) => committed_at_s),
    offsets,
    touched: all,
    identities: Int32Array.from(paths, identity),
    nFiles: history.file_names.length,
  };
}

function readPack(file: string): Kept | undefined {
  const found = readCheckedPack(file, LAYOUT_VERSION);
  if (found === undefined) return undefined;
  return { ...found.head as Kept, ...found.arrays as unknown as Pick<Kept, "times" | "offsets" | "touched"> };
}

/** Puts a history back into the form the corpus counts with. All commits are ancestors of the head, merges left out. */
function open(kept: Kept): WorkHistory {
  const n = kept.times.length;
  const touched = Array.from(
    { length: n },
    (_, i) => kept.touched.subarray(kept.offsets[i]!, kept.offsets[i + 1]!),
  );
  const counts = new Uint32Array(kept.nFiles);
  for (const id of kept.touched) counts[id]!++;
  const commitsOf = Array.from(counts, (count) => new Int32Array(count)),
    filled = new Uint32Array(kept.nFiles);
  touched.forEach((files, commit) => files.forEach((id) => commitsOf[id]![filled[id]!++] = commit));
  const commits = Array.from(kept.times, (committed_at_s, index): Commit => ({
    index,
    sha: "",
    parents: [],
    committed_at_s,
    author_name: "",
    author_email: "",
    subject: "",
    changes: [],
  }));
  const index: HistoryIndex = {
    history: { commits, file_names: new Array<string>(kept.nFiles).fill("") },
    touched,
    commitsOf,
  };
  const ancestry: Ancestry = {
    includes: new Uint8Array(n).fill(1),
    line: Int32Array.from({ length: n }, (_, i) => i),
    age: Int32Array.from({ length: n }, (_, i) => n - 1 - i),
  };
  const identities = new Map(kept.paths.map((path, i) => [path, kept.identities[i]!]));
  return {
    head: kept.head,
    index,
    ancestry,
    identity: (path) => identities.get(path) ?? -1,
    // No address contains a line break, so nothing counts as the author's own.
    activityAt: (now_s) => countActivity(index, ancestry, now_s, "\n"),
    commits: n,
    oldest_s: n === 0 ? null : kept.times.reduce((least, time) => Math.min(least, time), Infinity),
    contributors: kept.contributors,
    median_change_size: kept.median_change_size,
  };
}
