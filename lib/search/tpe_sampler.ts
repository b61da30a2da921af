/** The multivariate tree-structured Parzen estimator. */
import type { RandomSource } from "../base/random.ts";
import { parzenMixture } from "./parzen_mixture.ts";
import type { SearchMethod } from "./search_method.ts";
import { SortedAxes } from "./sorted_axes.ts";
import { uniformPosition, type UnitCube } from "./unit_cube.ts";

/** Trials told before the model is used; until then points are uniform. */
const STARTUP_TRIALS = 10;
/** Draws from the good density; the one with the largest ratio of densities is proposed. */
const CANDIDATES = 24;
/** Share of the trials called good, and the most of them. */
const GOOD_SHARE = 0.1, MOST_GOOD = 25;
/** This many latest trials keep full weight; older ones fade linearly. */
const FULL_WEIGHT = 25;

/**
 * Splits the trials into the best tenth (at most 25) and the rest, fits a density to each, and proposes the candidate that
 * is likeliest under the good one relative to the other.
 *
 * Ranks decide, not scores, so a failed trial, being last, pulls no further than any bad one: the penalty is bounded by
 * construction. Equal scores rank by age, older first.
 * Source: Bergstra, Bardenet, Bengio and Kegl, "Algorithms for hyper-parameter optimization", NeurIPS 2011; joint kernels
 * after Falkner et al. 2018; settings of Optuna 5.0's TPESampler(multivariate=True), against which it is checked.
 */
export function treeParzenSearch(cube: UnitCube, random: RandomSource): SearchMethod {
  const scores: number[] = [];
  const axes = new SortedAxes(cube.dimensions);

  function fit(indices: readonly number[]) {
    const inOrder = indices.toSorted((a, b) => a - b);
    return parzenMixture(cube, axes, inOrder, fadingWeights(inOrder.length));
  }

  return {
    propose() {
      const nScored = scores.filter((score) => score !== -Infinity).length;
      // A failed trial is never called good, however few others there are.
      if (scores.length < STARTUP_TRIALS || nScored === 0) {
        return { position: uniformPosition(random, cube.dimensions) };
      }
      const ranked = scores.map((_, i) => i).sort((a, b) =>
        scores[a] === scores[b] ? a - b : scores[b]! - scores[a]!
      );
      const nGood = Math.min(Math.ceil(GOOD_SHARE * ranked.length), MOST_GOOD, nScored);
      const good = fit(ranked.slice(0, nGood)), rest = fit(ranked.slice(nGood));
      let best: number[] | undefined, bestRatio = -Infinity;
      for (let i = 0; i < CANDIDATES; i++) {
        const candidate = good.sample(random);
        const ratio = good.logDensity(candidate) - rest.logDensity(candidate);
        if (best === undefined || ratio > bestRatio) [best, bestRatio] = [candidate, ratio];
      }
      return { position: best! };
    },
    observe({ position, value }) {
      scores.push(value ?? -Infinity);
      axes.add(position);
    },
  };
}

/** Weights in order of age: the latest 25 weigh 1, older ones rise linearly from 1/n. */
function fadingWeights(n: number): number[] {
  const nFading = Math.max(0, n - FULL_WEIGHT);
  return Array.from({ length: n }, (_, i) => {
    if (i >= nFading) return 1;
    return nFading === 1 ? 1 / n : 1 / n + (1 - 1 / n) * i / (nFading - 1);
  });
}
