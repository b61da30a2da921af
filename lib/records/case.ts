/** Training cases: one commit and one of its files as the seed; its other files are what a ranking should put first. */
import { z } from "zod";
import { INTENTS } from "./intent.ts";

export { type Intent, INTENTS } from "./intent.ts";

/** Time roles inside a repository, oldest to newest, and the role of whole repositories kept for one last look. */
export const SPLITS = ["train", "selection", "test", "lockbox"] as const;
export type Split = typeof SPLITS[number];

/** How relevance is graded. "binary" is primary: 1 for every file of the commit. */
export const LABELS = ["binary", "coupling"] as const;
export type LabelKind = typeof LABELS[number];

/** One relevant file of a case. */
export const Judgment = z.strictObject({
  /** path in the parent tree */
  file: z.string(),
  /** as-of Jaccard of the commit sets of seed and file, ancestors of t only, in [0, 1] */
  coupling: z.number().min(0).max(1),
});
export type Judgment = z.infer<typeof Judgment>;

export const Case = z.strictObject({
  record: z.literal("case/1"),
  /** repo@commit:seed, unique over all repositories */
  case_id: z.string(),
  repo: z.string(),
  /** t: the commit the case was made from */
  commit: z.string(),
  /** first parent of t */
  parent: z.string(),
  committed_at_s: z.number(),
  /** first line of t's message, as git has it: untrusted text */
  subject: z.string(),
  intent: z.enum(INTENTS),
  /** quality weight in (0, 2] */
  weight: z.number().positive().max(2),
  split: z.enum(SPLITS),
  seed_file: z.string(),
  expected: z.array(Judgment).min(1),
  /** files of the commit that did not exist at the parent: no ranker could name them */
  n_added: z.number().int().nonnegative(),
  /** source files of the parent tree */
  n_files: z.number().int().positive(),
});
export type Case = z.infer<typeof Case>;

/** Floor of a coupling grade, so that a file that had never changed with the seed is still relevant (as the original does). */
export const COUPLING_FLOOR = 0.1;

/** Relevance of each expected file under a named labelling. */
export function judgments(c: Case, labels: LabelKind): Map<string, number> {
  return new Map(
    c.expected.map((
      { file, coupling },
    ) => [file, labels === "binary" ? 1 : Math.max(COUPLING_FLOOR, coupling)]),
  );
}
