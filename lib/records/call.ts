/** One call of a model as the results folder keeps it: who was asked, what it cost, how it ended. */
import { z } from "zod";

/**
 * Every way a call can fail. The first group is found by the transport, the second by reading the reply, the third by
 * the kit's own rules before or instead of a call. What each one means and what follows stands in `claude/failures.ts`.
 */
export const FAILURE_KINDS = [
  // the transport
  "not_found",
  "bad_cwd",
  "too_old",
  "unknown_option",
  "bad_schema",
  "timeout",
  "too_much_output",
  "killed",
  "no_result",
  "empty",
  "max_turns",
  "max_budget",
  "structured",
  "usage_limit",
  "prompt_too_long",
  "refusal",
  "billing",
  "api_key",
  "incomplete",
  "bad_model",
  "other_model",
  "auth",
  "overloaded",
  "throttled",
  "server",
  "network",
  "tls",
  "protocol",
  "unknown",
  // the reply
  "truncated",
  "no_json",
  "syntax",
  "schema",
  "semantic",
  // the kit itself
  "ceiling",
  "cancelled",
  "no_cassette",
  "embedded",
] as const;

/** The name of one failure; see {@link FAILURE_KINDS}. */
export type FailureKind = typeof FAILURE_KINDS[number];

/** How a valid value was read from a reply: as written, after repair of its syntax, or from the tool's own structured field. */
export const REPLY_HOWS = ["json", "repaired", "native"] as const;
export type ReplyHow = typeof REPLY_HOWS[number];

/** Tokens of one call, summed over every model that served it. `input` excludes what came from or went to the cache. */
export const TOKENS = z.strictObject({
  input: z.int().nonnegative(),
  output: z.int().nonnegative(),
  cache_read: z.int().nonnegative(),
  cache_creation: z.int().nonnegative(),
});
export type Tokens = z.infer<typeof TOKENS>;

/** One attempt at one call: one process started, or one function run. */
export const ATTEMPT = z.strictObject({
  /** "ok", or what went wrong */
  outcome: z.enum(["ok", ...FAILURE_KINDS]),
  /** How the value was read; null until a reader has judged the reply, and for every failure */
  how: z.enum(REPLY_HOWS).nullable(),
  /** The model that answered; null when none did */
  model: z.string().nullable(),
  /** Version of the program or function that was run; null when it was never learned */
  version: z.string().nullable(),
  /** Estimate at list price in US dollars; null when the program reports none */
  cost_usd: z.number().nonnegative().nullable(),
  tokens: TOKENS,
  duration_ms: z.number().nonnegative(),
  /** Seconds since the epoch */
  started_at_s: z.number().nonnegative(),
  /** What was found, for a person; secrets are redacted, at most 2,000 characters. null for "ok" */
  detail: z.string().nullable(),
});
export type Attempt = z.infer<typeof ATTEMPT>;

/** One line of `calls.jsonl`: an attempt and what it was an attempt at. Prompt and reply stand in files named by hash. */
export const CALL_RECORD = z.strictObject({
  record: z.literal("call/1"),
  ...ATTEMPT.shape,
  /** Which backend: "claude", "codex", or an embedded model's name */
  backend: z.string().min(1),
  /** What the call was for, as the caller named it */
  label: z.string(),
  /** Episode the call belongs to; null outside a study */
  episode: z.int().nullable(),
  /** How often this very prompt had been asked in this episode before: 0, 1, ... */
  ordinal: z.int().nonnegative(),
  /** Number of the attempt in its call, from 1 */
  attempt: z.int().positive(),
  /** SHA-256 of the prompt's UTF-8 bytes; its file is `calls/<hash>.txt` */
  prompt_hash: z.string().regex(/^[0-9a-f]{64}$/),
  prompt_bytes: z.int().nonnegative(),
  /** SHA-256 of the system prompt, stored the same way */
  system_hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** SHA-256 of the reply's text, stored the same way; null when there was none */
  reply_hash: z.string().regex(/^[0-9a-f]{64}$/).nullable(),
  /** True when a recorded reply was played back: nothing was paid this time */
  replayed: z.boolean(),
});
export type CallRecord = z.infer<typeof CALL_RECORD>;

/** No tokens at all. */
export const NO_TOKENS: Tokens = { input: 0, output: 0, cache_read: 0, cache_creation: 0 };

/** The sum of any number of token counts. */
export function addTokens(...counts: readonly Tokens[]): Tokens {
  return counts.reduce((a, b) => ({
    input: a.input + b.input,
    output: a.output + b.output,
    cache_read: a.cache_read + b.cache_read,
    cache_creation: a.cache_creation + b.cache_creation,
  }), NO_TOKENS);
}

/** True for an attempt that a model answered, wholly or in part, at a price nobody reported. */
export function isUnpriced(attempt: Attempt): boolean {
  return attempt.cost_usd === null && (attempt.outcome === "ok" || attempt.tokens.output > 0);
}

/** The sum of prices; null as soon as one of them is unknown, because a partial sum would read as a total. */
export function addCosts(costs: readonly (number | null)[]): number | null {
  return costs.reduce<number | null>((sum, cost) => sum === null || cost === null ? null : sum + cost, 0);
}
