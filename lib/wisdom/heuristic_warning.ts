/** Warnings that fire: `warn if focus_decay > 0.7 and focus_max_hops <= 1: tunnel vision - hypothesis 3f2a`. */
import { z } from "zod";
import { contentHash } from "../base/canonical.ts";
import { checkSpace, parsePoint, type Point, type SearchSpace } from "../records/space.ts";
import { checkNames } from "./heuristic_compile.ts";
import { checkCondition, type Condition, conditionSchema, type Value } from "./heuristic_condition.ts";
import { holds, namesOf } from "./heuristic_condition_holds.ts";
import { ConditionReader, type ReadingOptions } from "./heuristic_condition_parse.ts";
import { printCondition } from "./heuristic_condition_print.ts";
import { oneLine } from "./heuristic_rule.ts";
import { type Facts, readFacts } from "./heuristic_vocabulary.ts";

/** A warning in full; the conditions are those of `CONDITION_GRAMMAR`, over facts and parameters. */
export const WARNING_GRAMMAR = `
warning = "warn" "if" condition ":" message [ " - " cite ]
message = any text without " - "
cite    = any text to the end: the test or the episodes behind the warning
`.trim();

/** A warning. Message and cite are one trimmed line each; the message holds no " - ". */
export interface Warning {
  readonly condition: Condition;
  readonly message: string;
  readonly cite?: string | undefined;
}

const line = z.string().min(1).refine((text) => text === oneLine(text), "one line of text is wanted");
const isDash = (text: string) =>
  text.startsWith("- ") || text.endsWith(" -") || text.includes(" - ") || text === "-";

export const warningSchema: z.ZodType<Warning> = z.strictObject({
  condition: conditionSchema,
  message: line.refine((text) => !isDash(text), 'a message without " - " is wanted'),
  cite: line.optional(),
});

/**
 * The warning a text stands for. With a space in the options its parameters are checked too.
 *
 * @throws {LanguageError} with the column, as `parseHeuristic` does, and for a missing message or cite
 */
export function parseWarning(source: string, options: Partial<ReadingOptions> = {}): Warning {
  const reader = new ConditionReader(source, { language: "the warning", ...options });
  reader.expect("warn", "warn");
  reader.expect("if", "if");
  const condition = reader.condition("allowed"), { at } = reader.in.token;
  reader.expect(":", "and, or or :");
  const text = oneLine(reader.in.rest()), dash = ` ${text} `.indexOf(" - ");
  const message = dash < 0 ? text : text.slice(0, dash).trim(), cite = text.slice(dash + 2).trim();
  if (message === "") reader.in.fail("a message is wanted after the colon", at);
  if (dash >= 0 && cite === "") {
    reader.in.fail("nothing follows the dash; cite what is behind it or drop it", at);
  }
  return warningSchema.parse({ condition, message, ...(dash >= 0 && { cite }) });
}

/**
 * The canonical text of a warning; `parseWarning` gives the same warning back.
 *
 * @throws {LanguageError} for one that names unknown facts or is longer or deeper than the parser reads
 * @throws {RangeError | z.ZodError} for a value that is no warning
 */
export function printWarning(warning: Warning): string {
  checkCondition(warning.condition);
  const { condition, message, cite } = warningSchema.parse(warning);
  const text = `warn if ${printCondition(condition)}: ${message}` + (cite === undefined ? "" : ` - ${cite}`);
  parseWarning(text);
  return text;
}

/** Identity of a warning: the hash of its canonical text. */
export function warningId(warning: Warning): string {
  return contentHash({ language: "warning/1", text: printWarning(warning) });
}

/** One warning of a compiled list. */
export interface CompiledWarning {
  /** 0-based place in the list */
  readonly index: number;
  readonly id: string;
  readonly text: string;
  readonly warning: Warning;
}

/** A warning that fired, with the values of everything its condition looks at. */
export interface FiredWarning extends CompiledWarning {
  readonly because: Readonly<Record<string, Value>>;
}

/** A list of warnings checked against a space. */
export interface CompiledWarnings {
  readonly warnings: readonly CompiledWarning[];
  /**
   * The warnings whose condition holds, in order of listing.
   * @throws {RangeError} for facts that are incomplete or of the wrong type, and a point that is not of the space
   */
  fires(facts: Facts, point: Point): FiredWarning[];
}

/**
 * Compiles warnings, given as text or as trees, for a space.
 *
 * @throws {LanguageError} naming the warning by its number and pointing at the column
 * @throws {RangeError} for a bad space, or one with a parameter that is called like a fact
 */
export function compileWarnings(
  warnings: readonly (string | Warning)[],
  space: SearchSpace,
): CompiledWarnings {
  checkSpace(space);
  checkNames(space);
  const compiled = warnings.map((given, index): CompiledWarning => {
    const source = typeof given === "string" ? given : printWarning(given);
    const warning = parseWarning(source, { language: `warning ${index + 1}`, space });
    return { index, id: warningId(warning), text: printWarning(warning), warning };
  });
  return {
    warnings: compiled,
    fires(facts, point) {
      const values: Record<string, Value> = { ...readFacts(facts), ...parsePoint(space, point) };
      return compiled.filter(({ warning }) => holds(warning.condition, values)).map((fired) => ({
        ...fired,
        because: Object.fromEntries(namesOf(fired.warning.condition).map((name) => [name, values[name]!])),
      }));
    },
  };
}
