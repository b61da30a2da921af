/** Every parameter moved by itself, scored case by case: the evidence presets and rules are sifted from. */
import { clampTo, type ParameterSpec, type Point, type SearchSpace } from "../records/space.ts";
import type { AdjustmentOperator } from "./heuristic_rule.ts";
import type { PointScores } from "./scores.ts";

/** One parameter's move, as an adjustment of the heuristics language. */
export interface SingleStep {
  readonly parameter: string;
  readonly op: AdjustmentOperator;
  readonly value: number;
  /** Value it moves to */
  readonly to: number;
}

/** Factors a real parameter is moved by, and amounts a whole-number one is. */
const FACTORS = [0.25, 0.5, 2, 4] as const;
const AMOUNTS = [-1, 1] as const;

/** The moves from a point that change something, in the order of the space. Moves that meet the same bound count once. */
export function singleSteps(space: SearchSpace, point: Point): SingleStep[] {
  return space.flatMap((spec) => {
    const from = point[spec.name]!, seen = new Set([from]);
    return stepsOf(spec, from).filter(({ to }) => !seen.has(to) && seen.add(to) !== undefined);
  });
}

function stepsOf(spec: ParameterSpec, from: number): SingleStep[] {
  if (spec.integer) {
    return AMOUNTS.map((amount) => ({
      parameter: spec.name,
      op: amount > 0 ? "+=" : "-=",
      value: Math.abs(amount),
      to: clampTo(spec, from + amount),
    }));
  }
  return FACTORS.map((factor) => ({
    parameter: spec.name,
    op: "*=",
    value: factor,
    to: clampTo(spec, from * factor),
  }));
}

/** A step with the values of every case under it. */
export interface ScoredStep extends SingleStep {
  readonly values: Float64Array;
}

/** Scores all single steps from a point. Costs one evaluation a step. */
export function scoreSteps(
  scores: PointScores,
  space: SearchSpace,
  point: Point,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (done: number, total: number) => void } =
    {},
): ScoredStep[] {
  const steps = singleSteps(space, point);
  return steps.map((step, i) => {
    options.signal?.throwIfAborted();
    const values = scores.at({ ...point, [step.parameter]: step.to });
    options.onProgress?.(i + 1, steps.length);
    return { ...step, values };
  });
}
