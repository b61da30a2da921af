/** Adaptive heuristics as data and text: `if repo.file_count < 50: boost_chat_file *= 0.5 - small trees need no push`. */
import { z } from "zod";
import { contentHash } from "../base/canonical.ts";
import {
  checkCondition,
  type Condition,
  conditionSchema,
  nameSchema,
  numberSchema,
} from "./heuristic_condition.ts";
import { printCondition } from "./heuristic_condition_print.ts";
import { ConditionReader, type ReadingOptions } from "./heuristic_condition_parse.ts";

/** A heuristic in full; the conditions are those of `CONDITION_GRAMMAR`, over facts only. */
export const HEURISTIC_GRAMMAR = `
heuristic  = "if" condition ":" adjustment { "," adjustment } [ "-" rationale ]
adjustment = parameter ( "*=" | "/=" ) number-above-0 | parameter ( "+=" | "-=" | "=" ) number
rationale  = any text to the end
`.trim();

export const ADJUSTMENT_OPERATORS = ["*=", "/=", "+=", "-=", "="] as const;
export type AdjustmentOperator = typeof ADJUSTMENT_OPERATORS[number];

/** What a heuristic does to one parameter. Factors and divisors are positive. */
export interface Adjustment {
  readonly parameter: string;
  readonly op: AdjustmentOperator;
  readonly value: number;
}

/** A heuristic. No parameter is adjusted twice; the rationale is one trimmed line with single spaces. */
export interface Heuristic {
  readonly condition: Condition;
  readonly adjustments: readonly Adjustment[];
  readonly rationale?: string | undefined;
}

const isFactor = (op: AdjustmentOperator) => op === "*=" || op === "/=";

/** Free text as it is kept: one line, single spaces. */
export const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();

/** A number where a reason should be: somebody wrote arithmetic. */
const ARITHMETIC = /^[\d.]+ ?(?:$|[-+*/,])/;

export const heuristicSchema: z.ZodType<Heuristic> = z.strictObject({
  condition: conditionSchema,
  adjustments: z.array(
    z.strictObject({ parameter: nameSchema, op: z.enum(ADJUSTMENT_OPERATORS), value: numberSchema })
      .refine(({ op, value }) => !isFactor(op) || value > 0, "a factor above 0 is wanted"),
  ).min(1).refine(
    (list) => new Set(list.map((a) => a.parameter)).size === list.length,
    "a parameter is adjusted twice",
  ),
  rationale: z.string().min(1)
    .refine((text) => text === oneLine(text) && !ARITHMETIC.test(text), "one line of text is wanted")
    .optional(),
});

/**
 * The heuristic a text stands for. With a space in the options its parameters are checked too.
 *
 * @throws {LanguageError} with the column, for text outside the grammar, unknown facts or parameters, and values a fact
 *   never has
 */
export function parseHeuristic(source: string, options: Partial<ReadingOptions> = {}): Heuristic {
  const reader = new ConditionReader(source, { language: "the heuristic", ...options });
  reader.expect("if", "if");
  const condition = reader.condition("refused");
  reader.expect(":", "and, or or :");
  const adjustments = [readAdjustment(reader, [])];
  while (reader.in.accept(",")) adjustments.push(readAdjustment(reader, adjustments));
  const rationale = readTail(reader, "a comma, - and a rationale, or the end");
  return heuristicSchema.parse({ condition, adjustments, ...(rationale !== undefined && { rationale }) });
}

function readAdjustment(reader: ConditionReader, before: readonly Adjustment[]): Adjustment {
  const { at } = reader.in.token, parameter = reader.parameter();
  if (before.some((other) => other.parameter === parameter)) {
    reader.in.fail(`${parameter} is adjusted twice in one heuristic; keep one`, at);
  }
  const op = ADJUSTMENT_OPERATORS.find((operator) => reader.in.accept(operator));
  if (op === undefined) reader.in.unexpected(`one of ${ADJUSTMENT_OPERATORS.join(" ")}`);
  const start = reader.in.token.at, value = reader.number();
  if (isFactor(op) && value <= 0) reader.in.fail(`${op} takes a factor above 0, found ${value}`, start);
  return { parameter, op, value };
}

/** The free text after a dash, or undefined at the end. @throws {LanguageError} for anything else */
export function readTail(reader: ConditionReader, wanted: string): string | undefined {
  if (reader.in.token.kind === "end") return undefined;
  const { at, end } = reader.in.token;
  if (!["-", "–", "—"].some((dash) => reader.in.accept(dash))) reader.unexpected(wanted);
  const text = oneLine(reader.in.rest());
  if (text === "") reader.in.fail("nothing follows the dash; write the reason or drop it", at);
  if (ARITHMETIC.test(text)) {
    reader.in.fail("this looks like arithmetic; write the result, then - and a reason", end);
  }
  return text;
}

/**
 * The canonical text of a heuristic; `parseHeuristic` gives the same heuristic back.
 *
 * @throws {LanguageError} for one that names unknown facts or is longer or deeper than the parser reads
 * @throws {RangeError | z.ZodError} for a value that is no heuristic
 */
export function printHeuristic(heuristic: Heuristic): string {
  checkCondition(heuristic.condition);
  const { condition, adjustments, rationale } = heuristicSchema.parse(heuristic);
  const moves = adjustments.map(({ parameter, op, value }) => `${parameter} ${op} ${value}`).join(", ");
  const text = `if ${printCondition(condition)}: ${moves}` +
    (rationale === undefined ? "" : ` - ${rationale}`);
  parseHeuristic(text);
  return text;
}

/** Identity of a heuristic: the hash of its canonical text. A reworded rationale is another heuristic. */
export function heuristicId(heuristic: Heuristic): string {
  return contentHash({ language: "heuristic/1", text: printHeuristic(heuristic) });
}
