/** Where wisdom is measured: the cases of chosen splits with their facts, and points or rules scored on them. */
import type { Corpus } from "../corpus/corpus.ts";
import { Arena, type ArenaOptions } from "../engine/arena.ts";
import type { Formula } from "../formula/document.ts";
import { bootstrapMean, type CaseScore, signFlipTestOfMacroMean } from "../metrics/mod.ts";
import { type Point, pointHash } from "../records/space.ts";
import { arenaFacts, type CaseFactsOptions } from "./facts.ts";
import type { CompiledHeuristics } from "./heuristic_compile.ts";
import type { Facts } from "./heuristic_vocabulary.ts";
import { type Difference, type DifferenceOptions, PointScores } from "./scores.ts";

/** Cases of some splits, ready to be scored under one formula, with their facts. */
export class Bench {
  readonly scores: PointScores;
  /** Facts as a tool sees them, and as an asker does who states an intent; one a case, in the arena's order */
  readonly facts: readonly Facts[];
  readonly stated: readonly Facts[];

  constructor(readonly arena: Arena, readonly formula: Formula, history: CaseFactsOptions["history"]) {
    this.scores = new PointScores(arena, formula);
    this.facts = arenaFacts(arena, { history, intent: "unstated" });
    this.stated = arenaFacts(arena, { history, intent: "stated" });
  }

  static load(
    corpora: readonly Corpus[],
    formula: Formula,
    options: ArenaOptions & { readonly history: CaseFactsOptions["history"] },
  ): Bench {
    return new Bench(Arena.load(corpora, options), formula, options.history);
  }

  /** The same cases under another formula. */
  under(formula: Formula): PointScores {
    return formula === this.formula ? this.scores : new PointScores(this.arena, formula);
  }

  readonly #ruled = new Map<string, { values: Float64Array; fired: boolean[] }>();

  /**
   * Values of every case at a point moved by rules, each case by its own facts, and whether any rule fired for it. Rules that
   * differ in their rationale alone are computed once. Not to be written to.
   */
  ruled(rules: CompiledHeuristics, point: Point): { values: Float64Array; fired: boolean[] } {
    const moves = rules.rules.map(({ heuristic: { condition, adjustments } }) => ({
      condition,
      adjustments,
    }));
    const key = `${pointHash(point)} ${JSON.stringify(moves)}`, known = this.#ruled.get(key);
    if (known !== undefined) return known;
    const fired: boolean[] = [];
    const values = this.arena.cases.map(({ index }) => {
      const applied = rules.apply(this.facts[index]!, point);
      fired.push(applied.fired.length > 0);
      return this.scores.at(applied.point)[index]!;
    });
    const found = { values: Float64Array.from(values), fired };
    this.#ruled.set(key, found);
    return found;
  }
}

/** Two columns of values over some of a bench's cases. */
export interface Paired {
  readonly bench: Bench;
  readonly treated: Float64Array;
  readonly plain: Float64Array;
  readonly keep: (index: number) => boolean;
}

/**
 * The macro mean of treated - plain over the cases of several benches: seeds to commit, commits to repository, repositories alike.
 *
 * Repositories with a single commit among the cases are left out: nothing tells how their difference varies.
 * @returns null when no repository has two commits
 */
export function pooledDifference(
  parts: readonly Paired[],
  { seed, stream, resamples = 2000 }: DifferenceOptions,
): Difference | null {
  const all = parts.flatMap(({ bench, treated, plain, keep }) =>
    bench.arena.cases.filter(({ index }) => keep(index)).map(({ index, case: c }): CaseScore => ({
      repo: c.repo,
      commit: c.commit,
      case_id: c.case_id,
      weight: c.weight,
      value: treated[index]! - plain[index]!,
    }))
  );
  const commits = new Map(all.map(({ repo, commit }) => [`${repo}@${commit}`, repo]));
  const perRepo = Map.groupBy(commits.values(), (repo) => repo);
  // Commits are what is resampled: a repository with one would stand in every resample alike, as if it were known for certain.
  const scores = all.filter(({ repo }) => perRepo.get(repo)!.length >= 2);
  if (scores.length === 0) return null;
  const { estimate, low, high, level, n_commits, n_repos } = bootstrapMean(scores, {
    seed,
    stream,
    resamples,
  });
  return {
    estimate: {
      metric: "ndcg@10",
      mean: estimate,
      low: Math.min(low, estimate),
      high: Math.max(high, estimate),
      level,
      n_cases: scores.length,
      n_commits,
      n_repos,
    },
    p: signFlipTestOfMacroMean(scores, { seed, stream: `${stream}/sign-flip`, resamples }).p,
  };
}
