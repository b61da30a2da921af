/** The second command line: what it is given, and how its failures are told apart. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { z } from "zod";
import { askFor, CallBudget, CallQueue, ClaudeError } from "../../lib/claude/mod.ts";
import { codexCli } from "../../lib/claude/codex.ts";
import { LAID_OUT_SECRETS, withStandIn } from "./stand_in/install.ts";
import { QUICK } from "./stand_in/quick.ts";

const SHAPE = z.strictObject({ answer: z.string(), score: z.number() });
const REQUEST = { system: "Answer in JSON.", prompt: "Question: is it so?", label: "codex" };

Deno.test("codex gets the prompt on standard input, a read-only sandbox and an empty folder", () =>
  withStandIn({ program: "codex" }, async ({ environment, calls }) => {
    const model = codexCli({
      ...QUICK,
      queue: new CallQueue(1),
      environment,
      model: "m",
      nativeSchema: true,
    });
    const answer = await askFor(model, REQUEST, SHAPE);
    const [call] = calls();
    assert.equal(call!.stdin, "Answer in JSON.\n\nQuestion: is it so?");
    assert.deepEqual([call!.cwd_entries, existsSync(call!.cwd)], [0, false]);
    const argv = call!.argv.join(" ");
    for (
      const part of [
        "--sandbox read-only",
        'approval_policy="never"',
        "--ignore-user-config",
        "--output-schema",
      ]
    ) {
      assert.ok(argv.includes(part), `${part} is missing in ${argv}`);
    }
    assert.ok(!argv.includes("Question"));
    assert.ok(!existsSync(call!.argv[call!.argv.indexOf("--output-schema") + 1]!));
    for (const name of Object.keys(LAID_OUT_SECRETS)) {
      assert.ok(!(name in call!.env), `${name} reached the child`);
    }
    assert.equal(answer.cost_usd, null);
    assert.deepEqual(answer.tokens, { input: 100, output: 20, cache_read: 10, cache_creation: 0 });
  }));

Deno.test("failures of codex are told apart by its events", async () => {
  const wanted = {
    used_tool: "protocol",
    silent: "no_result",
    empty: "empty",
    usage_limit: "usage_limit",
    auth: "auth",
    throttled: "throttled",
    network: "network",
    bad_model: "bad_model",
    prompt_too_long: "prompt_too_long",
  };
  const room = new CallQueue(3);
  const found = await Promise.all(
    Object.keys(wanted).map((mode) =>
      room.run(() =>
        withStandIn({ program: "codex", steps: [{ mode }] }, async ({ environment }) => {
          const model = codexCli({ ...QUICK, queue: new CallQueue(1), environment });
          const error = await askFor(model, REQUEST, SHAPE, { retries: 0 }).then(() => undefined, (error) =>
            error);
          return [mode, error instanceof ClaudeError ? error.kind : "ok"];
        })
      )
    ),
  );
  assert.deepEqual(Object.fromEntries(found), wanted);
});

Deno.test("a ceiling in dollars cannot be kept without prices, and says so after the first answer", () =>
  withStandIn({ program: "codex" }, async ({ environment }) => {
    const budget = new CallBudget({ maxUsd: 1 });
    const model = codexCli({ ...QUICK, queue: new CallQueue(1), environment, budget });
    await model.ask(REQUEST);
    await assert.rejects(model.ask(REQUEST), { kind: "ceiling", message: /reports no prices.*--max-calls/ });
  }));
