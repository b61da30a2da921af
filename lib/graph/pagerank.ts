/** Personalised PageRank by power iteration: the reference every faster path is held to. */
import type { EdgeLayer } from "../records/snapshot.ts";
import { rowSums } from "./layers.ts";

/** How far to iterate. */
export interface PageRankOptions {
  /** stop when the L1 change of a sweep is at most this; default 1e-12 */
  readonly tolerance?: number;
  /** default 10,000 */
  readonly maxIterations?: number;
}

/** A stationary distribution and how it was reached. */
export interface PageRankResult {
  /** sums to 1; the teleport distribution itself when the graph has no edges */
  readonly ranks: Float64Array;
  readonly converged: boolean;
  /** L1 change of the last sweep */
  readonly residual: number;
  readonly iterations: number;
}

/**
 * Ranks files by a random walk that follows an out-edge with probability `alpha` (by weight) and otherwise restarts.
 *
 * r = (1 - alpha) v + alpha (P' r + d v), with P the row-normalised layer, v the teleport distribution and d the mass on files
 * without out-edges: dangling mass restarts at v (ripmap's and aider's convention). alpha is the probability of following an edge;
 * some older texts mean the other one.
 * Shape: teleport has one non-negative entry a file and a positive sum; it need not be normalised.
 * Source: Page et al. 1999; Gleich, "PageRank beyond the Web", 2015, strongly preferential form.
 * @throws {RangeError} when alpha is outside [0, 1) or the teleport vector is unusable
 */
export function personalizedPageRank(
  layer: EdgeLayer,
  teleport: ArrayLike<number>,
  alpha: number,
  options: PageRankOptions = {},
): PageRankResult {
  const { tolerance = 1e-12, maxIterations = 10_000 } = options;
  const n = layer.offsets.length - 1;
  if (!(alpha >= 0 && alpha < 1)) {
    throw new RangeError(`Cannot walk with alpha ${alpha}: a probability in [0, 1) is wanted`);
  }
  let total = 0;
  for (let i = 0; i < n; i++) {
    if (!(teleport[i]! >= 0)) {
      throw new RangeError(
        `Cannot restart a walk: teleport weight ${i} is ${teleport[i]}, a number of at least 0 is wanted`,
      );
    }
    total += teleport[i]!;
  }
  if (!(total > 0) || !Number.isFinite(total)) {
    throw new RangeError(
      `Cannot restart a walk: the teleport weights sum to ${total}, a positive number is wanted`,
    );
  }
  const v = Float64Array.from({ length: n }, (_, i) => teleport[i]! / total);
  const sums = rowSums(layer);
  const { offsets, targets, weights } = layer;
  let ranks = v.slice(), next = new Float64Array(n), residual = Infinity, iterations = 0;
  while (iterations < maxIterations && residual > tolerance) {
    next.fill(0);
    let dangling = 0;
    for (let i = 0; i < n; i++) {
      if (sums[i] === 0) {
        dangling += ranks[i]!;
        continue;
      }
      const flow = alpha * ranks[i]! / sums[i]!;
      for (let e = offsets[i]!; e < offsets[i + 1]!; e++) next[targets[e]!]! += flow * weights[e]!;
    }
    const restart = 1 - alpha + alpha * dangling;
    residual = 0;
    for (let i = 0; i < n; i++) {
      next[i]! += restart * v[i]!;
      residual += Math.abs(next[i]! - ranks[i]!);
    }
    [ranks, next] = [next, ranks];
    iterations++;
  }
  return { ranks, converged: residual <= tolerance, residual, iterations };
}
