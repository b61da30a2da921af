/** Where relevant files came out, and what nDCG makes of it. */
import { discount } from "../metrics/ndcg.ts";
import { type ArenaCase, CUTOFF } from "./arena.ts";

/** Ranks of the relevant files of every case: case i has ranks[offsets[i] .. offsets[i+1]), in the order of its targets. 1-based. */
export interface TargetRanks {
  readonly offsets: Uint32Array;
  readonly ranks: Uint32Array;
}

const DISCOUNTS = Float64Array.from({ length: CUTOFF + 1 }, (_, rank) => rank === 0 ? 0 : discount(rank));

/**
 * 1-based rank of a file: one more than the candidates before it. Counting stops once the rank exceeds `limit`, which is then returned
 * as limit + 1.
 */
export function rankOf(target: number, scores: Float64Array, seed: number, limit: number): number {
  const own = scores[target]!;
  let rank = 1;
  for (let i = 0; i < target; i++) if (scores[i]! >= own && i !== seed && ++rank > limit) return rank;
  for (let i = target + 1; i < scores.length; i++) {
    if (scores[i]! > own && i !== seed && ++rank > limit) return rank;
  }
  return rank;
}

/** nDCG@10 of a case under scores. */
export function ndcgOf(c: ArenaCase, scores: Float64Array): number {
  let dcg = 0;
  for (let k = 0; k < c.targets.length; k++) {
    const rank = rankOf(c.targets[k]!, scores, c.query.seed, CUTOFF);
    if (rank <= CUTOFF) dcg += c.relevance[k]! * DISCOUNTS[rank]!;
  }
  return dcg / c.ideal;
}

/** Whether a relevant file of rank at most `cutoff` has a score that differs from another's, yet by no more than `blur` of itself. */
export function isClose(c: ArenaCase, scores: Float64Array, blur: number, cutoff: number): boolean {
  const { seed } = c.query;
  return c.targets.some((target) => {
    const own = scores[target]!, high = own * (1 + blur), low = own * (1 - blur);
    let above = 0, close = false;
    for (let i = 0; i < scores.length; i++) {
      const score = scores[i]!;
      if (score < low || i === seed) continue;
      if (score <= high) close ||= score !== own;
      else if (++above >= cutoff) return false;
    }
    return close;
  });
}
