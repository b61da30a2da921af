/**
 * What each failure means to a person and what follows from it, as a table.
 *
 * `retry` is what the transport does at once; `next` is what a study does when the failure still stands after that. Every
 * failure leaves the study as it was before the call: resuming is always possible.
 */
import type { FailureKind } from "../records/call.ts";

/**
 * When the same request is worth sending again:
 * "soon" after about a second; "later" after 30 s, 120 s, 300 s; "reask" only with the fault explained; "never".
 */
export type Retry = "soon" | "later" | "reask" | "never";

/**
 * What a study does with a failure that stands: "skip" this episode, "shrink" the batch and ask again, "pause" until the
 * usage window opens, "stop" until a person has done something.
 */
export type Next = "skip" | "shrink" | "pause" | "stop";

/** One row of {@link FAILURES}. `says` and `todo` may name the program as `{program}`. */
export interface Failure {
  readonly says: string;
  readonly todo: string;
  readonly retry: Retry;
  readonly next: Next;
}

const row = (retry: Retry, next: Next, says: string, todo: string): Failure => ({ retry, next, says, todo });

/** Meaning and consequence of every failure kind. */
export const FAILURES: Readonly<Record<FailureKind, Failure>> = {
  not_found: row(
    "never",
    "stop",
    "{program} is not installed here, or is not on PATH",
    "install it, log in once, and run the same command again; or use --agent analyst, which needs nothing",
  ),
  bad_cwd: row(
    "never",
    "stop",
    "the empty folder {program} was to run in is gone",
    "check that the temporary directory is writable, then resume",
  ),
  too_old: row(
    "never",
    "stop",
    "the installed {program} is too old to be run safely",
    "upgrade {program}, then resume",
  ),
  unknown_option: row(
    "never",
    "stop",
    "{program} does not know an option that the kit needs",
    "upgrade {program}, then resume",
  ),
  bad_schema: row(
    "never",
    "stop",
    "{program} rejected the reply schema",
    "run without the native schema and report this: it is a fault of the kit",
  ),
  timeout: row(
    "soon",
    "stop",
    "{program} gave no answer before the deadline and was stopped",
    "resume later, or raise the deadline",
  ),
  too_much_output: row(
    "never",
    "stop",
    "{program} wrote more output than any answer needs and was stopped",
    "resume; if it happens again, upgrade {program}",
  ),
  killed: row("never", "stop", "{program} was killed from outside", "resume when the machine is free"),
  no_result: row(
    "soon",
    "stop",
    "{program} ended without a result",
    "upgrade {program}: versions before 2.1.208 lose output",
  ),
  empty: row(
    "soon",
    "stop",
    "{program} reported success with an empty answer",
    "upgrade {program}: some versions lose answers",
  ),
  max_turns: row(
    "never",
    "stop",
    "{program} reached its limit of turns",
    "remove any turn limit from its settings",
  ),
  max_budget: row(
    "never",
    "stop",
    "the call reached its own price limit",
    "raise the limit of a call, or make batches smaller",
  ),
  structured: row(
    "never",
    "skip",
    "{program} could not fill the reply schema",
    "run without the native schema",
  ),
  usage_limit: row(
    "never",
    "pause",
    "the plan's usage limit is reached",
    "wait until it resets, then resume: nothing is lost",
  ),
  prompt_too_long: row(
    "never",
    "shrink",
    "the prompt is longer than the model takes",
    "make the batch smaller or the history shorter",
  ),
  refusal: row("never", "skip", "the model declined to answer this prompt", "look at the stored prompt"),
  billing: row(
    "never",
    "stop",
    "the account has no credit for this call",
    "a key is being billed or credits are used up: check the login of {program}",
  ),
  api_key: row(
    "never",
    "stop",
    "{program} would bill an API key instead of the login",
    "log in with the subscription, or say --llm-auth=env to pay by key",
  ),
  incomplete: row("soon", "stop", "the answer broke off on the way", "resume later"),
  bad_model: row(
    "never",
    "stop",
    "the chosen model does not exist or is not part of the plan",
    "choose another with --model",
  ),
  other_model: row(
    "never",
    "stop",
    "another model than the chosen one answered",
    "choose that model with --model, or allow substitutes",
  ),
  auth: row("never", "stop", "{program} is not logged in", "run {program} once, log in, then resume"),
  overloaded: row("later", "stop", "the service is overloaded", "resume later"),
  throttled: row("later", "stop", "the service is limiting requests for a moment", "resume later"),
  server: row("later", "stop", "the service failed", "resume later"),
  network: row(
    "soon",
    "stop",
    "{program} could not reach the service",
    "check the connection and the proxy, then resume",
  ),
  tls: row(
    "never",
    "stop",
    "{program} does not trust the connection",
    "set NODE_EXTRA_CA_CERTS to the proxy's certificate, then resume",
  ),
  protocol: row(
    "never",
    "stop",
    "a safety rule of the call was broken, so it was stopped",
    "read the detail; if it names the prompt, this is a fault of the kit",
  ),
  unknown: row("never", "stop", "{program} failed in an unknown way", "read the detail, then resume"),
  truncated: row("reask", "skip", "the answer stops in the middle", "make the batch smaller"),
  no_json: row("reask", "skip", "the answer holds no JSON object", "look at the stored reply"),
  syntax: row("reask", "skip", "the answer's JSON cannot be read", "look at the stored reply"),
  schema: row("reask", "skip", "the answer has not the wanted shape", "look at the stored reply"),
  semantic: row(
    "reask",
    "skip",
    "the answer contradicts the rules of the question",
    "look at the stored reply",
  ),
  ceiling: row(
    "never",
    "stop",
    "the ceiling set for this study is reached",
    "resume with a higher --max-calls or --max-usd",
  ),
  cancelled: row("never", "stop", "the call was interrupted", "resume when you like"),
  no_cassette: row(
    "never",
    "stop",
    "no recorded answer fits this prompt",
    "ask live once (--agent claude records it) or find what changed the prompt",
  ),
  embedded: row(
    "never",
    "stop",
    "the embedded model {program} failed",
    "this is a fault of the kit: report it",
  ),
};
