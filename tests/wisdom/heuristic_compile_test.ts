import assert from "node:assert/strict";
import fc from "fast-check";
import { defaultPoint, parsePoint } from "../../lib/records/space.ts";
import { compileHeuristics } from "../../lib/wisdom/heuristic_compile.ts";
import { ADJUSTMENT_OPERATORS, type Heuristic, parseHeuristic } from "../../lib/wisdom/heuristic_rule.ts";
import { conditions, facts, FACTS_HERE, PARAMETERS, SPACE } from "./heuristic_cases.ts";

const START = defaultPoint(SPACE);
const apply = (...rules: string[]) => compileHeuristics(rules, SPACE).apply(FACTS_HERE, START);
const ALWAYS = "if history.exists:";

Deno.test("a rule moves the point where its condition holds and nowhere else", () => {
  const { point, fired, moves } = apply(
    "if repo.file_count < 50: boost_chat_file *= 0.5 - small",
    "if repo.file_count > 50: boost_chat_file *= 2",
  );
  assert.deepEqual(point, { ...START, boost_chat_file: 10 });
  assert.deepEqual(fired.map((rule) => [rule.index, rule.heuristic.rationale]), [[0, "small"]]);
  assert.deepEqual(moves, [{ parameter: "boost_chat_file", before: 20, after: 10, wanted: 10, by: [0] }]);
});

Deno.test("the last = wins, then factors and divisors multiply, then sums are added, whatever the order", () => {
  const { point, moves } = apply(
    `${ALWAYS} boost_chat_file += 3`,
    `${ALWAYS} boost_chat_file *= 4`,
    `${ALWAYS} boost_chat_file = 50`,
    `${ALWAYS} boost_chat_file /= 2`,
    `${ALWAYS} boost_chat_file = 10`,
    `${ALWAYS} boost_chat_file -= 1`,
  );
  assert.equal(point.boost_chat_file, 22);
  assert.deepEqual(moves[0]!.by, [0, 1, 2, 3, 4, 5]);
});

Deno.test("the result is clamped and rounded once, at the end", () => {
  const { point, moves } = apply(`${ALWAYS} boost_chat_file *= 10`, `${ALWAYS} boost_chat_file -= 120`);
  assert.equal(point.boost_chat_file, 80);
  assert.equal(moves[0]!.wanted, 80);
  assert.deepEqual(apply(`${ALWAYS} boost_chat_file *= 10`).moves[0], {
    parameter: "boost_chat_file",
    before: 20,
    after: 100,
    wanted: 200,
    by: [0],
  });
  assert.equal(apply(`${ALWAYS} focus_max_hops *= 0.7`).point.focus_max_hops, 1);
});

Deno.test("unknown parameters and broken rules are refused by number and column when compiled", () => {
  const good = `${ALWAYS} focus_decay = 1`;
  assert.throws(
    () => compileHeuristics([good, `${ALWAYS} boost_ident *= 2`], SPACE),
    /Cannot read heuristic 2, column 20: this space has no parameter boost_ident; did you mean boost_mentioned_ident/,
  );
  const tree = parseHeuristic("if seed.is_test: focus_radius *= 2");
  assert.throws(() => compileHeuristics([tree], SPACE), /heuristic 1, column 18: .*focus_radius/);
  assert.throws(
    () => compileHeuristics([good], [{ ...SPACE[0]!, name: "intent" }]),
    /intent is also the name of a fact/,
  );
});

Deno.test("incomplete facts and foreign points are refused", () => {
  const compiled = compileHeuristics([`${ALWAYS} focus_decay = 1`], SPACE);
  const { intent: _, ...less } = FACTS_HERE;
  assert.throws(() => compiled.apply(less as typeof FACTS_HERE, START), /Bad facts/);
  assert.throws(() => compiled.apply(FACTS_HERE, { ...START, focus_decay: 2 }), /focus_decay is 2/);
  assert.throws(() => compiled.apply(FACTS_HERE, { ...START, other: 2 }), /Unknown parameter "other"/);
});

