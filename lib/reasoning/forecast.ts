/** What was foretold against what happened: a stated confidence is a claim, its record is evidence. */
import { z } from "zod";
import type { Episode } from "../records/episode.ts";
import type { RecordFile } from "../scratchpad/files.ts";

const count = z.int().min(0);
const sign = z.union([z.literal(1), z.literal(0), z.literal(-1)]);

/** One scored forecast, a line of `forecasts.jsonl`. Its id is its episode's. */
export const ForecastScore = z.object({
  record: z.literal("forecast/1"),
  id: z.string().min(1),
  /** where the outcome was measured */
  basis: z.enum(["selection", "race"]),
  sign_said: sign,
  sign_found: sign,
  delta_said: z.number(),
  delta_found: z.number(),
  /** probability given to the stated sign */
  confidence: z.number().min(0).max(1),
  /** shown cases said to improve, shown cases that improved, and both */
  flips_said: count,
  flips_found: count,
  flips_both: count,
});
export type ForecastScore = z.infer<typeof ForecastScore>;

/** Where a study keeps them. */
export const FORECASTS: RecordFile<ForecastScore> = { name: "forecasts.jsonl", schema: ForecastScore };

/**
 * Scores the forecast of an episode that was measured.
 *
 * @param improved ids of the shown cases whose nDCG@10 the proposal raises
 * @returns undefined when nothing was measured
 */
export function scoreForecast(episode: Episode, improved: ReadonlySet<string>): ForecastScore | undefined {
  const { proposal, measured } = episode;
  const found = measured.selection ?? measured.race;
  if (proposal === null || found === null) return undefined;
  const { forecast } = proposal;
  const said = new Set(forecast.cases_flipped);
  return {
    record: "forecast/1",
    id: episode.id,
    basis: measured.selection ? "selection" : "race",
    sign_said: forecast.sign,
    sign_found: Math.sign(found.mean) as -1 | 0 | 1,
    delta_said: forecast.delta_ndcg,
    delta_found: found.mean,
    confidence: forecast.confidence,
    flips_said: said.size,
    flips_found: improved.size,
    flips_both: [...said].filter((id) => improved.has(id)).length,
  };
}

/** How good a forecaster is. Null where nothing was there to measure it on. */
export interface ForecastRecord {
  readonly n: number;
  /** share of stated signs that came true */
  readonly sign_accuracy: number | null;
  /** mean of (confidence - came true)^2: 0 is perfect, 0.25 is what always saying one half gives */
  readonly brier: number | null;
  /** mean |delta said - delta found| */
  readonly delta_error: number | null;
  /** share of cases said to improve that did; share of those that improved that were said */
  readonly flip_precision: number | null;
  readonly flip_recall: number | null;
  /** reliability: of the forecasts in each tenth of confidence, how many came true */
  readonly bins: readonly {
    readonly low: number;
    readonly n: number;
    readonly confidence: number;
    readonly came_true: number;
  }[];
}

/** Sums up scored forecasts. */
export function forecastRecord(scores: readonly ForecastScore[]): ForecastRecord {
  const n = scores.length;
  const mean = (f: (s: ForecastScore) => number) =>
    n === 0 ? null : scores.reduce((sum, s) => sum + f(s), 0) / n;
  const total = (f: (s: ForecastScore) => number) => scores.reduce((sum, s) => sum + f(s), 0);
  const share = (a: number, b: number) => b === 0 ? null : a / b;
  const hit = (s: ForecastScore) => s.sign_said === s.sign_found ? 1 : 0;
  const bins = Map.groupBy(scores, (s) => Math.min(9, Math.floor(s.confidence * 10)));
  return {
    n,
    sign_accuracy: mean(hit),
    brier: mean((s) => (s.confidence - hit(s)) ** 2),
    delta_error: mean((s) => Math.abs(s.delta_said - s.delta_found)),
    flip_precision: share(total((s) => s.flips_both), total((s) => s.flips_said)),
    flip_recall: share(total((s) => s.flips_both), total((s) => s.flips_found)),
    bins: [...bins].sort(([a], [b]) => a - b).map(([bin, own]) => ({
      low: bin / 10,
      n: own.length,
      confidence: own.reduce((sum, s) => sum + s.confidence, 0) / own.length,
      came_true: own.reduce((sum, s) => sum + hit(s), 0) / own.length,
    })),
  };
}

/** Forecasts that the prior of {@link calibrate} counts for. */
const PRIOR = 4;

/**
 * The confidence and size to report instead of the stated ones, from the forecasts scored before.
 *
 * Confidence: (hits + 4 x 0.5) / (n + 4) over forecasts whose stated confidence was within 0.15, so that a forecaster without a record is a
 * coin. Size: the stated delta times the slope through the origin of found on said, shrunk towards 0 by a ridge of the same
 * four pseudo-forecasts at the mean square said.
 */
export function calibrate(
  stated: { readonly delta_ndcg: number; readonly confidence: number },
  before: readonly ForecastScore[],
): { readonly confidence: number; readonly delta_ndcg: number } {
  const near = before.filter((s) => Math.abs(s.confidence - stated.confidence) <= 0.15);
  const hits = near.filter((s) => s.sign_said === s.sign_found).length;
  const square = before.reduce((sum, s) => sum + s.delta_said ** 2, 0);
  const cross = before.reduce((sum, s) => sum + s.delta_said * s.delta_found, 0);
  const ridge = before.length === 0 ? 0 : PRIOR * square / before.length;
  const slope = square === 0 ? 0 : cross / (square + ridge);
  return { confidence: (hits + PRIOR / 2) / (near.length + PRIOR), delta_ndcg: stated.delta_ndcg * slope };
}
