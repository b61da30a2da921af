/** Rankers side by side: per-case values of every measure on one split, and what they add up to. */
import { Arena, type ArenaCase, type ArenaOptions } from "../engine/arena.ts";
import { Engine, rankOf } from "../engine/engine.ts";
import { type NeverCochanged, neverCochanged } from "../engine/never_cochanged.ts";
import type { Corpus } from "../corpus/corpus.ts";
import type { Formula } from "../formula/document.ts";
import {
  aggregate,
  bootstrapDifference,
  bootstrapMean,
  type CaseScore,
  type Interval,
  type Measure,
  measureNamed,
  pairedDifferences,
  randomRanking,
  residualRanks,
  signFlipTestOfMacroMean,
  winCount,
} from "../metrics/mod.ts";
import type { Split } from "../records/case.ts";
import type { Point } from "../records/space.ts";

/** Measures of every table, nDCG@10 first: it is the objective. */
export const TABLE: readonly string[] = ["ndcg@10", "rr", "p@10", "r@10", "ap", "hit@10"];

/**
 * nDCG@10 of never-co-changed pairs: of the candidates that had never changed together with the seed, those the commit touched.
 *
 * "Never" is as `engine/never_cochanged.ts` has it: in no ancestor commit of at most 20 source files. Candidates that had changed with
 * the seed are taken out of the ranking, relevant or not (`metrics/residual.ts`): history knows them, and this column asks what a
 * ranker knows beyond it. Cases without such a relevant file have no value.
 */
export const NEVER_COCHANGED = "ndcg@10 never co-changed pairs";

/**
 * nDCG@10 of the same relevant files among all candidates but the other relevant ones: files that had changed with the seed stay in as
 * distractors. Lower by construction for every ranker that trusts history, and lowest for those that are right to.
 */
export const NEVER_COCHANGED_AMONG_ALL = "ndcg@10 never co-changed";

/** What the two columns hold, for a reader of a table. */
export const NEVER_COCHANGED_SENTENCE =
  "Never co-changed: nDCG@10 among the files that had never changed together with the seed (residual collection: the others are taken out " +
  "of the ranking). Among all: the same relevant files, with those others left in as distractors.";

/** A formula at a point, under a name for the table. */
export interface Ranker {
  readonly name: string;
  readonly formula: Formula;
  readonly point: Point;
}

/** Per-case values of one ranker by measure. */
export interface RankerScores {
  readonly name: string;
  readonly scores: ReadonlyMap<string, readonly CaseScore[]>;
}

/** Name of the exact expectation of a random order. */
export const RANDOM = "random";

/** Scores rankers that are no formulas on an arena, which may be a part of the cases: behind so many candidates of the cases before it. */
export type Further = (arena: Arena, before: number) => readonly RankerScores[];

/** Candidates summed over the cases that are in memory at a time, a snapshot counting as ten cases: about 700 MB of them. */
const MOST_CASE_FILES = 2_000_000;

/**
 * Scores rankers, and a random order, on the cases of chosen splits.
 *
 * Of a repository too large for memory some commits are held at a time; each is prepared once and forgotten.
 *
 * @param mostCaseFiles how much is held at a time
 */
export function scoreRankers(
  corpora: readonly Corpus[],
  rankers: readonly Ranker[],
  options: ArenaOptions,
  further: Further = () => [],
  mostCaseFiles: number = MOST_CASE_FILES,
): RankerScores[] {
  const made = new Map<string, Map<string, CaseScore[]>>();
  let before = 0;
  const take = (arena: Arena) => {
    for (const { name, scores } of [...scoreOnArena(arena, rankers), ...further(arena, before)]) {
      const own = made.get(name) ?? new Map<string, CaseScore[]>();
      made.set(name, own);
      for (const [measure, values] of scores) own.set(measure, [...own.get(measure) ?? [], ...values]);
    }
    before += arena.nCaseFiles;
  };
  for (const arena of Arena.stream(corpora, options, mostCaseFiles)) take(arena);
  // Without a case every ranker has an empty list.
  if (made.size === 0) take(Arena.load(corpora, options));
  return Array.from(made, ([name, scores]) => ({ name, scores }));
}

