/** What a run was: enough to repeat it and to trust its numbers. A number without a manifest enters no report. */
import { z } from "zod";
import { SPLITS } from "./case.ts";

const text = z.string().min(1);

/** A purse: what may be spent, what was. Cases scored and dollars are never mixed. */
export const Budget = z.object({
  unit: z.enum([
    "case_evaluations",
    "point_evaluations",
    "selection_queries",
    "episodes",
    "calls",
    "tokens",
    "usd",
  ]),
  /** Null: no limit was set */
  given: z.number().min(0).nullable(),
  used: z.number().min(0),
});
export type Budget = z.infer<typeof Budget>;

/**
 * One command over one study: a line of `manifests.jsonl`, and as `manifest.json` the latest of them.
 *
 * A run writes one line when it starts and one when it ends; a start without an end is a run that was killed.
 */
export const Manifest = z.object({
  record: z.literal("manifest/1"),
  /** Run and state, as {@link manifestId} gives it */
  id: text,
  /** Name of the run within its study, for instance "reason-3" */
  run: text,
  study: text,
  state: z.enum(["started", "finished", "interrupted", "failed"]),
  /** Task and arguments as given, machine paths made relative */
  command: z.array(text).min(1),
  code: z.object({ /** Null outside a git checkout */ commit: text.nullable(), dirty: z.boolean() }),
  seed: z.union([z.int(), text]),
  /** Splits the run could read */
  splits: z.array(z.enum(SPLITS)),
  /** Hash of each input by name: cases, formula, point, spaces, prompts */
  inputs: z.record(text, text),
  /** SHA-256 of deno.lock; null when there is none */
  lock_hash: text.nullable(),
  /** Version by name: deno, git, kit, and whatever else had a say */
  versions: z.record(text, text),
  budgets: z.array(Budget),
  /** Every option in force, defaults included */
  parameters: z.record(text, z.json()),
});
export type Manifest = z.infer<typeof Manifest>;

/** Id of a manifest line: "RUN/STATE". */
export function manifestId(run: string, state: Manifest["state"]): string {
  return `${run}/${state}`;
}
