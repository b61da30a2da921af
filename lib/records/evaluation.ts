/** How well one ranker did on one set of cases: means with intervals and counts. */
import { z } from "zod";
import { contentHash } from "../base/canonical.ts";
import { SPLITS } from "./case.ts";

/** One finite value a parameter name: a point as it stands on disk. Bounds are the search space's business. */
export const PointValues: z.ZodType<Record<string, number>> = z.record(z.string().min(1), z.number());

/** Natural number, zero included. */
const count = z.int().min(0);

/**
 * A mean with its interval, for a metric or for a paired difference of one.
 *
 * `low` and `high` enclose the mean with probability `level` under the estimator's resampling. The three counts say what
 * stands behind it: cases, the commits they come from, the repositories those come from.
 */
export const Estimate = z.object({
  /** What was averaged, with its cutoff: "ndcg@10", "mrr" */
  metric: z.string().min(1),
  mean: z.number(),
  low: z.number(),
  high: z.number(),
  /** Coverage of the interval, in (0, 1); 0.95 in reports */
  level: z.number().gt(0).lt(1),
  n_cases: count,
  n_commits: count,
  n_repos: count,
}).refine((e) => e.low <= e.high, {
  path: ["low"],
  error: "the lower bound must not exceed the upper bound",
});
export type Estimate = z.infer<typeof Estimate>;

/** One evaluation of one ranker at one point on one case set: a line of `evaluations.jsonl`. */
export const Evaluation = z.object({
  record: z.literal("evaluation/1"),
  /** As {@link evaluationId} gives it, so that the same evaluation has the same id whenever it is made */
  id: z.string().min(1),
  study: z.string().min(1),
  /** "formula" for the ranker under study, otherwise the name of a baseline ("random", "bm25_paths") */
  ranker: z.string().min(1),
  /** Content hash of the formula document; null for a baseline */
  formula_hash: z.string().min(1).nullable(),
  /** Content hash of `params`; null for a baseline */
  point_hash: z.string().min(1).nullable(),
  /** The point itself; null for a baseline */
  params: PointValues.nullable(),
  split: z.enum(SPLITS),
  /** Content hash of the sorted case ids: which cases, beyond which split */
  case_set_hash: z.string().min(1),
  n_cases: count,
  /** Cases that could not be scored; they are counted here and in no mean */
  n_errors: count,
  metrics: z.array(Estimate),
}).refine((e) => (e.params === null) === (e.point_hash === null), {
  path: ["point_hash"],
  error: "params and point_hash stand together or are both null",
});
export type Evaluation = z.infer<typeof Evaluation>;

/** What makes two evaluations the same one. The split is part of it: a cached train score can never answer for test. */
export type EvaluationKey = Pick<
  Evaluation,
  "ranker" | "formula_hash" | "point_hash" | "split" | "case_set_hash"
>;

/** Id of an evaluation: "v-" and 16 hexadecimal digits of the hash of its key. */
export function evaluationId(key: EvaluationKey): string {
  const { ranker, formula_hash, point_hash, split, case_set_hash } = key;
  return "v-" + contentHash({ ranker, formula_hash, point_hash, split, case_set_hash }).slice(0, 16);
}
