/** The focus algebra as data: what a `--focus` text means before any repository is looked at. */
import { z } from "zod";
import type { LexRules } from "../base/lexer.ts";
import { checkTreeLimits } from "../base/tree_limits.ts";

/**
 * The language in full. White space separates and otherwise means nothing.
 *
 * Tightest first: `@` and `%` (left to right), then `->`, then `&`, then `|`.
 */
export const FOCUS_GRAMMAR = `
focus    = either
either   = both { [ "|" | "," ] both }        side by side means |, as in the original's --focus "auth parser"
both     = path { "&" path }
path     = refined { "->" refined }           a -> b -> c: the files between a and b, and those between b and c
refined  = operand { "@" hops | "%" filter }
operand  = name | quoted | "(" focus ")"
hops     = 0 .. 8
filter   = "recent" [ ":" days ] | "churned" [ ":" commits ] | "tests" | "source"
         | "lang:" language | "path:" glob
name     = letters, digits and _ $ . / * ? : + # ~ and - (not before >)
quoted   = a JSON string; matched exactly, not fuzzily
`.trim();

/** What follows an operand: a hop limit, or a filter. */
export type Refinement =
  | { readonly kind: "hops"; readonly hops: number }
  | { readonly kind: "recent"; readonly days?: number | undefined }
  | { readonly kind: "churned"; readonly commits?: number | undefined }
  | { readonly kind: "tests" }
  | { readonly kind: "source" }
  | { readonly kind: "lang"; readonly language: string }
  | { readonly kind: "path"; readonly glob: string };

/** A focus expression. Its lists have at least two members, refinements at least one. */
export type FocusExpression =
  | { readonly kind: "name"; readonly text: string; readonly exact: boolean }
  | { readonly kind: "any" | "all" | "path"; readonly of: readonly FocusExpression[] }
  | { readonly kind: "refined"; readonly of: FocusExpression; readonly by: readonly Refinement[] };

/** Largest hop limit after `@`, most names and most refinements of one expression, longest name in UTF-16 units. */
export const HOP_LIMIT = 8, NAMES_LIMIT = 64, REFINEMENTS_LIMIT = 64, NAME_LENGTH_LIMIT = 200;

/** The filters, and what may follow each after a colon. */
export const FILTERS = {
  recent: { argument: "optional", wants: "days as a number above 0, such as recent:90" },
  churned: { argument: "optional", wants: "commits as a number above 0, such as churned:10" },
  tests: { argument: "none", wants: "nothing after it" },
  source: { argument: "none", wants: "nothing after it" },
  lang: { argument: "required", wants: "a language or an extension, such as lang:py" },
  path: { argument: "required", wants: "a glob, such as path:src/**" },
} as const;

/** How the tokens of the algebra look. */
export const FOCUS_TOKENS: LexRules = {
  language: "the focus expression",
  operators: ["&", "|", "->", "@", "%", "(", ")", ","],
  name: /(?:[\p{L}\p{N}\p{M}_$./*?:+#~]|-(?!>))+/uy,
};

/** Whether a text can stand without quotes. */
export function isBareName(text: string): boolean {
  FOCUS_TOKENS.name.lastIndex = 0;
  return FOCUS_TOKENS.name.exec(text)?.[0] === text;
}

const text = z.string().max(NAME_LENGTH_LIMIT).refine((name) => name.trim() !== "", "a name is wanted");
const lowerCase = text.refine((name) => name === name.toLowerCase(), "lower case is wanted");
const positive = z.number().positive();

const refinement: z.ZodType<Refinement> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("hops"), hops: z.int().min(0).max(HOP_LIMIT) }),
  z.strictObject({ kind: z.literal("recent"), days: positive.optional() }),
  z.strictObject({ kind: z.literal("churned"), commits: positive.optional() }),
  z.strictObject({ kind: z.literal("tests") }),
  z.strictObject({ kind: z.literal("source") }),
  z.strictObject({ kind: z.literal("lang"), language: lowerCase }),
  z.strictObject({ kind: z.literal("path"), glob: text }),
]);

/** The shape of an expression. For a value of unknown depth use {@link checkFocus}. */
export const focusExpressionSchema: z.ZodType<FocusExpression> = z.lazy(() =>
  z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("name"), text, exact: z.boolean() })
      .refine(
        (name) => name.exact || isBareName(name.text),
        "only quoted (exact) names may hold such characters",
      ),
    z.strictObject({ kind: z.enum(["any", "all", "path"]), of: z.array(focusExpressionSchema).min(2) }),
    z.strictObject({
      kind: z.literal("refined"),
      of: focusExpressionSchema,
      by: z.array(refinement).min(1).max(REFINEMENTS_LIMIT),
    }),
  ])
);

/**
 * Checks an expression made by a program or read from a file.
 *
 * @throws {RangeError} for more than {@link NAMES_LIMIT} names or a tree too deep to be walked
 * @throws {z.ZodError} for any other value that is no expression
 */
export function checkFocus(value: unknown): FocusExpression {
  checkTreeLimits("focus expression", value, [NAMES_LIMIT, "names"]);
  return focusExpressionSchema.parse(value);
}
