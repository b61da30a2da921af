/** Variance-based sensitivity: how much of an objective's variance over the space each parameter and pair explains. */
import { randomStream } from "../base/random.ts";
import type { SearchSpace } from "../records/space.ts";
import { crossedDesign, pointAt, type UnitDesign } from "./designs.ts";
import {
  evaluatePoints,
  type EvaluationOptions,
  NO_CHANGE,
  type Objective,
  type Outcome,
} from "./evaluation.ts";
import {
  type BootstrapOptions,
  clusterCount,
  DEFAULT_LEVEL,
  DEFAULT_RESAMPLES,
  type Estimate,
  percentileInterval,
  resampleCounts,
  resampledValues,
} from "./resampling.ts";

/** Shares of the variance; estimates may fall a little outside [0, 1], which is noise and is not clipped. */
export interface SobolIndices {
  readonly parameters: readonly {
    readonly name: string;
    /** Share explained by the parameter alone */
    readonly first: Estimate;
    /** Share that vanishes when everything but the parameter is known: its own and all interactions */
    readonly total: Estimate;
  }[];
  /** Share a pair explains beyond its two first orders, pairs in the space's order; empty unless asked for */
  readonly pairs: readonly { readonly names: readonly [string, string]; readonly second: Estimate }[];
  /** Mean and variance of the objective over the space, from the rows of A and B */
  readonly mean: number;
  readonly variance: number;
  /** Distinct evaluations spent */
  readonly evaluations: number;
}

/** Options of {@link sobolIndices}. */
export interface SobolOptions extends BootstrapOptions, EvaluationOptions {
  /** Rows n of each base matrix; n (d + 2) evaluations, or n (2d + 2) with second order. Powers of two suit Sobol designs */
  readonly rows: number;
  /** Default false */
  readonly secondOrder?: boolean;
  readonly unitDesign?: UnitDesign;
}

/**
 * First-order, total-order and (if asked) second-order Sobol indices of an objective, parameters independent and
 * uniform on their own scales.
 *
 * First order by Saltelli et al. (2010, Table 2b), total order by Jansen (1999), closed second order by Saltelli
 * (2002); with second order, every estimate is the mean of the two that exchanging A and B gives, at no further cost.
 * Intervals are percentiles of a bootstrap over rows and, where outcomes have clusters, over clusters as well; rows of a
 * stratified design count as independent, which widens intervals rather than narrowing them. (Measured on Ishigami and a g-function, 128 to 512 rows: nominal 95 %
 * intervals hold the analytic value 94 to 96 times in 100 over all indices, 85 at worst for a single one.) An objective that does not
 * vary has no shares: its estimates and intervals are 0.
 * @throws {RangeError} for fewer than 2 rows, and as {@link evaluatePoints} does
 */
export async function sobolIndices(
  space: SearchSpace,
  objective: Objective,
  options: SobolOptions,
): Promise<SobolIndices> {
  const n = options.rows, d = space.length;
  if (!(n >= 2)) throw new RangeError(`Sobol indices of ${n} rows are undefined: at least 2 are wanted`);
  const design = crossedDesign(n, d, options.seed, options);
  const units = [design.a, design.b, ...design.ab, ...design.ba].flat();
  const points = units.map((unit) => pointAt(space, unit));
  const { outcomes, evaluations } = await evaluatePoints(space, objective, points, options);

  const once = new Float64Array(n).fill(1);
  const estimate = computeIndices(Float64Array.from(outcomes, (o) => o.mean), once, d);
  const replicates = bootstrap(outcomes, n, d, options);
  const level = options.level ?? DEFAULT_LEVEL;
  const packed = (at: number): Estimate => ({
    value: estimate.shares[at]!,
    interval: percentileInterval(replicates.map((shares) => shares[at]!), level),
  });
  return {
    parameters: space.map((p, i) => ({ name: p.name, first: packed(i), total: packed(d + i) })),
    pairs: !options.secondOrder ? [] : pairsOf(d).map(([i, j], k) => ({
      names: [space[i]!.name, space[j]!.name] as const,
      second: packed(2 * d + k),
    })),
    mean: estimate.mean,
    variance: estimate.variance,
    evaluations,
  };
}

/** Index pairs i < j below d, in lexicographic order. */
export function pairsOf(d: number): [number, number][] {
  return Array.from({ length: d }, (_, i) => Array.from({ length: d - 1 - i }, (_, k) => [i, i + 1 + k]))
    .flat() as [number, number][];
}

function bootstrap(outcomes: readonly Outcome[], n: number, d: number, options: SobolOptions) {
  const random = randomStream(options.seed, "sensitivity/sobol-bootstrap");
  const clusters = clusterCount(outcomes);
  const means = Float64Array.from(outcomes, (o) => o.mean);
  return Array.from({ length: options.resamples ?? DEFAULT_RESAMPLES }, () => {
    const rows = resampleCounts(random, n);
    const values = clusters === 0 ? means : resampledValues(outcomes, resampleCounts(random, clusters));
    return computeIndices(values, rows, d).shares;
  });
}

/**
 * Indices from values laid out as A, B, AB_1 ... AB_d, BA_1 ... BA_d, each n long, rows weighted by bootstrap counts.
 * Shares in the order first (d), total (d), second (pairs, if the BA blocks are there).
 */
function computeIndices(values: Float64Array, rows: Float64Array, d: number) {
  const n = rows.length, blocks = values.length / n, crossed = blocks > d + 2;
  // Products of uncentred values would drown small indices in the square of the mean.
  let centre = 0;
  for (let k = 0; k < values.length; k++) centre += rows[k % n]! * values[k]! / values.length;
  const block = (k: number) => values.subarray(k * n, (k + 1) * n);
  const a = block(0), b = block(1);
  const ab = (i: number) => block(2 + i), ba = (i: number) => block(2 + d + i);
  const average = (term: (r: number) => number) => {
    let sum = 0;
    for (let r = 0; r < n; r++) if (rows[r] !== 0) sum += rows[r]! * term(r);
    return sum / n;
  };
  const mean = average((r) => (a[r]! + b[r]!) / 2);
  const variance = average((r) => ((a[r]! - mean) ** 2 + (b[r]! - mean) ** 2) / 2);
  const shares = new Float64Array(2 * d + (crossed ? d * (d - 1) / 2 : 0));
  if (variance <= (NO_CHANGE * Math.max(1, Math.abs(mean))) ** 2) return { shares, mean, variance: 0 };

  const first = (from: Float64Array, to: Float64Array, mixed: Float64Array) =>
    average((r) => (to[r]! - centre) * (mixed[r]! - from[r]!)) / variance;
  const total = (from: Float64Array, mixed: Float64Array) =>
    average((r) => (from[r]! - mixed[r]!) ** 2) / 2 / variance;
  const closed = (one: Float64Array, other: Float64Array) =>
    average((r) => (one[r]! - centre) * (other[r]! - centre) - (a[r]! - centre) * (b[r]! - centre)) /
    variance;
  for (let i = 0; i < d; i++) {
    shares[i] = crossed ? (first(a, b, ab(i)) + first(b, a, ba(i))) / 2 : first(a, b, ab(i));
    shares[d + i] = crossed ? (total(a, ab(i)) + total(b, ba(i))) / 2 : total(a, ab(i));
  }
  if (crossed) {
    pairsOf(d).forEach(([i, j], k) => {
      const both = (closed(ba(i), ab(j)) + closed(ab(i), ba(j))) / 2;
      shares[2 * d + k] = both - shares[i]! - shares[j]!;
    });
  }
  return { shares, mean, variance };
}
