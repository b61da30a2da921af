/** Summaries over many runs (a seed on a repository is one) that a few lucky ones cannot carry. */
import { randomStream } from "../base/random.ts";

/** One value a seed (rows) and repository (columns). */
export type RunTable = readonly (readonly number[])[];

/** Mean of the middle half of all runs: a quarter is cut off at each end, parts of a run counting in part. */
export function interquartileMean(runs: RunTable): number {
  const sorted = runs.flat().sort((a, b) => a - b), n = sorted.length;
  const from = n / 4, to = 3 * n / 4;
  let sum = 0;
  sorted.forEach((value, i) => sum += value * Math.max(0, Math.min(i + 1, to) - Math.max(i, from)));
  return sum / (to - from);
}

/**
 * Percentile interval of the interquartile mean, seeds drawn with replacement within each repository.
 *
 * Source: Agarwal et al., "Deep Reinforcement Learning at the Edge of the Statistical Precipice", 2021: the stratified bootstrap.
 */
export function interquartileInterval(
  runs: RunTable,
  options: { readonly seed: number | string; readonly resamples?: number; readonly level?: number },
): { readonly estimate: number; readonly low: number; readonly high: number; readonly level: number } {
  const { resamples = 1000, level = 0.95 } = options;
  const random = randomStream(options.seed, "study/interquartile");
  const columns = runs[0]?.length ?? 0;
  const means = Float64Array.from({ length: resamples }, () =>
    interquartileMean(
      runs.map(() =>
        Array.from({ length: columns }, (_, c) => runs[Math.floor(random() * runs.length)]![c]!)
      ),
    )).sort();
  const at = (share: number) => means[Math.round(share * (resamples - 1))]!;
  return { estimate: interquartileMean(runs), low: at((1 - level) / 2), high: at((1 + level) / 2), level };
}

/** Share of runs whose value is at least each threshold: a performance profile. */
export function performanceProfile(runs: RunTable, thresholds: readonly number[]): number[] {
  const all = runs.flat();
  return thresholds.map((t) => all.filter((value) => value >= t).length / all.length);
}

/** Chance that a run of one method beats a run of the other on the same repository, ties counting half, averaged over repositories. */
export function probabilityOfImprovement(runs: RunTable, others: RunTable): number {
  const columns = runs[0]?.length ?? 0;
  let total = 0;
  for (let c = 0; c < columns; c++) {
    let wins = 0;
    for (const row of runs) {
      for (const other of others) wins += row[c]! > other[c]! ? 1 : row[c]! === other[c]! ? 0.5 : 0;
    }
    total += wins / (runs.length * others.length);
  }
  return total / columns;
}
