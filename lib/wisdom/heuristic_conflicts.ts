/** Where heuristics get in each other's way: found before they run, from their text alone. */
import { mayHoldTogether } from "./heuristic_condition_holds.ts";
import type { Adjustment, Heuristic } from "./heuristic_rule.ts";

/**
 * - "never": the rule's own condition cannot hold
 * - "overrides": both set the parameter, to different values; the one listed later wins
 * - "moves_what_is_set": one sets the parameter, the other moves it; the move acts on the value set
 * - "opposes": one raises the parameter (*= above 1, /= below 1, += above 0), the other lowers it
 */
export const CONFLICT_KINDS = ["never", "overrides", "moves_what_is_set", "opposes"] as const;

/** One conflict of one rule or between two. */
export interface HeuristicConflict {
  readonly kind: typeof CONFLICT_KINDS[number];
  /** 0-based places in the list, ascending */
  readonly rules: readonly number[];
  /** Absent for "never" */
  readonly parameter?: string;
  /** One sentence for a reader; rules are counted from 1 */
  readonly message: string;
}

/**
 * Every conflict of a list, in order of the rules.
 *
 * A pair is left out when its conditions provably exclude each other (`mayHoldTogether`); what the proof does not see,
 * such as alternatives inside "or", is reported although it may never happen.
 */
export function conflictsBetween(heuristics: readonly Heuristic[]): HeuristicConflict[] {
  const found: HeuristicConflict[] = [];
  heuristics.forEach((one, i) => {
    if (!mayHoldTogether(one.condition)) {
      found.push({
        kind: "never",
        rules: [i],
        message: `rule ${i + 1} never fires: its condition contradicts itself`,
      });
      return;
    }
    heuristics.slice(i + 1).forEach((other, gap) => {
      const pairs = one.adjustments.flatMap((a) =>
        other.adjustments.filter((b) => b.parameter === a.parameter).map((b) => ({
          a,
          b,
          kind: kindOf(a, b),
        }))
      );
      if (pairs.every(({ kind }) => kind === undefined) || !mayHoldTogether(one.condition, other.condition)) {
        return;
      }
      for (const { a, b, kind } of pairs) {
        if (kind !== undefined) found.push(conflict(kind, i, i + 1 + gap, a, b));
      }
    });
  });
  return found;
}

function kindOf(a: Adjustment, b: Adjustment): HeuristicConflict["kind"] | undefined {
  if (a.op === "=" && b.op === "=") return a.value === b.value ? undefined : "overrides";
  if (a.op === "=" || b.op === "=") return "moves_what_is_set";
  return direction(a) * direction(b) < 0 ? "opposes" : undefined;
}

function direction({ op, value }: Adjustment): number {
  const up = op === "*=" || op === "/=" ? Math.sign(value - 1) : Math.sign(value);
  return op === "/=" || op === "-=" ? -up : up;
}

function conflict(
  kind: HeuristicConflict["kind"],
  i: number,
  j: number,
  a: Adjustment,
  b: Adjustment,
): HeuristicConflict {
  const say = ({ op, value }: Adjustment) => `${op} ${value}`;
  const ends = {
    never: "",
    overrides: `rule ${j + 1} wins where both fire`,
    moves_what_is_set: "where both fire, the move acts on the value set",
    opposes: "where both fire, they pull against each other",
  };
  const message = `${a.parameter} ${say(a)} in rule ${i + 1} and ${say(b)} in rule ${j + 1}: ${ends[kind]}`;
  return { kind, rules: [i, j], parameter: a.parameter, message };
}
