/** A study as a report: the question, the answer with its interval, the evidence, the limits, the provenance. */
import * as Plot from "@observablehq/plot";
import type { Row as RankerRow } from "../study/rankers.ts";
import { DEFAULTS, type SplitTable } from "../study/table.ts";
import type { StudyFacts } from "../study/facts.ts";
import { searchSpace } from "../formula/parameters.ts";
import { defaultPoint } from "../records/space.ts";
import { figure } from "./figure.ts";
import { type Block, foldedView, listView, type Report, type ReportSection } from "./report.ts";
import { table } from "./table.ts";
import { CATEGORIES, NEUTRAL_RULE } from "./palette.ts";

/** Name of the trained point in tables. */
export const TRAINED = "trained";

const round = (x: number, digits = 3) => Number(x.toFixed(digits));
const signed = (x: number) => (x >= 0 ? "+" : "−") + Math.abs(x).toFixed(3);
const plural = (n: number, one: string, many = `${one}s`) =>
  `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

/** Makes the report of a study. Sections whose evidence was not made yet say which task makes it. */
export function studyReport(facts: StudyFacts): Report {
  const { config } = facts;
  const repos = config.repositories.map((r) => r.name);
  const sections: ReportSection[] = [
    rankersSection(facts),
    repositoriesSection(facts),
    casesSection(facts),
    failuresSection(facts),
    episodesSection(facts),
    controlsSection(facts),
    parametersSection(facts),
    insightsSection(facts),
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

function find(t: SplitTable | undefined, name: string): RankerRow | undefined {
  return t?.rows.find((r) => r.ranker === name);
}

function bestBaseline(t: SplitTable): RankerRow {
  return t.rows.filter((r) => r.ranker !== DEFAULTS && r.ranker !== TRAINED)
    .reduce((a, b) => (b.means["ndcg@10"]?.estimate ?? 0) > (a.means["ndcg@10"]?.estimate ?? 0) ? b : a);
}

/** The answer in a sentence or two, with intervals, from the test split. */
export function answer(facts: StudyFacts): string {
  const test = facts.tables?.find((t) => t.split === "test");
  if (!test) return "Nothing was measured on test cases yet: run deno task evaluate or deno task train.";
  const defaults = find(test, DEFAULTS)?.means["ndcg@10"], trained = find(test, TRAINED);
  const best = bestBaseline(test), bestMean = best.means["ndcg@10"];
  const baseline = `The best baseline, ${best.ranker.replaceAll("_", " ")}, scores ${
    bestMean?.estimate.toFixed(3)
  }.`;
  const where = `on ${plural(test.n_cases, "held-out case")} of ${plural(test.n_commits, "commit")}`;
  if (!trained?.difference) {
    return `The defaults score nDCG@10 ${defaults?.estimate.toFixed(3)} ${where}. ${baseline}`;
  }
  if (facts.trained?.episode === null) {
    return `Nothing that was tried won on cases it was not made from, so the defaults stand: nDCG@10 ${
      defaults?.estimate.toFixed(3)
    } ${where}. ` +
      baseline;
  }
  const { estimate, low, high } = trained.difference;
  const verdict = low > 0
    ? "Yes, against the defaults"
    : high < 0
    ? "No: the trained formula is worse than the defaults"
    : "Undetermined: the interval holds zero";
  const against = trained.means["ndcg@10"]!.estimate >= (bestMean?.estimate ?? 0)
    ? "which it reaches or beats"
    : "which it does not reach";
  return `${verdict}: nDCG@10 ${defaults?.estimate.toFixed(3)} → ${
    trained.means["ndcg@10"]?.estimate.toFixed(3)
  }, ` +
    `a difference of ${signed(estimate)} (95 % interval ${signed(low)} to ${signed(high)}) ${where}. ` +
    `${baseline.slice(0, -1)}, ${against}.`;
}

function rankersSection(facts: StudyFacts): ReportSection {
  const title = "Rankers side by side";
  if (!facts.tables) return { title, blocks: ["No table yet: run deno task evaluate."] };
  return {
    title,
    blocks: [
      "Every ranker orders all source files of the parent tree but the seed. Means are taken over the seeds of a commit, then commits, " +
      "then repositories; intervals come from resampling commits (95 %).",
    ],
    sections: facts.tables.map((t) => ({
      title: `${t.split[0]!.toUpperCase()}${t.split.slice(1)} cases`,
      blocks: splitBlocks(t),
    })),
  };
}

/** One split of the table: what it holds, a figure with intervals, every measure. */
export function splitBlocks(t: SplitTable): Block[] {
  const rows = t.rows.map((r) => {
    const m = r.means["ndcg@10"];
    return {
      ranker: r.ranker.replaceAll("_", " "),
      "nDCG@10": m ? round(m.estimate) : null,
      "95 % interval": m ? `${m.low.toFixed(3)} to ${m.high.toFixed(3)}` : "",
      MRR: maybe(r.means["rr"]),
      "P@10": maybe(r.means["p@10"]),
      "R@10": maybe(r.means["r@10"]),
      MAP: maybe(r.means["ap"]),
      "Hit@10": maybe(r.means["hit@10"]),
      "never co-changed": maybe(r.means["ndcg@10 never co-changed"]),
      "minus defaults": r.difference
        ? `${signed(r.difference.estimate)} [${signed(r.difference.low)}, ${signed(r.difference.high)}]`
        : "",
      p: r.difference ? round(r.difference.p, 4) : null,
    };
  });
  const points = t.rows.flatMap((r) => {
    const m = r.means["ndcg@10"];
    return m
      ? [{
        ranker: r.ranker.replaceAll("_", " "),
        mean: m.estimate,
        low: m.low,
        high: m.high,
        own: r.ranker === TRAINED || r.ranker === DEFAULTS,
      }]
      : [];
  });
  const detect = t.detectable === null
    ? ""
    : ` With this many commits, differences above ${t.detectable.toFixed(3)} can be told from chance.`;
  return [
    `${plural(t.n_cases, "case")} of ${plural(t.n_commits, "commit")} in ${
      plural(t.n_repos, "repository", "repositories")
    }.${detect}`,
    figure({
      marginLeft: 130,
      height: 26 * points.length + 60,
      x: { label: "nDCG@10", grid: true, zero: true },
      y: { label: null, domain: [...points].sort((a, b) => b.mean - a.mean).map((p) => p.ranker) },
      marks: [
        Plot.ruleX([0], { stroke: NEUTRAL_RULE }),
        Plot.ruleY(points, {
          y: "ranker",
          x1: "low",
          x2: "high",
          stroke: (d) => d.own ? CATEGORIES[1] : CATEGORIES[0],
          strokeWidth: 2,
        }),
        Plot.dot(points, {
          y: "ranker",
          x: "mean",
          r: 4,
          fill: (d) => d.own ? CATEGORIES[1] : CATEGORIES[0],
        }),
      ],
    }, {
      alt: `nDCG@10 with 95 % interval on ${t.split} cases: ${
        points.map((p) => `${p.ranker} ${p.mean.toFixed(3)}`).join(", ")
      }.`,
      caption: "Dot: macro mean. Line: 95 % interval. The study's own formula in the second colour.",
    }),
    table(rows, { digits: 3 }),
  ];
}

const maybe = (m: { estimate: number } | null | undefined) => m ? round(m.estimate) : null;

function repositoriesSection(facts: StudyFacts): ReportSection {
  const test = facts.tables?.find((t) => t.split === "test");
  const title = "By repository";
  if (!test) return { title, blocks: ["No test table yet."] };
  const shown = [DEFAULTS, TRAINED, "decayed_cochange", "bm25_identifiers", "random"].filter((name) =>
    find(test, name)
  );
  const rows = Object.keys(test.rows[0]!.repositories).sort().map((repo) => ({
    repository: repo,
    ...Object.fromEntries(
      shown.map((name) => [name.replaceAll("_", " "), round(find(test, name)!.repositories[repo]!)]),
    ),
  }));
  return {
    title,
    blocks: ["nDCG@10 on test cases. One repository never speaks for another.", table(rows, { digits: 3 })],
  };
}

function casesSection(facts: StudyFacts): ReportSection {
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
      table(intents),
    ],
  };
}

function failuresSection(facts: StudyFacts): ReportSection {
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

function episodesSection(facts: StudyFacts): ReportSection {
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
  const decisions = [...Map.groupBy(episodes, (e) => e.decision)].map(([d, es]) => `${es.length} ${d}`).join(
    ", ",
  );
  return {
    title,
    blocks: [
      `${
        plural(episodes.length, "episode")
      }: ${decisions}. A change is kept only if it wins on cases it was not derived from.`,
      figure({
        height: 220,
        x: { label: "episode", ticks: Math.min(steps.length, 12), tickFormat: "d" },
        y: { label: "summed gain on selection", grid: true },
        color: { legend: true },
        marks: [
          Plot.lineY(steps, { x: "episode", y: "gain", curve: "step-after", stroke: NEUTRAL_RULE }),
          Plot.dot(steps, { x: "episode", y: "gain", fill: "decision", symbol: "decision", r: 4 }),
        ],
      }, {
        alt: `Summed selection gain over ${episodes.length} episodes, ending at ${
          signed(steps.at(-1)!.gain)
        }; ${decisions}.`,
        caption:
          "Gains on selection are chosen for being large, so their sum is optimistic; the test table is the judge.",
      }),
      table(rows, { limit: 100, digits: 3 }),
    ],
  };
}

/** What each kind of corrupted evidence was good for, on cases nothing was chosen by. */
function controlsSection(facts: StudyFacts): ReportSection {
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
    const corrupted = find(test, name);
    if (!corrupted) return [];
    const d = corrupted.difference;
    return [{
      evidence: name,
      "nDCG@10": maybe(corrupted.means["ndcg@10"]),
      "with true evidence": maybe(find(test, TRAINED)?.means["ndcg@10"]),
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

function parametersSection(facts: StudyFacts): ReportSection {
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

function insightsSection(facts: StudyFacts): ReportSection {
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

function limitsSection(facts: StudyFacts): ReportSection {
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
        "The test split was read for the table above; every further choice made after looking at it needs fresh cases.",
      ]),
    ],
  };
}

function provenance(facts: StudyFacts): Record<string, string> {
  const last = facts.manifests.at(-1);
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
