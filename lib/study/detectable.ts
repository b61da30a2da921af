/** What a table's cases can tell from chance. */
import { type CaseScore, commitTable } from "../metrics/commits.ts";
import { minimalDetectableDifference } from "../metrics/power.ts";

/**
 * Smallest difference of two macro means that these commits find with 80 % power at 5 %, from the spread of paired differences.
 *
 * The mean in question is over repositories, so its variance is the mean of theirs, each divided by its own commits: many commits of one
 * repository do not make up for few of another. The spread is pooled within repositories, since one may have a single commit.
 *
 * @param differences cases of two rankers that are really unlike, made by `pairedDifferences`
 * @returns nDCG difference above 0; null when no repository has two commits, or when nothing differs within any
 */
export function detectableDifference(differences: readonly CaseScore[]): number | null {
  const { starts, values } = commitTable(differences);
  const nRepos = starts.length - 1;
  let squares = 0, freedom = 0, inverse = 0;
  for (let r = 0; r < nRepos; r++) {
    const own = values.subarray(starts[r]!, starts[r + 1]!);
    const mean = own.reduce((sum, x) => sum + x, 0) / own.length;
    squares += own.reduce((sum, x) => sum + (x - mean) ** 2, 0);
    freedom += own.length - 1;
    inverse += 1 / own.length;
  }
  if (freedom === 0 || squares === 0) return null;
  // As many commits, in one repository, would leave the mean as uncertain as these do.
  const effective = nRepos ** 2 / inverse;
  return minimalDetectableDifference(effective, { sd: Math.sqrt(squares / freedom) });
}
