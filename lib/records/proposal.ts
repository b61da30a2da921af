/** What a reasoner answered, once it has been read and checked: changes, forecast, diagnosis and claims. */
import { z } from "zod";
import { DIRECTIONS, MAGNITUDES } from "./space.ts";

const text = z.string().min(1);
const share = z.number().min(0).max(1);

/** One parameter to move, in the spec's vocabulary. The step itself is `stepParameter`'s. */
export const Change = z.object({
  param: text,
  direction: z.enum(DIRECTIONS),
  magnitude: z.enum(MAGNITUDES),
  rationale: text,
});
export type Change = z.infer<typeof Change>;

/** Edits of the formula document, opaque here: the formula room reads, checks and applies them. */
export const StructuralEdits = z.object({
  edits: z.array(z.json()).min(1),
  rationale: text,
});
export type StructuralEdits = z.infer<typeof StructuralEdits>;

/** What the reasoner says will happen, stated before anything is measured so that it can be scored. */
export const Forecast = z.object({
  /** Sign of the change in nDCG@10: better, none, worse */
  sign: z.union([z.literal(1), z.literal(0), z.literal(-1)]),
  /** Expected change in mean nDCG@10, in [-1, 1] */
  delta_ndcg: z.number().min(-1).max(1),
  /** Ids of the cases said to stop failing */
  cases_flipped: z.array(text),
  /** Probability given to the stated sign, in [0, 1] */
  confidence: share,
}).refine((f) => f.delta_ndcg === 0 || Math.sign(f.delta_ndcg) === f.sign, {
  path: ["delta_ndcg"],
  error: "the size must have the stated sign",
});
export type Forecast = z.infer<typeof Forecast>;

/**
 * One checked reply. It moves parameters, edits the formula, or does neither and says why.
 *
 * A parameter appears at most once. `confidence` is the spec's: a claim about the whole proposal, never evidence.
 */
export const Proposal = z.object({
  record: z.literal("proposal/1"),
  /** Why each failure occurred */
  diagnosis: text,
  /** Claims such as "low pagerank_alpha + high boost_chat_file = tunnel vision" */
  param_interactions: z.array(text),
  changes: z.array(Change),
  /** Null when the formula stays as it is */
  structural_edits: StructuralEdits.nullable(),
  /** Patterns that tuning cannot fix, in words */
  structural_insights: z.array(text),
  forecast: Forecast,
  /** Null when something is proposed */
  no_change_reason: text.nullable(),
  confidence: share,
}).superRefine((p, ctx) => {
  const names = p.changes.map((change) => change.param);
  names.forEach((name, i) => {
    if (names.indexOf(name) < i) {
      ctx.addIssue({ code: "custom", path: ["changes", i, "param"], message: `${name} is changed twice` });
    }
  });
  const idle = names.length === 0 && p.structural_edits === null;
  if (idle !== (p.no_change_reason !== null)) {
    const message = idle ? "a reason is wanted when nothing is proposed" : "null is wanted beside a change";
    ctx.addIssue({ code: "custom", path: ["no_change_reason"], message });
  }
});
export type Proposal = z.infer<typeof Proposal>;
