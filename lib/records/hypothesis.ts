/** Interaction claims as they are registered before anything is tested. What a test found is another record. */
import { z } from "zod";
import { contentHash } from "../base/canonical.ts";

/** What the joint region of a claim is said to do to a metric where more is better. */
export const HYPOTHESIS_SIGNS = ["worse", "better", "redundant", "interacts"] as const;

/** Who made a claim. */
export const HYPOTHESIS_ORIGINS = ["spec", "person", "reasoner"] as const;

const text = z.string().min(1);
const unit = z.number().min(0).max(1);

/** One registered claim, a line of `hypotheses.jsonl`. */
export const Hypothesis = z.strictObject({
  record: z.literal("hypothesis/1"),
  /** As {@link hypothesisId} gives it: equal claims have equal ids, whoever makes them and over whatever space */
  id: text,
  /** The claim in canonical form */
  text,
  /** Sorted, two or more */
  parameters: z.array(text).min(2),
  /** One a parameter, in the same order: ascending ranges in unit positions on the parameter's own scale, ends included */
  regions: z.array(z.strictObject({ parameter: text, ranges: z.array(z.tuple([unit, unit])).min(1) })).min(2),
  sign: z.enum(HYPOTHESIS_SIGNS),
  /** A measure by name, with its cutoff: "ndcg@10" */
  metric: text,
  /** Which cases it speaks of; empty: all */
  stratum: z.record(text, text),
  /** Smallest effect worth the name, in the metric's unit; null where the claim leaves it to the test */
  threshold: z.number().positive().nullable(),
  /** Hash of the names, bounds, scales and kinds of the space that the regions were computed in */
  space_hash: text,
  origin: z.enum(HYPOTHESIS_ORIGINS),
  /** Where it was said: a section, an address, a study */
  source: text,
  /** Id of the reasoning episode that made it, or null */
  episode: text.nullable(),
  /** The reason given for it, or null */
  note: text.nullable(),
}).refine((h) => h.id === hypothesisId(h.text), {
  path: ["id"],
  error: "the id must be the hash of the text",
})
  .refine((h) => h.regions.map((r) => r.parameter).join() === h.parameters.join(), {
    path: ["regions"],
    error: "one region for each parameter, in the same order, is wanted",
  });
export type Hypothesis = z.infer<typeof Hypothesis>;

/** Registry id of a claim: the hash of its canonical text. */
export function hypothesisId(text: string): string {
  return contentHash({ record: "hypothesis/1", text });
}
