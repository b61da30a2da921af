/** Overtuning: how much of a gain is choice. Numbers in, numbers out; whoever may see held-out cases measures them elsewhere. */
import { randomStream } from "../base/random.ts";
import { type CaseScore, commitTable } from "../metrics/commits.ts";
import { normalCdf, normalDensity } from "../metrics/normal.ts";
import { clusteredMean } from "./effect.ts";

/** What the meter reads. Differences are shipped minus default, case by case. */
export interface OvertuningInput {
  /** on the cases the change was chosen by */
  readonly selection: readonly CaseScore[];
  /** on cases nothing was chosen by */
  readonly heldOut: readonly CaseScore[];
  /** candidates compared on the selection cases */
  readonly looks: number;
  readonly seed: number | string;
  /** default 10,000 */
  readonly resamples?: number;
}

/** What it shows. */
export interface Overtuning {
  readonly selection_gain: number;
  readonly held_out_gain: number;
  /** selection gain less held-out gain: what choosing made of noise, and what differs between the two sets of cases */
  readonly optimism: number;
  /** gain that the best of as many null candidates would show on the selection cases */
  readonly null_gain: number;
  /** share of bootstrap resamples of held-out commits in which the shipped point is worse than the default */
  readonly chance_worse: number;
}

/**
 * Reads the meter.
 *
 * @throws {RangeError} for no cases on either side, or looks below 0
 */
export function overtuning(input: OvertuningInput): Overtuning {
  const { selection, heldOut, looks, seed, resamples = 10_000 } = input;
  if (selection.length === 0 || heldOut.length === 0) {
    throw new RangeError(
      `Cannot measure overtuning on ${selection.length} selection and ${heldOut.length} held-out cases: some of both are wanted`,
    );
  }
  const chosen = clusteredMean(selection), kept = clusteredMean(heldOut);
  return {
    selection_gain: chosen.mean,
    held_out_gain: kept.mean,
    optimism: chosen.mean - kept.mean,
    null_gain: chosen.se * expectedMaximum(looks),
    chance_worse: chanceBelowZero(heldOut, seed, resamples),
  };
}

/**
 * Expected largest of k independent standard normals: 0 for k = 0 and 1, 0.564 for 2, 1.163 for 5, 1.867 for 20.
 *
 * Integrates x k phi(x) Phi(x)^(k-1) over [-9, 9] by the trapezoid rule, to about 1e-9.
 * @throws {RangeError} unless k is a natural number
 */
export function expectedMaximum(k: number): number {
  if (!Number.isInteger(k) || k < 0) {
    throw new RangeError(`Cannot take the largest of ${k} candidates: a whole number from 0 is wanted`);
  }
  if (k < 2) return 0;
  const step = 1 / 128;
  let sum = 0;
  for (let x = -9; x <= 9; x += step) sum += x * k * normalDensity(x) * normalCdf(x) ** (k - 1);
  return sum * step;
}

/** Share of resamples, commits drawn with replacement within each repository, whose macro mean is below 0. */
function chanceBelowZero(
  differences: readonly CaseScore[],
  seed: number | string,
  resamples: number,
): number {
  const { starts, values, repos } = commitTable(differences);
  const random = randomStream(seed, "reasoning/overtuning");
  let below = 0;
  for (let b = 0; b < resamples; b++) {
    let total = 0;
    for (let r = 0; r < repos.length; r++) {
      const from = starts[r]!, n = starts[r + 1]! - from;
      let sum = 0;
      for (let j = 0; j < n; j++) sum += values[from + Math.floor(random() * n)]!;
      total += sum / n;
    }
    if (total < 0) below++;
  }
  return below / resamples;
}
