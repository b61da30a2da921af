/** Sections of a study's report on how it got there: cases, failures, episodes, parameters, claims. */
import * as Plot from "@observablehq/plot";
import { searchSpace } from "../formula/parameters.ts";
import type { Decision } from "../records/episode.ts";
import { defaultPoint } from "../records/space.ts";
import type { StudyFacts } from "../study/facts.ts";
import { countFiled, filedSentence } from "../study/filed.ts";
import { figure } from "./figure.ts";
import { plural, round, signed } from "./number_words.ts";
import { NEUTRAL_RULE } from "./palette.ts";
import { foldedView, type ReportSection } from "./report.ts";
import { table } from "./table.ts";

/** What each ending of an episode means, for a reader who has not met the word. */
const ENDINGS: Readonly<Record<Decision, string>> = {
  accepted: "kept",
  lateral: "no worse, but not shown to be better: not kept",
  rejected: "judged and turned down",
  invalid: "nothing to try",
  failed: "no reply to judge",
};

/** Cases by repository, split and intent. */
export function casesSection(facts: StudyFacts): ReportSection {
  const title = "Cases";
  if (facts.cases.length === 0) {
    return { title, blocks: ["No copy of the cases in this study: run deno task extract."] };
  }
  const rows = facts.config.repositories.map((r) => {
    const own = facts.cases.filter((c) => c.repo === r.name);
    const count = (split: string) => own.filter((c) => c.split === split).length;
    return {
      repository: r.name,
      head: r.head.slice(0, 12),
      role: r.role,
      cases: own.length,
      commits: new Set(own.map((c) => c.commit)).size,
      train: count("train"),
      selection: count("selection"),
      test: count("test"),
      lockbox: count("lockbox"),
    };
  });
  const filed = filedSentence(countFiled(facts.cases));
  const intents = [...Map.groupBy(facts.cases, (c) => c.intent)].map(([intent, cs]) => ({
    intent,
    cases: cs.length,
  }));
  return {
    title,
    blocks: [
      "One case for each file of a teaching commit; its other files that already existed at the parent are what should be found. " +
      "Time decides the split inside a repository: oldest half train, next fifth selection, newest test.",
      table(rows),
      ...(filed === "" ? [] : [filed]),
      table(intents),
    ],
  };
}

/** Failures by repository and intent, with some of the worst. */
export function failuresSection(facts: StudyFacts): ReportSection {
  const title = "Failures";
  if (facts.failures.length === 0) {
    return { title, blocks: ["No failures were collected: run deno task failures."] };
  }
  const by = (key: (f: StudyFacts["failures"][number]) => string) =>
    [...Map.groupBy(facts.failures, key)].map(([name, fs]) => ({
      name,
      failures: fs.length,
      "mean nDCG@10": round(fs.reduce((s, f) => s + f.ndcg, 0) / fs.length),
    })).sort((a, b) => b.failures - a.failures);
  const examples = facts.failures.slice().sort((a, b) => a.ndcg - b.ndcg || (a.id < b.id ? -1 : 1)).slice(
    0,
    8,
  ).map((f) => ({
    repository: f.repo_name,
    seed: f.seed_file,
    subject: f.commit_context,
    expected: f.expected_top.slice(0, 3).join(", "),
    "ranked first": f.actual_top.slice(0, 3).join(", "),
    "nDCG@10": round(f.ndcg),
  }));
  return {
    title,
    blocks: [
      `${
        plural(facts.failures.length, "failure")
      }: nDCG@10 below 0.5, or an expected file under a distractor.`,
      table(by((f) => f.repo_name), { title: "By repository" }),
      table(by((f) => f.intent), { title: "By intent" }),
      foldedView("Some of the worst", table(examples, { digits: 3 })),
    ],
  };
}

