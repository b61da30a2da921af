/** A comparison of arms as a report: who leads when, by how much, and which sentences that allows. */
import type { Interval } from "../metrics/bootstrap.ts";
import type { Split } from "../records/case.ts";
import type { Comparison } from "../study/comparison.ts";
import type { Decision } from "../study/decisions.ts";
import { type Power, powerText } from "../study/power_line.ts";
import { comparisonAnswer } from "./comparison_answer.ts";
import { curveFigure, gainFigure, profileFigure } from "./comparison_figures.ts";
import { type Block, listView, type Report, type ReportSection } from "./report.ts";
import { table } from "./table.ts";

/** What the report is made from: `compare.json`. */
export interface ComparisonFacts {
  readonly study: string;
  readonly comparison: Comparison;
  readonly decisions: readonly Decision[];
  readonly power: readonly Power[];
  /** 1-based place of the registration among the study's */
  readonly registrations: number;
  readonly provenance: Readonly<Record<string, string>>;
}

const signed = (x: number, digits = 4) => `${x >= 0 ? "+" : "−"}${Math.abs(x).toFixed(digits)}`;
const range = ({ low, high }: Pick<Interval, "low" | "high">) => `${signed(low)} to ${signed(high)}`;
const title = (split: string) => split[0]!.toUpperCase() + split.slice(1);

/** Makes the report. */
export function comparisonReport(facts: ComparisonFacts): Report {
  const { comparison: c, decisions, power } = facts;
  const { registration } = c;
  const splits = c.splits.map((s) => s.split);
  return {
    title: `Comparison of ${registration.arms.length} arms, ${registration.seeds.length} seeds each`,
    lead: comparisonAnswer(c),
    sections: [
      {
        title: "Power first",
        blocks: [
          listView(powerText(power).split("\n")),
          `Registered before the first arm ran (${
            registration.id.slice(0, 16)
          }), registration ${facts.registrations} of this study. ` +
          `Searched on ${registration.searched_on}; judged on ${
            registration.judged_on.join(" and ")
          }. ${registration.test}`,
        ],
      },
      {
        title: "Who wins at which budget",
        blocks: [
          "Budgets count evaluations of the whole train split; what a reasoner's evidence scores is paid for in the same coin.",
          ...contestTable(c),
          leaderTable(c),
        ],
      },
      { title: "Which sentences the data allow", blocks: [decisionTable(decisions)] },
      ...splits.map((split) => splitSection(c, split)),
      robustSection(c),
      spendSection(c),
      { title: "What would change our mind", blocks: [listView(mindChangers(c))] },
    ],
    provenance: facts.provenance,
  };
}

function decisionTable(decisions: readonly Decision[]): Block {
  return table(
    decisions.map((d) => ({
      "we may say": d.claim,
      "only if": d.only_if,
      answer: d.answer,
      why: d.why,
    })),
  );
}

function leaderTable(c: Comparison): Block {
  return table(
    c.leaders.map((l) => ({
      "judged on": l.split,
      evaluations: l.checkpoint,
      leader: l.arm,
      "nDCG@10": l.score,
      "cannot be told from it": l.tied.join(", ") || "none",
    })),
    { title: "Highest mean of all arms, controls among them" },
  );
}

function contestTable(c: Comparison): Block[] {
  if (c.contests.length === 0) return [];
  const ahead = { classical: "classical search", reasoner: "reasoning", neither: "not told apart" };
  return [table(
    c.contests.map((m) => ({
      "judged on": m.split,
      evaluations: m.checkpoint,
      "best sampler": m.classical.arm,
      "nDCG@10": m.classical.score,
      "best reasoner": m.reasoner.arm,
      "its nDCG@10": m.reasoner.score,
      "reasoner less sampler": `${signed(m.difference.estimate)} [${signed(m.difference.low)}, ${
        signed(m.difference.high)
      }]`,
      "who wins": ahead[m.winner],
    })),
    {
      title: "Classical search against reasoning",
      caption:
        "Best: highest mean on these very cases, picked afterwards, so each side is flattered by the number of its arms; " +
        "what was registered beforehand is tested below. Controls do not count as reasoners.",
    },
  )];
}

