/** Means over seeds and commits at once: how far an arm's result would move with other seeds and other commits. */
import { randomStream } from "../base/random.ts";
import type { Interval } from "../metrics/bootstrap.ts";

/** One arm's result by seed and commit. */
export interface SeedTable {
  /** Repository of each commit column; equal ones stand together */
  readonly repos: readonly string[];
  /** One row a seed: the value of every commit */
  readonly rows: readonly Float64Array[];
}

/** Options of {@link crossedBootstrap}. */
export interface CrossedOptions {
  readonly seed: number | string;
  /** Tables bootstrapped under one name meet the same commits. Default "crossed" */
  readonly stream?: string;
  /** Default 2000 */
  readonly resamples?: number;
  /** Default 0.95 */
  readonly level?: number;
}

/** Macro mean of a table: over seeds, then commits, then repositories. */
export function tableMean(table: SeedTable): number {
  return macroMean(columnMeans(table.rows, undefined), blocksOf(table.repos), undefined);
}

/**
 * Percentile interval of a table's macro mean, or of the difference of two (treatment - baseline, paired by commit; seeds are drawn for each
 * apart, because equal seed numbers of two methods have nothing in common but the start).
 *
 * Commits are drawn with replacement within each repository, seeds over all, independently, which errs on the wide side for crossed
 * factors; of n seeds n - 1 are drawn, so that the variance over seeds is unbiased. With a single seed the interval speaks of commits only.
 * @throws {RangeError} for tables of other commits, or without seeds
 * Source: Owen, Annals of Applied Statistics 1 (2007), the pigeonhole bootstrap; Rao and Wu, JASA 83 (1988), for n - 1 draws.
 */
export function crossedBootstrap(
  treatment: SeedTable,
  baseline: SeedTable | undefined,
  options: CrossedOptions,
): Interval {
  const { resamples = 2000, level = 0.95 } = options;
  const tables = baseline === undefined ? [treatment] : [treatment, baseline];
  for (const { rows, repos } of tables) {
    const fits = rows.length > 0 && rows.every((row) => row.length === treatment.repos.length);
    if (!fits || repos.some((repo, c) => repo !== treatment.repos[c])) {
      throw new RangeError(
        `Cannot compare ${rows.length} seeds over ${repos.length} commits with ${treatment.repos.length} commits: ` +
          `both must have been scored on the same commits, with a seed at least`,
      );
    }
  }
  const blocks = blocksOf(treatment.repos), n = treatment.repos.length;
  const random = randomStream(options.seed, options.stream ?? "crossed");
  const means = new Float64Array(resamples), counts = new Float64Array(n);
  for (let b = 0; b < resamples; b++) {
    counts.fill(0);
    for (const [from, to] of blocks) {
      for (let j = from; j < to; j++) counts[from + Math.floor(random() * (to - from))]!++;
    }
    tables.forEach(({ rows }, t) => {
      const drawn = new Float64Array(rows.length);
      // One draw less than there are seeds: with few of them as many draws would make the interval too narrow.
      const draws = Math.max(1, rows.length - 1);
      for (let s = 0; s < draws; s++) drawn[Math.floor(random() * rows.length)]! += rows.length / draws;
      means[b]! += (t === 0 ? 1 : -1) * macroMean(columnMeans(rows, drawn), blocks, counts);
    });
  }
  means.sort();
  const at = (share: number) => {
    const place = share * (resamples - 1), below = Math.floor(place);
    const low = means[below]!, high = means[Math.min(below + 1, resamples - 1)]!;
    return low + (place - below) * (high - low);
  };
  return {
    estimate: tableMean(treatment) - (baseline === undefined ? 0 : tableMean(baseline)),
    low: at((1 - level) / 2),
    high: at((1 + level) / 2),
    level,
    resamples,
    n_commits: n,
    n_repos: blocks.length,
  };
}

/** Mean over the rows of each column, rows weighted by how often they were drawn. */
export function columnMeans(rows: readonly Float64Array[], drawn: Float64Array | undefined): Float64Array {
  const means = new Float64Array(rows[0]?.length ?? 0);
  rows.forEach((row, s) => {
    const weight = (drawn?.[s] ?? 1) / rows.length;
    if (weight === 0) return;
    for (let c = 0; c < means.length; c++) means[c]! += weight * row[c]!;
  });
  return means;
}

/** [first, end) of each run of equal repositories. */
export function blocksOf(repos: readonly string[]): [number, number][] {
  const blocks: [number, number][] = [];
  repos.forEach((repo, c) => {
    if (c > 0 && repos[c - 1] === repo) blocks.at(-1)![1] = c + 1;
    else blocks.push([c, c + 1]);
  });
  return blocks;
}

/** Macro mean of commit values, commits weighted by how often they were drawn. */
function macroMean(
  values: Float64Array,
  blocks: readonly (readonly [number, number])[],
  counts: Float64Array | undefined,
): number {
  let total = 0;
  for (const [from, to] of blocks) {
    let sum = 0;
    for (let c = from; c < to; c++) sum += (counts?.[c] ?? 1) * values[c]!;
    total += sum / (to - from);
  }
  return total / blocks.length;
}
