/** Writes a condition as text. */
import { type Condition, isBareWord, type Value } from "./heuristic_condition.ts";

/** The canonical text of a condition: one space around operators, no parenthesis that is not needed. */
export function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case "and":
      return condition.of.map((of) => inside(of, ["and", "or"])).join(" and ");
    case "or":
      return condition.of.map((of) => inside(of, ["or"])).join(" or ");
    case "not":
      return condition.of.kind === "in"
        ? `${condition.of.name} not in ${list(condition.of.values)}`
        : `not ${inside(condition.of, ["and", "or"])}`;
    case "is":
      return condition.name;
    case "compare":
      return `${condition.name} ${condition.op} ${value(condition.value)}`;
    case "in":
      return `${condition.name} in ${list(condition.values)}`;
  }
}

/** Lists are flat, so a list in a list of its own kind was written with parentheses and keeps them. */
function inside(condition: Condition, looser: readonly Condition["kind"][]): string {
  const text = printCondition(condition);
  return looser.includes(condition.kind) ? `(${text})` : text;
}

const list = (values: readonly Value[]) => `[${values.map(value).join(", ")}]`;

function value(of: Value): string {
  return typeof of === "string" && !isBareWord(of) ? JSON.stringify(of) : String(of);
}
