/**
 * The retrocausal oracle: which commits teach, and what each teaches.
 *
 * Files that changed together in a commit should rank high for one another. A commit's source files take turns as the seed;
 * the others that already existed at the first parent are what should be found.
 */
import type { Change, Commit, History } from "../repo/log.ts";
import { isSourcePath } from "../repo/languages.ts";
import type { Case, Judgment, Split } from "../records/case.ts";
import { type Filter, FILTERS, intentOf, messageFilter, qualityWeight } from "./classify.ts";

/** Bounds of what counts as a teaching commit. */
export interface OracleOptions {
  /** how many of the newest non-merge commits are looked at; default 500 */
  readonly maxCommits?: number;
  /** fewest and most source files of a teaching commit; default 2 and 12 */
  readonly minFiles?: number;
  readonly maxFiles?: number;
}

/** What the filters left, and what each took. */
export interface Eligible {
  /** teaching commits, oldest first */
  readonly commits: readonly Commit[];
  /** non-merge commits looked at */
  readonly nWindow: number;
  readonly dropped: Readonly<Record<Filter, number>>;
}

/** The source files of a change set: a rename counts once, by either name. */
export function sourceChanges(commit: Commit): Change[] {
  return commit.changes.filter((change) => isSourcePath(change.path) || isSourcePath(change.old_path));
}

/** Chooses the teaching commits among the newest `maxCommits` non-merge commits; each dropped one is counted under the first filter it meets. */
export function eligibleCommits(history: History, options: OracleOptions = {}): Eligible {
  const { maxCommits = 500, minFiles = 2, maxFiles = 12 } = options;
  const dropped = Object.fromEntries(FILTERS.map((f) => [f, 0])) as Record<Filter, number>;
  const commits: Commit[] = [];
  let nWindow = 0;
  for (let i = history.commits.length - 1; i >= 0 && nWindow < maxCommits; i--) {
    const commit = history.commits[i]!;
    const filter = messageFilter(commit);
    if (filter === "merge") {
      dropped.merge++;
      continue;
    }
    nWindow++;
    if (filter) {
      dropped[filter]++;
      continue;
    }
    const n = sourceChanges(commit).length;
    if (n < minFiles) dropped.too_few_source_files++;
    else if (n > maxFiles) dropped.too_many_source_files++;
    else commits.push(commit);
  }
  return { commits: commits.reverse(), nWindow, dropped };
}

/** Seeds and targets of one commit, as paths of the parent tree. */
export interface ChangeSet {
  /** files a query may start from: modified, renamed or retyped ones */
  readonly seeds: readonly string[];
  /** files a ranking should find: the seeds and the deleted ones */
  readonly targets: readonly string[];
  /** source files the commit added: outside every ranking */
  readonly nAdded: number;
}

/** Reads a commit's change set against the files of its parent tree. */
export function changeSet(commit: Commit, inParent: (path: string) => boolean): ChangeSet {
  const seeds: string[] = [], targets: string[] = [];
  let nAdded = 0;
  for (const change of sourceChanges(commit)) {
    if (change.status === "A") {
      nAdded++;
      continue;
    }
    if (!inParent(change.old_path)) continue;
    targets.push(change.old_path);
    if (change.status !== "D") seeds.push(change.old_path);
  }
  return { seeds: seeds.sort(), targets: targets.sort(), nAdded };
}

/** Identity of a case: repository, commit and seed. */
export function caseId(repo: string, commit: string, seed: string): string {
  return `${repo}@${commit.slice(0, 12)}:${seed}`;
}

/** What a case needs besides its commit. */
export interface CaseContext {
  readonly repo: string;
  readonly parent: string;
  readonly split: Split;
  readonly nFiles: number;
  /** as-of Jaccard coupling of two files of the parent tree, in [0, 1] */
  readonly coupling: (seed: string, target: string) => number;
}

/** Makes one case for every seed that leaves at least one target. */
export function makeCases(commit: Commit, changes: ChangeSet, context: CaseContext): Case[] {
  const weight = qualityWeight(commit.subject, sourceChanges(commit).map((c) => c.path));
  const intent = intentOf(commit.subject);
  const cases: Case[] = [];
  for (const seed of changes.seeds) {
    const expected: Judgment[] = changes.targets.filter((t) => t !== seed)
      .map((file) => ({ file, coupling: context.coupling(seed, file) }));
    if (expected.length === 0) continue;
    cases.push({
      record: "case/1",
      case_id: caseId(context.repo, commit.sha, seed),
      repo: context.repo,
      commit: commit.sha,
      parent: context.parent,
      committed_at_s: commit.committed_at_s,
      subject: commit.subject,
      intent,
      weight,
      split: context.split,
      seed_file: seed,
      expected,
      n_added: changes.nAdded,
      n_files: context.nFiles,
    });
  }
  return cases;
}
