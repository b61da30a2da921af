/**
 * Failures told apart by their wording: the last resort, after every structured field was read.
 *
 * Only text the tool itself wrote is ever read this way. A model may well write "Not logged in" in its answer.
 */
import type { FailureKind } from "../records/call.ts";

/** First match wins; limits come before logins because their messages share words. */
const PHRASES: readonly [FailureKind, RegExp][] = [
  [
    "usage_limit",
    /hit your (?:[\w.-]+ ){0,3}limit|usage limit reached|out of extra usage|hit your usage limit|limit · resets/i,
  ],
  [
    "prompt_too_long",
    /prompt is too long|request too large|context (?:window|length) (?:was )?exceeded|input is too long/i,
  ],
  ["billing", /credit balance is too low|insufficient[_ ]quota|billing (?:hard )?limit|payment required/i],
  ["incomplete", /response above may be incomplete/i],
  [
    "bad_model",
    /issue with the selected model|not available with the .{1,40}plan|model.{0,80}(?:not found|does not exist|not supported)|model_not_found/i,
  ],
  [
    "auth",
    /not logged in|please run \/login|oauth (?:session|token)|invalid (?:api key|bearer token)|authentication[_ ](?:failed|error)|has been disabled|\b401\b|unauthorized|codex login/i,
  ],
  [
    "throttled",
    /temporarily limiting requests|request rejected \(429\)|rate[_ ]limit|too many requests|\b429\b/i,
  ],
  ["overloaded", /overloaded|\b529\b|at capacity/i],
  ["tls", /self[- ]signed|unable to verify|certificate|\bSSL\b|\bTLS\b/i],
  [
    "network",
    /unable to connect|can'?t reach|connection (?:refused|dropped|lost|reset|error)|ENOTFOUND|ECONN|EAI_AGAIN|stream disconnected|timed? ?out|error sending request/i,
  ],
  ["server", /internal server error|bad gateway|service unavailable|\b50[0-4]\b/i],
  [
    "refusal",
    /can'?t help with this|appears to violate our usage policy|content[_ ]policy|content[_ ]filter/i,
  ],
  ["protocol", /cannot be launched inside another/i],
];

/** The failure a message of the tool tells of, or undefined. */
export function kindOfProse(message: string): FailureKind | undefined {
  return PHRASES.find(([, pattern]) => pattern.test(message))?.[0];
}

/** The failure an HTTP status tells of, or undefined for one that says nothing by itself (400, 403 without words). */
export function kindOfStatus(status: number): FailureKind | undefined {
  if (status === 401 || status === 403) return "auth";
  if (status === 402) return "billing";
  if (status === 404) return "bad_model";
  if (status === 413) return "prompt_too_long";
  if (status === 429) return "throttled";
  if (status === 529) return "overloaded";
  return status >= 500 ? "server" : undefined;
}

/** The failure an error name of the API tells of, or undefined. */
export function kindOfErrorName(name: string): FailureKind | undefined {
  const kinds: Record<string, FailureKind> = {
    authentication_failed: "auth",
    oauth_org_not_allowed: "auth",
    account_on_hold: "auth",
    verification_required: "auth",
    cloud_credential_error: "auth",
    billing_error: "billing",
    rate_limit: "throttled",
    overloaded: "overloaded",
    model_not_found: "bad_model",
    server_error: "server",
  };
  return kinds[name];
}
