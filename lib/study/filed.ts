/** Filed rankings in a study: taken in when it begins, kept beside its configuration, and only ever train cases. */
import { join } from "node:path";
import { canonicalJson, contentHash } from "../base/canonical.ts";
import { readLines, RecordError, writeTextAtomic } from "../base/artefacts.ts";
import type { Corpus } from "../corpus/corpus.ts";
import { feedbackCorpus } from "../corpus/feedback_corpus.ts";
import { Feedback, isFeedbackId } from "../records/feedback.ts";
import type { Case } from "../records/case.ts";
import type { Repository } from "../repo/git.ts";
import { readFeedback } from "../wisdom/feedback.ts";
import { type StudyConfig, studyDir, type StudyRepository } from "./config.ts";

/** File of a study's own copy: later filings do not change a study that has begun. */
const FILE = "feedback.jsonl";

/** Rankings that are taken in, and the hash that goes into the study's configuration. */
export interface TakenFeedback {
  readonly filed: readonly Feedback[];
  readonly hash: string;
}

/**
 * The rankings filed so far for a study's development repositories. Those of lockbox repositories stay out: they must not teach.
 *
 * @throws {RangeError} when there is none
 * @throws {RecordError} for a damaged line
 */
export function takeFeedback(
  repositories: readonly Pick<StudyRepository, "name" | "role">[],
  all: readonly Feedback[] = readFeedback(),
): TakenFeedback {
  const names = new Set(repositories.filter(({ role }) => role === "development").map(({ name }) => name));
  const filed = all.filter(({ repo }) => names.has(repo)).sort((a, b) => a.id < b.id ? -1 : 1);
  if (filed.length === 0) {
    throw new RangeError(
      `No ranking was filed for ${
        [...names].join(", ") || "a development repository"
      }: file one with deno task feedback, or leave --feedback out`,
    );
  }
  return { filed, hash: contentHash(filed) };
}

/** Keeps what was taken in beside the configuration of its study. */
export function keepFeedback(study: string, { filed }: TakenFeedback): void {
  writeTextAtomic(join(studyDir(study), FILE), filed.map((one) => canonicalJson(one) + "\n").join(""));
}

/**
 * What a study took in; nothing where it did not ask for any.
 *
 * @throws {RecordError} when the copy is gone or another than the configuration names
 */
export function keptFeedback(config: Pick<StudyConfig, "name" | "feedback">): Feedback[] {
  if (config.feedback === undefined) return [];
  const file = join(studyDir(config.name), FILE);
  const { records } = readLines(file, Feedback);
  if (contentHash(records) !== config.feedback) {
    throw new RecordError(
      file,
      1,
      "these are not the rankings the study was made with: restore the file, or begin another study with --feedback",
    );
  }
  return records;
}

/** The corpora of what a study took in, one for each development repository that has any. */
export async function filedCorpora(
  config: StudyConfig,
  repositories: readonly Repository[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<Corpus[]> {
  const filed = keptFeedback(config), corpora: Corpus[] = [];
  for (const repository of repositories) {
    const corpus = await feedbackCorpus(repository, filed, options);
    if (corpus !== undefined) corpora.push(corpus);
  }
  return corpora;
}

/** Whether a case was filed by somebody and not made from a commit. */
export const isFiled = ({ commit }: Pick<Case, "commit">): boolean => isFeedbackId(commit);

/** How many filed cases there are, and how many of them stand no earlier than the first case their repository is judged on. */
export interface FiledCount {
  readonly cases: number;
  /** Their trees and histories hold commits that judge: what a study learns from them is not blind to those */
  readonly late: number;
}

/** Counts the filed among a study's cases. */
export function countFiled(cases: readonly Case[]): FiledCount {
  const first = new Map<string, number>();
  for (const c of cases) {
    if (c.split !== "selection" && c.split !== "test") continue;
    first.set(c.repo, Math.min(first.get(c.repo) ?? Infinity, c.committed_at_s));
  }
  const filed = cases.filter(isFiled);
  return {
    cases: filed.length,
    late: filed.filter((c) => c.committed_at_s >= (first.get(c.repo) ?? Infinity)).length,
  };
}

/** The count in a sentence; "" for none. */
export function filedSentence({ cases, late }: FiledCount): string {
  if (cases === 0) return "";
  const one = cases === 1;
  return `${cases} train ${one ? "case was" : "cases were"} filed with deno task feedback` +
    (late === 0
      ? ""
      : `; ${late} of them ${late === 1 ? "stands" : "stand"} at a commit after those that judge, ` +
        `so the history seen in training holds judged commits`) +
    ".";
}
