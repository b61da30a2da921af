/** Rankings with ties: what is known about the order when several files have the same score. */
import { judgeList, type Judgments } from "./judged.ts";

/** A file and its score; higher is better. */
export interface ScoredFile {
  readonly id: string;
  readonly score: number;
}

/** Files of one score that hold a relevant file among them. */
export interface TieGroup {
  /** Files with a strictly higher score: the group takes ranks above + 1 to above + size */
  readonly above: number;
  /** Files with this score, at least 1 */
  readonly size: number;
  /** Relevances, above 0, of the relevant files in the group; at least one */
  readonly relevance: readonly number[];
}

/** A ranking up to the order inside ties, reduced to what measures read. */
export interface TiedRanking {
  /** Groups that hold a relevant file, best score first */
  readonly groups: readonly TieGroup[];
  /** Relevances, above 0, of all relevant files, retrieved or not */
  readonly relevant: readonly number[];
}

/**
 * Groups scored files by equal score. Scores are compared as doubles, without a tolerance: 0.900000001 and 0.9 differ.
 *
 * @throws {RangeError} for a score that is NaN, an id scored twice, or a relevance out of range
 */
export function tieGroups(files: readonly ScoredFile[], judgments: Judgments): TiedRanking {
  const { relevant } = judgeList(files.map((file) => file.id), judgments);
  for (const { id, score } of files) {
    if (Number.isNaN(score)) {
      throw new RangeError(`Cannot rank ${JSON.stringify(id)}: its score is NaN, a number is wanted`);
    }
  }
  const sorted = files.toSorted((a, b) => a.score === b.score ? 0 : a.score > b.score ? -1 : 1);
  const groups: TieGroup[] = [];
  for (let above = 0; above < sorted.length;) {
    let end = above;
    const relevance: number[] = [];
    for (; end < sorted.length && sorted[end]!.score === sorted[above]!.score; end++) {
      const value = judgments.get(sorted[end]!.id) ?? 0;
      if (value > 0) relevance.push(value);
    }
    // Sorted, so that sums do not depend on the order in which equal scores arrived.
    if (relevance.length > 0) {
      groups.push({ above, size: end - above, relevance: relevance.sort(descending) });
    }
    above = end;
  }
  return { groups, relevant };
}

/**
 * The ranking that knows nothing: all candidates tied. Its expected measures are those of a random order.
 *
 * @param candidates number of ranked files, relevant ones included
 * @param relevance relevances, above 0, of the relevant candidates
 * @throws {RangeError} when candidates is not a whole number or is smaller than the number of relevant files
 */
export function randomRanking(candidates: number, relevance: readonly number[]): TiedRanking {
  if (!Number.isSafeInteger(candidates) || candidates < relevance.length) {
    throw new RangeError(
      `Cannot order ${candidates} candidates at random: a whole number of at least ${relevance.length}, the relevant files, is wanted`,
    );
  }
  if (relevance.length === 0) return { groups: [], relevant: [] };
  return { groups: [{ above: 0, size: candidates, relevance }], relevant: relevance };
}

const descending = (a: number, b: number) => b - a;
