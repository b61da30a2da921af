/** The real ranker as an objective: one formula on the cases of one split, with commits as the units of chance. */
import { contentHash } from "../base/canonical.ts";
import type { Corpus } from "../corpus/corpus.ts";
import { Arena, type ArenaOptions } from "../engine/arena.ts";
import { Engine } from "../engine/engine.ts";
import type { Formula } from "../formula/document.ts";
import { formulaHash } from "../formula/formula_hash.ts";
import type { CaseScore } from "../metrics/commits.ts";
import { measureNamed } from "../metrics/named.ts";
import type { Split } from "../records/case.ts";
import type { Point } from "../records/space.ts";
import type { Objective as SearchObjective, Question } from "../search/budget.ts";
import type { Objective as PointObjective, Outcome } from "../sensitivity/evaluation.ts";

/** The measure everything is tuned for. */
export const OBJECTIVE = "ndcg@10";

/** What an objective needs of an engine; evaluations may take their time. */
export interface PointScorer {
  evaluate(point: Point): Float64Array | Promise<Float64Array>;
  /** Given where several points together cost less than one after the other */
  evaluateAll?(points: readonly Point[]): Float64Array[];
  ranks(point: Point): Ranks | Promise<Ranks>;
}

type Ranks = { readonly offsets: Uint32Array; readonly ranks: Uint32Array };

/** One formula on the cases of one split. It answers for no other split: another one needs another objective. */
export interface SplitObjective {
  readonly split: Split;
  readonly formula: Formula;
  readonly metric: string;
  /** What a search asks; the split and the cases are part of it */
  readonly question: Question & { readonly n_cases: number };
  /** Where each case comes from, in the order of the values */
  readonly cases: readonly Omit<CaseScore, "value">[];
  readonly n_commits: number;
  /** Sorted */
  readonly repositories: readonly string[];
  /** The metric of every case at a point */
  values(point: Point): Promise<Float64Array>;
  /** Macro mean of one value a case */
  mean(values: ArrayLike<number>): number;
  /** The macro mean with its commits, as {@link clusterOutcome} has them */
  readonly outcome: ((point: Point) => Promise<Outcome>) & Pick<PointObjective, "together">;
}

/** Options of {@link splitObjective}. */
export interface ObjectiveOptions extends Omit<ArenaOptions, "splits"> {
  readonly split: Split;
  readonly formula: Formula;
  /** A measure by name; default {@link OBJECTIVE} */
  readonly metric?: string;
  /** Default an {@link Engine} in this thread */
  readonly scorer?: (arena: Arena, formula: Formula) => PointScorer;
}

/**
 * Loads the cases of a split and binds a formula to them.
 *
 * @throws {RangeError} when no case is left, or the measure is unknown
 */
export function splitObjective(corpora: readonly Corpus[], options: ObjectiveOptions): SplitObjective {
  const { split, mode, labels, keep } = options;
  const arena = Arena.load(corpora, {
    splits: [split],
    mode,
    ...(labels === undefined ? {} : { labels }),
    ...(keep === undefined ? {} : { keep }),
  });
  return arenaObjective(arena, options);
}

