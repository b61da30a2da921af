/**
 * A learned upper bound on the same signals: how much a formula leaves on the table.
 *
 * Learned rankers are fitted to every registered signal on train cases, stopped by selection cases, and judged beside formulas by the
 * same table. They are an instrument: nothing of them ranks anything for anybody. A bound of this kind is one from below: a better
 * learner may exist.
 */
import type { Corpus } from "../corpus/corpus.ts";
import { Arena, type ArenaCase } from "../engine/arena.ts";
import { ndcgOf } from "../engine/engine.ts";
import { type FeatureMatrix, featureMatrix, matrixColumns } from "../engine/feature_matrix.ts";
import { neverCochanged } from "../engine/never_cochanged.ts";
import { caseShares } from "../metrics/commits.ts";
import { measureNamed, residualRanks } from "../metrics/mod.ts";
import { fitLambdaMart, LightgbmUnavailable, type TreeRanker } from "../search/lightgbm_bridge.ts";
import { fitListwise, type RankingData } from "../search/listwise_softmax.ts";
import type { StudyConfig } from "./config.ts";
import { type RankerScores, scoreVisited } from "./rankers.ts";

/** What a learned ranker was fitted to. */
export const PAIRS = ["all", "never_cochanged"] as const;
export type Pairs = typeof PAIRS[number];

/** One learned ranker: how it was made, and its scores on the cases of every split asked for. */
export interface LearnedRanker {
  /** as in the table: "lambdamart", "lambdamart_never_cochanged" */
  readonly name: string;
  readonly fitted_to: Pairs;
  /** trees or steps, chosen on selection cases */
  readonly rounds: number;
  /** nDCG@10 on selection cases, of the pairs it was fitted to: the figure it was stopped by, so optimistic */
  readonly selection: number;
  /** what made it: LightGBM's version, or this kit */
  readonly made_by: string;
  /** share of the loss taken off by each column, the largest first; of trees only */
  readonly importance: readonly { readonly column: string; readonly share: number }[];
  readonly scores: ReadonlyMap<string, Float64Array>;
}

/** What came out, and why trees are missing if they are. */
export interface Ceiling {
  readonly columns: readonly string[];
  readonly learned: readonly LearnedRanker[];
  readonly skipped: string | null;
}

/** Options of {@link learnCeiling}. */
export interface CeilingOptions {
  /** Python with lightgbm; default RIPMAP_LAB_PYTHON, else python3 */
  readonly python?: string | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: (what: string, done: number, total: number) => void;
}

/** Trees at most, and how often selection is asked. */
const TREES = 250, EVERY = 25;
const SHOWN = 12;

/** Splits the learned rankers are applied to. Test is applied to and never asked. */
const APPLIED = ["selection", "test"] as const;

/** Fits all learned rankers of a study. Deterministic: the same study and LightGBM give the same models. */
export async function learnCeiling(
  config: StudyConfig,
  corpora: readonly Corpus[],
  options: CeilingOptions = {},
): Promise<Ceiling> {
  const { signal, onProgress = () => {} } = options, columns = matrixColumns(config.query);
  const breathe = async () => {
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
  };
  const measured = new Map<string, Measured>();
  for (const [i, split] of (["train", ...APPLIED] as const).entries()) {
    onProgress(`measuring signals on ${split} cases`, i, 3);
    await breathe();
    const asked = { splits: [split], mode: config.query, labels: config.labels } as const;
    measured.set(split, {
      arena: Arena.load(corpora, asked),
      matrix: featureMatrix(corpora, asked, columns),
    });
  }
  const train = measured.get("train")!, selection = measured.get("selection")!, width = columns.length;
  const learned: LearnedRanker[] = [];
  let skipped: string | null = null;
  for (const pairs of PAIRS) {
    const data = rankingData(train, pairs), suffix = pairs === "all" ? "" : "_never_cochanged";
    const judge = (scores: Float64Array) => meanOf(selection, scores, pairs);
    onProgress(`fitting the linear ranker to ${pairs.replace("_", " ")}`, 0, 0);
    await breathe();
    const linear = fitListwise(data, {
      seed: config.seed,
      judge: (model) => judge(model.scores(selection.matrix.values, width)),
      ...(signal ? { signal } : {}),
    });
    const scores = new Map(
      APPLIED.map((split) => [split, linear.scores(measured.get(split)!.matrix.values, width)]),
    );
    learned.push({
      name: `listwise_linear${suffix}`,
      fitted_to: pairs,
      rounds: linear.steps,
      selection: judge(scores.get("selection")!),
      made_by: "this kit",
      importance: [],
      scores,
    });
    if (skipped !== null) continue;
    onProgress(`fitting trees to ${pairs.replace("_", " ")}`, 0, 0);
    await breathe();
    let trees: TreeRanker | undefined;
    try {
      trees = await fitLambdaMart(data, { seed: config.seed, rounds: TREES, python: options.python });
      const rounds = Array.from({ length: TREES / EVERY }, (_, i) => EVERY * (i + 1));
      const tried = (await trees.scores(selection.matrix.values, rounds)).map((s) => judge(s));
      const best = tried.indexOf(Math.max(...tried));
      const applied = new Map<string, Float64Array>();
      for (const split of APPLIED) {
        const [made] = await trees.scores(measured.get(split)!.matrix.values, [rounds[best]!]);
        applied.set(split, made!);
      }
      const total = trees.gain.reduce((a, b) => a + b, 0);
      learned.push({
        name: `lambdamart${suffix}`,
        fitted_to: pairs,
        rounds: rounds[best]!,
        selection: tried[best]!,
        made_by: `LightGBM ${trees.version}`,
        importance: columns.map(({ name }, j) => ({ column: name, share: trees!.gain[j]! / total }))
          .sort((a, b) => b.share - a.share || (a.column < b.column ? -1 : 1)).slice(0, SHOWN),
        scores: applied,
      });
    } catch (error) {
      if (!(error instanceof LightgbmUnavailable)) throw error;
      skipped = error.message;
    } finally {
      await trees?.close();
    }
  }
  return { columns: columns.map((c) => c.name), learned, skipped };
}

