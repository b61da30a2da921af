/** The table every report shows: baselines, the defaults and whatever was trained, on selection and test, with intervals. */
import type { Corpus } from "../corpus/corpus.ts";
import { searchSpace } from "../formula/parameters.ts";
import type { CaseScore } from "../metrics/commits.ts";
import { pairedDifferences } from "../metrics/paired.ts";
import { BASELINES } from "../ranker/baselines.ts";
import type { Split } from "../records/case.ts";
import { defaultPoint } from "../records/space.ts";
import type { StudyConfig } from "./config.ts";
import { detectableDifference } from "./detectable.ts";
import {
  type Further,
  NEVER_COCHANGED,
  NEVER_COCHANGED_AMONG_ALL,
  RANDOM,
  type Ranker,
  type RankerScores,
  type Row,
  scoreRankers,
  summarise,
} from "./rankers.ts";

/** Name of the study's formula at its defaults: what others are compared with. */
export const DEFAULTS = "defaults";

/** Name of the point a study was trained to. */
export const TRAINED = "trained";

/** Name of the formula a structure search found. */
export const FOUND = "found";

/** Rankers that a formula has to beat, chance among them. */
export const BASELINE_NAMES: ReadonlySet<string> = new Set([RANDOM, ...BASELINES.map(({ name }) => name)]);

/** One split of the table. */
export interface SplitTable {
  readonly split: Split;
  readonly rows: readonly Row[];
  readonly n_cases: number;
  readonly n_commits: number;
  readonly n_repos: number;
  /** smallest difference in nDCG@10 these cases can tell from chance (80 % power, 5 %), from the spread seen; null without two commits */
  readonly detectable: number | null;
}

/** Options of {@link makeTable}. */
export interface TableOptions {
  readonly splits: readonly Split[];
  /** further rankers, e.g. the trained point */
  readonly extra?: readonly Ranker[];
  /** rankers that are no formulas; see {@link Further} */
  readonly further?: Further;
  /** ranker the others are compared with; default the study's defaults */
  readonly reference?: string;
  readonly resamples?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Rankers of a study's table: baselines, the formula's defaults, and the extra ones. */
export function tableRankers(config: StudyConfig, extra: readonly Ranker[] = []): Ranker[] {
  return [
    ...BASELINES.map((formula) => ({
      name: formula.name,
      formula,
      point: defaultPoint(searchSpace(formula)),
    })),
    { name: DEFAULTS, formula: config.formula, point: defaultPoint(searchSpace(config.formula)) },
    ...extra,
  ];
}

/** Makes the table; splits without a case are left out. */
export function makeTable(
  config: StudyConfig,
  corpora: readonly Corpus[],
  options: TableOptions,
): SplitTable[] {
  const rankers = tableRankers(config, options.extra);
  const tables: SplitTable[] = [];
  for (const [i, split] of options.splits.entries()) {
    options.onProgress?.(i, options.splits.length);
    if (!corpora.some((c) => c.cases.some((one) => one.split === split))) continue;
    const scores = scoreRankers(corpora, rankers, {
      splits: [split],
      mode: config.query,
      labels: config.labels,
    }, options.further);
    const rows = summarise(scores, {
      split,
      seed: config.seed,
      reference: options.reference ?? DEFAULTS,
      baselines: BASELINE_NAMES,
      ...(options.resamples === undefined ? {} : { resamples: options.resamples }),
    });
    const own = scoresNamed(scores, DEFAULTS);
    tables.push({
      split,
      rows,
      n_cases: own.length,
      n_commits: new Set(own.map((s) => `${s.repo}@${s.commit}`)).size,
      n_repos: new Set(own.map((s) => s.repo)).size,
      // Two rankers that are really unlike, so that their differences spread as those in question may.
      detectable: detectableDifference(pairedDifferences(own, scoresNamed(scores, "decayed_cochange"))),
    });
  }
  options.onProgress?.(options.splits.length, options.splits.length);
  return tables;
}

function scoresNamed(rankers: readonly RankerScores[], name: string): readonly CaseScore[] {
  return rankers.find((r) => r.name === name)!.scores.get("ndcg@10")!;
}

const LABELS: Readonly<Record<string, string>> = {
  "ndcg@10": "nDCG@10",
  rr: "MRR",
  "p@10": "P@10",
  "r@10": "R@10",
  ap: "MAP",
  "hit@10": "Hit@10",
};

const number = (x: number | undefined) => x === undefined ? "-" : x.toFixed(3).replace(/^(-?)0\./, "$1.");

/** The table as plain text, one split after the other. @param reference what the differences are from */
export function tableText(tables: readonly SplitTable[], reference: string = DEFAULTS): string {
  return tables.map((t) => {
    const head = [
      "ranker",
      "nDCG@10",
      "95 % interval",
      "MRR",
      "R@10",
      "never co-ch.",
      "among all",
      `minus ${reference.replaceAll("_", " ")}`,
      "95 % interval",
    ];
    const body = t.rows.map((r) => [
      r.ranker,
      number(r.means["ndcg@10"]?.estimate),
      interval(r.means["ndcg@10"]),
      number(r.means["rr"]?.estimate),
      number(r.means["r@10"]?.estimate),
      number(r.means[NEVER_COCHANGED]?.estimate),
      number(r.means[NEVER_COCHANGED_AMONG_ALL]?.estimate),
      r.difference ? (r.difference.estimate >= 0 ? "+" : "") + number(r.difference.estimate) : "",
      r.difference ? interval(r.difference) : "",
    ]);
    const widths = head.map((h, i) => Math.max(h.length, ...body.map((row) => row[i]!.length)));
    const line = (cells: readonly string[]) =>
      cells.map((c, i) => i === 0 ? c.padEnd(widths[i]!) : c.padStart(widths[i]!)).join("  ").trimEnd();
    const detectable = t.detectable === null
      ? ""
      : `; differences above ${number(t.detectable)} can be told from chance`;
    return `${t.split}: ${t.n_cases} cases of ${t.n_commits} commits in ${t.n_repos} ${
      t.n_repos === 1 ? "repository" : "repositories"
    }${detectable}\n` +
      [line(head), ...body.map(line)].map((l) => `  ${l}`).join("\n");
  }).join("\n\n");
}

function interval(i: { low: number; high: number } | null | undefined): string {
  return i ? `[${number(i.low)}, ${number(i.high)}]` : "";
}

/** Printed name of a measure. */
export function measureLabel(name: string): string {
  return LABELS[name] ?? name;
}
