/** Case values to one number: mean over the seeds of a commit, over the commits of a repository, over repositories. */
import { type CaseScore, type CommitTable, commitTable, type WeightOptions } from "./commits.ts";

/** Mean of one repository. */
export interface RepositoryMean {
  readonly repo: string;
  /** Mean over its commits; null when none of its cases is scored */
  readonly mean: number | null;
  readonly n_commits: number;
  readonly n_cases: number;
  /** Cases without a relevant file: not in the mean, not in n_cases */
  readonly n_excluded: number;
}

/** A macro mean with what stands behind it. */
export interface Aggregate {
  /** Mean over the repositories that have a scored case; null when there is none */
  readonly mean: number | null;
  /** Repositories in the mean */
  readonly n_repos: number;
  /** Commits in the mean */
  readonly n_commits: number;
  /** Cases in the mean */
  readonly n_cases: number;
  /** Cases left out because they have no relevant file */
  readonly n_excluded: number;
  /** Every repository seen, sorted by name */
  readonly repos: readonly RepositoryMean[];
}

/**
 * Averages case values step by step, so that a commit of many files does not outvote a commit of two, nor a long
 * history a short one.
 *
 * Cases whose value is null are counted and left out at every step; they are never 0.
 *
 * @throws {RangeError} for a value that is not finite, a case scored twice, or a bad weight under `weights: "case"`
 * @throws {TypeError} for a missing weight under `weights: "case"`
 */
export function aggregate(scores: readonly CaseScore[], options: WeightOptions = {}): Aggregate {
  const table = commitTable(scores, options);
  const means = repositoryMeans(table);
  const byName = new Map(table.repos.map((repo, r) => [repo, r]));
  const names = [...new Set([...table.repos, ...table.excluded.keys()])].sort();
  const repos = names.map((repo): RepositoryMean => {
    const r = byName.get(repo);
    const from = r === undefined ? 0 : table.starts[r]!, to = r === undefined ? 0 : table.starts[r + 1]!;
    return {
      repo,
      mean: r === undefined ? null : means[r]!,
      n_commits: to - from,
      n_cases: table.counts.subarray(from, to).reduce((sum, count) => sum + count, 0),
      n_excluded: table.excluded.get(repo) ?? 0,
    };
  });
  return {
    mean: macroMean(table),
    n_repos: table.repos.length,
    n_commits: table.commits.length,
    n_cases: repos.reduce((sum, repo) => sum + repo.n_cases, 0),
    n_excluded: repos.reduce((sum, repo) => sum + repo.n_excluded, 0),
    repos,
  };
}

/** Weighted mean over the commits of each repository of a table, in the order of `table.repos`. */
export function repositoryMeans(table: CommitTable): Float64Array {
  return Float64Array.from(table.repos, (_, r) => {
    let sum = 0, weight = 0;
    for (let c = table.starts[r]!; c < table.starts[r + 1]!; c++) {
      sum += table.weights[c]! * table.values[c]!;
      weight += table.weights[c]!;
    }
    return sum / weight;
  });
}

/** Mean of {@link repositoryMeans}; null for a table without commits. */
export function macroMean(table: CommitTable): number | null {
  if (table.repos.length === 0) return null;
  return repositoryMeans(table).reduce((sum, mean) => sum + mean, 0) / table.repos.length;
}
