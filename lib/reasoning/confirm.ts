/** The second hurdle: the selection split, with an interval that many looks cannot fool, and no stratum harmed. */
import { bootstrapMean } from "../metrics/bootstrap.ts";
import { type CaseScore, commitTable } from "../metrics/commits.ts";
import { normalQuantile } from "../metrics/normal.ts";
import type { Estimate } from "../records/evaluation.ts";
import { clusteredMean } from "./effect.ts";
import { estimateOf } from "./race.ts";

/** Options of {@link confirmChange}. */
export interface ConfirmOptions {
  readonly seed: number | string;
  /** names the random stream: the episode */
  readonly stream: string;
  /** one-sided level of this look, as `lookLevel` gives it */
  readonly level: number;
  /** a change must be shown to gain more than this. Default 0 */
  readonly noiseFloor?: number;
  /** default 10,000 */
  readonly resamples?: number;
  /** repositories from which on they are resampled too. Default 10; with fewer, commits alone are */
  readonly repositoriesFrom?: number;
}

/** A stratum and what the change does to it. */
export interface StratumHarm {
  readonly stratum: string;
  readonly mean: number;
  /** one-sided upper 95 % bound */
  readonly high: number;
}

/** What the selection split says. */
export interface Confirmation {
  readonly decision: "accepted" | "lateral" | "rejected";
  /** with the two-sided 95 % interval, for reports */
  readonly estimate: Estimate;
  /** the lower bound that decided, at the look's own level */
  readonly bound: number;
  readonly harmed: readonly StratumHarm[];
  readonly reasons: readonly string[];
}

/** A stratum is harmed when it is worse than this with 95 % confidence. */
export const HARM = -0.01;
/** Commits a stratum needs before anything is said of it. */
const STRATUM_COMMITS = 8;

/**
 * Decides on paired differences (candidate - incumbent) over the selection cases.
 *
 * Accepted: the lower bound at the look's level lies above the noise floor, and no repository and no intent is worse than -0.01 with 95 %
 * confidence. Rejected: harmed, or the upper end of the 95 % interval lies below 0. Lateral: neither.
 * The bound is the lower of two, so that neither few commits nor a far tail makes it too high: the percentile of the bootstrap clustered by
 * commit (and by repository from `repositoriesFrom` on), and the mean less the normal quantile of its standard error over commits.
 * A difference of exactly 0 everywhere is lateral.
 */
export function confirmChange(
  differences: readonly (CaseScore & { readonly intent: string })[],
  options: ConfirmOptions,
): Confirmation {
  const { noiseFloor = 0, resamples = 10_000, repositoriesFrom = 10, level, seed, stream } = options;
  const { mean, se, repoMeans } = clusteredMean(differences);
  const clusters = repoMeans.length >= repositoriesFrom ? "repository" : "commit";
  const common = { seed, resamples, clusters } as const;
  const shown = bootstrapMean(differences, { ...common, stream: `${stream}/interval` });
  const deciding = bootstrapMean(differences, { ...common, stream: `${stream}/bound`, level: 1 - 2 * level });
  const bound = Math.min(deciding.low, mean - normalQuantile(1 - level) * se);
  const estimate: Estimate = {
    ...estimateOf(differences, 0.95),
    low: Math.min(shown.low, mean),
    high: Math.max(shown.high, mean),
  };
  const harmed = harmedStrata(differences);
  const f = (value: number) => `${value >= 0 ? "+" : ""}${value.toFixed(4)}`;
  const found = `${f(mean)} [${f(estimate.low)}, ${
    f(estimate.high)
  }] on ${differences.length} selection cases`;
  const reasons = harmed.map((h) =>
    `${h.stratum} is harmed: ${f(h.mean)}, at most ${f(h.high)} with 95 % confidence.`
  );
  if (bound > noiseFloor && harmed.length === 0) {
    return {
      decision: "accepted",
      estimate,
      bound,
      harmed,
      reasons: [`Confirmed: ${found}; lower bound ${f(bound)} at level ${level.toPrecision(2)}.`],
    };
  }
  if (harmed.length > 0 || estimate.high < 0) {
    return { decision: "rejected", estimate, bound, harmed, reasons: [...reasons, `Turned down: ${found}.`] };
  }
  return {
    decision: "lateral",
    estimate,
    bound,
    harmed,
    reasons: [
      `Not shown to be better: ${found}; lower bound ${f(bound)} at level ${
        level.toPrecision(2)
      }, above ${noiseFloor} is wanted.`,
    ],
  };
}

/**
 * Repositories and intents that are worse than the tolerance with 95 % confidence: mean of their commits plus the upper t bound.
 *
 * The t quantile is the normal one with the first term of its Cornish-Fisher expansion in 1 / (n - 1), within 0.04 of it from 8 commits on.
 */
export function harmedStrata(
  differences: readonly (CaseScore & { readonly intent: string })[],
): StratumHarm[] {
  const strata = [
    ...Map.groupBy(differences, (d) => `repository ${d.repo}`),
    ...Map.groupBy(differences, (d) => `intent ${d.intent}`),
  ].sort(([a], [b]) => a < b ? -1 : 1);
  const z = normalQuantile(0.95);
  return strata.flatMap(([stratum, own]) => {
    const { values } = commitTable(own), n = values.length;
    if (n < STRATUM_COMMITS) return [];
    const mean = values.reduce((a, b) => a + b, 0) / n;
    const se = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (n - 1) / n);
    const high = mean + (z + (z ** 3 + z) / (4 * (n - 1))) * se;
    return high < HARM ? [{ stratum, mean, high }] : [];
  });
}
