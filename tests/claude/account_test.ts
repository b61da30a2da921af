/** Ceilings, turn-taking, reset times and the words of errors. */
import assert from "node:assert/strict";
import { type Attempt, FAILURE_KINDS, NO_TOKENS } from "../../lib/records/call.ts";
import { CallBudget, CallQueue, ClaudeError, FAILURES } from "../../lib/claude/mod.ts";
import { isOlder } from "../../lib/claude/capabilities.ts";
import { kindOfProse } from "../../lib/claude/prose.ts";
import { resetOfProse } from "../../lib/claude/resets.ts";

const attempt = (outcome: Attempt["outcome"], cost_usd: number | null): Attempt => ({
  outcome,
  how: null,
  model: "m",
  version: "1",
  cost_usd,
  tokens: { ...NO_TOKENS, output: 5 },
  duration_ms: 1,
  started_at_s: 0,
  detail: null,
});

Deno.test("failed attempts are paid like good ones, and a ceiling stops the next attempt, not the last", () => {
  const budget = new CallBudget({ maxUsd: 0.05, maxCalls: 10 }, [attempt("ok", 0.02)]);
  budget.reserve("m");
  budget.settle(attempt("schema", 0.04));
  assert.deepEqual(budget.spent, {
    calls: 2,
    cost_usd: 0.06,
    unpriced: 0,
    tokens: { ...NO_TOKENS, output: 10 },
  });
  assert.throws(() => budget.reserve("m"), {
    kind: "ceiling",
    message: /\$0\.0600 of \$0\.05 are used.*--max-usd/,
  });
});

Deno.test("calls in flight count against the ceiling; attempts that reached no model do not", () => {
  const budget = new CallBudget({ maxCalls: 2 });
  budget.reserve("m");
  budget.reserve("m");
  assert.throws(() => budget.reserve("m"), { kind: "ceiling" });
  budget.settle(attempt("unknown_option", null));
  budget.settle(attempt("overloaded", null));
  assert.equal(budget.spent.calls, 1);
  budget.reserve("m");
  assert.throws(() => new CallBudget({ maxCalls: NaN }), RangeError);
});

Deno.test("a queue never runs more at once than it is wide, and goes on after a failure", async () => {
  const queue = new CallQueue(2);
  let running = 0, most = 0;
  const order: number[] = [];
  const task = (n: number) =>
    queue.run(async () => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      order.push(n);
      running--;
      if (n === 1) throw new Error("one fails");
    });
  const ends = await Promise.allSettled([0, 1, 2, 3, 4].map(task));
  assert.deepEqual(ends.map((end) => end.status), [
    "fulfilled",
    "rejected",
    "fulfilled",
    "fulfilled",
    "fulfilled",
  ]);
  assert.deepEqual([most, order], [2, [0, 1, 2, 3, 4]]);
});

Deno.test("reset times are read from epochs and from clock times with a zone, never guessed", () => {
  const noon = Date.UTC(2026, 10, 22, 12, 0) / 1000;
  assert.equal(resetOfProse("Claude AI usage limit reached|1900000000", noon), 1_900_000_000);
  assert.equal(resetOfProse("resets 4pm (UTC)", noon), noon + 4 * 3600);
  assert.equal(resetOfProse("resets 4pm (Europe/Berlin)", noon), noon + 3 * 3600);
  assert.equal(resetOfProse("resets at 11:30 (UTC)", noon), noon + 23.5 * 3600);
  assert.equal(resetOfProse("resets 12am (UTC)", noon), noon + 12 * 3600);
  assert.equal(resetOfProse("resets 12pm (UTC)", noon), noon + 24 * 3600);
  assert.equal(resetOfProse("resets 4pm", noon), undefined);
  assert.equal(resetOfProse("resets 4pm (Middle/Earth)", noon), undefined);
});

Deno.test("every failure has one plain sentence and something to do, and pausing is for usage limits alone", () => {
  for (const kind of FAILURE_KINDS) {
    const error = new ClaudeError(kind, { program: "claude", detail: "seen" });
    assert.match(error.message, /^[A-Z].*: seen\. What to do: .+\.$/, kind);
    assert.doesNotMatch(error.message, /\{program\}|undefined/, kind);
    assert.equal(error.next === "pause", kind === "usage_limit");
    if (FAILURES[kind].retry === "reask") assert.equal(error.next, "skip", kind);
  }
});

Deno.test("messages of the tools are told apart by their wording", () => {
  const rows = {
    "You've hit your weekly limit · resets Mon 9am (UTC)": "usage_limit",
    "You've hit your Opus limit": "usage_limit",
    "You are out of extra usage": "usage_limit",
    "Server is temporarily limiting requests (not your usage limit)": "throttled",
    "Request rejected (429) because of a rate limit": "throttled",
    "Request too large": "prompt_too_long",
    "Invalid API key · Please run /login": "auth",
    "Your organization has been disabled": "auth",
    "Opus is not available with the Claude Pro plan": "bad_model",
    "Can't reach the API server": "network",
    "getaddrinfo ENOTFOUND api.example.com": "network",
    "unable to verify the first certificate": "tls",
    "Claude Code cannot be launched inside another Claude Code session.": "protocol",
    "Something else": undefined,
  };
  assert.deepEqual(Object.fromEntries(Object.keys(rows).map((text) => [text, kindOfProse(text)])), rows);
});

Deno.test("versions are compared by number", () => {
  assert.deepEqual(
    ["2.1.78", "2.1.79", "2.1.100", "1.9.999", "10.0.0", "beta"].map((v) => isOlder(v, "2.1.79")),
    [
      true,
      false,
      false,
      true,
      false,
      false,
    ],
  );
});
