/**
 * A linear ranker fitted by the listwise softmax loss: the learned bound that needs nothing but this kit.
 *
 * Source: Cao et al., "Learning to rank: from pairwise approach to listwise approach" (ListNet, top one), ICML 2007.
 */
import { randomStream, shuffled } from "../base/random.ts";

/** Items in lists, each list one question. */
export interface RankingData {
  /** numbers an item */
  readonly width: number;
  /** item after item */
  readonly values: Float32Array;
  /** relevance of every item, at least 0 */
  readonly relevance: Float32Array;
  /** items of list i are offsets[i] .. offsets[i + 1] */
  readonly offsets: Uint32Array;
  /** weight of every list in the loss, at least 0 */
  readonly weights: Float64Array;
}

/** Options of {@link fitListwise}. */
export interface ListwiseOptions {
  readonly seed: number;
  /** irrelevant items of a list that enter the loss, drawn once; default 100 */
  readonly negatives?: number;
  /** steps at most; default 240 */
  readonly steps?: number;
  /** steps between two looks of `judge`; default 20 */
  readonly every?: number;
  /** how good a model is on lists it was not fitted to, higher is better; the best model it saw is returned */
  readonly judge: (model: LinearRanker) => number;
  readonly signal?: AbortSignal;
}

/** Sharpness of the logarithm a column in [0, 1] is bent by: a product of boosts 1 + b x is a sum of such terms. */
const BEND = 100;
/** Adam's step, memories of the gradient and of its square, and the pull of every weight to 0. */
const STEP = 0.03, FIRST = 0.9, SECOND = 0.999, DECAY = 1e-5;

/** score = w . z, where z are the columns and, for columns in [0, 1], their logarithms ln(1 + 100 x), all standardised. */
export class LinearRanker {
  constructor(
    private readonly bent: readonly number[],
    private readonly mean: Float64Array,
    private readonly scale: Float64Array,
    /** one a column, then one a bent column */
    readonly weights: Float64Array,
    readonly steps: number,
  ) {}

  /** Scores of items given row after row. */
  scores(values: Float32Array, width: number): Float64Array {
    const out = new Float64Array(values.length / width), z = new Float32Array(width + this.bent.length);
    for (let r = 0; r < out.length; r++) {
      expand(values, r * width, width, this.bent, this.mean, this.scale, z, 0);
      let sum = 0;
      for (let j = 0; j < z.length; j++) sum += this.weights[j]! * z[j]!;
      out[r] = sum;
    }
    return out;
  }
}

/**
 * Fits a {@link LinearRanker}; the same data and seed give the same model.
 *
 * Loss of a list: - sum of relevance x ln softmax(score) / sum of relevance, over its relevant items and a seeded draw of the others,
 * minimised by Adam on all lists at once. Columns without spread are ignored; lists without a relevant item say nothing.
 * @throws {RangeError} when no list has both a relevant and an irrelevant item
 */
export function fitListwise(data: RankingData, options: ListwiseOptions): LinearRanker {
  const { width } = data, { seed, negatives = 100, steps = 240, every = 20 } = options;
  const lists = drawLists(data, seed, negatives);
  if (lists.length === 0) {
    throw new RangeError("Cannot fit a ranker: no list has both a relevant and an irrelevant item");
  }
  const bent = bentColumns(data), n = width + bent.length;
  const total = lists.reduce((sum, { items }) => sum + items.length, 0);
  const z = new Float32Array(total * n), mean = new Float64Array(n), scale = new Float64Array(n).fill(1);
  let row = 0;
  for (const { items } of lists) {
    for (const item of items) expand(data.values, item * width, width, bent, mean, scale, z, n * row++);
  }
  standardise(z, n, mean, scale);
  const weightOfAll = lists.reduce((sum, { weight }) => sum + weight, 0);
  const weights = new Float64Array(n), momentum = new Float64Array(n), square = new Float64Array(n);
  const gradient = new Float64Array(n);
  let best: { model: LinearRanker; value: number } | undefined;
  for (let step = 1; step <= steps; step++) {
    options.signal?.throwIfAborted();
    gradient.fill(0);
    let first = 0;
    for (const { items, relevance, weight } of lists) {
      addGradient(z, n, first, relevance, weights, weight / weightOfAll, gradient);
      first += items.length;
    }
    for (let j = 0; j < n; j++) {
      const g = gradient[j]! + DECAY * weights[j]!;
      momentum[j] = FIRST * momentum[j]! + (1 - FIRST) * g;
      square[j] = SECOND * square[j]! + (1 - SECOND) * g * g;
      weights[j]! -= STEP * (momentum[j]! / (1 - FIRST ** step)) /
        (Math.sqrt(square[j]! / (1 - SECOND ** step)) + 1e-8);
    }
    if (step % every === 0 || step === steps) {
      const model = new LinearRanker(bent, mean, scale, weights.slice(), step), value = options.judge(model);
      if (best === undefined || value > best.value) best = { model, value };
    }
  }
  return best!.model;
}

