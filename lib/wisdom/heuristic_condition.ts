/** Conditions of heuristics and warnings as data. */
import { z } from "zod";
import { type LexRules } from "../base/lexer.ts";
import { checkTreeLimits } from "../base/tree_limits.ts";

/**
 * The conditions in full. Tightest first: comparisons, `not`, `and`, `or`.
 *
 * Facts stand in the vocabulary. Parameters of the search space may stand in warnings only: a rule that looked at what it
 * moves would depend on which rule ran before it.
 */
export const CONDITION_GRAMMAR = `
condition  = both { "or" both }
both       = negation { "and" negation }
negation   = "not" negation | "(" condition ")" | test
test       = fact                                         a yes-or-no fact
           | subject ( "<" | "<=" | ">" | ">=" ) number
           | subject ( "==" | "!=" ) value
           | subject [ "not" ] "in" "[" value { "," value } "]"
subject    = fact | parameter                             parameters in warnings only
value      = number | "true" | "false" | word | a JSON string
`.trim();

export const COMPARISONS = ["<", "<=", ">", ">=", "==", "!="] as const;
export type Comparison = typeof COMPARISONS[number];

/** What a subject is compared with. */
export type Value = number | boolean | string;

/** A condition on one name. Lists of values have at least one member. */
export type Test =
  | { readonly kind: "is"; readonly name: string }
  | { readonly kind: "compare"; readonly name: string; readonly op: Comparison; readonly value: Value }
  | { readonly kind: "in"; readonly name: string; readonly values: readonly Value[] };

/** A condition. Lists have at least two members. */
export type Condition =
  | { readonly kind: "and"; readonly of: readonly Condition[] }
  | { readonly kind: "or"; readonly of: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition }
  | Test;

/** Words that are no names. */
export const RESERVED_WORDS: readonly string[] = ["and", "or", "not", "in", "if", "warn", "true", "false"];

/** How the tokens of conditions and adjustments look. The last row is there for better errors. */
export const HEURISTIC_TOKENS: Omit<LexRules, "language"> = {
  operators: [
    ...COMPARISONS,
    ...["(", ")", "[", "]", ",", ":", "-", "–", "—", "*=", "/=", "+=", "-=", "="],
    ...["&&", "||", "!", "&", "|", "*", "/", "+"],
  ],
  name: /[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}\p{N}_]+)*/uy,
  number: /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y,
};

/** Whether a text is one bare word of the language. */
export function isBareWord(text: string): boolean {
  HEURISTIC_TOKENS.name.lastIndex = 0;
  return HEURISTIC_TOKENS.name.exec(text)?.[0] === text && !RESERVED_WORDS.includes(text);
}

/** Numbers beyond this are slips; within it no adjustment overflows. */
export const NUMBER_LIMIT = 1e9;

/** A number as the languages write them: finite, within {@link NUMBER_LIMIT}, and no negative zero. */
export const numberSchema = z.number().min(-NUMBER_LIMIT).max(NUMBER_LIMIT)
  .refine((value) => !Object.is(value, -0), "0 is wanted instead of -0");
export const nameSchema = z.string().refine(isBareWord, "a bare name is wanted");
const value = z.union([numberSchema, z.boolean(), z.string().min(1)]);

/** The shape of a condition. For a value of unknown depth use {@link checkCondition}. */
export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.enum(["and", "or"]), of: z.array(conditionSchema).min(2) }),
    z.strictObject({ kind: z.literal("not"), of: conditionSchema }),
    z.strictObject({ kind: z.literal("is"), name: nameSchema }),
    z.strictObject({ kind: z.literal("compare"), name: nameSchema, op: z.enum(COMPARISONS), value }),
    z.strictObject({ kind: z.literal("in"), name: nameSchema, values: z.array(value).min(1) }),
  ])
);

/** @throws {RangeError | z.ZodError} for a value that is no condition, or one too large to be walked */
export function checkCondition(value: unknown): Condition {
  checkTreeLimits("condition", value, [1024, "tests"]);
  return conditionSchema.parse(value);
}
