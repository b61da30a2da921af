/** Interaction claims as data: `low pagerank_alpha & high boost_chat_file => worse ndcg@10 by 0.01 in intent=debug`. */
import { z } from "zod";
import type { LexRules } from "../base/lexer.ts";
import { HYPOTHESIS_SIGNS } from "../records/hypothesis.ts";

/**
 * The language in full. Regions may come in any order and `by` and `in` too; the canonical form sorts them and always
 * names the metric.
 */
export const CLAIM_GRAMMAR = `
claim   = region "&" region { "&" region } "=>" sign [ metric ] { "by" number | "in" stratum { "," stratum } }
region  = ( "low" | "mid" | "high" | "extreme" ) parameter
        | parameter ( "<" | "<=" | ">" | ">=" ) number
        | parameter "in" "[" number "," number "]"
sign    = "worse" | "better" | "redundant" | "interacts"
metric  = a measure such as ndcg@10, the default
stratum = key "=" word
`.trim();

/**
 * low, mid, high: the thirds of the range, on the parameter's own scale; of a whole-number parameter, as many of its
 * lowest (highest) values as fit a third, at least one, mid what is between. extreme: low or high.
 */
export const LEVELS = ["low", "mid", "high", "extreme"] as const;
export const REGION_COMPARISONS = ["<", "<=", ">", ">="] as const;

/** Where one parameter has to be. Both ends of "between" belong to it. */
export type ClaimRegion =
  | { readonly kind: "level"; readonly parameter: string; readonly level: typeof LEVELS[number] }
  | {
    readonly kind: "compare";
    readonly parameter: string;
    readonly op: typeof REGION_COMPARISONS[number];
    readonly value: number;
  }
  | { readonly kind: "between"; readonly parameter: string; readonly low: number; readonly high: number };

/**
 * A claim in canonical order. The signs mean what `testInteraction` tests: worse, better: together the parameters do
 * less, more than the sum of what each does alone; interacts: either; redundant: less than that sum, whichever way the
 * single effects point, so that one can stand in for the other.
 */
export interface Claim {
  /** Two to eight, each parameter once, sorted by parameter */
  readonly regions: readonly ClaimRegion[];
  readonly sign: typeof HYPOTHESIS_SIGNS[number];
  readonly metric: string;
  /** Smallest effect worth the name, in the metric's unit, above 0; absent: left to the test */
  readonly threshold?: number | undefined;
  /** Keys of `STRATA`; empty: all cases */
  readonly stratum: Readonly<Record<string, string>>;
}

export const DEFAULT_METRIC = "ndcg@10";
export const REGIONS_LIMIT = 8;

/** Words that name no parameter. */
const WORDS: readonly string[] = [...LEVELS, "in", "by"];

/** How the tokens of claims look. The last row is there for better errors. */
export const CLAIM_TOKENS: LexRules = {
  language: "the claim",
  operators: ["&", "=>", ...REGION_COMPARISONS, "[", "]", ",", "=", "@", "-", ...[
    "+",
    "*",
    "->",
    "&&",
    "==",
    ":",
  ]],
  name: /[\p{L}_][\p{L}\p{N}_./+#-]*/uy,
  number: /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y,
};

/** Whether a text is written without quotes as the value of a stratum. */
export function isBareClaimWord(text: string): boolean {
  CLAIM_TOKENS.name.lastIndex = 0;
  return CLAIM_TOKENS.name.exec(text)?.[0] === text;
}

/** Whether a text can name a parameter. */
export function isParameterName(text: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(text) && !WORDS.includes(text);
}

const number = z.number().refine((value) => !Object.is(value, -0), "0 is wanted instead of -0");
const parameter = z.string().refine(isParameterName, "the name of a parameter is wanted");

export const claimSchema: z.ZodType<Claim> = z.strictObject({
  regions: z.array(z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("level"), parameter, level: z.enum(LEVELS) }),
    z.strictObject({ kind: z.literal("compare"), parameter, op: z.enum(REGION_COMPARISONS), value: number }),
    z.strictObject({ kind: z.literal("between"), parameter, low: number, high: number })
      .refine(({ low, high }) => low <= high, "low must not exceed high"),
  ])).min(2).max(REGIONS_LIMIT).refine(
    (list) => list.every((region, i) => i === 0 || list[i - 1]!.parameter < region.parameter),
    "each parameter once, in sorted order, is wanted",
  ),
  sign: z.enum(HYPOTHESIS_SIGNS),
  metric: z.string().min(1),
  threshold: number.positive().optional(),
  stratum: z.record(z.string().min(1), z.string().min(1)),
});
