/** Telling the failures of one `claude` call apart: structure before prose, and never the model's own words. */
import type { FailureKind } from "../records/call.ts";
import type { Envelope, InitLine, ResultLine } from "./envelope.ts";
import type { Finding } from "./errors.ts";
import { terminalText } from "./escape.ts";
import type { ProcessOutcome } from "./process.ts";
import { kindOfErrorName, kindOfProse, kindOfStatus } from "./prose.ts";
import { redactSecrets } from "./redact.ts";
import { resetOfProse } from "./resets.ts";

/** Everything that is known about one call when it has ended. */
export interface Observation {
  readonly run: ProcessOutcome;
  readonly envelope: Envelope;
  /** Whether the working folder was still there */
  readonly cwdExists: boolean;
  /** Seconds since the epoch */
  readonly now_s: number;
}

/** Tools a call may have: none, but for the two that only carry the answer or end the talk. */
const HARMLESS = new Set(["StructuredOutput", "EndConversation"]);

/**
 * What is wrong with how a call was set up, or undefined: a tool or server within reach, or a key that would be billed.
 */
export function initFault(init: InitLine, auth: "login" | "env"): Finding | undefined {
  const tools = init.tools.filter((tool) => typeof tool !== "string" || !HARMLESS.has(tool));
  if (tools.length > 0) {
    return finding("protocol", `the model was given tools (${tools.join(", ")}), none are wanted`);
  }
  if (init.mcp_servers.length > 0) {
    return finding("protocol", `${init.mcp_servers.length} MCP servers were attached, none are wanted`);
  }
  if (auth === "login" && init.apiKeySource !== "none") {
    return finding("api_key", `the key would come from ${init.apiKeySource ?? "an unnamed source"}`);
  }
  return undefined;
}

/** The failure of a call, or undefined when it gave an answer. First match wins, from the hardest fact to the softest. */
export function classify(seen: Observation): Finding | undefined {
  const { run, envelope } = seen;
  switch (run.end) {
    case "not_started":
      if (!seen.cwdExists) return finding("bad_cwd", `the working folder was removed (${run.errno})`);
      if (run.errno === "ENOENT" || run.errno === "EACCES") {
        return finding("not_found", `it could not be started (${run.errno})`);
      }
      return finding("unknown", `it could not be started (${run.errno}): ${run.stderr}`);
    case "cancelled":
      return finding("cancelled", "");
    case "flood":
      return finding("too_much_output", `${run.stdout.length} characters and more`);
    case "deadline":
      return finding("timeout", lastRetry(envelope));
    case "stopped":
      return finding("protocol", run.reason ?? "");
    case "exit":
      break;
  }
  return envelope.result === undefined ? withoutResult(seen) : withResult(envelope.result, seen);
}

function lastRetry({ lastRetry: retry }: Envelope): string {
  if (retry === undefined) return "";
  return `it was repeating a request (${retry.attempt ?? "?"} of ${retry.max_retries ?? "?"}) because of ` +
    `${retry.error ?? "an unnamed error"}${retry.error_status ? `, status ${retry.error_status}` : ""}`;
}

function withoutResult({ run, envelope }: Observation): Finding {
  const said = `${run.stderr}\n${envelope.junk > 0 ? run.stdout.slice(-2000) : ""}`.trim();
  const unknown = said.match(/unknown option ['"]?(--[a-z-]+)/i);
  if (unknown) return finding("unknown_option", unknown[1]!);
  if (/--json-schema/.test(run.stderr)) return finding("bad_schema", said);
  if (run.signal !== null || run.code === 143 || run.code === 137) {
    return finding("killed", run.signal ?? `exit code ${run.code}`);
  }
  if (run.code === 0) {
    return finding("no_result", `exit code 0 after ${run.stdout.length} characters without a result line`);
  }
  return finding(kindOfProse(run.stderr) ?? "unknown", `exit code ${run.code}; ${said}`);
}

function withResult(result: ResultLine, seen: Observation): Finding | undefined {
  const { envelope } = seen;
  if (result.subtype === "success" && !result.is_error) return unusableSuccess(result, envelope);
  const said = [result.result ?? "", ...result.errors].filter((part) => part !== "").join("; ");
  const kind = fromFields(result) ?? limitOf(result, envelope, said) ?? fromApi(result, envelope, said) ??
    "unknown";
  const status = result.api_error_status ? `status ${result.api_error_status}; ` : "";
  const detail = status + (said || result.terminal_reason || result.subtype || "an error without a message");
  const found = finding(kind, detail);
  if (kind !== "usage_limit") return found;
  const resumes_at_s = envelope.rateLimit?.resetsAt ?? resetOfProse(said, seen.now_s);
  return resumes_at_s === undefined ? found : { ...found, resumes_at_s };
}

/** A success in name that holds no answer. */
function unusableSuccess(result: ResultLine, envelope: Envelope): Finding | undefined {
  if (result.stop_reason === "refusal") return finding("refusal", "it stopped with reason refusal");
  const answer = result.result || envelope.streamed;
  // The tool puts this notice under a broken-off answer; a JSON answer never ends in it.
  if (/response above may be incomplete\.?\s*$/i.test(answer.slice(-300))) {
    return finding("incomplete", answer.trim().split("\n").at(-1)!);
  }
  const structured = result.structured_output !== undefined && result.structured_output !== null;
  return answer.trim() === "" && !structured ? finding("empty", "") : undefined;
}

function fromFields(result: ResultLine): FailureKind | undefined {
  const kinds: Record<string, FailureKind> = {
    error_max_turns: "max_turns",
    error_max_budget_usd: "max_budget",
    error_max_structured_output_retries: "structured",
    max_turns: "max_turns",
    budget_exhausted: "max_budget",
    structured_output_retry_exhausted: "structured",
    prompt_too_long: "prompt_too_long",
    blocking_limit: "usage_limit",
    aborted_streaming: "incomplete",
    cli_version_too_old: "too_old",
    org_pin_api_key_conflict: "auth",
    cwd_unavailable: "bad_cwd",
    proxy_invalid: "network",
  };
  return kinds[result.subtype ?? ""] ?? kinds[result.terminal_reason ?? ""] ??
    kinds[result.startup_failure_reason ?? ""];
}

/** A used-up plan and a momentary throttle share status 429; only the limit's own event or words tell them apart. */
function limitOf(result: ResultLine, envelope: Envelope, said: string): FailureKind | undefined {
  if (envelope.rateLimit?.status === "rejected") return "usage_limit";
  const maybe = result.api_error_status === 429 || result.api_error_status == null;
  return maybe && kindOfProse(said) === "usage_limit" ? "usage_limit" : undefined;
}

function fromApi(result: ResultLine, envelope: Envelope, said: string): FailureKind | undefined {
  if (result.stop_reason === "refusal") return "refusal";
  const names = [envelope.assistantError, envelope.lastRetry?.error].filter((name) =>
    typeof name === "string"
  );
  return (result.api_error_status ? kindOfStatus(result.api_error_status) : undefined) ??
    names.map(kindOfErrorName).find((kind) => kind !== undefined) ?? kindOfProse(said);
}

/** A finding whose detail may be shown: secrets redacted, on one line, controls visible, at most 500 characters. */
export function finding(kind: FailureKind, detail: string): Finding {
  return { kind, detail: terminalText(redactSecrets(detail), { oneLine: true, max: 500 }) };
}
