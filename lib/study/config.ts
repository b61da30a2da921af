/** What a study is about: its repositories at fixed commits and the options every stage shares. Written once, read by every task. */
import { join } from "node:path";
import { z } from "zod";
import { readJson, RecordError, writeJson } from "../base/artefacts.ts";
import { canonicalJson, contentHash } from "../base/canonical.ts";
import { resultsDir } from "../base/paths.ts";
import { Formula } from "../formula/document.ts";
import { LABELS } from "../records/case.ts";
import { QUERY_MODES } from "../records/snapshot.ts";

/** One repository of a study. */
export const StudyRepository = z.strictObject({
  name: z.string().min(1),
  /** path or URL as given */
  source: z.string().min(1),
  /** where it stands on this machine */
  dir: z.string().min(1),
  head: z.string().min(1),
  role: z.enum(["development", "lockbox"]),
  max_commits: z.int().positive(),
});
export type StudyRepository = z.infer<typeof StudyRepository>;

/** A study's name is its folder's, so nothing in it may lead elsewhere. */
const STUDY_NAME = /^[a-z0-9][a-z0-9._-]*$/i;

export const StudyConfig = z.strictObject({
  record: z.literal("study/1"),
  name: z.string().regex(STUDY_NAME, "a plain folder name is wanted"),
  repositories: z.array(StudyRepository).min(1),
  seed: z.int(),
  query: z.enum(QUERY_MODES),
  labels: z.enum(LABELS),
  formula: Formula,
  /** Content hash of the filed rankings that are among its train cases; absent: none are */
  feedback: z.string().regex(/^[0-9a-f]{64}$/).optional(),
});
export type StudyConfig = z.infer<typeof StudyConfig>;

/** Folder of a study under the results folder. @throws {RangeError} for a name that is no plain folder name */
export function studyDir(name: string): string {
  if (!STUDY_NAME.test(name)) {
    throw new RangeError(
      `${
        JSON.stringify(name)
      } cannot name a study: letters, digits, ".", "_" and "-" are wanted, a letter or digit first`,
    );
  }
  return join(resultsDir(), name);
}

/**
 * Reads a study's configuration.
 * @throws {RangeError} when there is no such study, naming those there are
 */
export function readStudy(name: string): StudyConfig {
  const file = join(studyDir(name), "study.json");
  try {
    return readJson(file, StudyConfig);
  } catch (error) {
    if (!(error instanceof RecordError) || !error.message.endsWith("no such file")) throw error;
    const known = listStudies();
    throw new RangeError(
      `There is no study ${JSON.stringify(name)}: ${
        known.length === 0 ? "none was made yet" : `there are ${known.join(", ")}`
      }`,
    );
  }
}

/** Names of all studies, sorted. */
export function listStudies(): string[] {
  try {
    return [...Deno.readDirSync(resultsDir())].filter((e) => e.isDirectory).map((e) => e.name)
      .filter((name) => exists(join(resultsDir(), name, "study.json"))).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function exists(file: string): boolean {
  try {
    Deno.statSync(file);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** What makes two configurations the same study: everything but where the repositories stand on disk. */
export function configHash(config: StudyConfig): string {
  const { repositories, ...rest } = config;
  return contentHash({
    ...rest,
    repositories: repositories.map(({ name, head, role, max_commits }) => ({
      name,
      head,
      role,
      max_commits,
    })),
  });
}

/**
 * Writes a new study's configuration, or checks that the one there is the same.
 * @throws {RangeError} when a study of that name is about something else, or the name is no plain folder name
 */
export function openStudy(config: StudyConfig): StudyConfig {
  const file = join(studyDir(config.name), "study.json");
  if (!exists(file)) {
    writeJson(file, config);
    return config;
  }
  const known = readJson(file, StudyConfig);
  // The same study; its repositories may have moved on this machine since.
  if (configHash(known) === configHash(config)) return { ...known, repositories: config.repositories };
  const fields = (["repositories", "seed", "query", "labels", "formula", "feedback"] as const)
    .filter((field) =>
      canonicalJson(comparable(known)[field] ?? null) !== canonicalJson(comparable(config)[field] ?? null)
    );
  const moved = movedOn(known, config);
  if (fields.length === 1 && fields[0] === "repositories" && moved.length > 0) {
    throw new RangeError(
      `${
        moved.join("; ")
      }. A study stays at the commits it began with: --study ${config.name} without --repo goes on ` +
        `there, and another study name begins at the new ones`,
    );
  }
  throw new RangeError(
    `The study ${config.name} was made with other ${
      fields.join(", ")
    }: give this one another study name, or delete ${studyDir(config.name)}`,
  );
}

/** Which repositories have new commits since, in words; none when the two differ in anything else about them. */
function movedOn(known: StudyConfig, config: StudyConfig): string[] {
  const still = ({ repositories }: StudyConfig) =>
    canonicalJson(repositories.map(({ name, role, max_commits }) => ({ name, role, max_commits })));
  if (still(known) !== still(config)) return [];
  return known.repositories.flatMap(({ name, head }, i) => {
    const now = config.repositories[i]!.head;
    return now === head ? [] : [
      `${name} stood at ${head.slice(0, 12)} when the study ${config.name} was made and stands at ${
        now.slice(0, 12)
      } now`,
    ];
  });
}

function comparable(config: StudyConfig) {
  return {
    ...config,
    repositories: config.repositories.map(({ name, head, role, max_commits }) => ({
      name,
      head,
      role,
      max_commits,
    })),
  };
}
