/** The first hurdle: fresh train cases, block by block, until the change has clearly lost, clearly won, or the cases run out. */
import type { Estimate } from "../records/evaluation.ts";
import { normalQuantile } from "../metrics/normal.ts";
import type { CaseScore } from "../metrics/commits.ts";
import { clusteredMean } from "./effect.ts";

/** Options of {@link runRace}. */
export interface RaceOptions {
  /** most cases scored. Default 320 */
  readonly cases?: number;
  /** blocks before the race may stop. Default 2 */
  readonly atLeast?: number;
}

/** How a race ended. "lost" and "idle" ask the selection split nothing. */
export interface RaceResult {
  readonly outcome: "won" | "lost" | "idle";
  readonly estimate: Estimate;
  /** cases of the blocks scored, one ranking each */
  readonly cases: number;
  readonly reason: string;
}

/** One-sided levels of the bounds that end a race early: a loser goes at 90 %, a winner at 99 %. */
const LOSES = 0.9, WINS = 0.99;

/**
 * Races a change against the incumbent.
 *
 * After each block the macro mean of the paired differences is looked at with its standard error over commits. The change has lost as soon as
 * its one-sided upper 90 % bound is below 0, and won as soon as the lower 99 % bound is above 0; at the end it has won when its mean is
 * above 0. Looking often makes losing easier, never winning the study: only the selection split accepts.
 *
 * @param blocks paired differences (candidate - incumbent) of one block of fresh cases at a time
 * @throws {RangeError} when there is no block
 */
export function runRace(blocks: Iterable<readonly CaseScore[]>, options: RaceOptions = {}): RaceResult {
  const { cases: most = 320, atLeast = 2 } = options;
  const seen: CaseScore[] = [];
  let n = 0, early: "won" | "lost" | undefined;
  for (const block of blocks) {
    seen.push(...block);
    n++;
    if (n >= atLeast) {
      const { mean, se } = clusteredMean(seen);
      if (mean + normalQuantile(LOSES) * se < 0) early = "lost";
      else if (mean - normalQuantile(WINS) * se > 0) early = "won";
    }
    if (early !== undefined || seen.length >= most) break;
  }
  if (n === 0) {
    throw new RangeError("Cannot race on no cases: at least one block of fresh train cases is wanted");
  }
  const estimate = estimateOf(seen, 0.9);
  const { mean, low, high } = estimate;
  const outcome = early ?? (mean > 0 ? "won" : mean < 0 ? "lost" : "idle");
  const shown = `${format(mean)} [${format(low)}, ${format(high)}] on ${seen.length} fresh train cases`;
  const reason = outcome === "won"
    ? `The race was won: ${shown}.`
    : outcome === "lost"
    ? `The race was lost: ${shown}.`
    : `The race changed no score on ${seen.length} fresh train cases.`;
  return { outcome, estimate, cases: seen.length, reason };
}

const format = (value: number) => `${value >= 0 ? "+" : ""}${value.toFixed(4)}`;

/** Macro mean of differences with the normal interval of its standard error over commits. */
export function estimateOf(differences: readonly CaseScore[], level: number): Estimate {
  const { mean, se, repoMeans, n_commits } = clusteredMean(differences);
  const reach = normalQuantile((1 + level) / 2) * se;
  return {
    metric: "ndcg@10",
    mean,
    low: mean - reach,
    high: mean + reach,
    level,
    n_cases: differences.length,
    n_commits,
    n_repos: repoMeans.length,
  };
}
