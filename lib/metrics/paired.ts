/** Two runs on the same cases: their difference case by case, and how many repositories agree on its sign. */
import { aggregate } from "./aggregate.ts";
import { type CaseScore, describeCase, type WeightOptions } from "./commits.ts";

/**
 * Subtracts a baseline from a treatment case by case: value = treatment - baseline, or null where both are null.
 *
 * Averages are linear, so the macro mean of the differences is the difference of the macro means.
 *
 * @returns one score a case, in the order of the treatment, with the treatment's weight
 * @throws {RangeError} when the two do not hold the same cases, or disagree on which have a value or on a weight: a
 * difference over the cases that happen to be shared would compare two different questions
 */
export function pairedDifferences(
  treatment: readonly CaseScore[],
  baseline: readonly CaseScore[],
): CaseScore[] {
  const others = new Map(baseline.map((score) => [keyOf(score), score]));
  if (others.size !== baseline.length || treatment.length !== baseline.length) {
    throw new RangeError(
      `Cannot pair ${treatment.length} treatment cases with ${baseline.length} baseline cases ` +
        `(${others.size} distinct): both must hold the same cases once`,
    );
  }
  const seen = new Set<string>();
  return treatment.map((score) => {
    const key = keyOf(score), other = others.get(key);
    if (other === undefined) {
      throw new RangeError(
        `Cannot pair ${describeCase(score)}: the baseline does not hold it; score both on the same cases`,
      );
    }
    if (seen.has(key)) {
      throw new RangeError(`Cannot pair ${describeCase(score)}: the treatment holds it twice`);
    }
    seen.add(key);
    if ((score.value === null) !== (other.value === null) || score.weight !== other.weight) {
      throw new RangeError(
        `Cannot pair ${describeCase(score)}: value ${score.value} and weight ${score.weight} meet value ` +
          `${other.value} and weight ${other.weight}; relevance and weight of a case must be the same in both`,
      );
    }
    return { ...score, value: score.value === null ? null : score.value - other.value! };
  });
}

/** Repositories by the sign of their mean difference. */
export interface WinCount {
  readonly wins: number;
  readonly losses: number;
  /** Mean difference exactly 0 */
  readonly ties: number;
}

/** Counts the repositories whose mean difference is above, below and at 0. Repositories without a scored case are left out. */
export function winCount(differences: readonly CaseScore[], options: WeightOptions = {}): WinCount {
  const signs = aggregate(differences, options).repos.flatMap(({ mean }) =>
    mean === null ? [] : [Math.sign(mean)]
  );
  const count = (sign: number) => signs.filter((s) => s === sign).length;
  return { wins: count(1), losses: count(-1), ties: count(0) };
}

function keyOf(score: CaseScore): string {
  return JSON.stringify([score.repo, score.commit, score.case_id]);
}
