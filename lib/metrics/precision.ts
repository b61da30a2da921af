/** P@k: the share of the first k places that hold a relevant file. */
import { checkFiniteCutoff, checkRanks, judgeList, type Judgments, type Ranked } from "./judged.ts";

/**
 * Precision at k: relevant files among the first k, divided by k.
 *
 * Always divides by k, even when fewer files were ranked or fewer are relevant; so with R < k relevant files it cannot
 * exceed R / k.
 *
 * @param k whole number of at least 1
 * @returns a number in [0, 1]; null when no file is relevant
 * @throws {RangeError} for a bad cutoff, a duplicate id, or a relevance out of range
 * Source: trec_eval `P_k`.
 */
export function precision(ranked: Ranked, judgments: Judgments, k: number): number | null {
  checkFiniteCutoff(k);
  const { relevance, relevant } = judgeList(ranked, judgments);
  if (relevant.length === 0) return null;
  return relevance.subarray(0, k).filter((value) => value > 0).length / k;
}

/** {@link precision} from the ranks of the relevant files (1-based, 0 when not retrieved). @throws {RangeError} for a bad cutoff or rank */
export function precisionFromRanks(ranks: ArrayLike<number>, k: number): number | null {
  checkFiniteCutoff(k);
  return ranks.length === 0 ? null : retrievedWithin(ranks, k) / k;
}

/** How many relevant files stand at ranks 1 to k. @throws {RangeError} for a bad rank */
export function retrievedWithin(ranks: ArrayLike<number>, k: number): number {
  checkRanks(ranks);
  let count = 0;
  for (let i = 0; i < ranks.length; i++) if (ranks[i]! >= 1 && ranks[i]! <= k) count++;
  return count;
}