/** Scores rankers, and a random order, on an arena. */
export function scoreOnArena(arena: Arena, rankers: readonly Ranker[]): RankerScores[] {
  const measures = TABLE.map(measureNamed);
  const pairs = arena.cases.map(neverCochanged);
  const random = collect(arena.cases, (c) => {
    const n = c.query.hops.length - 1, own = pairs[c.index];
    const values = new Map(
      measures.map((m, i) => [TABLE[i]!, m.ofTies(randomRanking(n, [...c.relevance]))]),
    );
    const expected = (candidates: number) =>
      own ? measures[0]!.ofTies(randomRanking(candidates, own.relevance)) : null;
    values.set(NEVER_COCHANGED, expected(own?.size ?? 0));
    values.set(NEVER_COCHANGED_AMONG_ALL, expected(n - c.targets.length + (own?.targets.length ?? 0)));
    return values;
  });
  const engines = new Map<Formula, Engine>();
  return [
    { name: RANDOM, scores: random },
    ...rankers.map(({ name, formula, point }) => {
      let engine = engines.get(formula);
      if (!engine) engines.set(formula, engine = new Engine(arena, formula));
      const { offsets, ranks } = engine.ranks(point);
      const residual = new Map<number, number[]>();
      engine.forEachCase(point, (c, scores) => {
        const own = pairs[c.index];
        if (own) residual.set(c.index, residualRanks(scores, own.left, own.targets));
      });
      return {
        name,
        scores: collect(
          arena.cases,
          (c) =>
            caseValues(
              measures,
              c,
              ranks.subarray(offsets[c.index]!, offsets[c.index + 1]!),
              pairs[c.index],
              residual.get(c.index),
            ),
        ),
      };
    }),
  ];
}

/** Scores every file of every case, in the arena's order, and hands them over; an array may be reused after the call. */
export type ScoreSource = (visit: (c: ArenaCase, scores: Float64Array) => void) => void;

/** Per-case values of any scorer, whatever it is made of: what {@link scoreOnArena} does for formulas. */
export function scoreVisited(arena: Arena, name: string, source: ScoreSource): RankerScores {
  const measures = TABLE.map(measureNamed), values: Map<string, number | null>[] = [];
  source((c, scores) => {
    const ranks = Uint32Array.from(c.targets, (target) => rankOf(target, scores, c.query.seed, Infinity));
    const own = neverCochanged(c);
    values[c.index] = caseValues(
      measures,
      c,
      ranks,
      own,
      own && residualRanks(scores, own.left, own.targets),
    );
  });
  return { name, scores: collect(arena.cases, (c) => values[c.index]!) };
}

/** Per-case values of every measure of the table from where a ranking put the relevant files. */
function caseValues(
  measures: readonly Measure[],
  c: ArenaCase,
  ranks: Uint32Array,
  pairs: NeverCochanged | undefined,
  residual: readonly number[] | undefined,
): Map<string, number | null> {
  const relevance = [...c.relevance];
  const values = new Map<string, number | null>(
    measures.map((m, i) => [TABLE[i]!, m.ofRanks([...ranks], relevance)]),
  );
  values.set(NEVER_COCHANGED, pairs && residual ? measures[0]!.ofRanks(residual, pairs.relevance) : null);
  // Relevant files that did change with the seed before are taken out of the list: neither hits nor distractors.
  const known = pairs ? [...ranks].filter((_, k) => !pairs.which.includes(k)) : [];
  values.set(
    NEVER_COCHANGED_AMONG_ALL,
    pairs
      ? measures[0]!.ofRanks(
        pairs.which.map((k) => ranks[k]! - known.filter((r) => r < ranks[k]!).length),
        pairs.relevance,
      )
      : null,
  );
  return values;
}

function collect(
  cases: readonly ArenaCase[],
  values: (c: ArenaCase) => Map<string, number | null>,
): Map<string, CaseScore[]> {
  const scores = new Map<string, CaseScore[]>(
    [...TABLE, NEVER_COCHANGED, NEVER_COCHANGED_AMONG_ALL].map((name) => [name, []]),
  );
  for (const c of cases) {
    const { repo, commit, case_id, weight } = c.case;
    for (const [name, value] of values(c)) scores.get(name)!.push({ repo, commit, case_id, value, weight });
  }
  return scores;
}