/** Every episode: what was tried, how it was judged, and the path of gains. */
export function episodesSection(facts: StudyFacts): ReportSection {
  const { episodes, trajectory } = facts.scratchpad;
  const title = "Reasoning episodes";
  if (episodes.length === 0) return { title, blocks: ["No episode was run: run deno task train."] };
  const rows = episodes.map((e) => ({
    episode: e.index,
    agent: e.agent,
    decision: e.decision,
    change: e.proposal === null ? "" : [
      ...e.proposal.changes.map((c) => `${c.param} ${c.direction === "increase" ? "↑" : "↓"} ${c.magnitude}`),
      ...(e.proposal.structural_edits ? [`structure: ${e.proposal.structural_edits.rationale}`] : []),
    ].join("; ") || `none: ${e.proposal.no_change_reason ?? ""}`,
    "train race": e.measured.race ? signed(e.measured.race.mean) : "",
    selection: e.measured.selection
      ? `${signed(e.measured.selection.mean)} [${signed(e.measured.selection.low)}, ${
        signed(e.measured.selection.high)
      }]`
      : "",
    why: e.reasons[0] ?? "",
  }));
  const steps = trajectory.map((t) => ({ episode: t.index, gain: t.gain, decision: t.decision as string }));
  const decisions = [...Map.groupBy(episodes, (e) => e.decision)].map(([d, es]) =>
    `${es.length} ${d} (${ENDINGS[d]})`
  ).join(", ");
  return {
    title,
    blocks: [
      `${
        plural(episodes.length, "episode")
      }: ${decisions}. A change is kept only if it wins on cases it was not derived from.`,
      figure({
        height: 220,
        marginLeft: 56,
        x: { label: "episode", ticks: Math.min(steps.length, 12), tickFormat: "d" },
        y: {
          label: "summed gain in nDCG@10 on selection cases",
          grid: true,
          domain: [Math.min(0, ...steps.map((s) => s.gain)), Math.max(0.01, ...steps.map((s) => s.gain))],
          nice: true,
        },
        color: { legend: true },
        marks: [
          Plot.lineY(steps, { x: "episode", y: "gain", curve: "step-after", stroke: NEUTRAL_RULE }),
          Plot.dot(steps, { x: "episode", y: "gain", fill: "decision", symbol: "decision", r: 4 }),
        ],
      }, {
        alt: `Summed selection gain over ${episodes.length} episodes, ending at ${
          signed(steps.at(-1)!.gain)
        }; ${decisions}.`,
        title: "What the accepted changes add up to",
        caption:
          "Gains on selection are chosen for being large, so their sum is optimistic; the test table is the judge.",
      }),
      table(rows, { limit: 100, digits: 3 }),
    ],
  };
}

/** The formula's numbers, as they began and as they were trained. */
export function parametersSection(facts: StudyFacts): ReportSection {
  const title = "Parameters";
  const formula = facts.trained?.formula ?? facts.config.formula;
  const before = defaultPoint(searchSpace(facts.config.formula));
  const rows = searchSpace(formula).map((p) => ({
    parameter: p.name,
    layer: p.layer,
    default: round(before[p.name] ?? p.default, 4),
    ...(facts.trained ? { trained: round(facts.trained.params[p.name] ?? p.default, 4) } : {}),
    low: p.low,
    high: p.high,
    scale: p.scale,
    what: p.description,
  }));
  return { title, blocks: [`Formula ${formula.name}: ${formula.description}.`, table(rows, { limit: 100 })] };
}

/** Claims and their standing. */
export function insightsSection(facts: StudyFacts): ReportSection {
  const insights = facts.scratchpad.insights.filter((i) => i.superseded_by === null && i.retired === null);
  const title = "What was claimed, and what became of it";
  if (insights.length === 0) return { title, blocks: ["No insight is on record."] };
  return {
    title,
    blocks: [
      "A claim is opinion until a test says otherwise.",
      table(
        insights.map((i) => ({
          claim: i.text,
          kind: i.kind.replaceAll("_", " "),
          status: i.status,
          claimed: i.times_claimed,
          helpful: i.helpful,
          harmful: i.harmful,
        })),
        {
          limit: 60,
        },
      ),
    ],
  };
}
