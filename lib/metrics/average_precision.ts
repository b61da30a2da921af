/** AP: precision averaged over the ranks of the relevant files. Its mean is MAP. */
import { checkCutoff, checkRanks, judgeList, type Judgments, type Ranked } from "./judged.ts";

/**
 * Average precision of a ranked list: the sum of precision at the rank of each retrieved relevant file, divided by the
 * number R of all relevant files.
 *
 * A relevant file that was not retrieved adds 0. With a cutoff (AP@k) only ranks 1 to k add, and the divisor stays R;
 * dividing by k or by min(k, R) are other measures that go by the same name.
 *
 * @param k whole number of at least 1; default Infinity
 * @returns a number in [0, 1]; null when no file is relevant
 * @throws {RangeError} for a bad cutoff, a duplicate id, or a relevance out of range
 * Source: trec_eval `map` (and `map_cut_k` under a cutoff).
 */
export function averagePrecision(ranked: Ranked, judgments: Judgments, k = Infinity): number | null {
  checkCutoff(k);
  const { relevance, relevant } = judgeList(ranked, judgments);
  if (relevant.length === 0) return null;
  let found = 0, sum = 0;
  relevance.forEach((value, i) => {
    if (value > 0 && i < k) sum += ++found / (i + 1);
  });
  return sum / relevant.length;
}

/** {@link averagePrecision} from the ranks of the relevant files (1-based, 0 when not retrieved). @throws {RangeError} for a bad cutoff or rank */
export function averagePrecisionFromRanks(ranks: ArrayLike<number>, k = Infinity): number | null {
  checkCutoff(k);
  checkRanks(ranks);
  if (ranks.length === 0) return null;
  const ascending = Float64Array.from(ranks).sort();
  let found = 0, sum = 0;
  for (const rank of ascending) if (rank >= 1 && rank <= k) sum += ++found / rank;
  return sum / ranks.length;
}
