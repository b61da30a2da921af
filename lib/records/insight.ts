/** What happened to a claim of the scratchpad: made, met again, tested, reworded, replaced, withdrawn. Events, never states. */
import { z } from "zod";
import { contentHash } from "../base/canonical.ts";
import { Estimate } from "./evaluation.ts";

export const INSIGHT_KINDS = [
  "interaction",
  "failure_pattern",
  "success_pattern",
  "structural_proposal",
] as const;
export type InsightKind = typeof INSIGHT_KINDS[number];

/** What one test said about a claim. Undetermined: its interval leaves both possible. */
export const VERDICTS = ["supported", "refuted", "undetermined"] as const;
export type Verdict = typeof VERDICTS[number];

/** Where all tests of a claim leave it. */
export const INSIGHT_STATUSES = ["untested", ...VERDICTS] as const;
export type InsightStatus = typeof INSIGHT_STATUSES[number];

const text = z.string().min(1);
const natural = z.int().min(0);

/** Fields of every event. */
const common = {
  record: z.literal("insight/1"),
  /** As {@link insightEvent} gives it: equal events have equal ids */
  id: text,
  study: text,
  /** Id of the insight it happened to */
  insight: text,
  /** Id of the episode that commits it; null for one that stands by itself (a seeded claim, a later test) */
  episode: text.nullable(),
  /** Logical time: index of that episode, or, with `episode` null, how many episodes had been committed */
  episode_index: natural,
  /** Place among the events with the same logical time, from 0 */
  order: natural,
};

/** A test: which trial or hypothesis, what it found, how sure. */
export const InsightTest = z.object({
  /** What kind of record `id` names */
  by: z.enum(["trial", "hypothesis", "episode"]),
  id: text,
  verdict: z.enum(VERDICTS),
  /** The measured effect with its interval and counts */
  effect: Estimate,
});
export type InsightTest = z.infer<typeof InsightTest>;

/** One event, a line of `insights.jsonl`. */
export const Insight = z.discriminatedUnion("event", [
  z.object({
    ...common,
    event: z.literal("created"),
    kind: z.enum(INSIGHT_KINDS),
    text,
    /** Parameters it speaks of, sorted */
    params: z.array(text),
    /** Who made the claim */
    source: z.enum(["reasoner", "seed", "hypothesis", "distillation", "person"]),
    /** Ids of the episodes behind it; empty only for a claim no episode made */
    provenance: z.array(text),
  }),
  z.object({
    ...common,
    event: z.literal("merged"),
    /** The paraphrase that was met */
    text,
    /** Similarity to the insight's text, in [0, 1] */
    similarity: z.number().min(0).max(1),
    provenance: z.array(text),
  }),
  z.object({ ...common, event: z.literal("tested"), test: InsightTest }),
  z.object({ ...common, event: z.literal("updated"), text, reason: text }),
  /** Another insight says it better; `by` is that insight's id */
  z.object({ ...common, event: z.literal("superseded"), by: text, reason: text }),
  z.object({ ...common, event: z.literal("retired"), reason: text }),
]);
export type Insight = z.infer<typeof Insight>;

/** An event before it has its id. */
export type InsightDraft = Insight extends infer E ? E extends Insight ? Omit<E, "record" | "id"> : never
  : never;

/**
 * Completes an event with its id: "x-" and 16 hexadecimal digits of the hash of all its other fields.
 *
 * An attempt that was cut off and repeated writes the same ids, so nothing is counted twice.
 * @throws {z.ZodError} when a field has another shape
 */
export function insightEvent(draft: InsightDraft): Insight {
  return Insight.parse({ ...draft, record: "insight/1", id: "x-" + contentHash(draft).slice(0, 16) });
}
