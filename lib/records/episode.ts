/** One round of reasoning from failures to a judged change: the line whose append commits everything the round wrote. */
import { z } from "zod";
import { canonicalJson } from "../base/canonical.ts";
import { Estimate, PointValues } from "./evaluation.ts";
import { Proposal } from "./proposal.ts";

/**
 * How an episode ended. accepted: the proposal is the new incumbent; lateral: no worse, not shown better; rejected: judged
 * and turned down; invalid: the reply asked for nothing that can be tried; failed: there was no reply to judge.
 */
export const DECISIONS = ["accepted", "lateral", "rejected", "invalid", "failed"] as const;
export type Decision = typeof DECISIONS[number];

const id = z.string().min(1);
const count = z.int().min(0);

/** The fields of an episode that hold before its consistency is looked at. */
const fields = z.object({
  record: z.literal("episode/1"),
  /** As {@link episodeId} gives it */
  id,
  /** Place in the study, from 0, without gaps */
  index: count,
  study: id,
  /** Who reasoned: "analyst", "claude", "replay", ... */
  agent: id,
  /** Id of the episode whose outcome this one started from; null for the start of the study */
  parent: id.nullable(),
  /** The failures shown, by failure record and by case; judged cases must not be among these */
  failures: z.array(z.object({ failure_id: id, case_id: id })),
  params_before: PointValues,
  formula_before: id,
  /** Null exactly when no reply could be read (`failed`), or the reply could not be used at all */
  proposal: Proposal.nullable(),
  /** The point that was judged; null when none was */
  params_proposed: PointValues.nullable(),
  /** Content hash of the formula that was judged; null when none was */
  formula_proposed: id.nullable(),
  params_after: PointValues,
  formula_after: id,
  decision: z.enum(DECISIONS),
  /** Why, in plain sentences, at least one */
  reasons: z.array(z.string().min(1)).min(1),
  /** Paired differences, proposed minus before; null where the protocol never got that far */
  measured: z.object({
    /** On fresh train cases that were not shown */
    race: Estimate.nullable(),
    /** On selection cases */
    selection: Estimate.nullable(),
  }),
  /** What the episode cost in scoring */
  evaluations: z.object({
    /** Cases scored anew */
    case_evaluations: count,
    /** Cases answered from the cache */
    cached_case_evaluations: count,
    /** Questions put to the selection split, 0 or 1 unless the protocol looks repeatedly */
    selection_queries: count,
  }),
  /** SHA-256 of the prompt's bytes; null when no prompt was made */
  prompt_hash: id.nullable(),
  /** Ids of the calls made, re-asks included; timings and cost stand in their records */
  calls: z.array(id),
  /** Ids of the insights in the prompt */
  insights_shown: z.array(id),
  /** Ids of those that the proposal rests on: what happens to it is credited to them */
  insights_used: z.array(id),
  /** Ids of the insight events this episode commits; events of an abandoned attempt are in no such list */
  insight_events: z.array(id),
});

/**
 * A reasoning episode, a line of `episodes.jsonl`. No wall-clock time is in it: the same study has the same bytes.
 *
 * Held besides the fields' own shapes: an accepted episode was confirmed on selection cases and ends at what it proposed,
 * any other ends where it began; whatever was judged has both a point and a formula; used insights were shown.
 */
export const Episode = fields.superRefine((e, ctx) => {
  const say = (field: keyof typeof e, message: string) =>
    ctx.addIssue({ code: "custom", path: [field], message });
  const same = (a: unknown, b: unknown) => canonicalJson(a) === canonicalJson(b);
  const tried = e.params_proposed !== null;
  if (tried !== (e.formula_proposed !== null)) {
    say("formula_proposed", "params_proposed and formula_proposed stand together or are both null");
  }
  if (tried && e.proposal === null) say("proposal", "a judged point needs the proposal it came from");
  if (e.decision === "accepted") {
    if (e.measured.selection === null) {
      say("measured", "an accepted episode needs its difference on selection cases");
    }
    if (!same([e.params_after, e.formula_after], [e.params_proposed, e.formula_proposed])) {
      say("params_after", "an accepted episode ends at the point and formula it proposed");
    }
  } else if (!same([e.params_after, e.formula_after], [e.params_before, e.formula_before])) {
    say("params_after", `an episode that was ${e.decision} ends at the point and formula it began with`);
  }
  if ((e.decision === "lateral" || e.decision === "rejected") && !tried) {
    say("params_proposed", `an episode that was ${e.decision} needs the point it judged`);
  }
  if (e.decision === "failed" && e.proposal !== null) say("proposal", "a failed episode has no proposal");
  const unseen = e.insights_used.find((insight) => !e.insights_shown.includes(insight));
  if (unseen !== undefined) say("insights_used", `${unseen} was used but not shown`);
});
export type Episode = z.infer<typeof Episode>;

/** Id of the episode at an index: "e" and the index in at least four digits. @throws {RangeError} unless index is a natural number */
export function episodeId(index: number): string {
  if (!Number.isSafeInteger(index) || index < 0) {
    throw new RangeError(`Cannot name episode ${index}: a whole number from 0 is wanted`);
  }
  return "e" + String(index).padStart(4, "0");
}
