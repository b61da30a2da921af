import assert from "node:assert/strict";
import { join } from "node:path";
import type { Command, Invocation, Outcome } from "../../lib/tasks/command.ts";
import { certify } from "../../lib/tasks/certify.ts";
import { compare } from "../../lib/tasks/compare.ts";
import { hypothesis } from "../../lib/tasks/hypothesis.ts";
import { sensitivity } from "../../lib/tasks/sensitivity.ts";
import { sweep } from "../../lib/tasks/sweep.ts";
import { ArmPool } from "../../lib/tasks/arm_pool.ts";
import { readRecords } from "../../lib/scratchpad/read.ts";
import { HYPOTHESES, HYPOTHESIS_TESTS } from "../../lib/study/hypotheses.ts";
import { PREREGISTRATIONS } from "../../lib/study/preregistration.ts";
import { readManifests } from "../../lib/study/runs.ts";
import { openStudyFor } from "../../lib/study/open.ts";

type Values = Record<string, string | boolean | string[]>;
type Body = (invocation: Invocation) => Promise<Outcome>;

const names = ["RIPMAP_LAB_RESULTS", "RIPMAP_LAB_CACHE"];
const before = names.map((name) => Deno.env.get(name));
let folder = "", repo = "";

async function run(
  name: Command["name"],
  body: Body,
  values: Values,
  positionals: string[] = [],
): Promise<Outcome> {
  return await body({
    values,
    positionals,
    progress: { step() {}, say() {}, close() {} },
    blocking: (work) => work(),
    signal: new AbortController().signal,
    line: [name, ...Object.entries(values).flatMap(([key, value]) => [`--${key}`, String(value)])],
  });
}

/** A study of the generated sample under a name of its own. */
const study = (name: string): Values => ({ repo: [repo], study: name });
const results = (name: string, ...path: string[]) => join(folder, "results", name, ...path);

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir();
  Deno.env.set("RIPMAP_LAB_RESULTS", join(folder, "results"));
  Deno.env.set("RIPMAP_LAB_CACHE", join(folder, "cache"));
  repo = (await openStudyFor()).config.repositories[0]!.dir;
});