interface DrawnList {
  readonly items: readonly number[];
  /** shares of the list's relevance, summing to 1, in the order of items */
  readonly relevance: Float64Array;
  readonly weight: number;
}

function drawLists(data: RankingData, seed: number, negatives: number): DrawnList[] {
  const random = randomStream(seed, "listwise/negatives");
  return [...data.weights].flatMap((weight, i): DrawnList[] => {
    const all = Array.from(
      { length: data.offsets[i + 1]! - data.offsets[i]! },
      (_, k) => data.offsets[i]! + k,
    );
    const relevant = all.filter((item) => data.relevance[item]! > 0);
    const others = shuffled(random, all.filter((item) => data.relevance[item] === 0)).slice(0, negatives);
    if (relevant.length === 0 || others.length === 0 || weight === 0) return [];
    const sum = relevant.reduce((s, item) => s + data.relevance[item]!, 0);
    const items = [...relevant, ...others];
    return [{ items, weight, relevance: Float64Array.from(items, (item) => data.relevance[item]! / sum) }];
  });
}

/** Columns whose values all lie in [0, 1]. */
function bentColumns({ values, width }: RankingData): number[] {
  const bent = new Uint8Array(width).fill(1);
  for (let i = 0; i < values.length; i += width) {
    for (let j = 0; j < width; j++) if (!(values[i + j]! >= 0 && values[i + j]! <= 1)) bent[j] = 0;
  }
  return [...bent.keys()].filter((j) => bent[j]);
}

function expand(
  values: Float32Array,
  from: number,
  width: number,
  bent: readonly number[],
  mean: Float64Array,
  scale: Float64Array,
  out: Float32Array,
  at: number,
): void {
  for (let j = 0; j < width; j++) out[at + j] = (values[from + j]! - mean[j]!) * scale[j]!;
  bent.forEach((column, k) => {
    const j = width + k;
    out[at + j] = (Math.log1p(BEND * values[from + column]!) - mean[j]!) * scale[j]!;
  });
}

/** Brings every column to mean 0 and deviation 1 in place, columns without spread to 0, and writes down how. */
function standardise(z: Float32Array, n: number, mean: Float64Array, scale: Float64Array): void {
  const rows = z.length / n, spread = new Float64Array(n);
  for (let i = 0; i < z.length; i++) mean[i % n]! += z[i]! / rows;
  for (let i = 0; i < z.length; i++) spread[i % n]! += (z[i]! - mean[i % n]!) ** 2 / rows;
  spread.forEach((v, j) => scale[j] = v > 1e-12 ? 1 / Math.sqrt(v) : 0);
  for (let i = 0; i < z.length; i++) z[i] = (z[i]! - mean[i % n]!) * scale[i % n]!;
}

/** Adds the gradient of one list's loss. */
function addGradient(
  z: Float32Array,
  n: number,
  first: number,
  relevance: Float64Array,
  weights: Float64Array,
  weight: number,
  gradient: Float64Array,
): void {
  const size = relevance.length, scores = new Float64Array(size);
  let highest = -Infinity;
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0, at = (first + i) * n; j < n; j++) sum += weights[j]! * z[at + j]!;
    scores[i] = sum;
    if (sum > highest) highest = sum;
  }
  let total = 0;
  for (let i = 0; i < size; i++) total += scores[i] = Math.exp(scores[i]! - highest);
  for (let i = 0; i < size; i++) {
    const pull = weight * (scores[i]! / total - relevance[i]!);
    for (let j = 0, at = (first + i) * n; j < n; j++) gradient[j]! += pull * z[at + j]!;
  }
}
