/** Hit@k: whether any relevant file stands among the first k. Literature also calls it Acc@k, which is ambiguous. */
import { checkCutoff, judgeList, type Judgments, type Ranked } from "./judged.ts";
import { retrievedWithin } from "./precision.ts";

/**
 * Hit at k: 1 when at least one of the first k files is relevant, else 0. All@k asks for all of them.
 *
 * @param k whole number of at least 1, or Infinity for the whole list
 * @returns 0 or 1; null when no file is relevant
 * @throws {RangeError} for a bad cutoff, a duplicate id, or a relevance out of range
 * Source: trec_eval `success_k`.
 */
export function hit(ranked: Ranked, judgments: Judgments, k: number): number | null {
  checkCutoff(k);
  const { relevance, relevant } = judgeList(ranked, judgments);
  if (relevant.length === 0) return null;
  return relevance.some((value, i) => value > 0 && i < k) ? 1 : 0;
}

/** {@link hit} from the ranks of the relevant files (1-based, 0 when not retrieved). @throws {RangeError} for a bad cutoff or rank */
export function hitFromRanks(ranks: ArrayLike<number>, k: number): number | null {
  checkCutoff(k);
  if (ranks.length === 0) return null;
  return retrievedWithin(ranks, k) > 0 ? 1 : 0;
}
