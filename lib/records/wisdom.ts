/** What a study's scratchpad was condensed to: presets, heuristics, warnings and intuitions, each with its episodes and its test. */
import { z } from "zod";
import { Estimate, PointValues } from "./evaluation.ts";
import { INSIGHT_STATUSES } from "./insight.ts";

const text = z.string().min(1);
const probability = z.number().min(0).max(1);

/** Episodes behind an item, as STUDY/ID. Empty only where nobody's episode is behind it, as `origin` then says. */
const episodes = z.array(z.string().regex(/^.+\/e\d{4,}$/, "STUDY/EPISODE is wanted"));

/** Who put an item forward: the specification, the deterministic analyst, a model, or a person. */
export const WISDOM_ORIGINS = ["spec", "analyst", "model", "person"] as const;
export type WisdomOrigin = typeof WISDOM_ORIGINS[number];

/** What was measured of an item, and what that says. Effects are paired differences in mean nDCG@10, with minus without it. */
export const Tested = z.strictObject({
  /** supported: the interval of `effect` lies above 0; refuted: below; untested: there was nothing to test it on */
  verdict: z.enum(INSIGHT_STATUSES),
  /** One sentence with the numbers that decided */
  reason: text,
  /** On the cases that decide */
  effect: Estimate.nullable(),
  /** The same on the test split, which decides nothing; null where it has no such case */
  test: Estimate.nullable(),
  /** The same on repositories kept aside; null unless they were opened */
  lockbox: Estimate.nullable(),
  /** Two-sided p-value of no effect, and the same adjusted for all items tested together; null where there was no test */
  p: probability.nullable(),
  p_adjusted: probability.nullable(),
  /** Repositories the deciding cases come from, sorted */
  judged_on: z.array(text),
});
export type Tested = z.infer<typeof Tested>;

/** A named configuration for one kind of case. */
export const WisdomPreset = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/, "a snake_case name is wanted"),
  description: text,
  /** The cases it is for, as a condition of the heuristics language */
  stratum: text,
  /** Null: the formula of the whole record */
  formula: z.json().nullable(),
  /** A value for every parameter of its formula */
  params: PointValues,
  origin: z.enum(WISDOM_ORIGINS),
  episodes,
  /** Against the formula's defaults, on its stratum */
  tested: Tested,
  /** Against the tuned point, on the same cases: what being special adds. Null where it was not measured */
  beyond_tuned: Estimate.nullable(),
  /** Not worse than the default on its stratum's held-out cases, nor shown to be worse than the tuned point there */
  kept: z.boolean(),
});
export type WisdomPreset = z.infer<typeof WisdomPreset>;

/** A conditional adjustment. */
export const WisdomHeuristic = z.strictObject({
  /** In the heuristics language, canonical */
  text,
  origin: z.enum(WISDOM_ORIGINS),
  episodes,
  /** Repositories that were looked at when it was written; it is judged on others only, or on those it was also written without */
  written_from: z.array(text),
  /** True: each repository that judged it was left out in a turn of its own, and the rule was written without it */
  left_out: z.boolean(),
  /** Against the tuned point, on the cases for which it fires */
  tested: Tested,
  /** The same moves where it does not fire, same repositories: an interval above 0 says they are tuning and want no condition */
  elsewhere: Estimate.nullable(),
  default_on: z.boolean(),
}).refine((h) => !h.default_on || h.tested.verdict === "supported", {
  path: ["default_on"],
  error: "only a supported heuristic may be on by default",
}).refine((h) => h.left_out || !h.tested.judged_on.some((repo) => h.written_from.includes(repo)), {
  path: ["tested", "judged_on"],
  error: "a heuristic cannot be judged on a repository it was written from",
});
export type WisdomHeuristic = z.infer<typeof WisdomHeuristic>;

/** A danger zone that can be entered. */
export const WisdomWarning = z.strictObject({
  /** In the warnings language, canonical; its cite repeats `cites` */
  text,
  origin: z.enum(WISDOM_ORIGINS),
  episodes,
  /** The claim behind it: a registered hypothesis, or an insight of the scratchpad */
  cites: z.strictObject({ kind: z.enum(["hypothesis", "insight"]), id: text, claim: text.nullable() }),
  /** What the interaction's test found, "untested" without one */
  status: z.enum(INSIGHT_STATUSES),
  reason: text,
  /** What the parameters do together beyond what each does alone; null without a test */
  effect: Estimate.nullable(),
});
export type WisdomWarning = z.infer<typeof WisdomWarning>;

/** A sentence for people. */
export const WisdomIntuition = z.strictObject({
  sentence: text,
  /** Ids of episodes (STUDY/ID), insights or hypotheses; empty for an opinion */
  evidence: z.array(text),
  opinion: z.boolean(),
}).refine((i) => i.opinion === (i.evidence.length === 0), {
  path: ["opinion"],
  error: "a sentence without evidence is an opinion, one with evidence is not",
});
export type WisdomIntuition = z.infer<typeof WisdomIntuition>;

/** Where a record comes from. */
export const WisdomSource = z.strictObject({
  study: text,
  /** Content hash of the study's configuration: repositories at their heads, query, labels, formula, seed */
  study_hash: text,
  episodes: z.int().min(0),
  repositories: z.array(z.strictObject({ name: text, head: text, role: z.enum(["development", "lockbox"]) })),
});
export type WisdomSource = z.infer<typeof WisdomSource>;

/** The condensed knowledge of one or more studies: `wisdom.json`. */
export const Wisdom = z.strictObject({
  record: z.literal("wisdom/1"),
  name: text,
  /** Who distilled: "analyst", "claude", "replay", or "spec" for the defaults alone */
  agent: text,
  sources: z.array(WisdomSource),
  query: z.enum(["seed", "message"]),
  /** The formula document that all points without another belong to */
  formula: z.json(),
  formula_hash: text,
  /** The formula's defaults: what everything is compared with in the end */
  defaults: PointValues,
  /** The studies' best point with its difference from the defaults */
  tuned: z.strictObject({ params: PointValues, episodes, tested: Tested }),
  presets: z.array(WisdomPreset),
  heuristics: z.array(WisdomHeuristic),
  warnings: z.array(WisdomWarning),
  intuitions: z.array(WisdomIntuition),
  /** The tuned point with all default-on heuristics against the tuned point alone, on cases that decided nothing */
  default_on: Tested,
  /** Whether anything survived, in plain words */
  conclusion: text,
});
export type Wisdom = z.infer<typeof Wisdom>;
