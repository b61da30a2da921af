/**
 * Cluster bootstrap: how far a macro mean, or the difference of two, would move on other commits of the same kind.
 *
 * The seeds of one commit share their change set, so they are one observation. Whole commits are drawn with replacement
 * within each repository; seeds are never drawn apart.
 */
import { type RandomSource, randomStream } from "../base/random.ts";
import { macroMean } from "./aggregate.ts";
import { type CaseScore, type CommitTable, commitTable, type WeightOptions } from "./commits.ts";
import { pairedDifferences } from "./paired.ts";

/** Options of {@link bootstrapMean}. */
export interface BootstrapOptions extends WeightOptions {
  /** The study's seed. The same seed, stream and cases give the same interval, whatever order the cases come in. */
  readonly seed: number | string;
  /** Name of the random stream. Default "bootstrap": arms compared under one name meet the same resamples. */
  readonly stream?: string;
  /** Default 10,000 */
  readonly resamples?: number;
  /** Confidence level, in (0, 1). Default 0.95 */
  readonly level?: number;
  /**
   * "commit" (default): repositories are fixed, commits are drawn; the answer is for these repositories.
   * "repository": repositories are drawn, then commits within each; the answer is for repositories like these, and is
   * wider. With fewer than about ten repositories it is still too narrow.
   */
  readonly clusters?: "commit" | "repository";
  /**
   * "percentile" (default): quantiles of the resampled means. "basic": the same reflected about the estimate.
   */
  readonly interval?: "percentile" | "basic";
}

/** An estimate with its interval. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** Confidence level, in (0, 1) */
  readonly level: number;
  readonly resamples: number;
  /** Commits behind the estimate */
  readonly n_commits: number;
  readonly n_repos: number;
}

/**
 * Interval for the macro mean of one run, or of differences made by `pairedDifferences`.
 *
 * Resampling treats each repository's commits as independent and identically distributed. With few commits the
 * percentile interval is too narrow, by about sqrt(1 - 1/n) for n commits a repository.
 *
 * @throws {RangeError} for bad options, for cases that cannot be averaged, and when there is nothing to resample:
 * no repository with two commits, or a single repository under `clusters: "repository"`
 * Source: Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, ch. 13; Davison & Hinkley 1997, §3.8 for clusters.
 */
export function bootstrapMean(scores: readonly CaseScore[], options: BootstrapOptions): Interval {
  const { resamples = 10_000, level = 0.95, clusters = "commit", interval = "percentile" } = options;
  if (!Number.isSafeInteger(resamples) || resamples < 1) {
    throw new RangeError(`Cannot draw ${resamples} resamples: a whole number of at least 1 is wanted`);
  }
  if (!(level > 0 && level < 1)) {
    throw new RangeError(`Cannot make an interval of level ${level}: a number between 0 and 1 is wanted`);
  }
  const table = commitTable(scores, options);
  checkResamplable(table, clusters);
  const estimate = macroMean(table)!;
  const random = randomStream(options.seed, options.stream ?? "bootstrap");
  const means = new Float64Array(resamples);
  for (let b = 0; b < resamples; b++) means[b] = resampledMean(table, clusters, random);
  means.sort();
  const below = quantileOfSorted(means, (1 - level) / 2), above = quantileOfSorted(means, (1 + level) / 2);
  const [low, high] = interval === "percentile"
    ? [below, above]
    : [2 * estimate - above, 2 * estimate - below];
  return {
    estimate,
    low,
    high,
    level,
    resamples,
    n_commits: table.commits.length,
    n_repos: table.repos.length,
  };
}

/**
 * Interval for the difference of two macro means (treatment - baseline) on the same cases, paired case by case.
 *
 * @throws {RangeError} as `pairedDifferences` and {@link bootstrapMean} do
 */
export function bootstrapDifference(
  treatment: readonly CaseScore[],
  baseline: readonly CaseScore[],
  options: BootstrapOptions,
): Interval {
  return bootstrapMean(pairedDifferences(treatment, baseline), options);
}

function checkResamplable(table: CommitTable, clusters: "commit" | "repository"): void {
  const n = table.repos.length;
  if (clusters === "repository" && n < 2) {
    throw new RangeError(
      `Cannot resample ${n} repository: at least two are wanted; use clusters "commit" for one`,
    );
  }
  if (table.commits.length === n) {
    throw new RangeError(
      `Cannot resample ${table.commits.length} scored commits of ${n} repositories: ` +
        `at least two commits of one repository are wanted; score more cases`,
    );
  }
}

function resampledMean(
  table: CommitTable,
  clusters: "commit" | "repository",
  random: RandomSource,
): number {
  const { starts, values, weights } = table;
  const n = starts.length - 1;
  let total = 0;
  for (let r = 0; r < n; r++) {
    const repo = clusters === "commit" ? r : Math.floor(random() * n);
    const from = starts[repo]!, size = starts[repo + 1]! - from;
    let sum = 0, weight = 0;
    for (let j = 0; j < size; j++) {
      const c = from + Math.floor(random() * size);
      sum += weights[c]! * values[c]!;
      weight += weights[c]!;
    }
    total += sum / weight;
  }
  return total / n;
}

/** Quantile of ascending numbers, linear between order statistics: position (n - 1) p. */
function quantileOfSorted(sorted: Float64Array, p: number): number {
  const position = (sorted.length - 1) * p;
  const i = Math.floor(position);
  const low = sorted[i]!, high = sorted[Math.min(i + 1, sorted.length - 1)]!;
  return low + (position - i) * (high - low);
}
