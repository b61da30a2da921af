/** One arm from the default to its end, whatever happens on the way. */
import assert from "node:assert/strict";
import { BudgetedEvaluator, type Objective } from "../../lib/search/budget.ts";
import { createSampler, SAMPLER_NAMES, type SamplerName } from "../../lib/search/create_sampler.ts";
import { runStudy, type StudyOptions, type StudySummary } from "../../lib/search/run_study.ts";
import { type AsyncSampler, ProposalError } from "../../lib/search/sampler.ts";
import { defaultPoint, type SearchSpace } from "../../lib/records/space.ts";
import { Trial } from "../../lib/records/trial.ts";
import { MIXED_SPACE, mixedScore, parameter } from "./arms.ts";

interface Arm extends Partial<Omit<StudyOptions, "sampler">> {
  name?: SamplerName;
  sampler?: AsyncSampler;
  objective?: Objective;
  budget?: number;
  /** Stop after this many trials were yielded, as a killed process would */
  stopAfter?: number;
}

async function run(
  arm: Arm = {},
): Promise<{ trials: Trial[]; summary: StudySummary | undefined; evaluator: BudgetedEvaluator }> {
  const { name = "tpe", space = MIXED_SPACE, budget = 20, stopAfter = Infinity } = arm;
  const objective = arm.objective ?? ((point) => ({ value: mixedScore(point), case_evaluations: 3 }));
  const evaluator = new BudgetedEvaluator({
    objective,
    budget: { theta_evaluations: budget },
    clock: () => 0,
    splits: ["train"],
  });
  const study = runStudy({
    study: "s1",
    arm: name,
    seed: 1,
    space,
    sampler: createSampler(name, { space, seed: 1, budget }),
    evaluator,
    question: { formula_hash: "f1", split: "train", case_set_hash: "c1" },
    ...arm,
  });
  const trials: Trial[] = [];
  for (;;) {
    const next = await study.next();
    if (next.done) return { trials, summary: next.value, evaluator };
    trials.push(next.value);
    if (trials.length >= stopAfter) return { trials, summary: undefined, evaluator };
  }
}

Deno.test("runStudy() spends exactly its budget, the default first, on every sampler", async () => {
  for (const name of SAMPLER_NAMES) {
    const { trials, summary } = await run({ name, budget: 12 });
    assert.equal(trials.length, 12, name);
    assert.deepEqual(trials[0]!.point, defaultPoint(MIXED_SPACE));
    assert.deepEqual(trials.map((t) => t.origin), ["default", ...new Array(11).fill("sampler")]);
    assert.deepEqual(trials.map((t) => t.number), trials.map((_, i) => i));
    assert.equal(summary!.end, "budget");
    assert.match(summary!.reason, /theta_evaluations is 12 and its limit is 12/);
    assert.equal(summary!.incumbent!.value, Math.max(...trials.map((t) => t.value!)));
  }
});

Deno.test("runStudy() yields records that the trial schema takes, with running totals", async () => {
  const { trials } = await run({ budget: 5 });
  for (const trial of trials) assert.deepEqual(Trial.parse(JSON.parse(JSON.stringify(trial))), trial);
  assert.deepEqual(trials.map((t) => t.spent.case_evaluations), [3, 6, 9, 12, 15]);
});

Deno.test("an interrupted study goes on from its records to the same trials, on every sampler", async () => {
  for (const name of SAMPLER_NAMES) {
    const whole = await run({ name, budget: 18 }), cut = await run({ name, budget: 18, stopAfter: 13 });
    let calls = 0;
    const objective: Objective = (point) => (calls++, { value: mixedScore(point), case_evaluations: 3 });
    const rest = await run({ name, budget: 18, recorded: cut.trials, objective });
    assert.deepEqual([...cut.trials, ...rest.trials], whole.trials, name);
    assert.equal(calls, 5);
    assert.deepEqual(rest.summary, whole.summary);
  }
});