/** As {@link splitObjective}, on an arena of one split that is loaded already. */
export function arenaObjective(
  arena: Arena,
  options: Pick<ObjectiveOptions, "formula" | "metric" | "scorer">,
): SplitObjective {
  const { formula, metric = OBJECTIVE } = options;
  const [split, ...others] = arena.splits;
  if (split === undefined || others.length > 0 || arena.cases.length === 0) {
    throw new RangeError(
      `Cannot score ${formula.name} on ${arena.cases.length} cases of ${
        arena.splits.join(" and ") || "no split"
      }: cases of exactly one split are wanted; extract more commits or choose another split`,
    );
  }
  const cases = arena.cases.map(({ case: { repo, commit, case_id, weight } }) => ({
    repo,
    commit,
    case_id,
    weight,
  }));
  const scorer = (options.scorer ?? ((a, f) => new Engine(a, f)))(arena, formula);
  const measure = measureNamed(metric);
  const clusters = commitClusters(cases, arena.shares);
  const values = async (point: Point) => {
    if (metric === OBJECTIVE) return await scorer.evaluate(point);
    const { offsets, ranks } = await scorer.ranks(point);
    return Float64Array.from(
      arena.cases,
      (c, i) => measure.ofRanks(ranks.subarray(offsets[i]!, offsets[i + 1]!), c.relevance) ?? 0,
    );
  };
  return {
    split,
    formula,
    metric,
    question: {
      formula_hash: formulaHash(formula),
      split,
      case_set_hash: contentHash(cases.map((c) => c.case_id).sort()),
      n_cases: cases.length,
    },
    cases,
    n_commits: clusters.length,
    repositories: [...new Set(cases.map((c) => c.repo))].sort(),
    values,
    mean: (of) => arena.mean(of),
    outcome: Object.assign(
      async (point: Point) => clusterOutcome(clusters, await values(point)),
      metric === OBJECTIVE && scorer.evaluateAll
        ? {
          together: (points: readonly Point[]) =>
            scorer.evaluateAll!(points).map((of) => clusterOutcome(clusters, of)),
        }
        : {},
    ),
  };
}

/** An objective as a search asks it. NaN where the macro mean is not a number, which fails that trial. */
export function searchObjective(objective: SplitObjective): SearchObjective {
  return async (point) => ({
    value: objective.mean(await objective.values(point)),
    case_evaluations: objective.cases.length,
  });
}

/** Case values as scores that intervals are made of. */
export function caseScores(objective: Pick<SplitObjective, "cases">, values: ArrayLike<number>): CaseScore[] {
  return objective.cases.map((c, i) => ({ ...c, value: values[i]! }));
}

/** One commit: its cases, their shares in the macro mean, and its repository. */
export interface CommitCluster {
  readonly repo: string;
  readonly commit: string;
  readonly cases: readonly number[];
  readonly shares: readonly number[];
}

/** Groups cases into commits, sorted by repository and commit. */
export function commitClusters(
  cases: readonly { readonly repo: string; readonly commit: string }[],
  shares: ArrayLike<number>,
): CommitCluster[] {
  const groups = Map.groupBy(cases.keys(), (i) => `${cases[i]!.repo}\n${cases[i]!.commit}`);
  return [...groups].sort(([a], [b]) => a < b ? -1 : 1).map(([, own]) => ({
    repo: cases[own[0]!]!.repo,
    commit: cases[own[0]!]!.commit,
    cases: own,
    shares: own.map((i) => shares[i]!),
  }));
}

/**
 * A macro mean with one number a commit whose plain mean is that macro mean and whose resampling gives the macro mean's
 * own uncertainty for these repositories: mean + C share (commit - its repository's mean), C commits in all. Linear in the case values.
 *
 * Source: the infinitesimal jackknife; Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, ch. 21.
 */
export function clusterOutcome(clusters: readonly CommitCluster[], values: ArrayLike<number>): Outcome {
  const shares = new Float64Array(clusters.length), sums = new Float64Array(clusters.length);
  const repositories = new Map<string, { share: number; sum: number }>();
  clusters.forEach((cluster, c) => {
    cluster.cases.forEach((i, k) => {
      shares[c]! += cluster.shares[k]!;
      sums[c]! += cluster.shares[k]! * values[i]!;
    });
    const of = repositories.get(cluster.repo) ?? { share: 0, sum: 0 };
    repositories.set(cluster.repo, { share: of.share + shares[c]!, sum: of.sum + sums[c]! });
  });
  const mean = sums.reduce((a, b) => a + b, 0);
  const perCluster = Float64Array.from(clusters, ({ repo }, c) => {
    const { share, sum } = repositories.get(repo)!;
    return mean + clusters.length * (sums[c]! - shares[c]! * sum / share);
  });
  return { mean, perCluster };
}
