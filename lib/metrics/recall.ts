/** R@k: the share of the relevant files that stand among the first k. */
import { checkCutoff, judgeList, type Judgments, type Ranked } from "./judged.ts";
import { retrievedWithin } from "./precision.ts";

/**
 * Recall at k: relevant files among the first k, divided by all relevant files, retrieved or not.
 *
 * With R > k relevant files it cannot exceed k / R.
 *
 * @param k whole number of at least 1, or Infinity for the whole list
 * @returns a number in [0, 1]; null when no file is relevant
 * @throws {RangeError} for a bad cutoff, a duplicate id, or a relevance out of range
 * Source: trec_eval `recall_k`.
 */
export function recall(ranked: Ranked, judgments: Judgments, k: number): number | null {
  checkCutoff(k);
  const { relevance, relevant } = judgeList(ranked, judgments);
  if (relevant.length === 0) return null;
  return relevance.filter((value, i) => value > 0 && i < k).length / relevant.length;
}

/** {@link recall} from the ranks of the relevant files (1-based, 0 when not retrieved). @throws {RangeError} for a bad cutoff or rank */
export function recallFromRanks(ranks: ArrayLike<number>, k: number): number | null {
  checkCutoff(k);
  return ranks.length === 0 ? null : retrievedWithin(ranks, k) / ranks.length;
}