Deno.test("conflicts are reported when compiled, and again when both rules fire", () => {
  const compiled = compileHeuristics([
    `${ALWAYS} focus_decay = 1`,
    "if seed.is_test: focus_decay = 0.5",
    "if not seed.is_test: focus_decay *= 2, boost_chat_file *= 2",
    `${ALWAYS} boost_chat_file -= 3`,
    "if seed.depth < 1 and seed.depth > 2: boost_chat_file *= 9",
  ], SPACE);
  assert.deepEqual(compiled.conflicts.map((c) => [c.kind, c.rules, c.parameter]), [
    ["overrides", [0, 1], "focus_decay"],
    ["moves_what_is_set", [0, 2], "focus_decay"],
    ["opposes", [2, 3], "boost_chat_file"],
    ["never", [4], undefined],
  ]);
  assert.deepEqual(compiled.apply(FACTS_HERE, START).conflicts.map((c) => c.rules), [[0, 2], [2, 3]]);
  assert.equal(
    compiled.conflicts[0]!.message,
    "focus_decay = 1 in rule 1 and = 0.5 in rule 2: rule 2 wins where both fire",
  );
});

Deno.test("rules that agree or exclude each other are no conflict", () => {
  const { conflicts } = compileHeuristics([
    "if intent == debug: focus_decay *= 2",
    "if intent == explore: focus_decay *= 0.5",
    "if intent == debug: focus_decay += 0.1",
    "if seed.is_test: boost_chat_file = 3",
    "if history.exists: boost_chat_file = 3",
  ], SPACE);
  assert.deepEqual(conflicts, []);
});

const relative = fc.record({
  parameter: fc.constantFrom(...PARAMETERS),
  op: fc.constantFrom(...ADJUSTMENT_OPERATORS.filter((op) => op !== "=")),
  value: fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
});
const rule = (adjustment: fc.Arbitrary<Heuristic["adjustments"][number]>): fc.Arbitrary<Heuristic> =>
  fc.record({ condition: conditions, adjustments: fc.tuple(adjustment) });
const shuffledPair = fc.array(rule(relative), { maxLength: 6 }).chain((rules) =>
  fc.tuple(fc.constant(rules), fc.shuffledSubarray(rules, { minLength: rules.length }))
);

Deno.test("without = the order of listing changes nothing, to the last bit", () => {
  fc.assert(
    fc.property(shuffledPair, facts, ([rules, shuffled], situation) => {
      const one = compileHeuristics(rules, SPACE).apply(situation, START);
      assert.deepEqual(compileHeuristics(shuffled, SPACE).apply(situation, START).point, one.point);
    }),
    { seed: 7, numRuns: 150 },
  );
});

Deno.test("whatever the rules, the result is a legal point and the point given is untouched", () => {
  const any = fc.record({
    ...{ parameter: fc.constantFrom(...PARAMETERS) },
    op: fc.constantFrom(...ADJUSTMENT_OPERATORS),
    value: fc.constantFrom(1e-9, 0.5, 2, 1e9),
  });
  fc.assert(
    fc.property(fc.array(rule(any), { maxLength: 20 }), facts, (rules, situation) => {
      const { point, fired } = compileHeuristics(rules, SPACE).apply(situation, START);
      assert.deepEqual(parsePoint(SPACE, point), point);
      assert.deepEqual(START, defaultPoint(SPACE));
      if (fired.length === 0) assert.deepEqual(point, START);
    }),
    { seed: 7, numRuns: 150 },
  );
});

Deno.test("thousands of extreme factors still end at a bound", () => {
  const rules = Array.from({ length: 1000 }, () => `${ALWAYS} focus_decay *= 1e9, boost_chat_file /= 1e9`);
  const { point } = compileHeuristics(rules, SPACE).apply(FACTS_HERE, { ...START, focus_decay: 0 });
  assert.equal(point.focus_decay, 0);
  assert.equal(point.boost_chat_file, 1);
});
