/** All@k: whether every relevant file stands among the first k. The "Acc@k" of the issue-localisation literature. */
import { checkCutoff, judgeList, type Judgments, type Ranked } from "./judged.ts";
import { retrievedWithin } from "./precision.ts";

/**
 * All found at k: 1 when every relevant file is among the first k, else 0; so always 0 with more than k relevant files.
 *
 * @param k whole number of at least 1, or Infinity for the whole list
 * @returns 0 or 1; null when no file is relevant
 * @throws {RangeError} for a bad cutoff, a duplicate id, or a relevance out of range
 */
export function allFound(ranked: Ranked, judgments: Judgments, k: number): number | null {
  checkCutoff(k);
  const { relevance, relevant } = judgeList(ranked, judgments);
  if (relevant.length === 0) return null;
  let missing = relevant.length;
  relevance.forEach((value, i) => missing -= value > 0 && i < k ? 1 : 0);
  return missing === 0 ? 1 : 0;
}

/** {@link allFound} from the ranks of the relevant files (1-based, 0 when not retrieved). @throws {RangeError} for a bad cutoff or rank */
export function allFoundFromRanks(ranks: ArrayLike<number>, k: number): number | null {
  checkCutoff(k);
  if (ranks.length === 0) return null;
  return retrievedWithin(ranks, k) === ranks.length ? 1 : 0;
}
