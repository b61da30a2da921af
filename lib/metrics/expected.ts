/**
 * Expected measures under ties: the mean over every order of the files that share a score, in closed form.
 *
 * A ranker that gives equal scores has not chosen an order; a fixed tie-break would score luck. With all files tied
 * ({@link randomRanking}) these are the exact values of the random baseline. All return null when no file is relevant.
 * Source: McSherry & Najork, "Computing information retrieval performance measures efficiently in the presence of tied
 * scores", ECIR 2008, from which the forms for nDCG, RR, P, R and AP follow; Hit and All are hypergeometric.
 */
import { checkCutoff, checkFiniteCutoff } from "./judged.ts";
import { discount, gainOf, idealDcg, type NdcgOptions, shareOfIdeal } from "./ndcg.ts";
import type { TiedRanking, TieGroup } from "./ties.ts";

/** Expected nDCG@k, in [0, 1]: each place of a group holds the group's mean gain. @throws {RangeError} as `ndcg` does */
export function expectedNdcg(ranking: TiedRanking, k: number, options: NdcgOptions = {}): number | null {
  const gain = options.gain ?? "linear";
  const ideal = idealDcg(ranking.relevant, k, gain);
  if (ranking.relevant.length === 0) return null;
  let sum = 0;
  for (const group of ranking.groups) {
    let total = 0, places = 0;
    for (const value of group.relevance) total += gainOf(value, gain);
    for (let rank = group.above + 1; rank <= Math.min(group.above + group.size, k); rank++) {
      places += discount(rank);
    }
    sum += total / group.size * places;
  }
  return shareOfIdeal(sum, ideal);
}

/**
 * Expected reciprocal rank, in [0, 1]; 0 beyond rank k. Only the first group with a relevant file matters.
 *
 * In a group of n with r relevant, the first relevant place is t with probability C(n - t, r - 1) / C(n, r).
 * @throws {RangeError} for a bad cutoff
 */
export function expectedReciprocalRank(ranking: TiedRanking, k = Infinity): number | null {
  checkCutoff(k);
  if (ranking.relevant.length === 0) return null;
  const group = ranking.groups[0];
  if (group === undefined) return 0;
  const n = group.size, r = group.relevance.length;
  let sum = 0, noneBefore = 1;
  for (let t = 1; t <= n - r + 1 && group.above + t <= k; t++) {
    const relevantHere = r / (n - t + 1);
    sum += noneBefore * relevantHere / (group.above + t);
    noneBefore *= 1 - relevantHere;
  }
  return sum;
}

/** Expected P@k, in [0, 1]. @throws {RangeError} for a cutoff that is not a whole number of at least 1 */
export function expectedPrecision(ranking: TiedRanking, k: number): number | null {
  checkFiniteCutoff(k);
  return ranking.relevant.length === 0 ? null : expectedRetrieved(ranking, k) / k;
}

/** Expected R@k, in [0, 1]. @throws {RangeError} for a bad cutoff */
export function expectedRecall(ranking: TiedRanking, k: number): number | null {
  checkCutoff(k);
  return ranking.relevant.length === 0 ? null : expectedRetrieved(ranking, k) / ranking.relevant.length;
}

/** Expected AP, in [0, 1]; ranks beyond k add nothing and the divisor stays R. @throws {RangeError} for a bad cutoff */
export function expectedAveragePrecision(ranking: TiedRanking, k = Infinity): number | null {
  checkCutoff(k);
  if (ranking.relevant.length === 0) return null;
  let sum = 0, before = 0;
  for (const { above, size, relevance } of ranking.groups) {
    const r = relevance.length;
    // Given a relevant file at a place, each earlier place of the group holds one of the r - 1 others this often:
    const density = size > 1 ? (r - 1) / (size - 1) : 0;
    for (let t = 1; t <= size && above + t <= k; t++) {
      sum += r / size * (1 + before + (t - 1) * density) / (above + t);
    }
    before += r;
  }
  return sum / ranking.relevant.length;
}

/** Expected Hit@k: the chance, in [0, 1], that any relevant file is within k. @throws {RangeError} for a bad cutoff */
export function expectedHit(ranking: TiedRanking, k: number): number | null {
  checkCutoff(k);
  if (ranking.relevant.length === 0) return null;
  let none = 1;
  for (const group of ranking.groups) {
    const places = placesWithin(group, k);
    group.relevance.forEach((_, i) => none *= Math.max(0, group.size - places - i) / (group.size - i));
  }
  return 1 - none;
}

/** Expected All@k: the chance, in [0, 1], that every relevant file is within k. @throws {RangeError} for a bad cutoff */
export function expectedAllFound(ranking: TiedRanking, k: number): number | null {
  checkCutoff(k);
  if (ranking.relevant.length === 0) return null;
  const retrieved = ranking.groups.reduce((sum, group) => sum + group.relevance.length, 0);
  if (retrieved < ranking.relevant.length) return 0;
  let all = 1;
  for (const group of ranking.groups) {
    const places = placesWithin(group, k);
    group.relevance.forEach((_, i) => all *= Math.max(0, places - i) / (group.size - i));
  }
  return all;
}

function expectedRetrieved(ranking: TiedRanking, k: number): number {
  return ranking.groups.reduce(
    (sum, group) => sum + group.relevance.length * placesWithin(group, k) / group.size,
    0,
  );
}

/** How many of a group's places lie within rank k. */
function placesWithin(group: TieGroup, k: number): number {
  return Math.max(0, Math.min(group.size, k - group.above));
}
