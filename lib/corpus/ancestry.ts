/** The part of a history that ends at a commit, and the running counts of every file in it. */
import type { Change, Commit, History } from "../repo/log.ts";
import { NEVER_DAYS } from "../records/snapshot.ts";

/** Change sets larger than this say nothing about coupling (imports of trees, mass edits). Source files. */
export const MAX_COUPLING_FILES = 20;

/** Window of `jaccard_500` and churn: non-merge ancestors. */
export const RECENT_COMMITS = 500;

/** Who touched what: commits and file identities by number. */
export interface ChangeRows {
  /** Distinct identities of a commit's source files; empty for merges */
  touched(commit: number): Int32Array;
  /** Commits that touched a file identity, ascending */
  commitsOf(file: number): Int32Array;
}

/** A history prepared for many as-of questions. */
export interface HistoryIndex extends ChangeRows {
  readonly history: History;
}

/** Prepares a history. @param sources picks the source changes of a commit */
export function indexHistory(history: History, sources: (commit: Commit) => readonly Change[]): HistoryIndex {
  const lists: number[][] = history.file_names.map(() => []);
  const touched = history.commits.map((commit) => {
    if (commit.parents.length > 1) return new Int32Array(0);
    const ids = Int32Array.from(new Set(sources(commit).map((c) => c.file))).sort();
    for (const id of ids) lists[id]!.push(commit.index);
    return ids;
  });
  const commitsOf = lists.map((list) => Int32Array.from(list));
  return { history, touched: (commit) => touched[commit]!, commitsOf: (file) => commitsOf[file]! };
}

/** The ancestors of one commit, itself included. */
export interface Ancestry {
  /** 1 for every ancestor, merges too; by commit position */
  readonly includes: Uint8Array;
  /** positions of the non-merge ancestors, oldest first */
  readonly line: Int32Array;
  /** how many non-merge ancestors are newer, by commit position; 0 for the newest */
  readonly age: Int32Array;
}

/** Collects the ancestors of a commit, itself included, by walking parents. */
export function ancestryOf(history: History, tip: number): Ancestry {
  const n = history.commits.length;
  const includes = new Uint8Array(n);
  const stack = [tip];
  includes[tip] = 1;
  while (stack.length > 0) {
    for (const parent of history.commits[stack.pop()!]!.parents) {
      if (!includes[parent]) {
        includes[parent] = 1;
        stack.push(parent);
      }
    }
  }
  const line: number[] = [];
  for (let i = 0; i <= tip; i++) if (includes[i] && history.commits[i]!.parents.length <= 1) line.push(i);
  const age = new Int32Array(n).fill(-1);
  line.forEach((commit, i) => age[commit] = line.length - 1 - i);
  return { includes, line: Int32Array.from(line), age };
}

/** Memory lengths of decayed coupling, in commits: weight falls to 1/e over so many newer commits. */
export const MEMORIES = [50, 200, 800] as const;

/** Counts of every file identity over an ancestry. */
export interface Activity {
  /** commits that touched it */
  readonly commits: Int32Array;
  /** the same among those with at most MAX_COUPLING_FILES files, all and within the last RECENT_COMMITS */
  readonly coupling: Int32Array;
  readonly coupling_500: Int32Array;
  /** commits within the last RECENT_COMMITS, of any size */
  readonly churn: Int32Array;
  /** decayed weight, one array for each of MEMORIES */
  readonly decayed: readonly Float64Array[];
  /** whole days since the last touch; NEVER_DAYS for none */
  readonly days: Uint16Array;
  readonly author_days: Uint16Array;
}

/** Weight of one commit in decayed coupling: e^(-age / memory) / log2(1 + files), so that near and small commits count most. */
export function decayWeight(age: number, memory: number, nFiles: number): number {
  return Math.exp(-age / memory) / Math.log2(1 + nFiles);
}

/** Counts an ancestry once for all files. @param now_s committer time of the case commit; @param author e-mail of its author */
export function countActivity(
  index: HistoryIndex,
  ancestry: Ancestry,
  now_s: number,
  author: string,
): Activity {
  const n = index.history.file_names.length;
  const activity: Activity = {
    commits: new Int32Array(n),
    coupling: new Int32Array(n),
    coupling_500: new Int32Array(n),
    churn: new Int32Array(n),
    decayed: MEMORIES.map(() => new Float64Array(n)),
    days: new Uint16Array(n).fill(NEVER_DAYS),
    author_days: new Uint16Array(n).fill(NEVER_DAYS),
  };
  for (const position of ancestry.line) {
    const files = index.touched(position);
    if (files.length === 0) continue;
    const commit = index.history.commits[position]!;
    const days = Math.min(NEVER_DAYS - 1, Math.max(0, Math.floor((now_s - commit.committed_at_s) / 86400)));
    const age = ancestry.age[position]!;
    const recent = age < RECENT_COMMITS, small = files.length <= MAX_COUPLING_FILES;
    const own = commit.author_email === author;
    const weights = small ? MEMORIES.map((memory) => decayWeight(age, memory, files.length)) : [];
    for (const file of files) {
      activity.commits[file]!++;
      if (recent) activity.churn[file]!++;
      activity.days[file] = Math.min(activity.days[file]!, days);
      if (own) activity.author_days[file] = Math.min(activity.author_days[file]!, days);
      if (!small) continue;
      activity.coupling[file]!++;
      if (recent) activity.coupling_500[file]!++;
      weights.forEach((w, m) => activity.decayed[m]![file]! += w);
    }
  }
  return activity;
}
