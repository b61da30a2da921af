/** The strata a claim may be confined to: kinds of cases on which it is said to hold. */
import { INTENTS } from "../records/case.ts";

/** A history is young below either number: days since the first commit, non-merge commits. */
export const YOUNG_HISTORY = { days: 180, commits: 200 } as const;

/** Whether a history is young (see {@link YOUNG_HISTORY}). */
export function isYoungHistory(ageDays: number, commits: number): boolean {
  return ageDays < YOUNG_HISTORY.days || commits < YOUNG_HISTORY.commits;
}

/** Source files of a tree from which a repository is medium, and from which it is large. */
export const REPOSITORY_SIZES = { medium: 200, large: 1000 } as const;

/** What a stratum may be named by. Without `values` any word goes. Every case has one value for each. */
export const STRATA: Readonly<
  Record<string, { readonly values?: readonly string[]; readonly description: string }>
> = {
  history: {
    values: ["young", "mature"],
    description:
      `young: under ${YOUNG_HISTORY.days} days or ${YOUNG_HISTORY.commits} commits at the case's commit`,
  },
  intent: { values: INTENTS, description: "the case's intent" },
  language: { description: "lower-case language of the seed file" },
  repo: { description: "one repository" },
  seed: { values: ["test", "source"], description: "whether the seed file is a test" },
  size: {
    values: ["small", "medium", "large"],
    description: `source files: small below ${REPOSITORY_SIZES.medium}, large from ${REPOSITORY_SIZES.large}`,
  },
};
