/** A version of the wisdom: what it holds, what it was measured at, and which version it follows. */
import { z } from "zod";
import { Estimate } from "./evaluation.ts";

const text = z.string().min(1);

/** "v" and two numbers; larger ones follow smaller ones. */
export const VERSION_PATTERN = /^v(0|[1-9]\d*)\.(0|[1-9]\d*)$/;

/** `release.json` of a bundle. */
export const WisdomRelease = z.strictObject({
  record: z.literal("wisdom-release/1"),
  version: z.string().regex(VERSION_PATTERN, "vMAJOR.MINOR is wanted"),
  /** Version it was compared with and follows; null for the first */
  parent: z.string().regex(VERSION_PATTERN).nullable(),
  /** SHA-256 of the bundle's other files, by name */
  files: z.record(text, z.string().regex(/^[0-9a-f]{64}$/)),
  /** Version of the kit and commit of its code; null outside a checkout */
  kit: text,
  code: text.nullable(),
  /** What this version knows that its parent did not, one line each */
  learned: z.array(text),
  /** Sealed cases the scores below were taken on: hash of the sorted case ids, splits, repositories. Null for the first version */
  sealed: z.strictObject({ case_set_hash: text, splits: z.array(text), repositories: z.array(text) })
    .nullable(),
  /** Mean nDCG@10 of this version on the sealed cases; null where there were none */
  score: Estimate.nullable(),
  /** Paired difference from the parent on the same cases */
  against_parent: Estimate.nullable(),
  /** True when it was worse than its parent with the interval below 0 and released all the same */
  forced: z.boolean(),
});
export type WisdomRelease = z.infer<typeof WisdomRelease>;