interface Measured {
  readonly arena: Arena;
  readonly matrix: FeatureMatrix;
}

/** Row of a file in its case: files but the seed, in order. */
const rowOf = (c: ArenaCase, first: number, file: number) => first + (file > c.query.seed ? file - 1 : file);

/** Scores of a case's files by position, the seed's 0. */
function fileScores(c: ArenaCase, first: number, scores: Float64Array): Float64Array {
  const out = new Float64Array(c.query.hops.length);
  for (let file = 0; file < out.length; file++) {
    if (file !== c.query.seed) out[file] = scores[rowOf(c, first, file)]!;
  }
  return out;
}

/** Train cases as lists of rows: all candidates, or those that never changed with the seed where a relevant one is among them. */
function rankingData({ arena, matrix }: Measured, pairs: Pairs): RankingData {
  const width = matrix.columns.length, rows: number[][] = [], relevance: number[] = [];
  const kept: ArenaCase[] = [];
  for (const c of arena.cases) {
    const own = pairs === "all" ? undefined : neverCochanged(c);
    if (pairs !== "all" && !own) continue;
    const gains = new Map([...c.targets].map((file, k) => [file, c.relevance[k]!]));
    const list: number[] = [];
    for (let file = 0; file < c.query.hops.length; file++) {
      if (file === c.query.seed || (own && !own.left[file])) continue;
      list.push(rowOf(c, matrix.offsets[c.index]!, file));
      relevance.push(gains.get(file) ?? 0);
    }
    rows.push(list);
    kept.push(c);
  }
  const offsets = new Uint32Array(rows.length + 1);
  rows.forEach((list, i) => offsets[i + 1] = offsets[i]! + list.length);
  const values = new Float32Array(width * relevance.length);
  rows.flat().forEach((row, i) =>
    values.set(matrix.values.subarray(width * row, width * (row + 1)), width * i)
  );
  // The weights of the macro mean over repositories, scaled to a mean of 1.
  const weights = Float64Array.from(
    caseShares(kept.map(({ case: c }) => ({ ...c, value: 0 }))),
    (share) => share * kept.length,
  );
  return { width, values, relevance: Float32Array.from(relevance), offsets, weights };
}

/** Macro mean of nDCG@10 on all pairs, or among files that never changed with the seed. */
function meanOf({ arena, matrix }: Measured, scores: Float64Array, pairs: Pairs): number {
  const ndcg = measureNamed("ndcg@10"), judged: (ArenaCase["case"] & { value: number })[] = [];
  for (const c of arena.cases) {
    const own = pairs === "all" ? undefined : neverCochanged(c);
    if (pairs !== "all" && !own) continue;
    const files = fileScores(c, matrix.offsets[c.index]!, scores);
    const value = own
      ? ndcg.ofRanks(residualRanks(files, own.left, own.targets), own.relevance)!
      : ndcgOf(c, files);
    judged.push({ ...c.case, value });
  }
  return caseShares(judged).reduce((sum, share, i) => sum + share * judged[i]!.value, 0);
}

/**
 * A learned ranker's values on an arena of one split, for the table.
 *
 * @param before candidates of the split's cases before the arena's first, where it holds a part of them
 */
export function learnedScores(arena: Arena, { name, scores }: LearnedRanker, before = 0): RankerScores {
  const own = scores.get(arena.splits[0]!)!;
  return scoreVisited(arena, name, (visit) => {
    let first = before;
    for (const c of arena.cases) {
      visit(c, fileScores(c, first, own));
      first += c.query.hops.length - 1;
    }
  });
}
