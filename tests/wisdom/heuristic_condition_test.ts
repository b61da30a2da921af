import assert from "node:assert/strict";
import fc from "fast-check";
import type { Condition } from "../../lib/wisdom/heuristic_condition.ts";
import { checkCondition, CONDITION_GRAMMAR } from "../../lib/wisdom/heuristic_condition.ts";
import { holds, mayHoldTogether, namesOf } from "../../lib/wisdom/heuristic_condition_holds.ts";
import { ConditionReader } from "../../lib/wisdom/heuristic_condition_parse.ts";
import { printCondition } from "../../lib/wisdom/heuristic_condition_print.ts";
import { FACTS, readFacts, vocabularyTable } from "../../lib/wisdom/heuristic_vocabulary.ts";
import { conditions, facts, FACTS_HERE } from "./heuristic_cases.ts";

const read = (source: string): Condition => {
  const reader = new ConditionReader(source, { language: "the condition" });
  const condition = reader.condition("refused");
  if (reader.in.token.kind !== "end") reader.unexpected("the end");
  return condition;
};
const here = (source: string) => holds(read(source), { ...FACTS_HERE });

Deno.test("comparisons, lists and yes-or-no facts are decided by the facts", () => {
  const table: [string, boolean][] = [
    ["repo.file_count < 50", true],
    ["repo.file_count >= 40", true],
    ["repo.file_count > 40", false],
    ["repo.file_count != 40", false],
    ["repo.test_share == .2", true],
    ["seed.depth > -1e3", true],
    ["intent == debug", true],
    ['intent == "debug"', true],
    ["intent in [refactor, explore]", false],
    ["intent not in [refactor, explore]", true],
    ["repo.language != rust", true],
    ["query.is_symbol", true],
    ["query.is_symbol == false", false],
    ["not query.is_path and history.exists", true],
  ];
  for (const [source, expected] of table) assert.equal(here(source), expected, source);
});

Deno.test("not binds tighter than and, and tighter than or", () => {
  const text = "not query.is_path and seed.is_test or history.exists";
  assert.deepEqual(read(text), read("((not query.is_path) and seed.is_test) or history.exists"));
  assert.equal(
    printCondition(read("(((intent == debug)) or (seed.is_test and not (history.exists)))")),
    "intent == debug or seed.is_test and not history.exists",
  );
  assert.equal(
    printCondition(read("not (seed.is_test or history.exists)")),
    "not (seed.is_test or history.exists)",
  );
});

Deno.test("every condition is printed and read back as it was", () => {
  fc.assert(
    fc.property(conditions, (condition) => {
      const text = printCondition(checkCondition(condition));
      assert.deepEqual(read(text), condition);
      assert.equal(printCondition(read(text)), text);
    }),
    { seed: 7, numRuns: 1000 },
  );
});

Deno.test("and, or and not obey De Morgan, double negation and distribution in every situation", () => {
  const and = (...of: Condition[]): Condition => ({ kind: "and", of });
  const or = (...of: Condition[]): Condition => ({ kind: "or", of });
  const not = (of: Condition): Condition => ({ kind: "not", of });
  fc.assert(
    fc.property(conditions, conditions, conditions, facts, (a, b, c, values) => {
      const h = (condition: Condition) => holds(condition, { ...values });
      assert.equal(h(not(and(a, b))), h(or(not(a), not(b))));
      assert.equal(h(not(not(a))), h(a));
      assert.equal(h(and(a, or(b, c))), h(or(and(a, b), and(a, c))));
    }),
    { seed: 7, numRuns: 500 },
  );
});

Deno.test("conditions said to exclude each other never hold together", () => {
  let excluded = 0;
  fc.assert(
    fc.property(conditions, conditions, facts, (a, b, values) => {
      if (mayHoldTogether(a, b)) return;
      excluded++;
      assert.ok(!(holds(a, { ...values }) && holds(b, { ...values })));
    }),
    { seed: 7, numRuns: 5000 },
  );
  assert.ok(excluded > 20, `${excluded}`);
});

Deno.test("exclusion is seen between intervals, values, lists and flags", () => {
  const together = (a: string, b: string) => mayHoldTogether(read(a), read(b));
  assert.equal(together("repo.file_count < 50", "repo.file_count > 50"), false);
  assert.equal(together("repo.file_count <= 50", "repo.file_count >= 50"), true);
  assert.equal(together("repo.file_count > 1", "repo.file_count < 2"), true);
  assert.equal(together("intent == debug", "intent in [extend, explore]"), false);
  assert.equal(together("intent != debug", "intent != extend"), true);
  assert.equal(together("seed.is_test and history.exists", "not seed.is_test"), false);
  assert.equal(together("seed.is_test or history.exists", "not seed.is_test"), true);
  assert.equal(together("seed.is_test", "history.exists"), true);
});

Deno.test("the names of a condition are listed once, sorted", () => {
  assert.deepEqual(namesOf(read("seed.depth > 1 and not (intent == debug or seed.depth < 9)")), [
    "intent",
    "seed.depth",
  ]);
});

Deno.test("a name without a value is an error, not false", () => {
  assert.throws(() => holds(read("seed.is_test"), {}), /seed\.is_test has no value/);
  assert.throws(() => holds({ kind: "is", name: "toString" }, {}), /toString has no value/);
});

Deno.test("facts are checked one and all", () => {
  assert.deepEqual(readFacts(FACTS_HERE), FACTS_HERE);
  assert.throws(() => readFacts({ ...FACTS_HERE, intent: "sleep" }), /Bad facts:[^]*intent/);
  assert.throws(() => readFacts({ ...FACTS_HERE, "seed.depth": NaN }), /seed/);
  assert.throws(() => readFacts({ ...FACTS_HERE, "seed.colour": 1 }), /seed\.colour/);
  const { intent: _, ...less } = FACTS_HERE;
  assert.throws(() => readFacts(less), /intent/);
});

Deno.test("the documentation has a row for every fact, and every fact named in it is read", () => {
  const table = vocabularyTable();
  assert.equal(table.trim().split("\n").length, FACTS.length + 2);
  for (const fact of FACTS) {
    assert.ok(table.includes(`| \`${fact.name}\` |`));
    const test = fact.type === "boolean"
      ? fact.name
      : `${fact.name} == ${fact.type === "number" ? 1 : "debug"}`;
    assert.equal(printCondition(read(test)), test);
  }
  for (const word of ["and", "or", "not", "in"]) assert.ok(CONDITION_GRAMMAR.includes(`"${word}"`));
});
