/** The one way this room spends evaluations: each distinct point once, counted, watched and interruptible. */
import { clampTo, type Point, type SearchSpace } from "../records/space.ts";

/** What an objective says about one point. */
export interface Outcome {
  /** The metric at the point; finite */
  readonly mean: number;
  /**
   * The metric of every cluster (commit or repository), same length and order at every point. Intervals over data
   * resample its entries with equal weight; `mean` stays the estimate even where it weighs clusters differently.
   */
  readonly perCluster?: Float64Array;
}

/** What an objective answers for a point. */
type Scored = number | Outcome;

/** Scores a point of a space. It must give equal points equal outcomes: repeated points are not asked again. */
export interface Objective {
  (point: Point): Scored | Promise<Scored>;
  /** The same for several points, given where it costs less than one after the other */
  readonly together?: (points: readonly Point[]) => readonly Scored[] | Promise<readonly Scored[]>;
}

/** One row of a table of finished evaluations. */
export interface EvaluatedPoint {
  readonly point: Point;
  readonly value: number;
}

/** How a long evaluation is watched and stopped. */
export interface EvaluationOptions {
  /** Aborting rejects with the signal's reason before the next evaluation. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each evaluation with the number done and the number of distinct points. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** Outcomes in the order of the points asked for, and what they cost. */
export interface Evaluations {
  readonly outcomes: readonly Outcome[];
  /** Calls of the objective: distinct points, never more than points asked for */
  readonly evaluations: number;
}

/** A change of the metric below this is rounding: the threshold under which a parameter counts as dead. */
export const NO_CHANGE = 1e-12;

/** How many evaluations pass before timers and signals get a turn. */
const TURN = 64;
/** Points handed over at once to an objective that takes several. */
const TOGETHER = 16;

/**
 * Evaluates points in order, each distinct one once.
 *
 * @throws {RangeError} when an outcome is not finite or its clusters differ in number from those of the first point,
 * naming the point; a design with holes has no indices, so nothing is skipped. Errors of the objective pass through.
 */
export async function evaluatePoints(
  space: SearchSpace,
  objective: Objective,
  points: readonly Point[],
  options: EvaluationOptions = {},
): Promise<Evaluations> {
  const keys = points.map((point) => pointKey(space, point));
  const distinct = new Map<string, Point>();
  keys.forEach((key, i) => distinct.has(key) || distinct.set(key, points[i]!));
  const found = new Map<string, Outcome>();
  let clusters: number | undefined;
  const asked = [...distinct], most = objective.together ? TOGETHER : 1;
  for (let from = 0; from < asked.length; from += most) {
    options.signal?.throwIfAborted();
    const some = asked.slice(from, from + most).map(([, point]) => point);
    const answers = objective.together ? await objective.together(some) : [await objective(some[0]!)];
    some.forEach((point, i) => {
      const answer = answers[i]!, outcome = typeof answer === "number" ? { mean: answer } : answer;
      if (found.size === 0) clusters = outcome.perCluster?.length;
      checkOutcome(outcome, clusters, point);
      found.set(asked[from + i]![0], outcome);
      options.progress?.(found.size, distinct.size);
    });
    if (found.size % TURN === 0) await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return { outcomes: keys.map((key) => found.get(key)!), evaluations: found.size };
}

/** An objective that serves a table of finished evaluations. @throws {RangeError} for a point that is not in it */
export function tableObjective(space: SearchSpace, table: readonly EvaluatedPoint[]): Objective {
  const values = new Map(table.map((row) => [pointKey(space, row.point), row.value]));
  return (point) => {
    const value = values.get(pointKey(space, point));
    if (value === undefined) {
      throw new RangeError(
        `The table has no row for ${
          JSON.stringify(point)
        }: evaluate the same design (kind, size and seed) that the table was made with`,
      );
    }
    return value;
  };
}

/** Evaluates points into a table. */
export async function evaluateTable(
  space: SearchSpace,
  objective: Objective,
  points: readonly Point[],
  options: EvaluationOptions = {},
): Promise<{ table: EvaluatedPoint[]; evaluations: number }> {
  const { outcomes, evaluations } = await evaluatePoints(space, objective, points, options);
  return { table: points.map((point, i) => ({ point, value: outcomes[i]!.mean })), evaluations };
}

/** Identity of a point within its space: the values in the space's order. */
function pointKey(space: SearchSpace, point: Point): string {
  return space.map((p) => {
    const value = point[p.name];
    if (value === undefined || clampTo(p, value) !== value) {
      throw new RangeError(
        `Bad point: ${p.name} is ${value}, a ${
          p.integer ? "whole " : ""
        }number in [${p.low}, ${p.high}] is wanted`,
      );
    }
    return value;
  }).join(" ");
}

function checkOutcome(outcome: Outcome, clusters: number | undefined, point: Point): void {
  const where = `The objective at ${JSON.stringify(point)}`;
  if (!Number.isFinite(outcome.mean)) {
    throw new RangeError(
      `${where} is ${outcome.mean}: a finite number is wanted; narrow the space to where it has one`,
    );
  }
  if (outcome.perCluster?.length !== clusters) {
    throw new RangeError(
      `${where} has ${outcome.perCluster?.length ?? "no"} clusters, the first point had ${
        clusters ?? "none"
      }: score the same cases at every point`,
    );
  }
  const bad = outcome.perCluster?.findIndex((value) => !Number.isFinite(value)) ?? -1;
  if (bad >= 0) {
    throw new RangeError(
      `${where} is ${outcome.perCluster![bad]} for cluster ${bad}: a finite number is wanted`,
    );
  }
}
