/** The part of a study's measured figures that a structure search made. */
import { printFormula } from "../formula/print.ts";
import { type Objective, OBJECTIVE_MEASURES, type Structure } from "../study/structure_file.ts";
import type { SplitTable } from "../study/table.ts";
import { markdownTable, signed, three } from "./measured_numbers.ts";

/** How tables of a split are printed. */
export interface Printers {
  readonly split: (table: SplitTable, reference: string) => string;
  readonly repositories: (table: SplitTable) => string;
}

/** Sections in Markdown. The figures of steps and of repositories left out are the objective's; the tables have every measure. */
export function structureMarkdown(structure: Structure, objective: Objective, print: Printers): string[] {
  const measure = OBJECTIVE_MEASURES[objective], all = objective === "all";
  const found = all ? "The formula found" : "The formula found for never-co-changed pairs";
  const parts = [
    all ? "## Structure search" : "## Structure search for never-co-changed pairs",
    `${Math.round(structure.spent)} evaluations over the train cases.` +
    (all ? "" : ` Train and selection figures are ${measure}.`),
    markdownTable(
      ["round", "edit", "decision", "train before", "after", "gain on selection", "95 %"],
      structure.steps.map((s) => [
        String(s.round),
        s.move,
        s.decision,
        s.train[0].toFixed(4),
        s.train[1].toFixed(4),
        signed(s.selection.estimate),
        `${signed(s.selection.low)} – ${signed(s.selection.high)}`,
      ]),
    ),
    "```text\n" + printFormula(structure.formula, structure.params) + "\n```",
  ];
  for (const t of structure.tables as SplitTable[]) {
    parts.push(`### ${found}, on ${t.split} cases`, print.split(t, "decayed_cochange"));
    if (t.split === "test") parts.push(print.repositories(t));
  }
  if (structure.leave_out.length === 0) return parts;
  const mean = (key: "pooled" | "left_out") =>
    structure.leave_out.reduce((s, r) => s + r[key], 0) / structure.leave_out.length;
  return [
    ...parts,
    all ? "### Each repository left out in turn" : `### Each repository left out in turn, ${measure}`,
    `${measure} on its test cases: with parameters tuned on all repositories, and on the others alone.`,
    markdownTable(["repository", "tuned with it", "tuned without it"], [
      ...structure.leave_out.map((r) => [r.repository, three(r.pooled), three(r.left_out)]),
      ["mean", three(mean("pooled")), three(mean("left_out"))],
    ]),
  ];
}
