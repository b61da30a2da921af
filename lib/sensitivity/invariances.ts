/** Exact invariances: changes of a point that must leave every case as it was, such as one common factor on all weights. */
import { clampTo, type Point, type SearchSpace } from "../records/space.ts";
import type { EvaluationOptions } from "./evaluation.ts";

/** What one case gave: a number, or an ordering by name (best first). */
export type CaseResult = number | readonly string[];

/** Every case's result at a point, same cases in the same order at every point. */
export type CaseObjective = (point: Point) => readonly CaseResult[] | Promise<readonly CaseResult[]>;

/** A change of points that is said to change nothing. */
export interface Invariance {
  readonly name: string;
  /** The changed point; it may leave the space, where the claim says nothing and nothing is tried */
  readonly apply: (point: Point, amount: number) => Point;
  readonly amounts: readonly number[];
}

/** A case that changed although it must not. */
export interface Violation {
  readonly point: Point;
  readonly amount: number;
  /** Position of the case */
  readonly index: number;
  readonly before: CaseResult;
  readonly after: CaseResult;
}

/** What a check found. */
export interface InvarianceReport {
  readonly name: string;
  /** "unchecked": every changed point left the space */
  readonly verdict: "holds" | "broken" | "unchecked";
  /** (point, amount) pairs compared, and pairs whose changed point is illegal or equal to the point */
  readonly checked: number;
  readonly skipped: number;
  /** Comparisons with at least one changed case, and the first changed case */
  readonly broken: number;
  readonly first?: Violation;
  /** Calls of the objective */
  readonly evaluations: number;
}

/**
 * One factor on a group of parameters, such as all depth weights.
 *
 * Powers of two (the default) scale without rounding, so that a difference is a fact and not a last digit.
 */
export function commonScaling(names: readonly string[], amounts: readonly number[] = [0.5, 2]): Invariance {
  return {
    name: `one factor on ${names.join(", ")}`,
    apply: (point, factor) => ({
      ...point,
      ...Object.fromEntries(names.map((name) => [name, point[name]! * factor])),
    }),
    amounts,
  };
}

/** Any value for one parameter: it holds exactly when the parameter is dead. Amounts are its values. */
export function anyValueOf(name: string, amounts: readonly number[]): Invariance {
  return { name: `any ${name}`, apply: (point, value) => ({ ...point, [name]: value }), amounts };
}

/**
 * Compares every case before and after the change, at every point and amount: orderings must be equal, numbers must
 * differ by no more than `tolerance` (default 0).
 *
 * @throws {RangeError} when the number of cases differs between points
 */
export async function checkInvariance(
  space: SearchSpace,
  objective: CaseObjective,
  invariance: Invariance,
  points: readonly Point[],
  options: EvaluationOptions & { tolerance?: number } = {},
): Promise<InvarianceReport> {
  const { amounts, apply, name } = invariance, total = points.length * amounts.length;
  let checked = 0, skipped = 0, broken = 0, evaluations = 0;
  let first: Violation | undefined;
  const evaluate = async (point: Point) => {
    options.signal?.throwIfAborted();
    evaluations++;
    return await objective(point);
  };
  for (const point of points) {
    let before: readonly CaseResult[] | undefined;
    for (const amount of amounts) {
      const changed = apply(point, amount);
      if (!isLegal(space, changed) || space.every((p) => changed[p.name] === point[p.name])) skipped++;
      else {
        before ??= await evaluate(point);
        const after = await evaluate(changed);
        const index = firstDifference(before, after, options.tolerance ?? 0);
        checked++;
        if (index !== undefined) {
          broken++;
          first ??= { point, amount, index, before: before[index]!, after: after[index]! };
        }
      }
      options.progress?.(checked + skipped, total);
    }
  }
  const verdict = broken > 0 ? "broken" : checked > 0 ? "holds" : "unchecked";
  return { name, verdict, checked, skipped, broken, evaluations, ...(first && { first }) };
}

function isLegal(space: SearchSpace, point: Point): boolean {
  return space.every((p) => clampTo(p, point[p.name]!) === point[p.name]);
}

function firstDifference(a: readonly CaseResult[], b: readonly CaseResult[], tolerance: number) {
  if (a.length !== b.length) {
    throw new RangeError(
      `An invariance compares the same cases: ${a.length} came before the change, ${b.length} after it`,
    );
  }
  const index = a.findIndex((before, i) => !isSame(before, b[i]!, tolerance));
  return index < 0 ? undefined : index;
}

function isSame(a: CaseResult, b: CaseResult, tolerance: number): boolean {
  if (typeof a === "number" || typeof b === "number") {
    return typeof a === "number" && typeof b === "number" && Math.abs(a - b) <= tolerance;
  }
  return a.length === b.length && a.every((name, i) => name === b[i]);
}
