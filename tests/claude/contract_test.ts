/** What every model keeps, whoever answers: a command line, a function, a recording. */
import assert from "node:assert/strict";
import { z } from "zod";
import { CASSETTE } from "../../lib/records/cassette.ts";
import { CALL_RECORD } from "../../lib/records/call.ts";
import { sha256 } from "../../lib/base/canonical.ts";
import {
  askFor,
  CallBudget,
  CallJournal,
  CallQueue,
  ClaudeError,
  functionModel,
  type Model,
  recorded,
  scriptedModel,
} from "../../lib/claude/mod.ts";
import { claudeCli } from "../../lib/claude/cli.ts";
import { codexCli } from "../../lib/claude/codex.ts";
import { installStandIn } from "./stand_in/install.ts";
import { QUICK } from "./stand_in/quick.ts";

const SHAPE = z.strictObject({ answer: z.string(), score: z.number().min(0).max(1) })
  .refine((value) => value.answer !== "", "answer: it must not be empty");
const REQUEST = { system: "Answer in JSON.", prompt: "Question: is it so?", label: "contract", episode: 3 };
const GOOD = '{"answer":"yes","score":0.5}';

/** A model that gives these replies in order, and how to take it down. */
interface Subject extends Disposable {
  readonly model: Model;
}
type Make = (replies: readonly string[], budget?: CallBudget) => Subject | Promise<Subject>;

const modes = (replies: readonly string[]) => replies.map((text) => ({ mode: "ok", text }));
const shared = (budget?: CallBudget) => ({
  ...QUICK,
  queue: new CallQueue(1),
  ...(budget ? { budget } : {}),
});

const BACKENDS: Readonly<Record<string, Make>> = {
  claude: (replies, budget) => {
    const standIn = installStandIn({ steps: modes(replies) });
    const model = claudeCli({ ...shared(budget), environment: standIn.environment });
    return { model, [Symbol.dispose]: () => standIn.remove() };
  },
  codex: (replies, budget) => {
    const standIn = installStandIn({ program: "codex", steps: modes(replies) });
    const model = codexCli({ ...shared(budget), environment: standIn.environment });
    return { model, [Symbol.dispose]: () => standIn.remove() };
  },
  embedded: (replies, budget) => {
    let n = 0;
    const model = functionModel("embedded", () => replies[Math.min(n++, replies.length - 1)], shared(budget));
    return { model, [Symbol.dispose]: () => {} };
  },
  replay: async (replies) => {
    const folder = Deno.makeTempDirSync();
    const script = scriptedModel("script", [0, 1, 2].map((i) => replies[Math.min(i, replies.length - 1)]!));
    const recorder = recorded(script, { folder, mode: "record", synthetic: true });
    await askFor(recorder, REQUEST, SHAPE).catch((error) => assert.ok(error instanceof ClaudeError));
    const nobody = { ...scriptedModel("script", []), identity: script.identity };
    return {
      model: recorded(nobody, { folder, mode: "replay" }),
      [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }),
    };
  },
};

for (const [name, make] of Object.entries(BACKENDS)) {
  Deno.test(`${name} gives a judged answer with its whole account`, async () => {
    using subject = await make([GOOD]);
    const answer = await askFor(subject.model, REQUEST, SHAPE);
    assert.deepEqual(answer.value, { answer: "yes", score: 0.5 });
    assert.equal(answer.how, "json");
    assert.equal(answer.prompt_hash, sha256(REQUEST.prompt));
    assert.equal(answer.attempts.length, 1);
    assert.deepEqual(answer.tokens, answer.attempts[0]!.tokens);
    assert.equal(answer.cost_usd, answer.attempts[0]!.cost_usd);
    assert.ok(answer.version !== null && answer.version !== "");
  });

  Deno.test(`${name} is asked again with what was wrong, and the second answer counts`, async () => {
    using subject = await make(['{"answer":"yes","score":"80%"}', GOOD]);
    const answer = await askFor(subject.model, REQUEST, SHAPE);
    assert.deepEqual(answer.attempts.map((attempt) => attempt.outcome), ["schema", "ok"]);
    assert.match(answer.attempts[0]!.detail!, /score: /);
    assert.notEqual(answer.prompt_hash, sha256(REQUEST.prompt));
  });

  Deno.test(`${name} is refused after two re-asks, with the issues and all attempts`, async () => {
    using subject = await make(['{"answer":"","score":0}']);
    await assert.rejects(askFor(subject.model, REQUEST, SHAPE), (error) => {
      assert.ok(error instanceof ClaudeError);
      assert.deepEqual([error.kind, error.next, error.retryable], ["semantic", "skip", false]);
      assert.deepEqual(error.attempts.map((attempt) => attempt.outcome), [
        "semantic",
        "semantic",
        "semantic",
      ]);
      assert.match(error.issues[0]!, /must not be empty/);
      assert.match(error.message, /What to do: look at the stored reply/);
      return true;
    });
  });

  Deno.test(`${name} writes down each attempt once, with prompt and reply by hash`, async () => {
    using subject = await make(["no JSON here", GOOD]);
    const folder = Deno.makeTempDirSync();
    try {
      const journal = new CallJournal(folder);
      await askFor(subject.model, REQUEST, SHAPE, { journal });
      const again = new CallJournal(folder);
      assert.deepEqual(again.records, journal.records);
      const lines = again.records.map((record) => CALL_RECORD.parse(record));
      assert.deepEqual(
        lines.map((line) => [line.outcome, line.how, line.episode, line.ordinal, line.attempt]),
        [
          ["no_json", null, 3, 0, 1],
          ["ok", "json", 3, 0, 1],
        ],
      );
      assert.equal(again.read(lines[0]!.prompt_hash), REQUEST.prompt);
      assert.equal(again.read(lines[0]!.reply_hash!), "no JSON here");
      assert.equal(again.read(lines[1]!.reply_hash!), GOOD);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  });

  if (name === "replay") continue; // It asks nobody: there is nothing to interrupt, to pay or to protect.

  Deno.test(`${name} refuses active prompts, spent ceilings and cancelled calls, and throws nothing but ClaudeError`, async () => {
    using subject = await make([GOOD], new CallBudget({ maxCalls: 1 }));
    const kindOf = (promise: Promise<unknown>) =>
      promise.then(() => "ok", (error) => error instanceof ClaudeError ? error.kind : String(error));
    const { model } = subject;
    assert.equal(await kindOf(model.ask({ ...REQUEST, prompt: "Read @secrets.txt" })), "protocol");
    assert.equal(await kindOf(model.ask(REQUEST, { signal: AbortSignal.abort() })), "cancelled");
    assert.equal(await kindOf(model.ask(REQUEST)), "ok");
    assert.equal(await kindOf(model.ask(REQUEST)), "ceiling");
  });
}

Deno.test("a cassette holds either a reply or a failure", () => {
  const cassette = {
    record: "cassette/1",
    key: "0".repeat(64),
    slot: "x.0",
    request: { identity: {}, system: "s", prompt: "p", schema_hash: null, label: "l" },
    attempts: [],
    recorded_at_s: 0,
    synthetic: true,
  };
  assert.equal(CASSETTE.safeParse(cassette).success, false);
  assert.equal(CASSETTE.safeParse({ ...cassette, failure: { kind: "refusal", detail: "" } }).success, true);
});
