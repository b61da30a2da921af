/** What a structure search says when it ends. */
import { searchSpace } from "../formula/parameters.ts";
import type { StructureResult, StructureStep } from "../search/structure_search.ts";
import type { StudyConfig } from "../study/config.ts";
import { structureCost } from "../study/structure_budget.ts";
import { type Objective, OBJECTIVE_MEASURES } from "../study/structure_file.ts";

/** A repository's test cases under the formula found: its parameters tuned with the repository, and without. */
export interface LeftOut {
  readonly repository: string;
  readonly pooled: number;
  readonly left_out: number;
}

const fixed = (x: number) => (x >= 0 ? "+" : "") + x.toFixed(4);

/** A judged edit in one line. */
export function stepText(s: StructureStep): string {
  return `${String(s.round).padStart(3)}  ${s.decision.padEnd(8)}  train ${s.train[1].toFixed(4)} (${
    fixed(s.train[1] - s.train[0])
  })  ` +
    `selection ${fixed(s.selection.estimate)} [${fixed(s.selection.low)}, ${
      fixed(s.selection.high)
    }]  ${s.move}`;
}

/** Why a search judged no edit, and what it takes to judge one; undefined where it judged some. */
export function nothingJudged(
  { steps, spent }: Pick<StructureResult, "steps" | "spent">,
  { formula, query }: Pick<StudyConfig, "formula" | "query">,
  budget: number,
): string | undefined {
  if (steps.length > 0) return undefined;
  const { edits, start, round } = structureCost(formula, query), n = searchSpace(formula).length;
  if (spent <= budget - 1) {
    return `no edit was judged: of ${edits} that were screened none came near ${formula.name}, which was tuned alone`;
  }
  return `no edit was judged, the formula was tuned alone: the budget of ${budget} evaluations ended before. Tuning the ${n} parameters ` +
    `of ${formula.name} takes up to ${start}; screening ${edits} edits and tuning the best of them about ${round}. ` +
    `--budget ${affordable(start + round)} judges one edit, and ${affordable(round)} more each further one`;
}

/** Rounded up, with a tenth on top: the share of cases that edits are screened on is drawn. */
const affordable = (cost: number) => 50 * Math.ceil(1.1 * cost / 50);

/** The judged edits, under what their figures are. @param note what {@link nothingJudged} says */
export function pathText(
  steps: readonly StructureStep[],
  objective: Objective,
  note: string | undefined,
): string {
  return note ??
    [`path of edits, by mean ${OBJECTIVE_MEASURES[objective]}:`, ...steps.map(stepText)].join("\n");
}

/** Every repository left out in turn, under what its figures are. */
export function leftOutText(rows: readonly LeftOut[], objective: Objective): string {
  const mean = (key: "pooled" | "left_out") => rows.reduce((s, r) => s + r[key], 0) / rows.length;
  const line = (name: string, pooled: number, leftOut: number) =>
    `  ${name.padEnd(28)} ${pooled.toFixed(3)}  ${leftOut.toFixed(3)}`;
  return [
    `left out in turn (${
      OBJECTIVE_MEASURES[objective]
    } on that repository's test cases: tuned with it, tuned without it):`,
    ...rows.map((r) => line(r.repository, r.pooled, r.left_out)),
    line("mean", mean("pooled"), mean("left_out")),
  ].join("\n");
}