Deno.test.afterAll(async () => {
  names.forEach((name, i) => before[i] === undefined ? Deno.env.delete(name) : Deno.env.set(name, before[i]));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("certify names failed pairs of train cases and says of them what the certificate says", async () => {
  const done = await run("certify", certify, { ...study("certified"), pairs: "3" });
  const { pairs, certificate } = done.json as {
    pairs: { case_id: string; target: string; distractor: string }[];
    certificate: { verdict: string };
  };
  assert.ok(pairs.length >= 1 && pairs.length <= 3);
  for (const { target, distractor } of pairs) assert.notEqual(target, distractor);
  assert.ok(["orderable", "infeasible", "undetermined"].includes(certificate.verdict));
  const told = {
    orderable: /^One point orders/,
    infeasible: /^Proof|^Not proven/,
    undetermined: /^Undetermined/,
  };
  assert.match(done.text!, told[certificate.verdict as keyof typeof told]);
  assert.ok(readManifests(results("certified")).every((m) => m.splits.every((split) => split === "train")));
});

Deno.test("a sweep writes its trials, judges the best point on selection and test, and exports to Optuna", async () => {
  const out = join(folder, "journal.log");
  const done = await run("sweep", sweep, {
    ...study("one"),
    sampler: "tpe",
    budget: "12",
    "export-optuna": out,
  });
  assert.match(done.text, /^power: selection has \d+ cases/);
  assert.match(done.text, /tpe-b12-s1: 12 trials, 0 failed, ended by budget/);
  assert.match(done.text, /test: nDCG@10 0\.\d+ \[/);
  const lines = (await Deno.readTextFile(out)).trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.equal(lines.filter((l) => l.op_code === 4).length, 12);
  const [started] = readManifests(results("one"));
  assert.deepEqual(started!.splits, ["train", "selection", "test"]);
  const judged = JSON.parse(await Deno.readTextFile(results("one", "arms", "tpe-b12-s1", "judged.json")));
  assert.deepEqual(judged.judgements.map((j: { split: string }) => j.split), ["selection", "test"]);
});

Deno.test("a comparison is the same on one thread and on two, and was registered before its first arm", async () => {
  const found: Record<string, unknown>[] = [];
  for (const [name, threads] of [["alone", "1"], ["together", "2"]] as const) {
    await run("compare", compare, {
      ...study(name),
      arms: "random,cma_es",
      seeds: "2",
      budget: "8",
      threads,
    });
    const facts = JSON.parse(await Deno.readTextFile(results(name, "compare.json")));
    const [registration] = readRecords(results(name), PREREGISTRATIONS);
    const [started] = readManifests(results(name));
    assert.equal(started!.state, "started");
    assert.equal(started!.inputs["preregistration"], registration!.id);
    assert.equal(facts.comparison.registration.id, registration!.id);
    assert.ok((await Deno.stat(results(name, "compare.html"))).size > 10_000);
    assert.match(await Deno.readTextFile(results(name, "compare.md")), /## Which sentences the data allow/);
    // Seconds differ from run to run; so do the studies' names, and with them the registrations.
    const { spends: _, registration: __, ...rest } = facts.comparison;
    found.push(rest);
  }
  assert.deepEqual(found[0], found[1]);
});

Deno.test("a finished arm is read again, and a comparison of other arms is a second registration", async () => {
  const file = results("alone", "arms", "random-b8-s1", "trials.jsonl"),
    first = await Deno.readTextFile(file);
  const values = { study: "alone", seeds: "2", budget: "8", threads: "1" };
  const wider = await run("compare", compare, { ...values, arms: "random,sobol" });
  assert.equal(await Deno.readTextFile(file), first);
  assert.equal(readRecords(results("alone"), PREREGISTRATIONS).length, 2);
  assert.match(await Deno.readTextFile(results("alone", "compare.md")), /registration 2 of this study/);
  assert.match(wider.text, /power: test has/);
});

Deno.test("an interrupted pool stops, and a thread's user error arrives with its message", async () => {
  const stopped = new AbortController();
  stopped.abort(new DOMException("stop", "AbortError"));
  const task = { kind: "arm", study: "one", job: { arm: "random", seed: 9, budget: 4 } } as const;
  using pool = new ArmPool(1);
  await assert.rejects(pool.run([task], { signal: stopped.signal }), { name: "AbortError" });
  await assert.rejects(
    pool.run([{ ...task, study: "nothing-here" }]),
    (error) => error instanceof RangeError && /no study "nothing-here"/.test(error.message),
  );
});

Deno.test("claims are registered, tested and listed; a test names the smallest effect it could have seen", async () => {
  const claim = "low pagerank_alpha & high boost_chat_file => worse";
  const values = { study: "one", backgrounds: "4" };
  const done = await run("hypothesis", hypothesis, { ...values, known: true }, [claim]);
  assert.equal(readRecords(results("one"), HYPOTHESES).length, 4, "the claim is one of the known four");
  const tests = readRecords(results("one"), HYPOTHESIS_TESTS);
  assert.equal(tests.length, 4);
  assert.match(done.text, /smallest effect it could have seen/);
  const listed = await run("hypothesis", hypothesis, { study: "one", list: true });
  assert.equal(listed.text.split("\n").length, 4);
  const started = readManifests(results("one")).find((m) =>
    m.run === "hypothesis-1" && m.state === "started"
  )!;
  assert.ok(tests.every((t) => started.inputs[`hypothesis ${t.hypothesis.slice(0, 12)}`] === t.hypothesis));
});

Deno.test("a claim on a parameter that is silent without a message is refused before it is registered", async () => {
  const before = readRecords(results("one"), HYPOTHESES).length;
  await assert.rejects(
    () =>
      run("hypothesis", hypothesis, { study: "one", backgrounds: "4" }, [
        "low boost_mentioned_file & high boost_chat_file => worse",
      ]),
    /boost_mentioned_file needs a message and moves nothing in the study one, whose query is seed; make a study with --query message/,
  );
  assert.equal(readRecords(results("one"), HYPOTHESES).length, before);
});

Deno.test("sensitivity writes its numbers, its page and its power", async () => {
  const done = await run("sensitivity", sensitivity, {
    study: "one",
    rows: "4",
    table: "60",
    refits: "2",
    threads: "1",
  });
  assert.match(done.text, /^power: train has/);
  assert.match(done.text, /of 17 parameters are live/);
  const facts = JSON.parse(await Deno.readTextFile(results("one", "sensitivity.json")));
  assert.equal(facts.record, "sensitivity/1");
  assert.equal(facts.invariances[0].verdict, "holds");
});

Deno.test("command lines that cannot be meant are refused before anything runs", async () => {
  const refused: [Body, Values, string[], RegExp][] = [
    [sweep, { study: "one", sampler: "luck" }, [], /--sampler is "luck"/],
    [sweep, { study: "one", budget: "0" }, [], /--budget is "?0/],
    [compare, { study: "one", arms: "tpe,luck" }, [], /no arm "luck"/],
    [hypothesis, { study: "one" }, [], /no claim/],
    [hypothesis, { study: "one" }, ["low luck & high boost_chat_file => worse"], /no parameter luck/],
    [hypothesis, { study: "one", insight: ["nothing"] }, [], /no insight nothing/],
    [sensitivity, { study: "one", rows: "1" }, [], /--rows is "?1/],
  ];
  for (const [body, values, positionals, message] of refused) {
    await assert.rejects(run("x", body, values, positionals), message);
  }
});
