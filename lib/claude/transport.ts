/** What every backend shares: turn-taking, ceilings, retries, and an account of each attempt. */
import { setTimeout as sleep } from "node:timers/promises";
import { randomStream } from "../base/random.ts";
import { type Attempt, NO_TOKENS, type Tokens } from "../records/call.ts";
import { AttemptBudget } from "./attempts.ts";
import { CallBudget } from "./budget.ts";
import { ClaudeError, type Finding } from "./errors.ts";
import { terminalText } from "./escape.ts";
import { FAILURES } from "./failures.ts";
import { type AskOptions, type ModelRequest, type Reply, sumAttempts } from "./model.ts";
import { CallQueue } from "./queue.ts";
import { redactSecrets } from "./redact.ts";
import { type SealedRequest, sealRequest } from "./sealed.ts";

/** What a backend learned from one attempt: an answer, or a finding, and what it cost either way. */
export interface Attempted {
  readonly finding?: Finding | undefined;
  readonly text?: string;
  readonly value?: unknown;
  readonly stop_reason?: string | null;
  readonly model?: string | null;
  readonly version?: string | null;
  readonly cost_usd: number | null;
  readonly tokens?: Tokens;
  /** The backend has changed its ways (dropped an option): try again at once, without using up a retry */
  readonly adapted?: boolean;
}

/** Settings of {@link Transport}; every backend takes them. */
export interface TransportOptions {
  /** The account to check before each attempt. Default: an account without ceilings */
  readonly budget?: CallBudget;
  /** Turn-taking. Default: no waiting */
  readonly queue?: CallQueue;
  /** Pauses before a retry of kind "soon" and "later", by how often it was tried. Default 1 s; 30 s, 120 s, 300 s */
  readonly retryDelaysMs?: { readonly soon: readonly number[]; readonly later: readonly number[] };
  /** Longest prompt in bytes. Default {@link MAX_PROMPT_BYTES} */
  readonly maxPromptBytes?: number;
}

const DELAYS_MS = { soon: [1000, 5000], later: [30_000, 120_000, 300_000] } as const;

/** Runs the attempts of calls for one backend. */
export class Transport {
  readonly budget: CallBudget;
  readonly #queue: CallQueue | undefined;

  constructor(readonly program: string, private readonly options: TransportOptions) {
    this.budget = options.budget ?? new CallBudget();
    this.#queue = options.queue;
  }

  /**
   * Seals the request, runs `once` until it answers or is not worth repeating, and returns the reply with every attempt.
   * @throws {ClaudeError} and nothing else
   */
  async call(
    request: ModelRequest,
    ask: AskOptions,
    once: (sealed: SealedRequest) => Promise<Attempted>,
  ): Promise<Reply> {
    const sealed = sealRequest(request, this.program, this.options.maxPromptBytes);
    const allowance = ask.attempts ?? new AttemptBudget();
    const attempts: Attempt[] = [];
    const pauses = { soon: 0, later: 0 };
    while (true) {
      const { attempted, attempt } = await this.#attempt(sealed, ask, attempts, once);
      attempts.push(attempt);
      const finding = attempted.finding;
      if (finding === undefined) return toReply(sealed, attempted, attempts);
      ask.onFailedAttempt?.(attempt, attempts.length, false);
      const retry = FAILURES[finding.kind].retry;
      if (attempted.adapted) continue;
      if ((retry !== "soon" && retry !== "later") || !allowance.takeRetry()) {
        throw new ClaudeError(finding.kind, { program: this.program, ...finding, attempts });
      }
      await this.#pause(retry, pauses[retry]++, sealed, ask.signal, attempts);
    }
  }

  /** One attempt in its turn, booked whatever happens. */
  async #attempt(
    sealed: SealedRequest,
    ask: AskOptions,
    before: readonly Attempt[],
    once: (sealed: SealedRequest) => Promise<Attempted>,
  ): Promise<{ attempted: Attempted; attempt: Attempt }> {
    const run = async () => {
      this.#stopIfCancelled(ask.signal, before);
      try {
        this.budget.reserve(this.program);
      } catch (error) {
        throw error instanceof ClaudeError ? error.withAttempts(before) : error;
      }
      const started = Date.now(), clock = performance.now();
      const attempted = await once(sealed).catch((cause: unknown): Attempted => ({
        finding: {
          kind: "unknown",
          detail: terminalText(redactSecrets(String(cause)), { oneLine: true, max: 500 }),
        },
        cost_usd: null,
      }));
      const attempt: Attempt = {
        outcome: attempted.finding?.kind ?? "ok",
        how: null,
        model: attempted.model ?? null,
        version: attempted.version ?? null,
        cost_usd: attempted.cost_usd,
        tokens: attempted.tokens ?? NO_TOKENS,
        duration_ms: Math.round(performance.now() - clock),
        started_at_s: started / 1000,
        detail: attempted.finding?.detail.slice(0, 2000) ?? null,
      };
      this.budget.settle(attempt);
      return { attempted, attempt };
    };
    return await (this.#queue ? this.#queue.run(run) : run());
  }

  async #pause(
    retry: "soon" | "later",
    nth: number,
    sealed: SealedRequest,
    signal: AbortSignal | undefined,
    attempts: readonly Attempt[],
  ): Promise<void> {
    const steps = (this.options.retryDelaysMs ?? DELAYS_MS)[retry];
    // Up to a quarter more, drawn from the prompt, so that parallel studies do not come back at the same moment.
    const jitter = 1 + 0.25 * randomStream(sealed.prompt_hash, `retry/${retry}/${nth}`)();
    const wait = (steps[Math.min(nth, steps.length - 1)] ?? 0) * jitter;
    try {
      await sleep(wait, undefined, signal ? { signal } : {});
    } catch {
      this.#stopIfCancelled(signal, attempts);
    }
  }

  #stopIfCancelled(signal: AbortSignal | undefined, attempts: readonly Attempt[]): void {
    if (signal?.aborted) throw new ClaudeError("cancelled", { program: this.program, attempts });
  }
}

function toReply(sealed: SealedRequest, attempted: Attempted, attempts: readonly Attempt[]): Reply {
  return {
    text: redactSecrets(attempted.text ?? ""),
    ...(attempted.value === undefined ? {} : { value: attempted.value }),
    stop_reason: attempted.stop_reason ?? null,
    model: attempted.model ?? null,
    version: attempted.version ?? null,
    ...sumAttempts(attempts),
    attempts,
    prompt_hash: sealed.prompt_hash,
    replayed: false,
  };
}
