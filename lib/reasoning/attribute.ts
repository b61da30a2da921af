/** Why one file stands above another: the gap of their scores by factor, and the smallest moves that would turn them round. */
import { type Formula, resolveNodes, walkNodes } from "../formula/document.ts";
import { searchSpace, slotsOf } from "../formula/parameters.ts";
import { fromUnit, type ParameterSpec, type Point, toUnit } from "../records/space.ts";
import type { Pair } from "./effect.ts";
import { factorAt, type PanelCase } from "./panel.ts";
import { type FactorPlan, factorPlans } from "./scorer.ts";

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
  const parts = factorPlans(formula).map((plan): Part => {
    return {
      factor: plan.id,
      log_ratio: log(factorAt(c, plan, point, pair.target)) - log(factorAt(c, plan, point, pair.other)),
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

/** Steps of a scan from the incumbent's value to a bound, and halvings after the first turn. */
const SCAN_STEPS = 8, HALVINGS = 14;

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
 * Where the gap is monotone in the parameter, its bound tells whether there is a turn and bisection finds it. Any other parameter is scanned
 * from the incumbent outwards, evenly on its own scale, and the first turn is refined by bisection.
 *
 * @param params parameters to try; default all
 */
export function findFlips(
  c: PanelCase,
  formula: Formula,
  point: Point,
  pairs: readonly Pair[],
  params: (name: string) => boolean = () => true,
): FlipSearch {
  const gaps = new GapProbe(c, formula, point, pairs);
  const flips: Flip[][] = pairs.map(() => []);
  for (const p of searchSpace(formula)) {
    if (!params(p.name)) continue;
    const from = point[p.name]!, start = toUnit(p, from);
    const how = isMonotone(formula, p.name) ? "exact" : "local";
    const steps = how === "exact" ? 1 : SCAN_STEPS;
    for (const bound of [0, 1]) {
      if (start === bound) continue;
      const open = new Set(pairs.keys()), turned = (unit: number, k: number) => gaps.at(p, unit, k) > CLEAR;
      for (let step = 1, low = start; step <= steps && open.size > 0; step++) {
        const high = start + (bound - start) * step / steps;
        for (const k of open) {
          if (!turned(high, k)) continue;
          open.delete(k);
          const to = fromUnit(p, bisect(low, high, (unit) => turned(unit, k)));
          flips[k]!.push({ param: p.name, from, to, distance: moveSize(p, from, to), how });
        }
        low = high;
      }
    }
  }
  for (const list of flips) list.sort((a, b) => a.distance - b.distance || (a.param < b.param ? -1 : 1));
  return { flips, evaluations: gaps.evaluations };
}

/** The nearest position to `low` found at which the test holds; it holds at `high`. */
function bisect(low: number, high: number, holds: (unit: number) => boolean): number {
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Gaps of pairs of one case with one parameter elsewhere: only the factors it stands in are evaluated, on that case alone. */
class GapProbe {
  readonly #plans: readonly FactorPlan[];
  readonly #base: readonly (readonly number[])[];
  /** the factors with the last parameter in them where it was put last */
  #last: {
    readonly param: string;
    readonly unit: number;
    readonly values: readonly (Float64Array | undefined)[];
  } | undefined;
  evaluations: number;

  constructor(
    private readonly c: PanelCase,
    formula: Formula,
    private readonly point: Point,
    private readonly pairs: readonly Pair[],
  ) {
    this.#plans = factorPlans(formula);
    this.#base = pairs.map(({ target, other }) =>
      this.#plans.map((plan) => log(factorAt(c, plan, point, target)) - log(factorAt(c, plan, point, other)))
    );
    this.evaluations = this.#plans.length;
  }

  /** The gap of pair `k` with a parameter at a position of its range. */
  at(p: ParameterSpec, unit: number, k: number): number {
    this.evaluations++;
    const { target, other } = this.pairs[k]!;
    if (this.#last?.param !== p.name || this.#last.unit !== unit) {
      const at = { ...this.point, [p.name]: fromUnit(p, unit) };
      const values = this.#plans.map((plan) =>
        plan.params.includes(p.name) ? this.c.scorer.factorOf(plan, at, this.c.own) : undefined
      );
      this.#last = { param: p.name, unit, values };
    }
    let gap = 0;
    this.#last.values.forEach((values, f) => {
      gap += values ? log(values[target]!) - log(values[other]!) : this.#base[k]![f]!;
    });
    return gap;
  }
}

/** How far a move is: |ln(to / from)|, or the share of the range where a value is not positive. */
export function moveSize(p: ParameterSpec, from: number, to: number): number {
  return from > 0 && to > 0 ? Math.abs(Math.log(to / from)) : Math.abs(toUnit(p, to) - toUnit(p, from));
}

/** Numbers of a factor by which the ratio of two files' factors moves one way only. */
const MONOTONE = new Set(["peak", "on", "off"]);

/** Whether a parameter stands in one place only, and that is such a number of a factor of the root product. */
function isMonotone(formula: Formula, param: string): boolean {
  const places = [...walkNodes(resolveNodes(formula))].flatMap((node) =>
    slotsOf(node).filter(({ binding }) => typeof binding !== "number" && binding.param === param)
  );
  const [only] = places, factors = new Set(factorPlans(formula).map((plan) => plan.id));
  return places.length === 1 && MONOTONE.has(only!.place) && factors.has(only!.node.id);
}
