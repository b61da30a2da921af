/** `scratchpad.json` in the spec's exact shape, as ripmap's own code would write it. Derived; never read back as truth. */
import { z } from "zod";
import { PointValues } from "./evaluation.ts";

const texts = z.array(z.string());

/** The spec's RankingFailure: eight fields and no more. */
export const SpecFailure = z.strictObject({
  query: z.string(),
  seed_file: z.string(),
  expected_top: texts,
  actual_top: texts,
  ndcg: z.number(),
  commit_context: z.string(),
  repo_name: z.string(),
  repo_file_count: z.int(),
});
export type SpecFailure = z.infer<typeof SpecFailure>;

/** The spec's ReasoningEpisode. A change is (direction, magnitude, rationale) under its parameter's name. */
export const SpecEpisode = z.strictObject({
  failures: z.array(SpecFailure),
  params: PointValues,
  reasoning: z.string(),
  proposed_changes: z.record(z.string(), z.tuple([z.string(), z.string(), z.string()])),
  structural_insights: texts,
  confidence: z.number(),
});
export type SpecEpisode = z.infer<typeof SpecEpisode>;

/** What distillation adds: named points with their description, conditional adjustments, warnings. */
export const Distilled = z.strictObject({
  presets: z.record(z.string(), z.tuple([PointValues, z.string()])),
  heuristics: texts,
  warnings: texts,
});
export type Distilled = z.infer<typeof Distilled>;

/** The spec's Scratchpad. */
export const Scratchpad = z.strictObject({
  episodes: z.array(SpecEpisode),
  param_interactions: texts,
  failure_patterns: texts,
  success_patterns: texts,
  structural_proposals: texts,
  ...Distilled.shape,
});
export type Scratchpad = z.infer<typeof Scratchpad>;
