/** The density that tree-structured Parzen estimators compare: a mixture of product kernels in the unit cube. */
import { randomNormal, type RandomSource } from "../base/random.ts";
import { normalCdf } from "./normal.ts";
import type { SortedAxes } from "./sorted_axes.ts";
import type { UnitCube } from "./unit_cube.ts";

/** A kernel this many natural logarithms below the largest found so far adds less than a rounding error, and is skipped. */
const NEGLIGIBLE = 40;

/** A fitted mixture. */
export interface ParzenMixture {
  /** A draw; on whole-number axes the centre of a cell. */
  sample(random: RandomSource): number[];
  /** Natural logarithm of the density at a position (of the cell's mass on whole-number axes). */
  logDensity(position: readonly number[]): number;
}

/**
 * Fits the mixture: one truncated normal kernel for each centre, and one wide prior kernel in the middle of the cube.
 *
 * On each axis a kernel is as wide as the larger gap to its neighbours on that axis (see {@link SortedAxes}), kept within
 * [1 / min(100, n + 2), 1]; the prior has width 1 and weight 1. Kernels are products over axes (hence "multivariate":
 * dependence is carried by the mixture), truncated to [0, 1].
 * Source: Bergstra et al. 2011, section 4 (adaptive widths); Falkner, Klein and Hutter, "BOHB", ICML 2018 (joint kernels);
 * the clipping as Optuna 5.0 does it, described by Watanabe, "Tree-structured Parzen estimator: understanding its
 * algorithm components", arXiv 2304.11127.
 *
 * @param axes all positions told so far
 * @param members indices of the positions that are centres of this mixture
 * @param weights one positive weight a member
 */
export function parzenMixture(
  cube: UnitCube,
  axes: SortedAxes,
  members: readonly number[],
  weights: readonly number[],
): ParzenMixture {
  const d = cube.dimensions, n = members.length;
  const total = weights.reduce((sum, w) => sum + w, 1);
  // Row-major by kernel; row n is the prior.
  const mus = new Float64Array((n + 1) * d).fill(0.5);
  const widths = new Float64Array((n + 1) * d).fill(1);
  const narrowest = 1 / Math.min(100, n + 2);
  for (let axis = 0; axis < d; axis++) {
    const gaps = axes.neighbourGaps(axis, members);
    for (let kernel = 0; kernel < n; kernel++) {
      mus[kernel * d + axis] = axes.positions[members[kernel]!]![axis]!;
      widths[kernel * d + axis] = Math.min(1, Math.max(narrowest, gaps[kernel]!));
    }
  }
  const wholeAxes = Array.from({ length: d }, (_, axis) => axis).filter((axis) =>
    cube.levels(axis) !== Infinity
  );
  // Zero on whole-number axes, so that the sum of squares passes over them.
  const precisions = widths.map((width, i) => wholeAxes.includes(i % d) ? 0 : 1 / width);
  // What a kernel adds to its log density whatever the position: its weight and its normalisation.
  const offset = new Float64Array(n + 1);
  for (let kernel = 0; kernel <= n; kernel++) {
    let scale = (kernel < n ? weights[kernel]! : 1) / total;
    for (let i = kernel * d, axis = 0; axis < d; axis++, i++) {
      const mu = mus[i]!, width = widths[i]!;
      // Six widths from both walls nothing is cut off that would show.
      if (mu < 6 * width || 1 - mu < 6 * width) scale /= normalCdf((1 - mu) / width) - normalCdf(-mu / width);
      if (precisions[i] !== 0) scale /= width * Math.sqrt(2 * Math.PI);
    }
    offset[kernel] = Math.log(scale);
  }

  return {
    sample(random) {
      let pick = random() * total, kernel = 0;
      while (kernel < n && (pick -= weights[kernel]!) >= 0) kernel++;
      return Array.from({ length: d }, (_, axis) => {
        const mu = mus[kernel * d + axis]!, width = widths[kernel * d + axis]!;
        let u: number;
        // Centres lie inside the cube and widths are at most 1, so a third of the draws or more land inside.
        do u = mu + width * randomNormal(random); while (u < 0 || u > 1);
        const cell = cube.cell(axis, u);
        return cell === undefined ? u : (cell[0] + cell[1]) / 2;
      });
    },
    logDensity(position) {
      const cells = wholeAxes.map((axis) => cube.cell(axis, position[axis]!)!);
      let largest = -Infinity, sum = 0;
      // The prior comes first: being wide, it gives a floor below which a kernel need not be finished.
      for (let kernel = n; kernel >= 0; kernel--) {
        const row = kernel * d, most = 2 * (offset[kernel]! - largest + NEGLIGIBLE);
        let squares = 0;
        for (let axis = 0; axis < d && squares <= most; axis++) {
          const z = (position[axis]! - mus[row + axis]!) * precisions[row + axis]!;
          squares += z * z;
        }
        if (squares > most) continue;
        let log = offset[kernel]! - 0.5 * squares;
        for (let k = 0; k < cells.length; k++) {
          const i = row + wholeAxes[k]!, [low, high] = cells[k]!;
          const mass = normalCdf((high - mus[i]!) / widths[i]!) - normalCdf((low - mus[i]!) / widths[i]!);
          log += Math.log(Math.max(mass, 1e-300));
        }
        if (log > largest) {
          sum = sum * Math.exp(largest - log) + 1;
          largest = log;
        } else sum += Math.exp(log - largest);
      }
      return largest + Math.log(sum);
    },
  };
}
