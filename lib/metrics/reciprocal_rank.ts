/** RR: one over the rank of the first relevant file. Its mean is MRR. */
import { checkCutoff, checkRanks, judgeList, type Judgments, type Ranked } from "./judged.ts";

/**
 * Reciprocal rank of a ranked list: 1 / rank of the first relevant file, 0 when none is retrieved.
 *
 * Reads the whole list unless a cutoff is given (then it is RR@k: 0 when the first relevant file stands below rank k).
 *
 * @param k whole number of at least 1; default Infinity
 * @returns a number in [0, 1]; null when no file is relevant
 * @throws {RangeError} for a bad cutoff, a duplicate id, or a relevance out of range
 * Source: trec_eval `recip_rank`.
 */
export function reciprocalRank(ranked: Ranked, judgments: Judgments, k = Infinity): number | null {
  checkCutoff(k);
  const { relevance, relevant } = judgeList(ranked, judgments);
  if (relevant.length === 0) return null;
  const first = relevance.findIndex((value) => value > 0) + 1;
  return first >= 1 && first <= k ? 1 / first : 0;
}

/** {@link reciprocalRank} from the ranks of the relevant files (1-based, 0 when not retrieved). @throws {RangeError} for a bad cutoff or rank */
export function reciprocalRankFromRanks(ranks: ArrayLike<number>, k = Infinity): number | null {
  checkCutoff(k);
  checkRanks(ranks);
  if (ranks.length === 0) return null;
  let first = Infinity;
  for (let i = 0; i < ranks.length; i++) {
    const rank = ranks[i]!;
    if (rank >= 1 && rank < first) first = rank;
  }
  return first <= k ? 1 / first : 0;
}
