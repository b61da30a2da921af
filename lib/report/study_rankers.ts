/** Sections of a study's report on what was measured: rankers by split, by repository, and under corrupted evidence. */
import type { StudyFacts } from "../study/facts.ts";
import {
  NEVER_COCHANGED,
  NEVER_COCHANGED_AMONG_ALL,
  NEVER_COCHANGED_SENTENCE,
  type Row as RankerRow,
} from "../study/rankers.ts";
import { DEFAULTS, type SplitTable, TRAINED } from "../study/table.ts";
import { intervalFigure } from "./interval_figure.ts";
import { plural, round, signed } from "./number_words.ts";
import type { Block, ReportSection } from "./report.ts";
import { table } from "./table.ts";

/** The row of a ranker, undefined where it was not scored. */
export function rowOf(t: SplitTable | undefined, name: string): RankerRow | undefined {
  return t?.rows.find((r) => r.ranker === name);
}

/** Every split's table with its figure. */
export function rankersSection(facts: StudyFacts): ReportSection {
  const title = "Rankers side by side";
  if (!facts.tables) return { title, blocks: ["No table yet: run deno task evaluate."] };
  return {
    title,
    blocks: [
      "Every ranker orders all source files of the parent tree but the seed. Means are taken over the seeds of a commit, then commits, " +
      "then repositories; intervals come from resampling commits (95 %).",
      NEVER_COCHANGED_SENTENCE,
    ],
    // The judge comes first; what was chosen by is optimistic and stands below.
    sections: facts.tables.toSorted((a, b) => Number(b.split === "test") - Number(a.split === "test")).map((
      t,
    ) => ({
      title: `${t.split[0]!.toUpperCase()}${t.split.slice(1)} cases`,
      blocks: splitBlocks(t),
    })),
  };
}

/** One split of the table: what it holds, a figure with intervals, every measure. */
export function splitBlocks(t: SplitTable): Block[] {
  const byMean = t.rows.toSorted((a, b) =>
    (b.means["ndcg@10"]?.estimate ?? -1) - (a.means["ndcg@10"]?.estimate ?? -1)
  );
  const nameOf = (r: RankerRow) => r.ranker.replaceAll("_", " ");
  const rows = byMean.map((r) => {
    const m = r.means["ndcg@10"], { difference } = r;
    return {
      ranker: nameOf(r),
      "nDCG@10": m ? round(m.estimate) : null,
      "95 % interval": m ? `${m.low.toFixed(3)} to ${m.high.toFixed(3)}` : "",
      "minus defaults": difference ? signed(difference.estimate) : "",
      "its 95 % interval": difference ? `${signed(difference.low)} to ${signed(difference.high)}` : "",
      p: difference ? difference.p.toFixed(4) : "",
    };
  });
  const measures = byMean.map((r) => ({
    ranker: nameOf(r),
    MRR: maybe(r.means["rr"]),
    "P@10": maybe(r.means["p@10"]),
    "R@10": maybe(r.means["r@10"]),
    MAP: maybe(r.means["ap"]),
    "Hit@10": maybe(r.means["hit@10"]),
    "never co-changed": maybe(r.means[NEVER_COCHANGED]),
    "among all files": maybe(r.means[NEVER_COCHANGED_AMONG_ALL]),
  }));
  const points = byMean.flatMap((r) => {
    const m = r.means["ndcg@10"];
    const marked = r.ranker === TRAINED || r.ranker === DEFAULTS;
    return m ? [{ name: nameOf(r), estimate: m.estimate, low: m.low, high: m.high, marked }] : [];
  });
  const detect = t.detectable === null
    ? ""
    : ` With this many commits, differences above ${t.detectable.toFixed(3)} can be told from chance.`;
  const chosen = rowOf(t, TRAINED) === undefined || t.split !== "selection"
    ? ""
    : " The trained point was chosen on these cases, so its row is optimistic.";
  return [
    `${plural(t.n_cases, "case")} of ${plural(t.n_commits, "commit")} in ${
      plural(t.n_repos, "repository", "repositories")
    }.${detect}${chosen}`,
    intervalFigure(points, {
      title: `How well each ranker orders the files, on ${t.split} cases`,
      label: "nDCG@10 (1: the commit's files come first)",
      about: `nDCG@10 with 95 % interval on ${t.split} cases`,
      caption: "Dot: mean over repositories. Line: 95 % interval. Orange: the study's own formula.",
    }),
    table(rows, { digits: 3, decimals: true }),
    table(measures, { title: "Other measures", digits: 3, decimals: true }),
  ];
}

const maybe = (m: { estimate: number } | null | undefined) => m ? round(m.estimate) : null;

/** The test table by repository. */
export function repositoriesSection(facts: StudyFacts): ReportSection {
  const test = facts.tables?.find((t) => t.split === "test");
  const title = "By repository";
  if (!test) return { title, blocks: ["No test table yet."] };
  const shown = [DEFAULTS, TRAINED, "decayed_cochange", "bm25_identifiers", "random"].filter((name) =>
    rowOf(test, name)
  );
  const rows = Object.keys(test.rows[0]!.repositories).sort().map((repo) => ({
    repository: repo,
    ...Object.fromEntries(
      shown.map((name) => [name.replaceAll("_", " "), round(rowOf(test, name)!.repositories[repo]!)]),
    ),
  }));
  return {
    title,
    blocks: ["nDCG@10 on test cases. One repository never speaks for another.", table(rows, { digits: 3 })],
  };
}

/** How much of the gain on selection cases may be chance, from what training measured at its end. */
export function overtuningSection({ overtuning }: StudyFacts): ReportSection {
  const title = "Overtuning", meter = overtuning?.meter;
  if (!meter) return { title, blocks: ["Not measured yet: deno task train measures it at its end."] };
  const optimism = meter.optimism > 0
    ? `${meter.optimism.toFixed(3)} of the gain on selection cases did not come along`
    : "nothing of the gain on selection cases was lost";
  return {
    title,
    blocks: [
      `The trained point gains ${
        signed(meter.selection_gain)
      } on the selection cases it was confirmed on and ` +
      `${signed(meter.held_out_gain)} on test cases: ${optimism}. Of ${
        plural(overtuning.looks, "look")
      } at selection the best would gain ${
        meter.null_gain.toFixed(3)
      } by chance alone. The chance that the trained point is worse than ` +
      `the defaults, resampling test commits, is ${meter.chance_worse.toFixed(3)}.`,
    ],
  };
}

/** What each kind of corrupted evidence was good for, on cases nothing was chosen by. */
export function controlsSection(facts: StudyFacts): ReportSection {
  const title = "Does it really reason?";
  if (facts.controls.length === 0) {
    return {
      title,
      blocks: [
        "No negative control was run: deno task train --study NAME --control permuted shows what the evidence was worth.",
      ],
    };
  }
  const rows = facts.controls.flatMap(({ name, tables }) => {
    const test = tables.find((t) => t.split === "test");
    const corrupted = rowOf(test, name);
    if (!corrupted) return [];
    const d = corrupted.difference;
    return [{
      evidence: name,
      "nDCG@10": maybe(corrupted.means["ndcg@10"]),
      "with true evidence": maybe(rowOf(test, TRAINED)?.means["ndcg@10"]),
      "difference": d ? `${signed(d.estimate)} [${signed(d.low)}, ${signed(d.high)}]` : "",
    }];
  });
  return {
    title,
    blocks: [
      "The same reasoner, budget and seed with one kind of evidence corrupted, on test cases. What it loses is what that evidence was worth; " +
      "a reasoner that loses nothing did not use it.",
      table(rows, { digits: 3 }),
    ],
  };
}
