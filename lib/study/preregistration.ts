/** What a comparison will look at and how it will decide, written down and hashed before the first arm runs. */
import { z } from "zod";
import { contentHash } from "../base/canonical.ts";
import { SPLITS } from "../records/case.ts";
import { type Journal, openJournal } from "../scratchpad/journal.ts";
import type { RecordFile } from "../scratchpad/files.ts";
import { readRecords } from "../scratchpad/read.ts";

const text = z.string().min(1);

/** One registration, a line of `preregistrations.jsonl`. */
export const Preregistration = z.strictObject({
  record: z.literal("preregistration/1"),
  /** Hash of all other fields */
  id: text,
  study: text,
  /** Hash of the study's configuration: repositories at their heads, formula, labels, query, seed */
  study_hash: text,
  arms: z.array(text).min(1),
  seeds: z.array(z.int()).min(1),
  /** θ-evaluations an arm may spend */
  budget: z.int().min(2),
  checkpoints: z.array(z.int().min(1)).min(1),
  /** Checkpoint of the one primary comparison */
  primary_budget: z.int().min(1),
  metric: text,
  searched_on: z.literal("train"),
  judged_on: z.array(z.enum(SPLITS)).min(1),
  /** Arms of which the best is the reference, chosen by mean train value at the primary budget */
  reference_among: z.array(text).min(1),
  /** How differences are tested and what counts as a win */
  test: text,
  level: z.number().gt(0).lt(1),
}).refine(({ id, ...rest }) => id === contentHash(rest), {
  path: ["id"],
  error: "the id must be the hash of all other fields: this registration was changed after it was written",
});
export type Preregistration = z.infer<typeof Preregistration>;

export const PREREGISTRATIONS: RecordFile<Preregistration> = {
  name: "preregistrations.jsonl",
  schema: Preregistration,
};

/** Classical arms of which the best is what a reasoner has to beat. */
export const REFERENCE_ARMS: readonly string[] = ["coordinate_ascent", "tpe", "cma_es", "gp_ei"];

/** The decision rule of every comparison, in words. */
export const TEST_RULE =
  "Difference in macro mean nDCG@10 on test cases at the primary budget, averaged over seeds, against the reference arm. " +
  "p: sign flips of whole commits, two-sided, Holm over all arms but the reference. " +
  "Interval: bootstrap of commits within repositories crossed with seeds of each arm. " +
  "An arm beats another when Holm's p is below the level and the interval lies above 0.";

/** Completes a registration with its id. */
export function preregistration(
  facts: Omit<Preregistration, "record" | "id" | "metric" | "searched_on" | "test" | "level">,
): Preregistration {
  const body = {
    record: "preregistration/1" as const,
    ...facts,
    metric: "ndcg@10",
    searched_on: "train" as const,
    test: TEST_RULE,
    level: 0.05,
  };
  return Preregistration.parse({ ...body, id: contentHash(body) });
}

/**
 * Writes a registration unless it stands there already.
 *
 * @returns its 1-based place among the study's registrations: a second one is a second chance, and reports say so
 */
export function preregister(dir: string, facts: Preregistration, journal?: Journal): number {
  const write = (open: Journal) => {
    open.append(PREREGISTRATIONS, facts);
  };
  if (journal !== undefined) write(journal);
  else {
    using own = openJournal(dir);
    write(own);
  }
  return readRecords(dir, PREREGISTRATIONS).findIndex((r) => r.id === facts.id) + 1;
}
