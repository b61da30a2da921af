/** The evaluator's choke point: what is charged, what is remembered, what is refused. */
import assert from "node:assert/strict";
import { BudgetedEvaluator, BudgetExhausted, type EvaluatorOptions } from "../../lib/search/budget.ts";
import type { Point } from "../../lib/records/space.ts";

const TRAIN = { formula_hash: "f1", split: "train", case_set_hash: "c1" } as const;

/** An evaluator over x -> x with 7 cases an evaluation, and the points its objective really saw. */
function counting(options: Partial<EvaluatorOptions> = {}) {
  const seen: Point[] = [];
  const evaluator = new BudgetedEvaluator({
    objective(point) {
      seen.push(point);
      return { value: point.x!, case_evaluations: 7 };
    },
    budget: {},
    clock: () => 0,
    splits: ["train", "selection"],
    ...options,
  });
  return { evaluator, seen };
}

Deno.test("BudgetedEvaluator charges a new question once and a repeated one never", async () => {
  const { evaluator, seen } = counting();
  assert.deepEqual(await evaluator.evaluate({ x: 3 }, TRAIN), {
    value: 3,
    case_evaluations: 7,
    error: null,
    repeated: false,
  });
  assert.equal((await evaluator.evaluate({ x: 3 }, TRAIN)).repeated, true);
  assert.equal(seen.length, 1);
  assert.equal(evaluator.repeats, 1);
  assert.deepEqual([evaluator.spent.theta_evaluations, evaluator.spent.case_evaluations], [1, 7]);
});

Deno.test("a cached train score never answers for another split, formula or case set", async () => {
  const { evaluator, seen } = counting();
  await evaluator.evaluate({ x: 1 }, TRAIN);
  await evaluator.evaluate({ x: 1 }, { ...TRAIN, split: "selection" });
  await evaluator.evaluate({ x: 1 }, { ...TRAIN, formula_hash: "f2" });
  await evaluator.evaluate({ x: 1 }, { ...TRAIN, case_set_hash: "c2" });
  assert.equal(seen.length, 4);
  assert.equal(evaluator.spent.selection_queries, 1);
});

Deno.test("arms that share a store pay alike: the second is charged for what the first computed", async () => {
  const store = new Map();
  const first = counting({ store }), second = counting({ store });
  await first.evaluator.evaluate({ x: 1 }, TRAIN);
  await second.evaluator.evaluate({ x: 1 }, TRAIN);
  assert.equal(second.seen.length, 0);
  assert.equal(second.evaluator.reused, 1);
  assert.deepEqual(second.evaluator.spent, first.evaluator.spent);
});

Deno.test("BudgetedEvaluator refuses a split it was not opened for before anything is scored", async () => {
  const { evaluator, seen } = counting();
  const lockbox = { ...TRAIN, split: "lockbox" } as const;
  await assert.rejects(
    evaluator.evaluate({ x: 1 }, lockbox),
    /split "lockbox": this evaluator was opened for train, selection/,
  );
  assert.equal(seen.length, 0);
});

Deno.test("every limited resource ends the spending, and nothing is evaluated beyond it", async () => {
  let now = 0;
  for (
    const resource of [
      "theta_evaluations",
      "case_evaluations",
      "selection_queries",
      "model_calls",
      "tokens",
      "cost_usd",
      "seconds",
    ] as const
  ) {
    const { evaluator, seen } = counting({
      budget: { [resource]: resource === "case_evaluations" ? 7 : 1 },
      clock: () => now,
    });
    await evaluator.evaluate({ x: 1 }, { ...TRAIN, split: "selection" });
    evaluator.charge({ model_calls: 1, tokens: 1, cost_usd: 1 });
    now += 1;
    await assert.rejects(
      evaluator.evaluate({ x: 2 }, { ...TRAIN, split: "selection" }),
      (error) => error instanceof BudgetExhausted && error.resource === resource,
    );
    assert.equal(seen.length, 1);
    assert.equal((await evaluator.evaluate({ x: 1 }, { ...TRAIN, split: "selection" })).repeated, true);
  }
});

Deno.test("a case budget is not passed when the number of cases is told beforehand", async () => {
  const { evaluator } = counting({ budget: { case_evaluations: 10 } });
  await evaluator.evaluate({ x: 1 }, { ...TRAIN, n_cases: 7 });
  await assert.rejects(
    evaluator.evaluate({ x: 2 }, { ...TRAIN, n_cases: 7 }),
    /case_evaluations is 7 and its limit is 10/,
  );
  await evaluator.evaluate({ x: 2 }, { ...TRAIN, n_cases: 3 });
});

Deno.test("a throwing or NaN objective is a failed answer that costs its evaluation and is not shared", async () => {
  const store = new Map();
  const { evaluator } = counting({
    store,
    objective: ({ x }) => {
      if (x === 1) throw new Error("worker died");
      return { value: NaN, case_evaluations: 5 };
    },
  });
  const thrown = await evaluator.evaluate({ x: 1 }, TRAIN), nan = await evaluator.evaluate({ x: 2 }, TRAIN);
  assert.deepEqual([thrown.value, thrown.error, nan.value, nan.error], [
    null,
    "worker died",
    null,
    "the objective gave NaN",
  ]);
  assert.deepEqual([evaluator.spent.theta_evaluations, evaluator.spent.case_evaluations, store.size], [
    2,
    5,
    0,
  ]);
});

Deno.test("BudgetedEvaluator refuses meaningless limits and charges", () => {
  assert.throws(() => counting({ budget: { tokens: NaN } }), /Cannot limit tokens to NaN/);
  assert.throws(() => counting({ budget: { trials: 3 } as never }), /Unknown resource "trials"/);
  assert.throws(() => counting().evaluator.charge({ tokens: -1 }), /Cannot charge -1 to tokens/);
});

Deno.test("a limit that does not bear on a question does not refuse it: no calls allowed, no selection queries left", async () => {
  const { evaluator } = counting({ budget: { model_calls: 0, selection_queries: 1 } });
  await evaluator.evaluate({ x: 1 }, { ...TRAIN, split: "selection" });
  await evaluator.evaluate({ x: 1 }, TRAIN);
  await assert.rejects(
    evaluator.evaluate({ x: 2 }, { ...TRAIN, split: "selection" }),
    /selection_queries is 1/,
  );
  evaluator.charge({ model_calls: 1 });
  await assert.rejects(evaluator.evaluate({ x: 3 }, TRAIN), /model_calls is 1 and its limit is 0/);
});
