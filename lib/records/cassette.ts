/** One recorded answer: what was asked, what came back, and the key that finds it again. */
import { z } from "zod";
import { ATTEMPT, FAILURE_KINDS, TOKENS } from "./call.ts";

/** A reply as a cassette keeps it. */
export const CASSETTE_REPLY = z.strictObject({
  text: z.string(),
  /** The tool's own structured value, when it gave one */
  value: z.unknown().optional(),
  stop_reason: z.string().nullable(),
  model: z.string().nullable(),
  version: z.string().nullable(),
  cost_usd: z.number().nonnegative().nullable(),
  tokens: TOKENS,
  duration_ms: z.number().nonnegative(),
});

/** A failure that belongs to this very prompt (a refusal, say) and would come again; failures of the day are not kept. */
export const CASSETTE_FAILURE = z.strictObject({ kind: z.enum(FAILURE_KINDS), detail: z.string() });

/** The file `<key>-<slot>.json` of a cassette folder. */
export const CASSETTE = z.strictObject({
  record: z.literal("cassette/1"),
  /** Content hash of everything that changes the answer: backend, model, settings, system, prompt, schema */
  key: z.string().regex(/^[0-9a-f]{64}$/),
  /** "<episode>.<ordinal>", with "x" for no episode: the same prompt asked again is another recording */
  slot: z.string().regex(/^(x|\d+)\.\d+$/),
  request: z.strictObject({
    identity: z.record(z.string(), z.string()),
    system: z.string(),
    prompt: z.string(),
    schema_hash: z.string().nullable(),
    label: z.string(),
  }),
  /** Exactly one of the two is present */
  reply: CASSETTE_REPLY.optional(),
  failure: CASSETTE_FAILURE.optional(),
  attempts: z.array(ATTEMPT),
  /** Seconds since the epoch */
  recorded_at_s: z.number().nonnegative(),
  /** True for answers written by hand, which say nothing about any model */
  synthetic: z.boolean(),
}).refine(
  (c) => (c.reply === undefined) !== (c.failure === undefined),
  "wanted: either a reply or a failure",
);
export type Cassette = z.infer<typeof CASSETTE>;
