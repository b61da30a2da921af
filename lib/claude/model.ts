/** The one interface of everything that answers a prompt: a command line, an embedded function, a recording. */
import type { z } from "zod";
import { addCosts, addTokens, type Attempt, isUnpriced, type Tokens } from "../records/call.ts";
import type { AttemptBudget } from "./attempts.ts";

/** What is asked. The prompt and the system prompt are all that leaves this process. */
export interface ModelRequest {
  /** Short fixed role and rules; it may stand on a command line, so nothing private or foreign belongs in it */
  readonly system: string;
  /** The whole question. Foreign text in it has gone through `promptJson`; its first character is a letter */
  readonly prompt: string;
  /** What the call is for, for people and records: "episode 12" */
  readonly label: string;
  /** Shape of the reply, a hint for backends with structured output; the judge is `askFor` */
  readonly schema?: z.ZodType;
  /** Episode the call belongs to */
  readonly episode?: number;
  /**
   * The evidence from which the prompt was written, for embedded models. It must say nothing that the prompt does not say,
   * and no other backend sees it.
   */
  readonly input?: unknown;
}

/** What a caller may pass along with a request. */
export interface AskOptions {
  /** Attempts shared by all calls of one question; by default each call has its own */
  readonly attempts?: AttemptBudget;
  /** Interrupts the call: it fails as "cancelled" and its process is gone */
  readonly signal?: AbortSignal;
  /** Told of every failed attempt as soon as its outcome is known; `attempt` counts from 1 */
  readonly onFailedAttempt?: (attempt: Attempt, number: number, replayed: boolean) => void;
}

/** An answer as it came; nobody has judged it yet. Secrets are redacted. */
export interface Reply {
  readonly text: string;
  /** The backend's own structured value, when it gave one */
  readonly value?: unknown;
  /** Why the model stopped, when it said: "end_turn", "max_tokens", ... */
  readonly stop_reason: string | null;
  /** The model that answered; null when the backend does not say */
  readonly model: string | null;
  /** Version of the program that was run; null when unknown */
  readonly version: string | null;
  /** Sum over all attempts, US dollars at list price; null when the backend reports none */
  readonly cost_usd: number | null;
  /** Sum over all attempts */
  readonly tokens: Tokens;
  /** Sum over all attempts, without the pauses between them */
  readonly duration_ms: number;
  /** Every attempt in order; the last one is "ok" */
  readonly attempts: readonly Attempt[];
  /** SHA-256 of the prompt as it was sent */
  readonly prompt_hash: string;
  /** True when this answer was recorded earlier and nothing was paid now */
  readonly replayed: boolean;
}

/** Something that answers prompts. */
export interface Model {
  /** Short name for people and records: "claude", "codex", "analyst" */
  readonly name: string;
  /** Everything about the model that changes its answers, as far as it is known before asking; part of a recording's key */
  readonly identity: Readonly<Record<string, string>>;
  /**
   * Asks once, retrying what is worth retrying.
   * @throws {ClaudeError} and nothing else, with every attempt that was made
   */
  ask(request: ModelRequest, options?: AskOptions): Promise<Reply>;
}

/** The sums of a list of attempts, as a {@link Reply} reports them. */
export function sumAttempts(
  attempts: readonly Attempt[],
): { cost_usd: number | null; tokens: Tokens; duration_ms: number } {
  // An attempt that reached no model has no price because it had none to pay.
  const priced = attempts.filter((a) => a.cost_usd !== null || isUnpriced(a));
  return {
    cost_usd: addCosts(priced.map((a) => a.cost_usd)),
    tokens: addTokens(...attempts.map((a) => a.tokens)),
    duration_ms: attempts.reduce((sum, a) => sum + a.duration_ms, 0),
  };
}
