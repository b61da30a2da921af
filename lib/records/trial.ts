/** Trials: what a search arm asked for, what came of it and what had been spent by then. */
import { z } from "zod";
import { SPLITS } from "./case.ts";
import { PointValues } from "./evaluation.ts";

const text = z.string().min(1);
const count = z.int().min(0);

/** Everything a study pays with, counted by one evaluator. */
export const Spend = z.strictObject({
  /** Distinct questions this arm has had answered: a point under a formula on a case set */
  theta_evaluations: count,
  /** Cases scored for those questions */
  case_evaluations: count,
  /** Those questions that were put to any split but train */
  selection_queries: count,
  model_calls: count,
  tokens: count,
  cost_usd: z.number().min(0),
  /** By the clock that was handed in */
  seconds: z.number().min(0),
});
export type Spend = z.infer<typeof Spend>;

/** Names of what can be spent and limited. */
export const RESOURCES = Object.keys(Spend.shape) as (keyof Spend)[];
export type Resource = keyof Spend;

/**
 * Who chose a point: "default" is trial 0 of every arm; "sampler" the arm's own method; "injected" a proposer whose point the
 * sampler learns of as an observation only.
 */
export const TRIAL_ORIGINS = ["default", "sampler", "injected"] as const;
export type TrialOrigin = typeof TRIAL_ORIGINS[number];

/**
 * One trial, a line of `trials.jsonl`. Scores are maximised.
 *
 * A failed trial keeps its number, its cost and its reason; a failed one without a point is a proposer's turn that gave nothing
 * usable. `spent` is the arm's total after this trial, so a curve over any resource needs no other file.
 */
export const Trial = z.object({
  record: z.literal("trial/1"),
  study: text,
  arm: text,
  sampler: text,
  seed: z.int(),
  /** From 0, without gaps; 0 is the default */
  number: count,
  origin: z.enum(TRIAL_ORIGINS),
  point: PointValues.nullable(),
  status: z.enum(["complete", "failed"]),
  value: z.number().nullable(),
  /** Why it failed, in words; null when it did not */
  error: text.nullable(),
  formula_hash: text,
  split: z.enum(SPLITS),
  case_set_hash: text,
  /** Cases scored for this trial as charged, 0 for one without an answer */
  case_evaluations: count,
  spent: Spend,
}).superRefine((t, ctx) => {
  const say = (field: string, message: string) => ctx.addIssue({ code: "custom", path: [field], message });
  const complete = t.status === "complete";
  if (complete !== (t.value !== null)) say("value", "a number when complete, null when failed");
  if (complete !== (t.error === null)) say("error", "null when complete, a reason when failed");
  if (complete && t.point === null) say("point", "a complete trial has a point");
  if ((t.number === 0) !== (t.origin === "default")) say("origin", "trial 0, and no other, is the default");
});
export type Trial = z.infer<typeof Trial>;