/** A mean with its interval, or why there is none. */
export interface Summary extends Interval {
  readonly n_cases: number;
}

/** One row of a table: a ranker's means, and its paired difference in nDCG@10 from a reference ranker. */
export interface Row {
  readonly ranker: string;
  readonly split: Split;
  readonly means: Readonly<Record<string, Summary | null>>;
  /** this ranker minus the reference, nDCG@10; null for the reference itself, and without two commits of one repository to resample */
  readonly difference: Difference | null;
  /** this ranker minus the baseline with the highest mean on the same cases; for rankers that are no baselines, where it can be resampled */
  readonly over_best?: Difference & { readonly baseline: string };
  /** nDCG@10 by repository */
  readonly repositories: Readonly<Record<string, number>>;
}

/** A paired difference in nDCG@10: its interval over commits, a sign-flip test, commits won and lost. */
export type Difference = Interval & { readonly p: number; readonly wins: number; readonly losses: number };

/** Options of {@link summarise}. */
export interface SummaryOptions {
  readonly split: Split;
  readonly seed: number;
  /** name of the ranker others are compared with */
  readonly reference: string;
  /** names of the rankers that are baselines; default none */
  readonly baselines?: ReadonlySet<string>;
  readonly resamples?: number;
}

/** Turns per-case values into rows with intervals: cluster bootstrap by commit, macro mean over repositories. */
export function summarise(rankers: readonly RankerScores[], options: SummaryOptions): Row[] {
  const { split, seed, reference, baselines = new Set(), resamples = 2000 } = options;
  const base = rankers.find((r) => r.name === reference)?.scores.get("ndcg@10");
  if (!base) {
    throw new RangeError(
      `Cannot compare with ${JSON.stringify(reference)}: the table has ${
        rankers.map((r) => r.name).join(", ")
      }`,
    );
  }
  const ndcg = ({ scores }: RankerScores) => scores.get("ndcg@10")!;
  const differ = (a: readonly CaseScore[], b: readonly CaseScore[], stream: string): Difference | null => {
    const differences = pairedDifferences(a, b);
    if (!clustersOf(differences)) return null;
    return {
      ...bootstrapDifference(a, b, { seed, stream: `${split}/${stream}`, resamples }),
      p: signFlipTestOfMacroMean(differences, { seed, resamples }).p,
      ...winsAndLosses(differences),
    };
  };
  const best = rankers.filter((r) => baselines.has(r.name))
    .map((r) => ({ name: r.name, own: ndcg(r), mean: aggregate(ndcg(r)).mean ?? -Infinity }))
    .sort((a, b) => b.mean - a.mean)[0];
  return rankers.map(({ name, scores }) => {
    const means = Object.fromEntries([...scores].map(([measure, values]) => {
      const scored = values.filter((v) => v.value !== null);
      const bootstrap = clustersOf(scored)
        ? bootstrapMean(values, { seed, stream: `${split}/${measure}`, resamples })
        : null;
      return [measure, bootstrap && { ...bootstrap, n_cases: scored.length }];
    }));
    const own = scores.get("ndcg@10")!;
    const overBest = best && !baselines.has(name) ? differ(own, best.own, "over-best") : null;
    return {
      ranker: name,
      split,
      means,
      difference: name === reference ? null : differ(own, base, "difference"),
      ...(overBest ? { over_best: { ...overBest, baseline: best!.name } } : {}),
      repositories: Object.fromEntries(
        aggregate(own).repos.flatMap(({ repo, mean }) => mean === null ? [] : [[repo, mean]]),
      ),
    };
  });
}

/** Whether there is anything to resample: a repository with two commits that were scored. */
function clustersOf(scores: readonly CaseScore[]): boolean {
  const commits = new Map<string, Set<string>>();
  for (const { repo, commit } of scores) {
    if (!commits.has(repo)) commits.set(repo, new Set());
    commits.get(repo)!.add(commit);
  }
  return [...commits.values()].some((c) => c.size >= 2);
}

function winsAndLosses(differences: readonly CaseScore[]): { wins: number; losses: number } {
  const { wins, losses } = winCount(differences);
  return { wins, losses };
}
