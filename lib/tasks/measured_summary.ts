/** The README's figures, from a study of each query mode. */
import type { StudyFacts } from "../study/facts.ts";
import { readCeiling } from "../study/ceiling_file.ts";
import { suspicions } from "../study/leak_line.ts";
import { NEVER_COCHANGED, type Row } from "../study/rankers.ts";
import { readStructure, type Structure } from "../study/structure_file.ts";
import { FOUND, type SplitTable } from "../study/table.ts";
import { UsageError } from "./command.ts";
import { leaksSentence } from "./measured_leaks.ts";
import { markdownTable, signed, three, within } from "./measured_numbers.ts";

/** Rows of the README's table, weakest first, with the words they stand under. */
const SUMMARY_ROWS: readonly (readonly [string, string])[] = [
  ["random", "random order (exact expectation)"],
  ["path_proximity", "nearest folders first"],
  ["recency", "changed last first"],
  ["popularity", "changed most often first"],
  ["bm25_paths", "BM25, seed path against paths"],
  ["defaults", "**the specification's formula, its defaults**"],
  ["jaccard", "co-change, Jaccard"],
  ["decayed_cochange", "co-change, decayed"],
  ["bm25_identifiers", "BM25, seed identifiers against files"],
  ["confidence", "co-change, confidence (ROSE)"],
  ["trained", "**trained by reasoning** (embedded analyst, 12 episodes)"],
];

/** What each kind of corrupted evidence cost the reasoner, in a sentence; nothing where no control was run. */
function controlSentences(facts: StudyFacts): string[] {
  const said = facts.controls.flatMap(({ name, tables }) => {
    const r = tables.find((t) => t.split === "test")?.rows.find((row) => row.ranker === name);
    if (!r) return [];
    const cost = r.difference
      ? ` (${signed(r.difference.estimate)}, ${signed(r.difference.low)} to ${signed(r.difference.high)})`
      : "";
    return [`${name} evidence ${three(r.means["ndcg@10"]?.estimate)}${cost}`];
  });
  return said.length === 0 ? [] : [
    `Negative controls, the same reasoner and budget with one kind of evidence corrupted: ${
      said.join("; ")
    }.`,
  ];
}

/** The README's figures: one table, one sentence on each thing learned, and where the rest is. */
export function summaryMarkdown(seed: StudyFacts, message: StudyFacts): string {
  const test = seed.tables?.find((t) => t.split === "test");
  const found = readStructure(seed.config.name), spoken = readStructure(message.config.name);
  if (!test || !found || !spoken) {
    throw new UsageError(
      "the summary needs a trained study with a structure search, and one of message mode",
    );
  }
  const testOf = (s: Structure) => (s.tables as SplitTable[]).find((t) => t.split === "test")!;
  const row = (name: string, r: Row | undefined) => {
    if (!r) return [];
    const m = r.means["ndcg@10"];
    return [[
      name,
      three(m?.estimate),
      within(m),
      three(r.means["rr"]?.estimate),
      three(r.means["r@10"]?.estimate),
      three(r.means[NEVER_COCHANGED]?.estimate),
    ]];
  };
  const byName = (t: SplitTable, name: string) => t.rows.find((r) => r.ranker === name);
  const rows = [
    ...SUMMARY_ROWS.flatMap(([name, words]) => row(words, byName(test, name))),
    ...row("**formula found by structure search**", byName(testOf(found), FOUND)),
    ...row(
      "another formula, found by a search of its own with the commit subject known",
      byName(testOf(spoken), FOUND),
    ),
    ...learnedRow(seed, row),
  ];
  const gain = byName(test, "trained")?.difference, lead = byName(testOf(found), FOUND)?.difference;
  const overBest = byName(test, "trained")?.over_best, ceiling = readCeiling(seed.config.name);
  const reached = ceiling?.reference === FOUND ? ceiling.reached["ndcg@10"] : undefined;
  const mean = (key: "pooled" | "left_out") =>
    found.leave_out.reduce((s, r) => s + r[key], 0) / Math.max(1, found.leave_out.length);
  const link = (name: string) => `[data/measured/${name}.md](data/measured/${name}.md)`;
  return [
    "## What it finds",
    `Ten public repositories in four languages, ${test.n_cases} held-out cases of ${test.n_commits} commits, newest last, binary labels:`,
    markdownTable(["ranker", "nDCG@10", "95 %", "MRR", "R@10", "never co-changed"], rows),
    (gain
      ? `Reasoning gains ${signed(gain.estimate)} nDCG@10 over the defaults (95 % ${signed(gain.low)} to ${
        signed(gain.high)
      })${overBest ? `, ${overBestText(overBest)}` : ""}. `
      : "") +
    (lead
      ? `The formula found gains ${signed(lead.estimate)} over decayed co-change (${signed(lead.low)} to ${
        signed(lead.high)
      })`
      : "") +
    (found.leave_out.length > 0
      ? `, and stays at ${three(mean("left_out"))} when each repository is left out of tuning in turn (${
        three(mean("pooled"))
      } with it). `
      : ". ") +
    (reached === undefined
      ? ""
      : `It reaches ${
        (100 * reached).toFixed(0)
      } % of the best ranker learned from all signals, which nobody can read. `) +
    "The last column ranks only the files that had never changed together with the seed, among themselves: what a ranker knows beyond co-change. " +
    "A number above .75 on this task is taken for a leak until proven otherwise." +
    leaksSentence(suspected(seed), suspected(message)),
    ...controlSentences(seed),
    `Protocol, per-repository figures and the commands that make them: ${link(seed.config.name)}, ${
      link(message.config.name)
    }.`,
  ].join("\n\n") + "\n";
}

/** Repositories of a study that stand suspiciously high. */
const suspected = (facts: StudyFacts) =>
  suspicions(facts, readStructure(facts.config.name), readCeiling(facts.config.name)?.tables);

/** The best learned ranker's row, where `deno task ceiling` was run. */
function learnedRow(
  { config }: StudyFacts,
  row: (name: string, r: Row | undefined) => string[][],
): string[][] {
  const rows = readCeiling(config.name)?.tables.find((t) => t.split === "test")?.rows ?? [];
  const learned = rows.filter((r) => /^(listwise_linear|lambdamart)$/.test(r.ranker));
  const best = learned.sort((a, b) => b.means["ndcg@10"]!.estimate - a.means["ndcg@10"]!.estimate)[0];
  const name = best?.ranker === "lambdamart" ? "LambdaMART" : "a linear listwise ranker";
  return row(`for comparison: ${name} fitted to all signals`, best);
}

function overBestText({ baseline, estimate, low, high }: NonNullable<Row["over_best"]>): string {
  return `${signed(estimate)} over the best baseline, ${baseline.replaceAll("_", " ")} (${signed(low)} to ${
    signed(high)
  })`;
}
