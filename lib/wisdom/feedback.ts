/** Rankings that failed somebody, kept as lines until the next training corpus takes them in. */
import { join } from "node:path";
import { appendLines, readLines } from "../base/artefacts.ts";
import { resultsDir } from "../base/paths.ts";
import type { Intent } from "../records/case.ts";
import { Feedback, feedbackId } from "../records/feedback.ts";
import type { RankedTree } from "./rank_tree.ts";

/** The file filed rankings are appended to; it stays on the user's machine, for results are not committed. */
export const feedbackFile = (): string => join(resultsDir(), "feedback", "feedback.jsonl");

/** What somebody says went wrong. */
export interface Complaint {
  readonly repo: string;
  readonly commit: string;
  readonly query: string;
  readonly seedFile?: string;
  readonly chat: readonly string[];
  readonly expected: readonly string[];
}

/**
 * The record of a failed ranking. Without a seed file the case stands on the strongest anchor that was not itself looked for, or
 * on the strongest anchor, which then is no longer looked for.
 *
 * @throws {RangeError} when nothing that was expected is left to be found
 */
export function fileFeedback(complaint: Complaint, ranked: RankedTree): Feedback {
  const { repo, commit, query, chat } = complaint;
  const anchors = ranked.anchors.map(({ file }) => file);
  const seed = complaint.seedFile ?? anchors.find((file) => !complaint.expected.includes(file)) ??
    anchors[0]!;
  const expected = [...new Set(complaint.expected)].filter((file) => file !== seed);
  if (expected.length === 0) {
    throw new RangeError(`Nothing to learn: ${seed} is what the query stands on; expect other files than it`);
  }
  const places = new Map(ranked.files.map(({ file, rank }) => [file, rank]));
  const intent: Intent = ranked.facts.intent as Intent;
  const key = { repo, commit, query, seed_file: seed, chat: [...chat], expected };
  return Feedback.parse({
    record: "feedback/1",
    id: feedbackId(key),
    ...key,
    intent,
    ranks: expected.map((file) => places.get(file) ?? null),
  });
}

/**
 * Rankings filed so far, each once, in the order they were filed. No file: none.
 *
 * @throws {RecordError} for a damaged line
 */
export function readFeedback(file: string = feedbackFile()): Feedback[] {
  const found = new Map(readLines(file, Feedback).records.map((f) => [f.id, f]));
  return [...found.values()];
}

/** Appends one unless the same was filed before. @returns whether it was new */
export function appendFeedback(feedback: Feedback, file: string = feedbackFile()): boolean {
  if (readFeedback(file).some(({ id }) => id === feedback.id)) return false;
  appendLines(file, [feedback]);
  return true;
}
