/** A case the ranker got wrong, with what a reasoner needs to ask why: the spec's RankingFailure and the pairs behind it. */
import { z } from "zod";
import { contentHash } from "../base/canonical.ts";
import { INTENTS, SPLITS } from "./case.ts";

/** The spec's two ways to fail: nDCG@10 below the threshold, or an expected file ranked under a distractor. */
export const FAILURE_KINDS = ["low_ndcg", "below_distractor"] as const;
export type FailureKind = typeof FAILURE_KINDS[number];

const path = z.string().min(1);
const rank = z.int().min(1);

/** One expected file and the best-ranked irrelevant file above it. Ranks are 1-based, over all candidates. */
export const FailedPair = z.object({
  missed: path,
  /** Null when the expected file was no candidate at all: no parameter can reach it */
  missed_rank: rank.nullable(),
  distractor: path,
  distractor_rank: rank,
}).refine((pair) => pair.missed_rank === null || pair.distractor_rank < pair.missed_rank, {
  path: ["distractor_rank"],
  error: "the distractor must stand above the missed file",
});
export type FailedPair = z.infer<typeof FailedPair>;

/** One failed case at one point of one formula: a line of `failures.jsonl`. The first eight domain fields are the spec's. */
export const Failure = z.object({
  record: z.literal("failure/1"),
  /** As {@link failureId} gives it */
  id: z.string().min(1),
  study: z.string().min(1),
  /** The focus query used */
  query: z.string(),
  seed_file: path,
  /** Files that should rank high, best first */
  expected_top: z.array(path).min(1),
  /** Files that did rank high, best first */
  actual_top: z.array(path),
  /** nDCG@10 with binary labels, in [0, 1]; lower is worse */
  ndcg: z.number().min(0).max(1),
  /** The commit's true subject line; untrusted text */
  commit_context: z.string(),
  repo_name: z.string().min(1),
  /** Source files in the tree the ranker saw, the seed included */
  repo_file_count: z.int().min(1),
  case_id: z.string().min(1),
  /** Full commit hash */
  commit: z.string().min(1),
  intent: z.enum(INTENTS),
  split: z.enum(SPLITS),
  formula_hash: z.string().min(1),
  point_hash: z.string().min(1),
  kinds: z.array(z.enum(FAILURE_KINDS)).min(1),
  pairs: z.array(FailedPair),
}).refine((f) => !f.kinds.includes("below_distractor") || f.pairs.length > 0, {
  path: ["pairs"],
  error: 'a failure of kind "below_distractor" needs at least one pair',
});
export type Failure = z.infer<typeof Failure>;

/** Id of a failure: "f-" and 16 hexadecimal digits of the hash of formula, point and case. One case may fail at many points. */
export function failureId(key: Pick<Failure, "formula_hash" | "point_hash" | "case_id">): string {
  const { formula_hash, point_hash, case_id } = key;
  return "f-" + contentHash({ formula_hash, point_hash, case_id }).slice(0, 16);
}
