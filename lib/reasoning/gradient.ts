/** Votes: what each parameter, moved each way by each of the spec's steps, fixes and breaks on a panel. */
import { searchSpace } from "../formula/parameters.ts";
import {
  type Direction,
  DIRECTIONS,
  type Magnitude,
  MAGNITUDES,
  type ParameterSpec,
  stepParameter,
} from "../records/space.ts";
import { type Effect, effectOf, type Standing } from "./effect.ts";

/** One measured move of one parameter. */
export interface Vote {
  readonly param: string;
  readonly direction: Direction;
  readonly magnitude: Magnitude;
  readonly from: number;
  readonly to: number;
  readonly effect: Effect;
}

/** All votes, and the parameters that no step moved anything with. */
export interface Votes {
  readonly votes: readonly Vote[];
  /** no score of any case changed by any step: silent here, or held at its bound */
  readonly dead: readonly string[];
  /** cases scored */
  readonly case_evaluations: number;
}

/**
 * Measures every step of every parameter on a panel: a finite-difference gradient in the spec's own steps, exact at each of them.
 *
 * A step that a bound cuts to nothing is left out. Steps of one parameter that end at the same value are measured once, as the smaller.
 */
export function castVotes(standing: Standing): Votes {
  const votes: Vote[] = [], dead: string[] = [];
  let asked = 0;
  for (const p of searchSpace(standing.formula)) {
    const own = stepsOf(p, standing.point[p.name]!).map((step): Vote => {
      asked += standing.panel.size;
      return {
        ...step,
        effect: effectOf(standing, standing.formula, { ...standing.point, [p.name]: step.to }),
      };
    });
    const alive = own.filter(({ effect }) =>
      effect.fixes > 0 || effect.breaks > 0 || effect.gains.some((g) => g !== 0)
    );
    if (alive.length === 0) dead.push(p.name);
    votes.push(...alive);
  }
  return { votes, dead, case_evaluations: asked };
}

/** The steps a parameter can take from a value, each end value once. */
export function stepsOf(p: ParameterSpec, from: number): Omit<Vote, "effect">[] {
  return DIRECTIONS.flatMap((direction) => {
    const seen = new Set([from]);
    return MAGNITUDES.flatMap((magnitude) => {
      const to = stepParameter(p, from, direction, magnitude);
      if (seen.has(to)) return [];
      seen.add(to);
      return [{ param: p.name, direction, magnitude, from, to }];
    });
  });
}