function splitSection(c: Comparison, split: Split): ReportSection {
  const { budget, primary_budget: primary } = c.registration;
  const facts = c.splits.find((s) => s.split === split)!;
  const own = c.curves.filter((p) => p.split === split);
  const checkpoints = [...new Set(own.map((p) => p.checkpoint))];
  const arms = [...new Set(own.map((p) => p.arm))];
  const at = (arm: string, checkpoint: number) =>
    own.find((p) => p.arm === arm && p.checkpoint === checkpoint)!;
  const ranked = arms.toSorted((a, b) =>
    at(b, primary).score.estimate - at(a, primary).score.estimate || (a < b ? -1 : 1)
  );
  return {
    title: `${title(split)} cases`,
    blocks: [
      `${facts.n_cases} cases of ${facts.n_commits} commits in ${facts.n_repos} repositories. The defaults score ${
        facts.defaults.estimate.toFixed(4)
      } [${facts.defaults.low.toFixed(4)}, ${facts.defaults.high.toFixed(4)}].`,
      table(
        ranked.map((arm) => ({
          arm,
          ...Object.fromEntries(checkpoints.map((n) => [`at ${n}`, at(arm, n).score.estimate])),
          [`gain at ${budget}`]: range(at(arm, budget).gain),
          [`seeds at ${primary}`]: `${at(arm, primary).seeds.low.toFixed(3)} to ${
            at(arm, primary).seeds.high.toFixed(3)
          }`,
        })),
        { title: "nDCG@10 of the incumbents, mean over seeds", digits: 4 },
      ),
      curveFigure(c, split, ranked),
      gainFigure(c, split, ranked),
      table(
        c.tests.filter((t) => t.split === split).sort((a, b) => b.difference.estimate - a.difference.estimate)
          .map((t) => ({
            arm: t.arm,
            [`minus ${c.reference}`]: signed(t.difference.estimate),
            "95 % interval": range(t.difference),
            "p (commits)": t.p,
            "p (Holm)": t.p_holm,
            "p (seeds)": t.p_seeds,
            "repositories won : lost": `${t.wins} : ${t.losses}`,
            "P(better run)": t.probability_of_improvement,
            detectable: t.detectable,
            verdict: t.verdict,
          })),
        { title: `Against ${c.reference} at ${primary} evaluations`, digits: 4 },
      ),
      ...pairTable(c, split),
    ],
  };
}

function pairTable(c: Comparison, split: Split): Block[] {
  const pairs = c.pairs.filter((p) => p.split === split);
  if (pairs.length === 0) return [];
  return [table(
    pairs.map((p) => ({
      arm: p.arm,
      against: p.against,
      difference: signed(p.difference.estimate),
      "95 % interval": range(p.difference),
    })),
    { title: "Controls: what the history, the evidence and the reasoner's turns are worth" },
  )];
}

function robustSection(c: Comparison): ReportSection {
  const { primary_budget: primary, budget } = c.registration;
  const top = c.robust.toSorted((a, b) => b.iqm.estimate - a.iqm.estimate);
  return {
    title: "What a few lucky runs cannot carry",
    blocks: [
      table(
        top.map((r) => ({
          arm: r.arm,
          [`IQM of gain at ${primary}`]: r.iqm.estimate,
          "95 % interval": range(r.iqm),
          [`overtuned at ${budget}`]: `${r.overtuned} of ${r.of}`,
          "optimism (train gain less test gain)": r.optimism,
        })),
        {
          digits: 4,
          caption:
            "A run is a seed on a repository. Overtuned: worse than the defaults on test, of all seeds.",
        },
      ),
      profileFigure(c, top.slice(0, 6).map((r) => r.arm)),
    ],
  };
}

function spendSection(c: Comparison): ReportSection {
  const counts = [...new Set(c.by_trials.map((p) => p.trials))].sort((a, b) => a - b);
  return {
    title: "What it cost",
    blocks: [
      "Evidence is what reasoners spend most on. Were it free, and only points counted, arms would stand like this on train:",
      table(
        c.registration.arms.map((arm) => ({
          arm,
          ...Object.fromEntries(counts.map((n) => [
            `after ${n} points`,
            c.by_trials.find((p) => p.arm === arm && p.trials === n)?.train ?? null,
          ])),
        })),
        {
          digits: 4,
          title: "nDCG@10 on train by points tried, evidence not counted",
          caption: "null: some seed spent its budget before it had tried so many points.",
        },
      ),
      table(
        c.spends.map((s) => ({
          arm: s.arm,
          trials: s.trials,
          failed: s.failed,
          evaluations: s.theta_evaluations,
          cases: Math.round(s.case_evaluations),
          "model calls": s.model_calls,
          tokens: s.tokens,
          USD: s.cost_usd,
          seconds: s.seconds,
          ended: Object.entries(s.ends).map(([end, n]) => `${end} ${n}`).join(", "),
        })),
        {
          digits: 1,
          caption:
            "Mean a seed. Cases are those of trials; a reasoner's evidence is in its evaluations. Seconds by the clock of a shared machine.",
        },
      ),
    ],
  };
}

function mindChangers(c: Comparison): string[] {
  const own = c.tests.filter((t) => t.split === "test");
  const open = own.filter((t) => t.verdict === "undetermined");
  const { seeds, primary_budget: at, reference_among } = c.registration;
  return [
    ...(open.length === 0 ? [] : [
      `${open.map((t) => t.arm).join(", ")} could differ from ${c.reference} by up to ${
        Math.max(...open.map((t) => t.detectable)).toFixed(4)
      } without these cases and seeds showing it; four times as many commits and seeds would halve that.`,
    ]),
    `A different reference: ${c.reference} was the best of ${
      reference_among.join(", ")
    } on train at ${at} evaluations over ${seeds.length} seeds.`,
    "Other prices: if evidence on a few cases were free, reasoners would stand further left on every curve; if evaluations cost more than model calls, the ranking of small budgets is the one that counts.",
    "Other repositories: these are few and of one kind; the lockbox is the only look beyond those that were searched on.",
    "A repetition under another registration that turns a sign: every registration of a study is kept and counted.",
  ];
}
