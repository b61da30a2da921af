/** Why one file stands above another: the gap of their scores by factor, and the smallest moves that would turn them round. */
import { type Formula, resolveNodes, walkNodes } from "../formula/document.ts";
import { searchSpace, slotsOf } from "../formula/parameters.ts";
import { fromUnit, type ParameterSpec, type Point, toUnit } from "../records/space.ts";
import type { Pair } from "./effect.ts";
import type { PanelCase } from "./panel.ts";
import { type FactorPlan, factorPlans, Scorer } from "./scorer.ts";

/** One factor's part in a pair's gap. */
export interface Part {
  /** id of the root product's factor */
  readonly factor: string;
  /** ln(factor of the relevant file / factor of the other): below 0 it speaks for the wrong file */
  readonly log_ratio: number;
}

/** A move of one parameter that puts the relevant file above the other. */
export interface Flip {
  readonly param: string;
  readonly from: number;
  readonly to: number;
  /** |ln(to / from)|, or the share of the range where that is no number: how far the move is */
  readonly distance: number;
  /**
   * "exact": the gap is monotone in the parameter, so no smaller move in this direction turns the pair; "local": the first turn on a
   * scan of the range, refined by bisection, so a narrower one may lie between its steps
   */
  readonly how: "exact" | "local";
}

/** A pair taken apart. */
export interface Attribution {
  readonly pair: Pair;
  /** ln(score of the relevant file / score of the other), the sum of the parts; above 0 it stands above */
  readonly gap: number;
  /** in the formula's order */
  readonly parts: readonly Part[];
  /** factors that hold the relevant file down, the heaviest first, as far as four fifths of what is against it */
  readonly carriers: readonly string[];
}

/** A factor at 0 has no logarithm; this one is below every positive double's. */
const LOG_ZERO = -750;
const log = (v: number) => v > 0 ? Math.log(v) : LOG_ZERO;

/** Share of the weight against a file that its carriers make up. */
const CARRIED = 0.8;

/**
 * Takes a pair apart at a point. The parts are those of the score itself, which is their product; a walk's part is as close to the
 * reference's as the engine's walks are, about 2e-6.
 */
export function attributePair(c: PanelCase, formula: Formula, point: Point, pair: Pair): Attribution {
  const from = c.scorer.offsets[c.own.index]!;
  const parts = factorPlans(formula).map((plan): Part => {
    const values = c.scorer.factor(plan, point);
    return {
      factor: plan.id,
      log_ratio: log(values[from + pair.target]!) - log(values[from + pair.other]!),
    };
  });
  const against = parts.filter((p) => p.log_ratio < 0).sort((a, b) => a.log_ratio - b.log_ratio);
  const weight = against.reduce((sum, p) => sum + p.log_ratio, 0);
  const carriers: string[] = [];
  let carried = 0;
  for (const part of against) {
    if (carried <= weight * CARRIED) break;
    carriers.push(part.factor);
    carried += part.log_ratio;
  }
  return { pair, gap: parts.reduce((sum, p) => sum + p.log_ratio, 0), parts, carriers };
}

/** Steps of the scan from the incumbent's value to a bound, and halvings after it. */
const SCAN_STEPS = 12, HALVINGS = 20;

/** How clear a turned gap must be: the engine's walks stand within about 2e-6 of the reference's, in the logarithm. */
const CLEAR = 1e-5;

/** Flips found for several pairs of one case, and how many evaluations of the case that took. */
export interface FlipSearch {
  /** by pair: nearest first */
  readonly flips: readonly (readonly Flip[])[];
  readonly evaluations: number;
}

/**
 * Looks for the smallest move of each single parameter, inside its bounds and in either direction, that turns each pair round.
 *
 * A parameter is scanned from the incumbent outwards, evenly on its own scale, and the first turn is refined by bisection.
 */
export function findFlips(c: PanelCase, formula: Formula, point: Point, pairs: readonly Pair[]): FlipSearch {
  const single = new Scorer(c.scorer.arena.subset((g) => g.snapshot === c.group.snapshot));
  const own = single.arena.cases.find(({ query }) => query.case_id === c.own.query.case_id)!;
  const offset = single.offsets[own.index]!;
  const plans = factorPlans(formula);
  const ratio = (plan: FactorPlan, at: Point, { target, other }: Pair) => {
    const values = single.factor(plan, at);
    return log(values[offset + target]!) - log(values[offset + other]!);
  };
  const base = pairs.map((pair) => plans.map((plan) => ratio(plan, point, pair)));
  const flips: Flip[][] = pairs.map(() => []);
  let evaluations = plans.length;
  for (const p of searchSpace(formula)) {
    const touched = plans.map((plan, f) => ({ plan, f })).filter(({ plan }) => plan.params.includes(p.name));
    if (touched.length === 0) continue;
    const gapAt = (value: number, k: number) => {
      const at = { ...point, [p.name]: value };
      let gap = base[k]!.reduce((a, b) => a + b, 0);
      for (const { plan, f } of touched) gap += ratio(plan, at, pairs[k]!) - base[k]![f]!;
      return gap;
    };
    const how = isMonotone(formula, p.name) ? "exact" : "local";
    for (const bound of [0, 1]) {
      const open = new Set(pairs.keys()), start = toUnit(p, point[p.name]!);
      for (let step = 1, before = start; step <= SCAN_STEPS && open.size > 0 && start !== bound; step++) {
        const unit = start + (bound - start) * step / SCAN_STEPS;
        evaluations++;
        for (const k of open) {
          if (gapAt(fromUnit(p, unit), k) <= CLEAR) continue;
          open.delete(k);
          let low = before, high = unit;
          for (let i = 0; i < HALVINGS; i++) {
            const middle = (low + high) / 2;
            evaluations++;
            if (gapAt(fromUnit(p, middle), k) > CLEAR) high = middle;
            else low = middle;
          }
          const to = fromUnit(p, high);
          flips[k]!.push({
            param: p.name,
            from: point[p.name]!,
            to,
            distance: moveSize(p, point[p.name]!, to),
            how,
          });
        }
        before = unit;
      }
    }
  }
  for (const list of flips) list.sort((a, b) => a.distance - b.distance || (a.param < b.param ? -1 : 1));
  return { flips, evaluations };
}

/** How far a move is: |ln(to / from)|, or the share of the range where a value is not positive. */
export function moveSize(p: ParameterSpec, from: number, to: number): number {
  return from > 0 && to > 0 ? Math.abs(Math.log(to / from)) : Math.abs(toUnit(p, to) - toUnit(p, from));
}

/** Places whose number a score is monotone in, for every file: peaks and gate values under nothing that could bend back. */
const MONOTONE = new Set(["peak", "on", "off"]);

function isMonotone(formula: Formula, param: string): boolean {
  return [...walkNodes(resolveNodes(formula))].every((node) =>
    slotsOf(node).every(({ place, binding }) =>
      typeof binding === "number" || binding.param !== param || MONOTONE.has(place)
    )
  );
}
