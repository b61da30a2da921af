/** Which pair shares of a functional ANOVA are more than an additive function would have shown. */
import { randomStream, shuffled } from "../base/random.ts";
import type { SearchSpace } from "../records/space.ts";
import type { EvaluatedPoint, EvaluationOptions } from "./evaluation.ts";
import { treeShares, unitRows } from "./fanova.ts";
import { fitForest, type Forest, type ForestOptions, leafBoxes, volumeOf } from "./forest.ts";
import { percentileInterval } from "./resampling.ts";
import { pairsOf } from "./sobol_indices.ts";
import { mainEffect } from "./variance_shares.ts";

/** A pair held against the null. */
export interface PairTest {
  readonly names: readonly [string, string];
  /** Mean share over trees, as `fanova` gives it */
  readonly share: number;
  /** The 95th percentile of the pair's share under the null */
  readonly null_high: number;
  /** Share of null forests, the observed one counted in, whose share is at least the observed; at least 1 / (refits + 1) */
  readonly p_value: number;
  /** The same against the largest share of any pair in each null forest: holds for all pairs together */
  readonly p_adjusted: number;
}

/** Options of {@link additiveNull}. */
export interface AdditiveNullOptions extends ForestOptions, EvaluationOptions {
  /** Forests fitted under the null; default 39 */
  readonly refits?: number;
}

/**
 * Tests every pair share of a forest. Trees invent interactions: they split one parameter inside a piece of another even
 * where the truth is a sum. So the null is refitted, not assumed: the main effects of the forest plus its residuals in
 * random order, which has the same curves and the same noise and no interaction, goes through the same forest.
 *
 * The residuals carry any true interaction into the null as noise, which makes the test err on the side of silence: on
 * a sum with noise of standard deviation 0.02, 0.2 and 0.6 it rejected 0 of 20 tables each at the 5 % level.
 * Source: permutation of residuals under a reduced model, Freedman and Lane (1983); the maximum over pairs, Westfall and
 * Young (1993).
 * @throws {RangeError} as `fitForest` does
 */
export async function additiveNull(
  space: SearchSpace,
  table: readonly EvaluatedPoint[],
  options: AdditiveNullOptions,
): Promise<PairTest[]> {
  const refits = options.refits ?? 39, d = space.length;
  const x = unitRows(space, table), y = Float64Array.from(table, (row) => row.value);
  const forest = fitForest(x, y, options), observed = pairShares(forest);
  const { surface, residuals } = additiveFit(forest, x, y, options);
  const random = randomStream(options.seed, "sensitivity/additive-null");
  const nulls: Float64Array[] = [];
  for (let r = 0; r < refits; r++) {
    options.signal?.throwIfAborted();
    const moved = shuffled(random, [...residuals]);
    const seed = `${options.seed}/null-${r}`;
    nulls.push(pairShares(fitForest(x, surface.map((value, i) => value + moved[i]!), { ...options, seed })));
    options.progress?.(r + 1, refits);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const largest = nulls.map((shares) => shares.reduce((a, b) => Math.max(a, b), 0));
  const chance = (share: number, null_shares: readonly number[]) =>
    (1 + null_shares.filter((other) => other >= share).length) / (1 + refits);
  return pairsOf(d).map(([i, j], k) => {
    const share = observed[k]!, null_shares = nulls.map((shares) => shares[k]!);
    return {
      names: [space[i]!.name, space[j]!.name],
      share,
      null_high: percentileInterval(null_shares, 0.9).high,
      p_value: chance(share, null_shares),
      p_adjusted: chance(share, largest),
    };
  });
}

/** Mean share of each pair over the trees. */
function pairShares(forest: Forest): Float64Array {
  const shares = treeShares(forest), d = forest.dimensions;
  const sums = new Float64Array(d * (d - 1) / 2);
  for (const tree of shares) sums.forEach((_, k) => sums[k]! += tree[d + k]! / shares.length);
  return sums;
}

/** Passes that refine the additive surface; each shrinks what the trees' coarseness left of the curves. */
const PASSES = 4;

/**
 * An additive surface and what it leaves of the responses. Each pass adds the main effects of a forest of the last
 * residuals. Residuals come from trees that have not seen their row: the others are too small, and so would be the
 * interactions that the null invents.
 */
function additiveFit(forest: Forest, x: readonly Float64Array[], y: Float64Array, options: ForestOptions) {
  let current = forest, residuals = y.slice();
  const surface = new Float64Array(x.length);
  for (let pass = 1;; pass++) {
    const { seen, unseen } = additiveParts(current, x);
    surface.forEach((_, i) => surface[i]! += seen[i]!);
    residuals = residuals.map((value, i) => value - unseen[i]!);
    if (pass === PASSES) return { surface, residuals };
    current = fitForest(x, residuals, { ...options, seed: `${options.seed}/pass-${pass}` });
  }
}

/** The mean and main effects at every row: over all trees, and over the trees that have not seen the row. */
function additiveParts(
  forest: Forest,
  x: readonly Float64Array[],
): { seen: Float64Array; unseen: Float64Array } {
  const all = new Float64Array(x.length),
    sums = new Float64Array(x.length),
    votes = new Float64Array(x.length);
  forest.trees.forEach((tree, t) => {
    const boxes = leafBoxes(tree, forest.dimensions), bag = forest.bags[t]!;
    const mean = boxes.reduce((sum, box) => sum + box.value * volumeOf(box), 0);
    const effects = Array.from({ length: forest.dimensions }, (_, j) => mainEffect(boxes, j));
    x.forEach((row, i) => {
      let value = mean;
      effects.forEach(({ breakpoints, values }, j) => value += values[cellOf(breakpoints, row[j]!)]!);
      all[i]! += value / forest.trees.length;
      if (bag[i]) return;
      sums[i]! += value;
      votes[i]! += 1;
    });
  });
  return { seen: all, unseen: sums.map((sum, i) => votes[i]! > 0 ? sum / votes[i]! : all[i]!) };
}

/** The cell between breakpoints that holds a position; an edge belongs to the cell below it, as it does in a tree. */
function cellOf(breakpoints: Float64Array, position: number): number {
  let low = 0, high = breakpoints.length - 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (position <= breakpoints[middle + 1]!) high = middle;
    else low = middle + 1;
  }
  return low;
}
