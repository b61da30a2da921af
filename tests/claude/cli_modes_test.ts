/** Every mode of the stand-in `claude` ends in the documented kind of failure, after the documented number of calls. */
import assert from "node:assert/strict";
import { z } from "zod";
import { askFor, ClaudeError } from "../../lib/claude/mod.ts";
import { claudeCli, type ClaudeCliOptions } from "../../lib/claude/cli.ts";
import { CallQueue } from "../../lib/claude/queue.ts";
import type { Step } from "./stand_in/scenario.ts";
import { type StandInOptions, withStandIn } from "./stand_in/install.ts";
import { QUICK } from "./stand_in/quick.ts";

const SHAPE = z.strictObject({ answer: z.string(), score: z.number().min(0).max(1) });
const REQUEST = { system: "Answer in JSON.", prompt: "Question: is it so?", label: "test" };
/** As many stand-ins at a time as the machine has room for. */
const ROOM = new CallQueue(3);

/** What became of one question: "ok/<how>" or the failure's kind, and how many calls it took. */
function outcome(
  standIn: StandInOptions,
  options: ClaudeCliOptions = {},
): Promise<{ end: string; calls: number; error?: ClaudeError }> {
  return ROOM.run(() =>
    withStandIn(standIn, async ({ environment, calls }) => {
      const model = claudeCli({ ...QUICK, queue: new CallQueue(1), environment, ...options });
      try {
        const answer = await askFor(model, REQUEST, SHAPE);
        return { end: `ok/${answer.how}`, calls: calls().length };
      } catch (error) {
        assert.ok(error instanceof ClaudeError, String(error));
        return { end: error.kind, calls: calls().length, error };
      }
    })
  );
}

async function table(rows: Record<string, [Step[], string, number, StandInOptions?, ClaudeCliOptions?]>) {
  const found = await Promise.all(
    Object.entries(rows).map(async ([name, [steps, , , standIn, options]]) => {
      const { end, calls } = await outcome({ steps, ...standIn }, options);
      return [name, end, calls];
    }),
  );
  assert.deepEqual(found, Object.entries(rows).map(([name, [, end, calls]]) => [name, end, calls]));
}

const one = (mode: string): Step[] => [{ mode }];
const words = (text: string): Step[] => [{ mode: "ok", text }];

Deno.test("good answers are read from text, fences, prose, streams, arrays and structured fields", () =>
  table({
    plain: [one("ok"), "ok/json", 1],
    fenced: [words('```json\n{"answer":"a","score":0.1}\n```'), "ok/json", 1],
    "in prose with braces": [
      words('Given {x}, I say {"answer":"a","score":0.1}. Done {well}.'),
      "ok/json",
      1,
    ],
    repaired: [words("{answer: 'a', \"score\": 0.1,}"), "ok/repaired", 1],
    "1 MB": [words(JSON.stringify({ answer: "é".repeat(500_000), score: 1 })), "ok/json", 1],
    structured: [
      [{ mode: "structured", value: { answer: "s", score: 1 } }],
      "ok/native",
      1,
      {},
      { nativeSchema: true },
    ],
    noise: [one("noise_then_ok"), "ok/json", 1],
    array: [one("array"), "ok/json", 1],
    "streamed only": [one("empty_streamed"), "ok/json", 1],
    "an answer that speaks of failures": [one("says_not_logged_in"), "ok/json", 1],
    "the model asked for, by alias": [[{ mode: "ok", served: "claude-opus-4-9" }], "ok/json", 1, {}, {
      model: "opus",
    }],
  }));

Deno.test("empty and cut-off outputs are failures, retried twice", () =>
  table({
    silent: [one("silent"), "no_result", 3],
    "empty result": [one("empty_result"), "empty", 3],
    "no result line": [one("no_result_line"), "no_result", 3],
    "cut at 64 KiB": [one("truncated_64k"), "no_result", 3],
    garbage: [one("garbage"), "no_result", 3],
    "broken off": [one("mid_response"), "incomplete", 3],
    "recovered": [[{ mode: "silent" }, { mode: "ok" }], "ok/json", 2],
  }));

