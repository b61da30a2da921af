/** nDCG@k: how much of the best reachable discounted gain the first k files hold. */
import { checkCutoff, checkRanks, judgeList, type Judgments, type Ranked } from "./judged.ts";

/**
 * Gain of a relevance. "linear" is the relevance itself (trec_eval, scikit-learn). "exponential" is 2^rel - 1, known
 * as nDCG of Burges; the two agree on binary labels and on nothing else, so it is never the default.
 */
export type Gain = "linear" | "exponential";

/** Options of {@link ndcg}. */
export interface NdcgOptions {
  /** Default "linear" */
  readonly gain?: Gain;
}

/** Options of {@link ndcgFromRanks}. */
export interface NdcgRankOptions extends NdcgOptions {
  /** {@link idealDcg} of the same relevances, k and gain, when the caller keeps it. Trusted, not checked. */
  readonly ideal?: number;
}

const TABLED_RANKS = 1024;
const DISCOUNTS = Float64Array.from({ length: TABLED_RANKS + 1 }, (_, rank) => 1 / Math.log2(rank + 1));

/** Weight of a 1-based rank: 1 / log2(rank + 1), so 1 at rank 1 and 0.6309 at rank 2. */
export function discount(rank: number): number {
  return rank <= TABLED_RANKS ? DISCOUNTS[rank]! : 1 / Math.log2(rank + 1);
}

/** Gain of one relevance under either convention. */
export function gainOf(relevance: number, gain: Gain): number {
  // expm1 keeps the small fractional labels that 2^rel - 1 would round away.
  return gain === "linear" ? relevance : Math.expm1(relevance * Math.LN2);
}

/**
 * The largest DCG@k any ranking can reach: all relevant files, retrieved or not, sorted by relevance and cut at k.
 *
 * @param relevance relevances of all relevant files, above 0, in any order
 * @returns a positive number; 0 when there is no relevant file
 * @throws {RangeError} for a relevance that is not a finite number above 0, or one whose gain leaves the range of a double
 */
export function idealDcg(relevance: ArrayLike<number>, k: number, gain: Gain = "linear"): number {
  checkCutoff(k);
  const n = relevance.length;
  const gains = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const one = relevance[i]! > 0 ? gainOf(relevance[i]!, gain) : NaN;
    if (!(one > 0 && one < Infinity)) {
      throw new RangeError(
        `Cannot take the ${gain} gain of relevance ${
          relevance[i]
        }: a number above 0 with a finite gain is wanted`,
      );
    }
    gains[i] = one;
  }
  gains.sort();
  let sum = 0;
  for (let rank = 1; rank <= n && rank <= k; rank++) sum += gains[n - rank]! * discount(rank);
  return sum;
}

/**
 * nDCG@k of a ranked list: DCG@k / ideal DCG@k, where DCG@k sums gain x 1/log2(rank + 1) over ranks 1 to k.
 *
 * Files past the end of a short list count 0. The ideal runs over all judged files, retrieved or not, cut at the same k.
 * Equals trec_eval `ndcg_cut_k` (`ndcg` for k = Infinity), which however truncates fractional relevance.
 *
 * @param k whole number of at least 1, or Infinity for the whole list
 * @returns a number in [0, 1]; null when no file is relevant
 * @throws {RangeError} for a bad cutoff, a duplicate id, or a relevance out of range
 * Source: Järvelin & Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 2002; exponential gain:
 * Burges et al., ICML 2005.
 */
export function ndcg(
  ranked: Ranked,
  judgments: Judgments,
  k: number,
  options: NdcgOptions = {},
): number | null {
  const { relevance, relevant } = judgeList(ranked, judgments);
  const gain = options.gain ?? "linear";
  const ideal = idealDcg(relevant, k, gain);
  if (relevant.length === 0) return null;
  let sum = 0;
  relevance.subarray(0, Math.min(k, relevance.length)).forEach((value, i) => {
    sum += gainOf(value, gain) * discount(i + 1);
  });
  return shareOfIdeal(sum, ideal);
}

/**
 * nDCG@k from the ranks of the relevant files: the value of {@link ndcg} without the list.
 *
 * @param ranks 1-based ranks of all relevant files, 0 when not retrieved
 * @param relevance their relevances, above 0, parallel to `ranks`
 * @returns a number in [0, 1]; null when there is no relevant file
 * @throws {RangeError} for a bad cutoff, rank or relevance, or arrays of different length
 */
export function ndcgFromRanks(
  ranks: ArrayLike<number>,
  relevance: ArrayLike<number>,
  k: number,
  options: NdcgRankOptions = {},
): number | null {
  checkCutoff(k);
  checkRanks(ranks);
  if (ranks.length !== relevance.length) {
    throw new RangeError(
      `Cannot score ${ranks.length} ranks with ${relevance.length} relevances: one of each a relevant file`,
    );
  }
  if (ranks.length === 0) return null;
  const gain = options.gain ?? "linear";
  let sum = 0;
  for (let i = 0; i < ranks.length; i++) {
    const rank = ranks[i]!;
    if (rank >= 1 && rank <= k) sum += gainOf(relevance[i]!, gain) * discount(rank);
  }
  return shareOfIdeal(sum, options.ideal ?? idealDcg(relevance, k, gain));
}

/**
 * DCG over ideal DCG. A perfect ranking summed in another order than its ideal may end an ulp above it, so that is 1.
 *
 * @throws {RangeError} when the DCG exceeds the ideal by more than rounding: the two are not of the same case
 */
export function shareOfIdeal(dcg: number, ideal: number): number {
  const share = dcg / ideal;
  if (share >= 0 && share <= 1) return share;
  if (share > 1 && share < 1 + 1e-12) return 1;
  throw new RangeError(
    `Cannot normalise DCG ${dcg} by ideal ${ideal}: an ideal of the same relevances, cutoff and gain is wanted`,
  );
}
