/** A space, facts and random conditions for the tests of heuristics and warnings. */
import fc from "fast-check";
import type { SearchSpace } from "../../lib/records/space.ts";
import type { Condition, Test } from "../../lib/wisdom/heuristic_condition.ts";
import { type Fact, FACTS, type Facts } from "../../lib/wisdom/heuristic_vocabulary.ts";

const row = (name: string, value: number, low: number, high: number, integer = false) => ({
  name,
  default: value,
  low,
  high,
  integer,
  scale: "linear" as const,
  description: "",
  layer: "",
});

export const SPACE: SearchSpace = [
  row("boost_chat_file", 20, 1, 100),
  row("boost_mentioned_ident", 10, 1, 100),
  row("focus_decay", 0.5, 0, 1),
  row("focus_max_hops", 2, 0, 6, true),
];

export const PARAMETERS: readonly string[] = SPACE.map((parameter) => parameter.name);

export const FACTS_HERE: Facts = {
  "repo.file_count": 40,
  "repo.commit_count": 900,
  "repo.age_days": 400,
  "repo.contributors": 3,
  "repo.language": "python",
  "repo.median_depth": 2,
  "repo.test_share": 0.2,
  "history.exists": true,
  "history.is_young": false,
  "history.median_change_size": 2,
  "query.is_symbol": true,
  "query.is_path": false,
  "query.has_message": false,
  "query.mentions_file": false,
  "query.mentions_symbol": true,
  "query.word_count": 1,
  "intent": "debug",
  "seed.depth": 2,
  "seed.is_test": false,
  "seed.is_vendor": false,
  "seed.has_history": true,
  "seed.churn": 12,
  "seed.degree": 4,
  "session.chat_files": 0,
};

/** Random values for all facts. */
export const facts: fc.Arbitrary<Facts> = fc.record(Object.fromEntries(FACTS.map((fact: Fact) => [
  fact.name,
  fact.type === "number"
    ? fc.constantFrom(0, 0.5, 1, 2, 10, 1e6)
    : fact.type === "boolean"
    ? fc.boolean()
    : fc.constantFrom(...(fact.values ?? ["python", "rust"])),
]))) as unknown as fc.Arbitrary<Facts>;

const numbers = fc.oneof(
  fc.constantFrom(0, 0.5, 1, 2, 10, -1),
  fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((value) => value === 0 ? 0 : value),
);

const words = fc.oneof(
  fc.constantFrom("python", "c++", "and"),
  fc.string({ minLength: 1, maxLength: 5, unit: "binary" }),
);

function testOf(fact: Fact): fc.Arbitrary<Test> {
  const { name } = fact;
  if (fact.type === "boolean") {
    return fc.oneof(
      fc.record({ kind: fc.constant("is" as const), name: fc.constant(name) }),
      fc.record({
        kind: fc.constant("compare" as const),
        name: fc.constant(name),
        op: fc.constantFrom("==" as const, "!=" as const),
        value: fc.boolean(),
      }),
    );
  }
  const texts = fact.values === undefined ? words : fc.constantFrom(...fact.values);
  const value: fc.Arbitrary<number | string> = fact.type === "number" ? numbers : texts;
  const equal = ["==", "!="] as const;
  return fc.oneof(
    fc.record({
      kind: fc.constant("compare" as const),
      name: fc.constant(name),
      op: fc.constantFrom(...(fact.type === "number" ? ["<", "<=", ">", ">=", ...equal] as const : equal)),
      value,
    }),
    fc.record({
      kind: fc.constant("in" as const),
      name: fc.constant(name),
      values: fc.array(value, { minLength: 1, maxLength: 3 }),
    }),
  );
}

/** Random conditions over the given subjects. */
function conditionsOver(subjects: readonly Fact[]): fc.Arbitrary<Condition> {
  const tests = fc.oneof(...subjects.map(testOf));
  return fc.letrec<{ node: Condition }>((tie) => {
    const of = fc.array(tie("node"), { minLength: 2, maxLength: 3, depthIdentifier: "condition" });
    return {
      node: fc.oneof(
        { maxDepth: 3, depthIdentifier: "condition" },
        tests,
        fc.record({ kind: fc.constant("and" as const), of }),
        fc.record({ kind: fc.constant("or" as const), of }),
        fc.record({ kind: fc.constant("not" as const), of: tie("node") }),
      ),
    };
  }).node;
}

/** Plain objects: fast-check's own have no prototype, which deep equality would notice. */
const plain = (condition: Condition): Condition => structuredClone(condition);

export const conditions = conditionsOver(FACTS).map(plain);

/** Conditions that also look at parameters, as warnings may. */
export const warningConditions = conditionsOver([
  ...FACTS,
  ...PARAMETERS.map((name) => ({ name, type: "number" as const, description: "" })),
]).map(plain);
