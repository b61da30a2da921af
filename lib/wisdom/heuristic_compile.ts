/** Heuristics made to run: facts and a point in, the adjusted point and the rules that fired out. */
import { checkSpace, clampTo, parsePoint, type Point, type SearchSpace } from "../records/space.ts";
import { holds } from "./heuristic_condition_holds.ts";
import { conflictsBetween, type HeuristicConflict } from "./heuristic_conflicts.ts";
import {
  type Adjustment,
  type Heuristic,
  heuristicId,
  parseHeuristic,
  printHeuristic,
} from "./heuristic_rule.ts";
import { FACT_BY_NAME, type Facts, readFacts } from "./heuristic_vocabulary.ts";

/** One rule of a compiled list. */
export interface CompiledRule {
  /** 0-based place in the list */
  readonly index: number;
  readonly id: string;
  /** Canonical text */
  readonly text: string;
  readonly heuristic: Heuristic;
}

/** What happened to one parameter. */
export interface HeuristicMove {
  readonly parameter: string;
  readonly before: number;
  readonly after: number;
  /** Value asked for before it was brought to the nearest legal one */
  readonly wanted: number;
  /** Indices of the rules that asked, ascending */
  readonly by: readonly number[];
}

/** The outcome for one situation. */
export interface AppliedHeuristics {
  readonly point: Point;
  /** The rules whose condition held, in order of listing */
  readonly fired: readonly CompiledRule[];
  /** The parameters some fired rule speaks of, in the order of the space, moved or not */
  readonly moves: readonly HeuristicMove[];
  /** The conflicts between rules that fired */
  readonly conflicts: readonly HeuristicConflict[];
}

/** A list of heuristics checked against a space. */
export interface CompiledHeuristics {
  readonly rules: readonly CompiledRule[];
  /** Conflicts that some situation may bring about, and rules that no situation fires */
  readonly conflicts: readonly HeuristicConflict[];
  /** @throws {RangeError} for facts that are incomplete or of the wrong type, and a point that is not of the space */
  apply(facts: Facts, point: Point): AppliedHeuristics;
}

/**
 * Compiles rules, given as text or as trees, for a space.
 *
 * All conditions look at the facts alone, so whether a rule fires does not depend on the others. Then, for each
 * parameter: the last `=` in order of listing replaces the incoming value; all factors and divisors multiply what is
 * there; all `+=` and `-=` are added; the result is clamped to the bounds and rounded where a whole number is wanted,
 * once, at the end. So order matters among `=` only, and moving any other rule changes nothing.
 *
 * @throws {LanguageError} naming the rule by its number and pointing at the column: text outside the grammar, an unknown
 *   fact or parameter
 * @throws {RangeError} for a bad space, or one with a parameter that is called like a fact
 */
export function compileHeuristics(
  rules: readonly (string | Heuristic)[],
  space: SearchSpace,
): CompiledHeuristics {
  checkSpace(space);
  checkNames(space);
  const compiled = rules.map((rule, index): CompiledRule => {
    const text = typeof rule === "string" ? rule : printHeuristic(rule);
    const heuristic = parseHeuristic(text, { language: `heuristic ${index + 1}`, space });
    return { index, id: heuristicId(heuristic), text: printHeuristic(heuristic), heuristic };
  });
  const conflicts = conflictsBetween(compiled.map((rule) => rule.heuristic));
  return {
    rules: compiled,
    conflicts,
    apply(facts, point) {
      const values = readFacts(facts), start = parsePoint(space, point);
      const fired = compiled.filter((rule) => holds(rule.heuristic.condition, values));
      const moves = space.flatMap((parameter): HeuristicMove[] => {
        const asked = fired.flatMap(({ index, heuristic }) =>
          heuristic.adjustments.filter((a) => a.parameter === parameter.name).map((a) => ({ ...a, index }))
        );
        if (asked.length === 0) return [];
        const before = start[parameter.name]!, wanted = adjust(before, asked);
        const after = clampTo(parameter, wanted);
        return [{ parameter: parameter.name, before, after, wanted, by: asked.map((a) => a.index) }];
      });
      const indices = new Set(fired.map((rule) => rule.index));
      return {
        point: { ...start, ...Object.fromEntries(moves.map((move) => [move.parameter, move.after])) },
        fired,
        moves,
        conflicts: conflicts.filter((c) =>
          c.kind !== "never" && c.rules.every((index) => indices.has(index))
        ),
      };
    },
  };
}

/** Numbers are taken in ascending order, so that rounding does not depend on the order of listing either. */
function adjust(value: number, adjustments: readonly Adjustment[]): number {
  const base = adjustments.findLast((a) => a.op === "=")?.value ?? value;
  const factors = adjustments.filter((a) => a.op === "*=").map((a) => a.value);
  const divisors = adjustments.filter((a) => a.op === "/=").map((a) => a.value);
  const terms = adjustments.filter((a) => a.op === "+=" || a.op === "-=").map((a) =>
    a.op === "+=" ? a.value : -a.value
  );
  const ascending = (numbers: number[]) => numbers.sort((a, b) => a - b);
  return ascending(terms).reduce(
    (sum, term) => sum + term,
    base * product(ascending(factors)) / product(ascending(divisors)),
  );
}

/** Kept off 0 and infinity, which many extreme factors could reach and which would make no number of the result. */
function product(factors: readonly number[]): number {
  return factors.reduce((all, factor) => Math.min(1e100, Math.max(1e-100, all * factor)), 1);
}

/** @throws {RangeError} for a parameter that a condition could not tell from a fact */
export function checkNames(space: SearchSpace): void {
  const both = space.find((parameter) => FACT_BY_NAME.has(parameter.name));
  if (both !== undefined) {
    throw new RangeError(`Bad search space: ${both.name} is also the name of a fact; rename the parameter`);
  }
}
