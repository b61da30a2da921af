/** The shape of a reply, for one formula at one point: what a reasoner may say, and nothing it could only be guessed to mean. */
import { z } from "zod";
import { applyEdits } from "../formula/edits.ts";
import { EditError } from "../formula/edit_schema.ts";
import { type Formula, FormulaError } from "../formula/document.ts";
import { formulaHash } from "../formula/formula_hash.ts";
import type { Proposal } from "../records/proposal.ts";
import { DIRECTIONS, MAGNITUDES, type Point, type SearchSpace, stepParameter } from "../records/space.ts";

const text = (max: number) => z.string().min(1).max(max);
const share = z.number().min(0).max(1);

/** Most entries of each list of a reply. */
export const REPLY_LIMITS = { changes: 8, edits: 6, claims: 8 } as const;

/** What the reply is about. */
export interface ReplyContext {
  readonly formula: Formula;
  /** the parameters a reply may name; the formula's own, unless they stand under other names */
  readonly space: SearchSpace;
  readonly point: Point;
  /** labels of the shown failures, F1 and on */
  readonly labels: readonly string[];
  /** whether edits of the formula are open to the reasoner. Default true */
  readonly structural?: boolean;
}

/** A reply as it is written. */
export interface Reply {
  readonly proposed_changes: readonly {
    readonly param: string;
    readonly direction: typeof DIRECTIONS[number];
    readonly magnitude: typeof MAGNITUDES[number];
    readonly rationale: string;
  }[];
  /** edits as JSON texts, applied in order after the changes; null: the formula stays */
  readonly structural_edits: { readonly edits: readonly string[]; readonly rationale: string } | null;
  readonly forecast: {
    readonly sign: -1 | 0 | 1;
    readonly delta_ndcg: number;
    readonly cases_flipped: readonly string[];
    readonly confidence: number;
  };
  readonly param_interactions: readonly string[];
  readonly structural_insights: readonly string[];
  readonly diagnosis: string;
  readonly confidence: number;
  readonly no_change_reason: string | null;
}

/**
 * The schema of a reply. It refuses parameters the space does not have, words other than the spec's, a parameter named twice, a step its
 * bound cuts to nothing, edits that do not apply or change nothing, a forecast whose size contradicts its sign, and a reply that proposes
 * nothing without a reason, or something beside one. Nothing is coerced. Lists stand before long texts.
 */
export function replySchema(
  { formula, space, point, labels, structural = true }: ReplyContext,
): z.ZodType<Reply> {
  const names = space.map((p) => p.name);
  const word = labels.length > 0 ? z.enum(labels as [string, ...string[]]) : z.never();
  return z.strictObject({
    proposed_changes: z.array(z.strictObject({
      param: z.enum(names as [string, ...string[]]),
      direction: z.enum(DIRECTIONS),
      magnitude: z.enum(MAGNITUDES),
      rationale: text(600),
    })).max(REPLY_LIMITS.changes),
    structural_edits: structural
      ? z.strictObject({ edits: z.array(text(4000)).min(1).max(REPLY_LIMITS.edits), rationale: text(1000) })
        .nullable()
      : z.null(),
    forecast: z.strictObject({
      sign: z.union([z.literal(1), z.literal(0), z.literal(-1)]),
      delta_ndcg: z.number().min(-1).max(1),
      cases_flipped: z.array(word).max(labels.length),
      confidence: share,
    }),
    param_interactions: z.array(text(400)).max(REPLY_LIMITS.claims),
    structural_insights: z.array(text(400)).max(REPLY_LIMITS.claims),
    diagnosis: text(4000),
    confidence: share,
    no_change_reason: text(1000).nullable(),
  }).superRefine((reply, ctx) => {
    const say = (path: (string | number)[], message: string) =>
      ctx.addIssue({ code: "custom", path, message });
    reply.proposed_changes.forEach(({ param, direction, magnitude }, i) => {
      if (reply.proposed_changes.findIndex((c) => c.param === param) < i) {
        say(["proposed_changes", i, "param"], `${param} is changed twice`);
      }
      const spec = space.find((p) => p.name === param);
      if (spec !== undefined && stepParameter(spec, point[param]!, direction, magnitude) === point[param]) {
        say(
          ["proposed_changes", i],
          `${param} is ${point[param]}, at the end of [${spec.low}, ${spec.high}]: it cannot ${direction}`,
        );
      }
    });
    if (reply.structural_edits !== null) checkEdits(formula, reply.structural_edits.edits, say);
    const { sign, delta_ndcg } = reply.forecast;
    if (delta_ndcg !== 0 && Math.sign(delta_ndcg) !== sign) {
      say(["forecast", "delta_ndcg"], `${delta_ndcg} contradicts the sign ${sign}`);
    }
    const idle = reply.proposed_changes.length === 0 && reply.structural_edits === null;
    if (idle && reply.no_change_reason === null) {
      say(["no_change_reason"], "nothing is proposed: propose a change, or give the reason for none");
    }
    if (!idle && reply.no_change_reason !== null) say(["no_change_reason"], "null is wanted beside a change");
  }) as unknown as z.ZodType<Reply>;
}

function checkEdits(
  formula: Formula,
  edits: readonly string[],
  say: (path: (string | number)[], message: string) => void,
): void {
  const parsed: unknown[] = [];
  for (const [i, edit] of edits.entries()) {
    try {
      parsed.push(JSON.parse(edit));
    } catch {
      return say(["structural_edits", "edits", i], "the JSON text of one edit is wanted");
    }
  }
  try {
    const edited = applyEdits(formula, parsed, { name: formula.name, description: formula.description });
    if (formulaHash(edited) === formulaHash(formula)) {
      say(["structural_edits", "edits"], "the edits leave the formula as it is");
    }
  } catch (error) {
    if (!(error instanceof EditError || error instanceof FormulaError)) throw error;
    say(["structural_edits", "edits", error instanceof EditError ? error.index : 0], error.message);
  }
}

/** The reply as a record. @param caseIds case id by label */
export function toProposal(reply: Reply, caseIds: ReadonlyMap<string, string>): Proposal {
  const { proposed_changes, structural_edits, forecast, ...said } = reply;
  return {
    record: "proposal/1",
    diagnosis: said.diagnosis,
    param_interactions: [...said.param_interactions],
    changes: proposed_changes.map((change) => ({ ...change })),
    structural_edits: structural_edits && {
      edits: structural_edits.edits.map((edit) => JSON.parse(edit)),
      rationale: structural_edits.rationale,
    },
    structural_insights: [...said.structural_insights],
    forecast: {
      ...forecast,
      cases_flipped: [...new Set(forecast.cases_flipped)].map((label) => caseIds.get(label)!),
    },
    no_change_reason: said.no_change_reason,
    confidence: said.confidence,
  };
}
