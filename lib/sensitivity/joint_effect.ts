/** What factors do together beyond what each does alone, with intervals over background points and clusters. */
import { randomStream } from "../base/random.ts";
import { normalCdf, normalQuantile } from "../metrics/normal.ts";
import type { SearchSpace } from "../records/space.ts";
import type { UnitDesign } from "./designs.ts";
import {
  evaluatePoints,
  type EvaluationOptions,
  NO_CHANGE,
  type Objective,
  type Outcome,
} from "./evaluation.ts";
import { factorialDesign, type Region } from "./factorial.ts";
import {
  type BootstrapOptions,
  clusterCount,
  DEFAULT_LEVEL,
  DEFAULT_RESAMPLES,
  type Estimate,
  percentileInterval,
  resampleCounts,
  resampledValues,
  standardError,
} from "./resampling.ts";

/** Means over the background, in the metric's unit. */
export interface JointEffect {
  /**
   * f(all inside) - f(none inside) - the sum over factors of f(only it inside) - f(none inside). For two factors the
   * difference in differences. 0 wherever the factors act additively.
   */
  readonly surplus: Estimate;
  /** The sum of the single effects, and the effect of moving all factors at once */
  readonly singles: Estimate;
  readonly joint: Estimate;
  /** Mean of each cell: nobody inside, each factor alone in the order of the regions, everybody inside */
  readonly cells: { readonly none: number; readonly alone: readonly number[]; readonly all: number };
  /** Bootstrap standard error of the surplus */
  readonly standard_error: number;
  /** Two-sided p-value of surplus = 0 by the normal approximation with that standard error; for Holm over a registry */
  readonly p_value: number;
  /** Smallest true surplus that the interval would exclude 0 for with the wanted power, given that standard error */
  readonly minimal_detectable_effect: number;
  readonly backgrounds: number;
  /** 0: the outcomes had none, and the intervals say nothing about other data */
  readonly clusters: number;
  readonly evaluations: number;
}

/** Options of {@link jointEffect}. */
export interface JointEffectOptions extends BootstrapOptions, EvaluationOptions {
  /** Background points; each costs 2 + factors evaluations. Default 64, at least 2 */
  readonly backgrounds?: number;
  /** Power of the minimal detectable effect, in (0, 1); default 0.8 */
  readonly power?: number;
  readonly unitDesign?: UnitDesign;
}

/**
 * Runs the factorial of {@link factorialDesign} and contrasts its cells within each background point.
 *
 * Intervals are percentiles of a bootstrap that draws background points and clusters independently, which for crossed
 * factors errs on the wide side. Source: Owen, Annals of Applied Statistics 1 (2007), the pigeonhole bootstrap.
 * @throws {RangeError} for fewer than 2 backgrounds, and as {@link factorialDesign} and {@link evaluatePoints} do
 */
export async function jointEffect(
  space: SearchSpace,
  objective: Objective,
  regions: readonly Region[],
  options: JointEffectOptions,
): Promise<JointEffect> {
  const n = options.backgrounds ?? 64, level = options.level ?? DEFAULT_LEVEL, factors = regions.length;
  if (!(n >= 2)) {
    throw new RangeError(`A joint effect over ${n} backgrounds has no interval: at least 2 are wanted`);
  }
  const blocks = factorialDesign(space, regions, n, options.seed, options.unitDesign);
  const points = blocks.flatMap((block) => [block.none, ...block.alone, block.all]);
  const { outcomes, evaluations } = await evaluatePoints(space, objective, points, options);
  const rows = blocks.map((_, b) => outcomes.slice(b * (factors + 2), (b + 1) * (factors + 2)));
  const contrast = (weights: readonly number[]) => rows.map((cells) => combine(cells, weights));
  const ones: number[] = Array(factors).fill(1);
  const contrasts = [
    contrast([factors - 1, ...ones.map(() => -1), 1]),
    contrast([-factors, ...ones, 0]),
    contrast([-1, ...ones.map(() => 0), 1]),
  ];

  const random = randomStream(options.seed, "sensitivity/joint-effect-bootstrap");
  const clusters = clusterCount(outcomes), replicates = contrasts.map((): number[] => []);
  for (let r = 0; r < (options.resamples ?? DEFAULT_RESAMPLES); r++) {
    const backgrounds = resampleCounts(random, n);
    const drawn = clusters > 0 ? resampleCounts(random, clusters) : new Float64Array();
    contrasts.forEach((rows, k) =>
      replicates[k]!.push(weightedMean(resampledValues(rows, drawn), backgrounds))
    );
  }
  const cellMean = (k: number) => rows.reduce((sum, cells) => sum + cells[k]!.mean, 0) / n;
  const [surplus, singles, joint] = contrasts.map((rows, k): Estimate => ({
    value: rows.reduce((sum, row) => sum + row.mean, 0) / n,
    interval: percentileInterval(replicates[k]!, level),
  })) as [Estimate, Estimate, Estimate];
  const error = standardError(replicates[0]!);
  return {
    surplus,
    singles,
    joint,
    cells: { none: cellMean(0), alone: ones.map((_, k) => cellMean(k + 1)), all: cellMean(factors + 1) },
    standard_error: error,
    p_value: twoSided(surplus.value, error),
    minimal_detectable_effect: (normalQuantile((1 + level) / 2) + normalQuantile(options.power ?? 0.8)) *
      error,
    backgrounds: n,
    clusters,
    evaluations,
  };
}

/** A weighted sum of outcomes, cluster by cluster as well. */
function combine(cells: readonly Outcome[], weights: readonly number[]): Outcome {
  const mean = cells.reduce((sum, cell, k) => sum + weights[k]! * cell.mean, 0);
  const clusters = cells[0]!.perCluster?.length;
  if (clusters === undefined) return { mean };
  const perCluster = new Float64Array(clusters);
  cells.forEach((cell, k) => {
    for (let c = 0; c < clusters; c++) perCluster[c]! += weights[k]! * cell.perCluster![c]!;
  });
  return { mean, perCluster };
}

function weightedMean(values: Float64Array, counts: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += counts[i]! * values[i]!;
  return sum / values.length;
}

function twoSided(value: number, error: number): number {
  if (error < NO_CHANGE) return Math.abs(value) < NO_CHANGE ? 1 : 0;
  return 2 * normalCdf(-Math.abs(value) / error);
}
