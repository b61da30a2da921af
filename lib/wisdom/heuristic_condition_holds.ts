/** Conditions at work: whether one holds, and whether several could hold together. */
import type { Condition, Test, Value } from "./heuristic_condition.ts";

/** Values of facts and parameters by name. */
export type Values = Readonly<Record<string, Value>>;

/**
 * Whether a condition holds. Work is bounded by its size.
 *
 * @throws {RangeError} for a name without a value
 */
export function holds(condition: Condition, values: Values): boolean {
  switch (condition.kind) {
    case "and":
      return condition.of.every((member) => holds(member, values));
    case "or":
      return condition.of.some((member) => holds(member, values));
    case "not":
      return !holds(condition.of, values);
    default:
      return testHolds(condition, valueOf(condition.name, values));
  }
}

function testHolds(test: Test, value: Value): boolean {
  if (test.kind === "is") return value === true;
  if (test.kind === "in") return test.values.includes(value);
  switch (test.op) {
    case "==":
      return value === test.value;
    case "!=":
      return value !== test.value;
    case "<":
      return value < test.value;
    case "<=":
      return value <= test.value;
    case ">":
      return value > test.value;
    case ">=":
      return value >= test.value;
  }
}

function valueOf(name: string, values: Values): Value {
  if (!Object.hasOwn(values, name)) {
    throw new RangeError(
      `Cannot decide a condition: ${name} has no value; give every fact and parameter one`,
    );
  }
  return values[name]!;
}

/** The names a condition looks at, sorted. */
export function namesOf(condition: Condition): string[] {
  const names = new Set<string>();
  const walk = (node: Condition): void => {
    if (node.kind === "and" || node.kind === "or") node.of.forEach(walk);
    else if (node.kind === "not") walk(node.of);
    else names.add(node.name);
  };
  walk(condition);
  return [...names].sort();
}

/**
 * Whether some values may make all conditions hold at once: false is proof that none do, true is not a promise.
 *
 * Looks at the tests that must hold (the members of outermost "and"s) and asks, name by name, whether a value passes
 * them all; what stands inside "or" or a negated list is not looked at.
 */
export function mayHoldTogether(...conditions: readonly Condition[]): boolean {
  const needed = conditions.flatMap(needs);
  return [...Map.groupBy(needed, ({ test }) => test.name).values()].every((group) =>
    candidates(group.map(({ test }) => test)).some((value) =>
      group.every(({ test, truth }) => testHolds(test, value) === truth)
    )
  );
}

function needs(condition: Condition): { test: Test; truth: boolean }[] {
  if (condition.kind === "and") return condition.of.flatMap(needs);
  if (condition.kind === "or") return [];
  if (condition.kind !== "not") return [{ test: condition, truth: true }];
  const { of } = condition;
  if (of.kind === "not") return needs(of.of);
  return of.kind === "and" || of.kind === "or" ? [] : [{ test: of, truth: false }];
}

/** Values among which every set of tests finds one to pass, if there is any: those named, those between, one besides. */
function candidates(tests: readonly Test[]): Value[] {
  const named = tests.flatMap((test): readonly Value[] =>
    test.kind === "in" ? test.values : test.kind === "is" ? [true] : [test.value]
  );
  if (named.some((value) => typeof value === "boolean")) return [true, false];
  if (named.some((value) => typeof value === "string")) return [...named, "\u0000something else"];
  const numbers = (named as number[]).toSorted((a, b) => a - b);
  const between = numbers.slice(1).map((value, i) => (value + numbers[i]!) / 2);
  return [...numbers, ...between, numbers[0]! - 1, numbers.at(-1)! + 1];
}
