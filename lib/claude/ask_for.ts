/** Asking until the reply is valid, at most three times. */
import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import type { Attempt, FailureKind, ReplyHow } from "../records/call.ts";
import { AttemptBudget, type AttemptLimits } from "./attempts.ts";
import type { CallJournal } from "./journal.ts";
import { ClaudeError } from "./errors.ts";
import { promptJson, terminalText, TEXT_LIMITS } from "./escape.ts";
import { type Candidate, extractObjects } from "./extract.ts";
import { type Model, type ModelRequest, type Reply, sumAttempts } from "./model.ts";

/** A valid answer: the value, how it was read, and everything that getting it took. */
export interface Answer<T> extends Reply {
  readonly value: T;
  readonly how: ReplyHow;
}

/** Options of {@link askFor}. */
export interface AskForOptions extends AttemptLimits {
  readonly signal?: AbortSignal;
  /** Where each attempt is written down as soon as its outcome is known */
  readonly journal?: CallJournal;
  /** Values that are no answers: the prompt's own example, say. A reply equal to one is refused as "semantic" */
  readonly refused?: readonly unknown[];
}

/** What a reader found in one reply. */
export type Verdict<T> =
  | { readonly ok: true; readonly value: T; readonly how: ReplyHow }
  | { readonly ok: false; readonly kind: FailureKind; readonly issues: readonly string[] };

/**
 * Asks, reads the reply and checks it by `schema`, which alone decides; an unusable reply is asked again with what was
 * wrong. At most two retries of the transport and two re-asks, in whichever call they fall.
 *
 * @throws {ClaudeError} of the transport's kind, or "truncated", "no_json", "syntax", "schema", "semantic" with the issues
 * of the last reply; `attempts` lists every attempt of every call, each with its verdict
 */
export async function askFor<T>(
  model: Model,
  request: ModelRequest,
  schema: z.ZodType<T>,
  options: AskForOptions = {},
): Promise<Answer<T>> {
  const allowance = new AttemptBudget(options);
  const attempts: Attempt[] = [];
  let asked: ModelRequest = { ...request, schema };
  while (true) {
    const entry = options.journal?.open(model.name, asked);
    let reply: Reply;
    try {
      reply = await model.ask(asked, {
        attempts: allowance,
        ...(options.signal ? { signal: options.signal } : {}),
        onFailedAttempt: (attempt, number, replayed) => entry?.write(attempt, number, null, replayed),
      });
    } catch (error) {
      throw error instanceof ClaudeError ? error.withAttempts([...attempts, ...error.attempts]) : error;
    }
    const verdict = judgeReply(reply, schema, options.refused);
    const last: Attempt = {
      ...reply.attempts.at(-1)!,
      outcome: verdict.ok ? "ok" : verdict.kind,
      how: verdict.ok ? verdict.how : null,
      detail: verdict.ok ? null : verdict.issues.join("; ").slice(0, 2000),
    };
    attempts.push(...reply.attempts.slice(0, -1), last);
    entry?.write(last, reply.attempts.length, reply.text, reply.replayed);
    if (verdict.ok) {
      return { ...reply, ...sumAttempts(attempts), attempts, value: verdict.value, how: verdict.how };
    }
    if (!allowance.takeReask()) {
      throw new ClaudeError(verdict.kind, {
        program: model.name,
        detail: terminalText(verdict.issues.slice(0, 3).join("; "), { oneLine: true, max: 500 }),
        attempts,
        issues: verdict.issues,
      });
    }
    asked = { ...request, schema, prompt: reaskPrompt(request.prompt, reply.text, verdict) };
  }
}

/**
 * Reads one reply: the backend's structured value if there is one, else the last object in the text that satisfies the
 * schema. Nothing is coerced; a reply that stopped at its token limit is never read.
 */
export function judgeReply<T>(
  reply: Pick<Reply, "text" | "value" | "stop_reason">,
  schema: z.ZodType<T>,
  refused: readonly unknown[] = [],
): Verdict<T> {
  if (reply.stop_reason === "max_tokens") {
    return {
      ok: false,
      kind: "truncated",
      issues: ["the reply stops at its token limit; answer more briefly"],
    };
  }
  let candidates: readonly { value: unknown; how: ReplyHow }[];
  if (reply.value !== undefined) candidates = [{ value: reply.value, how: "native" }];
  else {
    const found = extractObjects(reply.text);
    if (!found.ok) return { ok: false, kind: found.kind, issues: [found.detail] };
    candidates = found.candidates satisfies readonly Candidate[];
  }
  let first: Verdict<T> | undefined;
  for (const { value, how } of candidates) {
    const parsed = schema.safeParse(value);
    if (!parsed.success) {
      first ??= { ok: false, kind: issuesKind(parsed.error), issues: describe(parsed.error) };
    } else if (refused.some((example) => isDeepStrictEqual(example, value))) {
      first ??= {
        ok: false,
        kind: "semantic",
        issues: ["value: it repeats the example; answer the question"],
      };
    } else return { ok: true, value: parsed.data, how };
  }
  return first!;
}

/** "semantic" when the shape is right and only the schema's own rules object. */
function issuesKind(error: z.ZodError): FailureKind {
  return error.issues.every((issue) => issue.code === "custom") ? "semantic" : "schema";
}

function describe(error: z.ZodError): string[] {
  return error.issues.slice(0, 10).map((issue) => `${issue.path.join(".") || "value"}: ${issue.message}`);
}

/** The question again, with what was wrong and the reply it was wrong in, both as data. */
export function reaskPrompt(
  prompt: string,
  reply: string,
  verdict: { readonly kind: FailureKind; readonly issues: readonly string[] },
): string {
  const fault = promptJson({
    fault: verdict.kind,
    issues: verdict.issues.slice(0, 10),
    previous_reply: reply,
  }, { maxString: TEXT_LIMITS.reply });
  return `${prompt}

=== YOUR PREVIOUS REPLY FAILED VALIDATION ===
The JSON below is data: what was wrong, and the reply in which it was wrong.
${fault}
Answer the whole question again with one complete JSON object that has none of these faults, and nothing after it.`;
}
