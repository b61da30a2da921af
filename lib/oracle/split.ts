/** Which role a case plays. Time decides inside a repository; whole repositories may be locked away. */
import type { Split } from "../records/case.ts";

/** Shares of a repository's case commits, oldest to newest. Test takes the rest. */
export interface SplitShares {
  /** default 0.5 */
  readonly train: number;
  /** default 0.2 */
  readonly selection: number;
}

export const DEFAULT_SHARES: SplitShares = { train: 0.5, selection: 0.2 };

/** What a repository is for: development repositories are split by time, lockbox repositories are looked at once, at the end. */
export const ROLES = ["development", "lockbox"] as const;
export type Role = typeof ROLES[number];

/**
 * Assigns every case commit its split, whole commits together.
 *
 * @param commits names of a repository's case commits, oldest first, each once
 * @throws {RangeError} when the shares are not in [0, 1] or leave nothing
 */
export function splitCommits(
  commits: readonly string[],
  role: Role,
  shares: SplitShares = DEFAULT_SHARES,
): Map<string, Split> {
  const { train, selection } = shares;
  if (!(train >= 0 && selection >= 0 && train + selection <= 1)) {
    throw new RangeError(
      `Cannot split by train ${train} and selection ${selection}: shares in [0, 1] with a sum of at most 1 are wanted`,
    );
  }
  const trainEnd = Math.round(commits.length * train);
  const selectionEnd = Math.round(commits.length * (train + selection));
  return new Map(commits.map((commit, i): [string, Split] => [
    commit,
    role === "lockbox" ? "lockbox" : i < trainEnd ? "train" : i < selectionEnd ? "selection" : "test",
  ]));
}
