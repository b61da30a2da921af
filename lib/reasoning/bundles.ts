/** Steps measured together: single votes do not add up where parameters interact. */
import { type Effect, effectOf, type Standing } from "./effect.ts";
import type { Vote } from "./gradient.ts";
import type { StepView } from "./view.ts";

/** Several steps and what they do together. */
export interface MeasuredBundle {
  readonly steps: readonly StepView[];
  readonly effect: Effect;
}

/** Most steps of a bundle, and most votes looked at for each. */
const MOST_STEPS = 5, MOST_TRIES = 7;

/**
 * Builds bundles greedily: from the best step on, each next promising one joins if the whole gets better. One chain with every parameter
 * at its best magnitude and one for each magnitude alone, so that a reasoner turned down at one scale finds another.
 */
export function bundleSteps(
  standing: Standing,
  votes: readonly Vote[],
): { readonly bundles: readonly MeasuredBundle[]; readonly case_evaluations: number } {
  const bundles = new Map<string, MeasuredBundle>();
  let asked = 0;
  for (const scale of [undefined, "large", "medium", "small"] as const) {
    const best = new Map<string, Vote>();
    for (const vote of votes) {
      if ((scale !== undefined && vote.magnitude !== scale) || vote.effect.delta <= 0) continue;
      const known = best.get(vote.param);
      if (known === undefined || vote.effect.delta > known.effect.delta) best.set(vote.param, vote);
    }
    const [first, ...rest] = [...best.values()].sort((a, b) =>
      b.effect.delta - a.effect.delta || (a.param < b.param ? -1 : 1)
    );
    if (first === undefined) continue;
    let chain = [first], effect = first.effect;
    for (const next of rest.slice(0, MOST_TRIES)) {
      if (chain.length === MOST_STEPS) break;
      const steps = [...chain, next];
      const point = { ...standing.point, ...Object.fromEntries(steps.map((s) => [s.param, s.to])) };
      const together = effectOf(standing, standing.formula, point);
      asked += standing.panel.size;
      if (together.delta <= effect.delta) continue;
      chain = steps;
      effect = together;
      const named = steps.map(({ param, direction, magnitude }) => ({ param, direction, magnitude }));
      bundles.set(JSON.stringify(named), { steps: named, effect });
    }
  }
  return { bundles: [...bundles.values()], case_evaluations: asked };
}
