/** What every measure reads: a ranked list and its judgments, or the ranks of the relevant files alone. */

/** File ids, best first. Ranks are positions counted from 1; an id may stand only once. */
export type Ranked = readonly string[];

/**
 * Relevance by file id: above 0 is relevant, 0 is judged and not relevant, absent is unjudged and not relevant.
 * Relevant files that the ranking left out still count in every denominator and in the ideal.
 */
export type Judgments = ReadonlyMap<string, number>;

/** A ranked list seen through its judgments. */
export interface JudgedList {
  /** relevance[i] is the relevance of the file at rank i + 1; 0 when it is not relevant */
  readonly relevance: Float64Array;
  /** Relevances of all relevant files, retrieved or not, in the order of the judgments */
  readonly relevant: readonly number[];
}

/** Where the relevant files of one case stand: all that a measure needs, and all that is worth storing of a run. */
export interface RelevantRanks {
  /** 1-based rank of each relevant file, 0 when it was not retrieved */
  readonly ranks: readonly number[];
  /** Relevance of each relevant file, above 0, parallel to `ranks` */
  readonly relevance: readonly number[];
}

/**
 * Looks up each ranked file's relevance.
 *
 * @throws {RangeError} for an id ranked twice, or a relevance that is negative or not finite
 */
export function judgeList(ranked: Ranked, judgments: Judgments): JudgedList {
  const relevant: number[] = [];
  for (const [id, value] of judgments) {
    if (!(value >= 0 && value < Infinity)) {
      throw new RangeError(
        `Cannot judge ${
          JSON.stringify(id)
        }: its relevance is ${value}, a finite number of at least 0 is wanted`,
      );
    }
    if (value > 0) relevant.push(value);
  }
  checkDistinct(ranked);
  return { relevance: Float64Array.from(ranked, (id) => judgments.get(id) ?? 0), relevant };
}

/**
 * Reduces a ranked list to the ranks of its relevant files, in the order of the judgments.
 *
 * @throws {RangeError} as {@link judgeList} does
 */
export function ranksOfRelevant(ranked: Ranked, judgments: Judgments): RelevantRanks {
  judgeList(ranked, judgments);
  const rankOf = new Map(ranked.map((id, i) => [id, i + 1]));
  const found = [...judgments].filter(([, value]) => value > 0);
  return { ranks: found.map(([id]) => rankOf.get(id) ?? 0), relevance: found.map(([, value]) => value) };
}

function checkDistinct(ranked: Ranked): void {
  const seen = new Map<string, number>();
  ranked.forEach((id, i) => {
    const first = seen.get(id);
    if (first !== undefined) {
      throw new RangeError(
        `Cannot score a ranking that holds ${JSON.stringify(id)} twice, at ranks ${first} and ${
          i + 1
        }: rank every file once`,
      );
    }
    seen.set(id, i + 1);
  });
}

/**
 * Checks the ranks of relevant files: whole numbers, 0 for "not retrieved", no rank taken twice.
 *
 * 0 and not +Infinity stands for "not retrieved", so that ranks fit integer arrays and JSON.
 * The pairwise search beats a set here: a case has about ten relevant files and this runs in the inner loop of a search.
 * @throws {RangeError} naming the rank
 */
export function checkRanks(ranks: ArrayLike<number>): void {
  for (let i = 0; i < ranks.length; i++) {
    const rank = ranks[i]!;
    if (!(Number.isSafeInteger(rank) && rank >= 0)) {
      throw new RangeError(
        `Cannot score rank ${rank} of relevant file ${i}: a whole number from 1 is wanted, or 0 when it was not retrieved`,
      );
    }
    if (rank === 0) continue;
    for (let j = 0; j < i; j++) {
      if (ranks[j] === rank) {
        throw new RangeError(
          `Cannot score two relevant files (${j} and ${i}) at the same rank ${rank}: ranks are distinct`,
        );
      }
    }
  }
}

/** Checks a cutoff: a whole number of at least 1, or Infinity for the whole list. @throws {RangeError} naming the value */
export function checkCutoff(k: number): void {
  if (k !== Infinity && !(Number.isSafeInteger(k) && k >= 1)) {
    throw new RangeError(
      `Cannot cut a ranking at k = ${k}: a whole number of at least 1 is wanted, or Infinity`,
    );
  }
}

/** Checks a cutoff that is also a divisor, as {@link checkCutoff} does but without Infinity. @throws {RangeError} */
export function checkFiniteCutoff(k: number): void {
  checkCutoff(k);
  if (k === Infinity) {
    throw new RangeError("Cannot divide by k = Infinity: precision needs a whole number of at least 1");
  }
}
