/**
 * Metrics: runs and labels to numbers, and numbers to intervals.
 * Comes in: ranked files (or the ranks of the relevant ones) and judgments; one value a case, with repository and commit.
 * Comes out: values a case, macro means, intervals, p-values, and what a sample size can show.
 * Law: a case without a relevant file is null, counted and left out, never 0; ranks start at 1; ties are never luck.
 * Never here: how files are ranked, where labels come from, git, or anything that reads a file.
 */
export * from "./aggregate.ts";
export * from "./all_found.ts";
export * from "./average_precision.ts";
export * from "./bootstrap.ts";
export { type CaseScore, caseShares, type CommitTable, commitTable, type WeightOptions } from "./commits.ts";
export * from "./expected.ts";
export * from "./hit.ts";
export { type Judgments, type Ranked, ranksOfRelevant, type RelevantRanks } from "./judged.ts";
export * from "./multiple.ts";
export * from "./named.ts";
export {
  discount,
  type Gain,
  idealDcg,
  ndcg,
  ndcgFromRanks,
  type NdcgOptions,
  type NdcgRankOptions,
} from "./ndcg.ts";
export { normalCdf, normalQuantile } from "./normal.ts";
export * from "./paired.ts";
export * from "./permutation.ts";
export * from "./power.ts";
export { precision, precisionFromRanks } from "./precision.ts";
export * from "./recall.ts";
export * from "./reciprocal_rank.ts";
export * from "./residual.ts";
export * from "./ties.ts";