Deno.test("runStudy() refuses to resume from another seed's, arm's or split's trials", async () => {
  const { trials } = await run({ budget: 6 });
  const other = createSampler("tpe", { space: MIXED_SPACE, seed: 2, budget: 20 });
  await assert.rejects(
    run({ recorded: trials, sampler: other }),
    /Cannot resume at trial 1: it stands at .* this sampler asks for/,
  );
  await assert.rejects(run({ recorded: trials, arm: "b" }), /its arm is "tpe", this arm has "b"/);
  const selection = trials.map((t) => ({ ...t, split: "selection" as const }));
  await assert.rejects(run({ recorded: selection }), /its split is "selection", this arm has "train"/);
  await assert.rejects(run({ recorded: trials.slice(1) }), /its number is 1, this arm has 0/);
});

Deno.test("failed evaluations and NaN scores are numbered, charged and recorded, and a failed default is no incumbent", async () => {
  let calls = 0;
  const objective: Objective = (point) => {
    calls++;
    if (calls === 1) throw new Error("no such tree");
    return { value: calls % 3 === 0 ? NaN : mixedScore(point), case_evaluations: 1 };
  };
  const { trials, summary } = await run({ objective, budget: 15 });
  assert.equal(trials.length, 15);
  assert.deepEqual([trials[0]!.status, trials[0]!.error, trials[2]!.error], [
    "failed",
    "no such tree",
    "the objective gave NaN",
  ]);
  assert.equal(summary!.incumbent!.status, "complete");
});

Deno.test("an arm whose evaluations all fail ends after the given number in a row and says why", async () => {
  const objective: Objective = () => Promise.reject(new Error("disk full"));
  const { trials, summary } = await run({ objective, budget: 100, mostFailures: 6 });
  assert.equal(trials.length, 6);
  assert.deepEqual([summary!.end, summary!.incumbent], ["failing", null]);
  assert.match(summary!.reason, /6 trials in a row failed, the last because disk full/);
});

Deno.test("an exhausted space ends the arm with every point tried once", async () => {
  const space: SearchSpace = [parameter({ name: "k", default: 2, low: 1, high: 3, integer: true })];
  const { trials, summary } = await run({ space, objective: (p) => ({ value: p.k!, case_evaluations: 1 }) });
  assert.deepEqual(trials.map((t) => t.point!.k).sort(), [1, 2, 3]);
  assert.equal(summary!.end, "space");
});

Deno.test("a raised signal ends the arm after the trial under way, or drops a trial that stops with AbortError", async () => {
  const finishing = new AbortController();
  const polite = await run({
    signal: finishing.signal,
    objective: (p) => (finishing.abort(), { value: p.alpha!, case_evaluations: 1 }),
  });
  assert.deepEqual([polite.trials.length, polite.summary!.end], [1, "interrupted"]);
  const dropping = new AbortController();
  const abrupt = await run({
    signal: dropping.signal,
    objective() {
      dropping.abort();
      throw new DOMException("stopped", "AbortError");
    },
  });
  assert.deepEqual([abrupt.trials.length, abrupt.summary!.end], [0, "interrupted"]);
});

Deno.test("a proposer that gives nothing usable costs its turn and stands in the records", async () => {
  const sampler: AsyncSampler = {
    name: "mute",
    ask: () => Promise.reject(new ProposalError("not JSON")),
    tell() {},
  };
  const { trials, summary, evaluator } = await run({ sampler, budget: 4 });
  assert.deepEqual(trials.map((t) => [t.status, t.point === null, t.origin]), [
    ["complete", false, "default"],
    ...new Array(3).fill(["failed", true, "injected"]),
  ]);
  assert.equal(trials[1]!.error, "not JSON");
  assert.equal(evaluator.spent.theta_evaluations, 4);
  assert.equal(summary!.end, "budget");
  for (const trial of trials) Trial.parse(trial);
});

Deno.test("a bad space is refused before anything is evaluated", async () => {
  const space = [parameter({ name: "x", low: 2, high: 1 })];
  const good = createSampler("random", { space: MIXED_SPACE, seed: 1 });
  await assert.rejects(run({ space, sampler: good }), RangeError);
});
