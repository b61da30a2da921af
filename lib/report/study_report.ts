/** A study as a report: the question, the answer with its interval, the evidence, the limits, the provenance. */
import type { Manifest } from "../records/manifest.ts";
import type { StudyFacts } from "../study/facts.ts";
import type { Row as RankerRow } from "../study/rankers.ts";
import { BASELINE_NAMES, DEFAULTS, type SplitTable, TRAINED } from "../study/table.ts";
import { plural, signed } from "./number_words.ts";
import { listView, type Report, type ReportSection } from "./report.ts";
import {
  casesSection,
  episodesSection,
  failuresSection,
  insightsSection,
  parametersSection,
} from "./study_evidence.ts";
import { forecastsSection } from "./study_forecasts.ts";
import {
  controlsSection,
  overtuningSection,
  rankersSection,
  repositoriesSection,
  rowOf,
} from "./study_rankers.ts";

export { splitBlocks } from "./study_rankers.ts";

/** Makes the report of a study. Sections whose evidence was not made yet say which task makes it. */
export function studyReport(facts: StudyFacts): Report {
  const { config } = facts;
  // A lockbox repository is opened once, by a command of its own: the table says nothing of it.
  const repos = config.repositories.filter((r) => r.role !== "lockbox").map((r) => r.name);
  const sections: ReportSection[] = [
    rankersSection(facts),
    controlsSection(facts),
    overtuningSection(facts),
    repositoriesSection(facts),
    episodesSection(facts),
    forecastsSection(facts),
    parametersSection(facts),
    insightsSection(facts),
    failuresSection(facts),
    casesSection(facts),
    limitsSection(facts),
  ];
  return {
    title: `Study ${config.name}: does reasoning over failures rank ${
      repos.length === 1 ? repos[0] : `${repos.length} repositories`
    } better?`,
    lead: answer(facts),
    sections,
    provenance: provenance(facts),
  };
}

/** The baseline with the highest mean; undefined when none could be averaged. */
function bestBaseline(t: SplitTable): { row: RankerRow; mean: number } | undefined {
  return t.rows.flatMap((row) => {
    const mean = row.means["ndcg@10"]?.estimate;
    return BASELINE_NAMES.has(row.ranker) && mean !== undefined ? [{ row, mean }] : [];
  }).sort((a, b) => b.mean - a.mean)[0];
}

/** A sign-flip test must find a difference at this level before the answer is yes or no. */
const LEVEL = 0.05;

/** The answer in a sentence or two, with intervals, from the test split. */
export function answer(facts: StudyFacts): string {
  const test = facts.tables?.find((t) => t.split === "test");
  if (!test) return "Nothing was measured on test cases yet: run deno task evaluate or deno task train.";
  const where = `on ${plural(test.n_cases, "held-out case")} of ${plural(test.n_commits, "commit")}`;
  const defaults = rowOf(test, DEFAULTS)?.means["ndcg@10"], best = bestBaseline(test);
  if (!defaults || !best) {
    return `Nothing can be said ${where}: an interval needs two commits of one repository. Add commits or repositories.`;
  }
  const baseline = `The best baseline, ${best.row.ranker.replaceAll("_", " ")}, scores ${
    best.mean.toFixed(3)
  }.`;
  const trained = rowOf(test, TRAINED), own = trained?.means["ndcg@10"];
  if (!trained?.difference || !own) {
    return `The defaults score nDCG@10 ${defaults.estimate.toFixed(3)} ${where}. ${baseline}`;
  }
  if (facts.trained?.episode === null) {
    return `Nothing that was tried won on cases it was not made from, so the defaults stand: nDCG@10 ${
      defaults.estimate.toFixed(3)
    } ${where}. ${baseline}`;
  }
  const { estimate, low, high, p } = trained.difference;
  // With few commits the interval is too narrow; the permutation test is not, so both must agree.
  const verdict = low <= 0 && high >= 0
    ? "Undetermined: the interval holds zero"
    : p >= LEVEL
    ? `Undetermined: the interval leaves zero out, but so few commits do so by chance with p = ${
      p.toFixed(2)
    }`
    : low > 0
    ? "Yes, against the defaults"
    : "No: the trained formula is worse than the defaults";
  return `${verdict}: nDCG@10 ${defaults.estimate.toFixed(3)} → ${own.estimate.toFixed(3)}, ` +
    `a difference of ${signed(estimate)} (95 % interval ${signed(low)} to ${signed(high)}) ${where}. ` +
    `${baseline.slice(0, -1)}${besideBest(trained, best.mean)}.`;
}

/** How the trained formula stands beside the best baseline: told by an interval, or by the means of a table that has none. */
function besideBest({ over_best: over, means }: RankerRow, best: number): string {
  if (!over) return `, which its mean ${means["ndcg@10"]!.estimate >= best ? "reaches" : "does not reach"}`;
  const by = `${signed(over.estimate)} (95 % interval ${signed(over.low)} to ${signed(over.high)})`;
  if ((over.low <= 0 && over.high >= 0) || over.p >= LEVEL) {
    return `, from which it cannot be told apart: ${by}`;
  }
  return over.low > 0 ? `, which it beats: ${by}` : `, which it does not reach: ${by}`;
}

/** Runs whose tables show test cases, oldest first, one manifest each. Extraction writes test cases down and scores none. */
function testReaders({ manifests }: StudyFacts): Manifest[] {
  const readers = manifests.filter((m) => m.splits.includes("test") && m.command[0] !== "extract");
  return [...new Map(readers.map((m) => [m.run, m])).values()];
}

function limitsSection(facts: StudyFacts): ReportSection {
  const readers = testReaders(facts).length;
  return {
    title: "Limits",
    blocks: [
      listView([
        "Files that changed together are a proxy for files that belong together: half of all dependencies never change together.",
        "Files a commit added cannot be ranked and are left out of relevance.",
        facts.config.query === "message"
          ? "This study uses commit subjects, written after the change: such numbers are optimistic for a query typed before it."
          : "This study uses the seed file and the session only; commit subjects are not used.",
        "Cases of one commit are not independent: intervals resample commits, never cases.",
        readers === 0
          ? "The test split was not read yet."
          : `The test split was read by ${
            plural(readers, "run")
          } of this study; every further choice made after looking at it needs fresh cases.`,
      ]),
    ],
  };
}

function provenance(facts: StudyFacts): Record<string, string> {
  // The run that the answer came from, not whatever was run on the study since.
  const last = testReaders(facts).at(-1) ?? facts.manifests.at(-1);
  return {
    study: facts.config.name,
    ...(last
      ? {
        command: last.command.join(" "),
        code: last.code.commit === null
          ? "no checkout"
          : `${last.code.commit.slice(0, 12)}${last.code.dirty ? " with changes" : ""}`,
        versions: Object.entries(last.versions).map(([name, v]) => `${name} ${v}`).join(", "),
        "lock file": last.lock_hash?.slice(0, 16) ?? "none",
        "study hash": last.inputs["study"]?.slice(0, 16) ?? "",
      }
      : {}),
    seed: String(facts.config.seed),
    query: facts.config.query,
    labels: facts.config.labels,
    repositories: facts.config.repositories.map((r) => `${r.name}@${r.head.slice(0, 12)}`).join(", "),
  };
}
