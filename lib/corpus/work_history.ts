/** The history behind a working tree's head in the few numbers ranking needs, kept on disk by head. */
import { NEVER_DAYS } from "../records/snapshot.ts";
import type { Activity, Ancestry, ChangeRows } from "./ancestry.ts";
import { readCheckedPack, writeCheckedPack } from "./checked_pack.ts";

const LAYOUT_VERSION = 2;

/** A history that ends at the checked-out commit. */
export interface WorkHistory {
  readonly head: string;
  /** Non-merge commits, oldest first, and file identities */
  readonly rows: ChangeRows;
  readonly ancestry: Ancestry;
  readonly nFiles: number;
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

/** What is kept as JSON. */
interface Words {
  readonly head: string;
  readonly paths: readonly string[];
  readonly commits: number;
  readonly oldest_s: number | null;
  readonly contributors: number;
  readonly median_change_size: number;
}

/** What is kept as arrays: rows of identities by commit and of commits by identity, counts by identity, identities of `paths`. */
type Columns = {
  readonly touchedAt: Uint32Array;
  readonly touched: Int32Array;
  readonly commitsAt: Uint32Array;
  readonly commitsOf: Int32Array;
  readonly identities: Int32Array;
  /** Unix seconds of the last commit that touched a file; -Infinity for none */
  readonly last_s: Float64Array;
  readonly count: Int32Array;
  readonly coupling: Int32Array;
  readonly coupling_500: Int32Array;
  readonly churn: Int32Array;
  /** One row a memory */
  readonly decayed: Float64Array;
};

/** What stays of a history on disk. */
interface Kept {
  readonly words: Words;
  readonly columns: Columns;
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
  const found = await readCheckedPack(file, LAYOUT_VERSION);
  const kept = found && { words: found.head as Words, columns: found.arrays as unknown as Columns };
  if (kept?.words.head === head) return open(kept);
  const fresh = await measure(dir, head, options);
  await writeCheckedPack(file, LAYOUT_VERSION, fresh.words, fresh.columns);
  return open(fresh);
}

async function measure(
  dir: string,
  head: string,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (commits: number) => void },
): Promise<Kept> {
  // Loaded only for a head not seen before.
  const [{ sourceChanges }, { identitiesAt, readHistory }, { countActivity, indexHistory }] = await Promise
    .all([
      import("../oracle/cases.ts"),
      import("../repo/log.ts"),
      import("./ancestry.ts"),
    ]);
  const history = await readHistory(dir, head, options);
  const index = indexHistory(history, sourceChanges), nFiles = history.file_names.length;
  const line = history.commits.filter((commit) => commit.parents.length <= 1);
  const place = new Map(line.map((commit, i) => [commit.index, i]));
  const touched = rowsOf(line.map((commit) => index.touched(commit.index)));
  const commitsOf = rowsOf(
    Array.from({ length: nFiles }, (_, file) => index.commitsOf(file).map((commit) => place.get(commit)!)),
  );
  const last_s = new Float64Array(nFiles).fill(-Infinity);
  for (const { index: at, committed_at_s } of line) {
    for (const file of index.touched(at)) last_s[file] = Math.max(last_s[file]!, committed_at_s);
  }
  const tip = history.commits.findIndex(({ sha }) => sha === head);
  const identity = identitiesAt(history, tip);
  // Every path that ever was, since the work tree may hold again what the head does not.
  const paths = [...new Set(line.flatMap(({ changes }) => changes.map(({ path }) => path)))];
  const sizes = line.map(({ changes }) => changes.length).filter((n) => n > 0).sort((a, b) => a - b);
  const middle = sizes.length >> 1;
  const counted = countActivity(
    index,
    {
      includes: new Uint8Array(history.commits.length).fill(1),
      line: Int32Array.from(line, (commit) => commit.index),
      age: Int32Array.from(
        history.commits,
        ({ index }) => line.length - 1 - (place.get(index) ?? line.length),
      ),
    },
    0,
    NOBODY,
  );
  return {
    words: {
      head,
      paths,
      commits: line.length,
      oldest_s: line.length === 0
        ? null
        : line.reduce((least, { committed_at_s }) => Math.min(least, committed_at_s), Infinity),
      contributors: new Set(line.map(({ author_email }) => author_email.toLowerCase())).size,
      median_change_size: sizes.length === 0
        ? 0
        : sizes.length % 2 === 1
        ? sizes[middle]!
        : (sizes[middle - 1]! + sizes[middle]!) / 2,
    },
    columns: {
      touchedAt: touched.at,
      touched: touched.all,
      commitsAt: commitsOf.at,
      commitsOf: commitsOf.all,
      identities: Int32Array.from(paths, identity),
      last_s,
      count: counted.commits,
      coupling: counted.coupling,
      coupling_500: counted.coupling_500,
      churn: counted.churn,
      decayed: Float64Array.from(counted.decayed.flatMap((memory) => [...memory])),
    },
  };
}

/** An address nobody has: no address contains a line break. Nothing then counts as the author's own. */
const NOBODY = "\n";

function rowsOf(rows: readonly Int32Array[]): { at: Uint32Array; all: Int32Array } {
  const at = new Uint32Array(rows.length + 1);
  rows.forEach((row, i) => at[i + 1] = at[i]! + row.length);
  const all = new Int32Array(at[rows.length]!);
  rows.forEach((row, i) => all.set(row, at[i]!));
  return { at, all };
}

/** The ancestry of a line of n commits: all of it, merges left out. */
function wholeLine(n: number): Ancestry {
  const line = new Int32Array(n), age = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    line[i] = i;
    age[i] = n - 1 - i;
  }
  return { includes: new Uint8Array(n).fill(1), line, age };
}

/** Puts a history back into the form the corpus counts with. All commits are ancestors of the head, merges left out. */
function open({ words, columns }: Kept): WorkHistory {
  const { touchedAt, touched, commitsAt, commitsOf, last_s, decayed } = columns, nFiles = last_s.length;
  const identities = new Map(words.paths.map((path, i) => [path, columns.identities[i]!]));
  return {
    head: words.head,
    rows: {
      touched: (commit) => touched.subarray(touchedAt[commit]!, touchedAt[commit + 1]!),
      commitsOf: (file) => commitsOf.subarray(commitsAt[file]!, commitsAt[file + 1]!),
    },
    ancestry: wholeLine(words.commits),
    nFiles,
    identity: (path) => identities.get(path) ?? -1,
    activityAt: (now_s) => {
      const days = new Uint16Array(nFiles).fill(NEVER_DAYS);
      for (let file = 0; file < nFiles; file++) {
        const last = last_s[file]!;
        if (last === -Infinity) continue;
        days[file] = Math.min(NEVER_DAYS - 1, Math.max(0, Math.floor((now_s - last) / 86400)));
      }
      return {
        commits: columns.count,
        coupling: columns.coupling,
        coupling_500: columns.coupling_500,
        churn: columns.churn,
        decayed: Array.from(
          { length: nFiles === 0 ? 0 : decayed.length / nFiles },
          (_, m) => decayed.subarray(m * nFiles, (m + 1) * nFiles),
        ),
        days,
        author_days: new Uint16Array(nFiles).fill(NEVER_DAYS),
      };
    },
    commits: words.commits,
    oldest_s: words.oldest_s,
    contributors: words.contributors,
    median_change_size: words.median_change_size,
  };
}
