/** Bootstrap draws and percentile intervals, shared by the statistics of this room. */
import { randomIndex, type RandomSource } from "../base/random.ts";
import type { Outcome } from "./evaluation.ts";

/** A two-sided interval; `level` is its nominal coverage in (0, 1). */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly level: number;
}

/** An estimate and the bootstrap interval around it. */
export interface Estimate {
  readonly value: number;
  readonly interval: Interval;
}

/** What every bootstrap of this room takes. */
export interface BootstrapOptions {
  readonly seed: number | string;
  /** Bootstrap replicates; default {@link DEFAULT_RESAMPLES} */
  readonly resamples?: number;
  /** Nominal coverage in (0, 1); default {@link DEFAULT_LEVEL} */
  readonly level?: number;
}

export const DEFAULT_RESAMPLES = 1000;
export const DEFAULT_LEVEL = 0.95;

/**
 * The central percentile interval of bootstrap replicates, with linear interpolation between order statistics
 * (Hyndman and Fan's definition 7).
 *
 * @throws {RangeError} for no replicates, or a level outside (0, 1)
 */
export function percentileInterval(replicates: ArrayLike<number>, level = DEFAULT_LEVEL): Interval {
  if (!(level > 0 && level < 1)) throw new RangeError(`Bad interval level ${level}: it must lie in (0, 1)`);
  if (replicates.length === 0) {
    throw new RangeError("No interval of 0 bootstrap replicates: draw at least one");
  }
  const sorted = Float64Array.from(replicates).sort();
  const at = (share: number) => {
    const place = share * (sorted.length - 1), below = Math.floor(place);
    const low = sorted[below]!, high = sorted[Math.min(below + 1, sorted.length - 1)]!;
    return low + (place - below) * (high - low);
  };
  return { low: at((1 - level) / 2), high: at((1 + level) / 2), level };
}

/** Standard deviation of bootstrap replicates (divisor n): the bootstrap standard error of what they replicate. */
export function standardError(replicates: ArrayLike<number>): number {
  const n = replicates.length;
  let sum = 0, squares = 0;
  for (let i = 0; i < n; i++) sum += replicates[i]!;
  for (let i = 0; i < n; i++) squares += (replicates[i]! - sum / n) ** 2;
  return Math.sqrt(squares / n);
}

/** How often each of n items was drawn in n draws with replacement; sums to n. */
export function resampleCounts(random: RandomSource, n: number): Float64Array {
  const counts = new Float64Array(n);
  for (let i = 0; i < n; i++) counts[randomIndex(random, n)]! += 1;
  return counts;
}

/** Clusters of a set of outcomes, 0 when they have none. All outcomes of one evaluation agree in this. */
export function clusterCount(outcomes: readonly Outcome[]): number {
  return outcomes[0]?.perCluster?.length ?? 0;
}

/**
 * The values the outcomes would have had on resampled clusters: `mean` shifted by how far the resampled mean of the
 * clusters lies from their mean. Outcomes without clusters keep their mean.
 *
 * @param counts draws of each cluster, as {@link resampleCounts} gives them
 */
export function resampledValues(outcomes: readonly Outcome[], counts: Float64Array): Float64Array {
  return Float64Array.from(outcomes, ({ mean, perCluster }) => {
    if (perCluster === undefined) return mean;
    let shift = 0;
    for (let c = 0; c < perCluster.length; c++) shift += (counts[c]! - 1) * perCluster[c]!;
    return mean + shift / perCluster.length;
  });
}
