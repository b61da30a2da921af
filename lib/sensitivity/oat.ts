/** One parameter at a time: curves around a base point, their swing, and which parameters do anything at all. */
import { randomStream } from "../base/random.ts";
import {
  fromUnit,
  type ParameterSpec,
  parsePoint,
  type Point,
  type SearchSpace,
  toUnit,
} from "../records/space.ts";
import { spaceFillingPoints, type UnitDesign } from "./designs.ts";
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
  type Interval,
  percentileInterval,
  resampleCounts,
  resampledValues,
} from "./resampling.ts";

/** The objective at one value of one parameter, everything else at the base. */
export interface CurvePoint {
  readonly x: number;
  readonly value: number;
  /** value minus the value at the base */
  readonly change: number;
  /** Interval of `change` over clusters, paired with the base; absent when outcomes have no clusters */
  readonly interval?: Interval;
}

/** One parameter's curve. */
export interface Curve {
  readonly name: string;
  /** Ascending in x; the base value is among them */
  readonly points: readonly CurvePoint[];
  /** Largest value minus smallest */
  readonly swing: number;
  /** The x of the largest value, the one nearest the base if several tie */
  readonly best: number;
  /** Whether the mean or any cluster moves by {@link NO_CHANGE} or more anywhere on the curve */
  readonly live: boolean;
}

/** Options of {@link oneAtATime}. */
export interface OatOptions extends BootstrapOptions, EvaluationOptions {
  /** Values a parameter besides the base's, evenly spaced on its scale, both bounds among them; default 9, at least 2 */
  readonly levels?: number;
}

/**
 * Varies each parameter over its range with the others at a base point.
 *
 * What a curve shows holds at this base only: effects that need two parameters to move are invisible to it.
 * @returns curves in the space's order, and the distinct evaluations spent
 */
export async function oneAtATime(
  space: SearchSpace,
  objective: Objective,
  base: Point,
  options: OatOptions,
): Promise<{ base: Point; value: number; curves: Curve[]; evaluations: number }> {
  const origin = parsePoint(space, base);
  const grids = space.map((p) => valueGrid(p, origin[p.name]!, options.levels ?? 9));
  const points = [
    origin,
    ...space.flatMap((p, j) => grids[j]!.map((x) => ({ ...origin, [p.name]: x }))),
  ];
  const { outcomes, evaluations } = await evaluatePoints(space, objective, points, options);
  const intervals = changeIntervals(outcomes, options);
  let next = 1;
  const curves = space.map((p, j) => {
    const from = next;
    next += grids[j]!.length;
    const curve = grids[j]!.map((x, k): CurvePoint => {
      const value = outcomes[from + k]!.mean, interval = intervals?.[from + k];
      return { x, value, change: value - outcomes[0]!.mean, ...(interval && { interval }) };
    });
    return summarize(p.name, origin[p.name]!, curve, outcomes[0]!, outcomes.slice(from, next));
  });
  return { base: origin, value: outcomes[0]!.mean, curves, evaluations };
}

/** Whether one parameter moves the objective from any of several base points. */
export interface Liveness {
  readonly name: string;
  readonly live: boolean;
  /** Largest absolute change of the mean or of any cluster found */
  readonly largest_change: number;
}

/** Options of {@link liveParameters}. */
export interface LivenessOptions extends EvaluationOptions {
  readonly seed: number | string;
  /** Space-filling base points beside the given one; default 4. A parameter may be dead at one base and live at another. */
  readonly backgrounds?: number;
  /** As in {@link OatOptions}; default 5 */
  readonly levels?: number;
  readonly unitDesign?: UnitDesign;
}

/**
 * Decides which parameters are dead: no value of theirs, from no base point tried, moves the mean or any cluster by
 * {@link NO_CHANGE}. "Live" is proof; "dead" is proof for the points tried only.
 */
export async function liveParameters(
  space: SearchSpace,
  objective: Objective,
  base: Point,
  options: LivenessOptions,
): Promise<{ parameters: Liveness[]; evaluations: number }> {
  const more = options.backgrounds ?? 4;
  const bases = [parsePoint(space, base)];
  if (more > 0) {
    bases.push(...spaceFillingPoints(space, more, `${options.seed}/liveness`, options.unitDesign));
  }
  const rows = bases.flatMap((origin) =>
    space.map((p, j) => ({
      j,
      origin,
      points: valueGrid(p, origin[p.name]!, options.levels ?? 5).map((x) => ({ ...origin, [p.name]: x })),
    }))
  );
  const points = rows.flatMap((row) => [row.origin, ...row.points]);
  const { outcomes, evaluations } = await evaluatePoints(space, objective, points, options);
  const largest = new Float64Array(space.length);
  let next = 0;
  for (const { j, points } of rows) {
    const origin = outcomes[next]!;
    for (let k = 1; k <= points.length; k++) {
      largest[j] = Math.max(largest[j]!, largestChange(origin, outcomes[next + k]!));
    }
    next += points.length + 1;
  }
  const parameters = space.map((p, j) => ({
    name: p.name,
    live: largest[j]! >= NO_CHANGE,
    largest_change: largest[j]!,
  }));
  return { parameters, evaluations };
}

/**
 * Distinct legal values of a parameter, ascending: `levels` evenly spaced positions on its scale and one more value.
 *
 * @throws {RangeError} for fewer than 2 levels
 */
export function valueGrid(p: ParameterSpec, also: number, levels: number): number[] {
  if (!(Number.isInteger(levels) && levels >= 2)) {
    throw new RangeError(
      `A grid of ${levels} values over ${p.name} is impossible: a whole number of at least 2 is wanted`,
    );
  }
  const home = toUnit(p, also);
  // A step that meets the further value but for rounding would give it twice.
  const values = Array.from({ length: levels }, (_, k) => fromUnit(p, k / (levels - 1)))
    .map((value) => Math.abs(toUnit(p, value) - home) < 1e-9 ? also : value);
  return [...new Set([...values, also])].sort((a, b) => a - b);
}

function summarize(
  name: string,
  origin: number,
  points: readonly CurvePoint[],
  base: Outcome,
  outcomes: readonly Outcome[],
): Curve {
  const values = points.map((point) => point.value);
  const top = Math.max(...values), far = (x: number) => Math.abs(x - origin);
  const best = points.filter((point) => point.value === top).reduce((a, b) => far(b.x) < far(a.x) ? b : a).x;
  const live = outcomes.some((outcome) => largestChange(base, outcome) >= NO_CHANGE);
  return { name, points, swing: top - Math.min(...values), best, live };
}

function largestChange(from: Outcome, to: Outcome): number {
  let largest = Math.abs(to.mean - from.mean);
  from.perCluster?.forEach((value, c) => largest = Math.max(largest, Math.abs(to.perCluster![c]! - value)));
  return largest;
}

function changeIntervals(outcomes: readonly Outcome[], options: OatOptions): Interval[] | undefined {
  const clusters = clusterCount(outcomes);
  if (clusters === 0) return undefined;
  const random = randomStream(options.seed, "sensitivity/oat-bootstrap");
  const replicates = Array.from({ length: options.resamples ?? DEFAULT_RESAMPLES }, () => {
    const values = resampledValues(outcomes, resampleCounts(random, clusters));
    return values.map((value) => value - values[0]!);
  });
  return outcomes.map((_, i) =>
    percentileInterval(replicates.map((values) => values[i]!), options.level ?? DEFAULT_LEVEL)
  );
}