Deno.test("logins, limits and prices stop or pause at the first call", () =>
  table({
    not_logged_in: [one("not_logged_in"), "auth", 1],
    login_expired: [one("login_expired"), "auth", 1],
    auth_401: [one("auth_401"), "auth", 1],
    credit_low: [one("credit_low"), "billing", 1],
    session_limit: [one("session_limit"), "usage_limit", 1],
    blocking_limit: [one("blocking_limit"), "usage_limit", 1],
    legacy_limit: [one("legacy_limit"), "usage_limit", 1],
    max_turns: [one("max_turns"), "max_turns", 1],
    max_budget: [one("max_budget"), "max_budget", 1],
    prompt_too_long: [one("prompt_too_long"), "prompt_too_long", 1],
    bad_model: [one("bad_model"), "bad_model", 1],
    tls: [one("tls"), "tls", 1],
    refusal: [one("refusal"), "refusal", 1],
    mystery: [one("mystery"), "unknown", 1],
  }));

Deno.test("failures that pass are tried again, at most twice in one question", () =>
  table({
    overloaded: [one("overloaded"), "overloaded", 3],
    throttled: [one("throttled"), "throttled", 3],
    server: [one("server_500"), "server", 3],
    network: [one("network"), "network", 3],
    "overloaded, then well": [[{ mode: "overloaded" }, { mode: "ok" }], "ok/json", 2],
    "retries are shared with re-asks": [
      [{ mode: "overloaded" }, { mode: "ok", text: "no" }, { mode: "overloaded" }, { mode: "overloaded" }],
      "overloaded",
      4,
    ],
  }));

Deno.test("tools, servers, billed keys, silent substitutes and unverifiable calls are refused", () =>
  table({
    tools: [one("tools_given"), "protocol", 1],
    servers: [one("mcp_given"), "protocol", 1],
    key: [one("key_helper"), "api_key", 1],
    "key, when asked for": [one("ok"), "ok/json", 1, {}, { auth: "env" }],
    substitute: [[{ mode: "ok", served: "claude-haiku-4-5" }], "other_model", 1, {}, { model: "opus" }],
    "substitute, when allowed": [
      [{ mode: "ok", served: "claude-haiku-4-5" }],
      "ok/json",
      1,
      {},
      { model: "opus", allowOtherModel: true },
    ],
    "no report of tools and login": [one("object_only"), "protocol", 1],
  }));

Deno.test("unusable replies are asked again twice and then refused, never guessed at", () =>
  table({
    prose: [words("I think so."), "no_json", 3],
    "cut JSON": [words('{"answer":"a","sco'), "truncated", 3],
    "token limit": [[{ mode: "max_tokens", text: '{"answer":"a","score":0.1}' }], "truncated", 3],
    "percent for a number": [words('{"answer":"a","score":"80%"}'), "schema", 3],
    "unknown key": [words('{"answer":"a","score":1,"also":2}'), "schema", 3],
    "not JSON": [words('{"answer" is "a"; [}'), "syntax", 3],
    "second try": [[{ mode: "ok", text: "hm" }, { mode: "ok" }], "ok/json", 2],
    "two objects, the last valid one counts": [
      words('First {"answer":"draft","score":0.9} then {"answer":"final","score":0.1}'),
      "ok/json",
      1,
    ],
  }));

Deno.test("an older version is asked without the options it lacks, but never without the lock", () =>
  table({
    "optional ones": [one("ok"), "ok/json", 1, { refuses: ["--safe-mode", "--setting-sources"] }],
    "the lock": [one("ok"), "unknown_option", 0, { refuses: ["--strict-mcp-config"] }],
    "too old": [one("ok"), "too_old", 0, { version: "2.1.40 (Claude Code)" }],
    "rejected schema falls back to text": [one("ok"), "ok/json", 1, { rejects_schemas: true }, {
      nativeSchema: true,
    }],
    "unfilled schema falls back to text": [
      [{ mode: "schema_retries" }, { mode: "ok" }],
      "ok/json",
      2,
      {},
      { nativeSchema: true },
    ],
  }));

Deno.test("a usage limit pauses the study and says when it resets", async () => {
  const { error } = await outcome({ steps: [{ mode: "session_limit" }] });
  assert.equal(error?.next, "pause");
  assert.equal(error?.resumes_at_s, 1_900_000_000);
  assert.match(error!.message, /usage limit is reached \(resets at 2030-03-17 17:46 UTC\).*What to do: wait/);
});
