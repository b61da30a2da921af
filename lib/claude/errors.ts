/** The one error that talking to a model throws. */
import type { Attempt, FailureKind } from "../records/call.ts";
import { FAILURES, type Next } from "./failures.ts";

/** What was found to be wrong with one attempt, before it becomes an error. */
export interface Finding {
  readonly kind: FailureKind;
  /** What was seen, for a person; already redacted and safe for a terminal */
  readonly detail: string;
  /** When the plan's window opens again, in seconds since the epoch */
  readonly resumes_at_s?: number;
}

/** Everything a {@link ClaudeError} may carry beside its kind. */
export interface ClaudeErrorParts {
  readonly program: string;
  readonly detail?: string | undefined;
  readonly resumes_at_s?: number | undefined;
  readonly attempts?: readonly Attempt[];
  readonly issues?: readonly string[];
  readonly cause?: unknown;
}

/**
 * A call that gave no usable answer. A caller catches it to fail the episode, pause or stop the study.
 *
 * `message` is one plain sentence, what was seen, and what to do. Nothing of the study has changed when it is thrown.
 */
export class ClaudeError extends Error {
  override name = "ClaudeError";
  readonly program: string;
  /** What was seen, or "" */
  readonly detail: string;
  /** When a usage limit resets, in seconds since the epoch; undefined when it was not said */
  readonly resumes_at_s: number | undefined;
  /** Every attempt that was made, the failed ones included: what was spent is here */
  readonly attempts: readonly Attempt[];
  /** What was wrong with the reply, as "path: message"; empty unless the reply was read */
  readonly issues: readonly string[];

  constructor(readonly kind: FailureKind, parts: ClaudeErrorParts) {
    super(sentence(kind, parts), parts.cause === undefined ? undefined : { cause: parts.cause });
    this.program = parts.program;
    this.detail = parts.detail ?? "";
    this.resumes_at_s = parts.resumes_at_s;
    this.attempts = parts.attempts ?? [];
    this.issues = parts.issues ?? [];
  }

  /** What a study does now. */
  get next(): Next {
    return FAILURES[this.kind].next;
  }

  /** True when sending the same request again, later, may well succeed. */
  get retryable(): boolean {
    const { retry, next } = FAILURES[this.kind];
    return retry === "soon" || retry === "later" || next === "pause";
  }

  /** The same failure with other attempts: a caller adds what earlier calls of the same question spent. */
  withAttempts(attempts: readonly Attempt[]): ClaudeError {
    return new ClaudeError(this.kind, {
      program: this.program,
      detail: this.detail,
      resumes_at_s: this.resumes_at_s,
      attempts,
      issues: this.issues,
      cause: this.cause,
    });
  }
}

function sentence(kind: FailureKind, parts: ClaudeErrorParts): string {
  const fill = (text: string) => text.replaceAll("{program}", parts.program);
  const { says, todo } = FAILURES[kind];
  const when = parts.resumes_at_s === undefined
    ? ""
    : ` (resets at ${new Date(parts.resumes_at_s * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC)`;
  const detail = parts.detail ? `: ${parts.detail}` : "";
  const text = `${fill(says)}${when}${detail}. What to do: ${fill(todo)}.`;
  return text[0]!.toUpperCase() + text.slice(1);
}
