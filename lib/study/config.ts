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

export const StudyConfig = z.strictObject({
  record: z.literal("study/1"),
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/i, "a plain folder name is wanted"),
  repositories: z.array(StudyRepository).min(1),
  seed: z.int(),
  query: z.enum(QUERY_MODES),
  labels: z.enum(LABELS),
  formula: Formula,
});
export type StudyConfig = z.infer<typeof StudyConfig>;

/** Folder of a study under the results folder. */
export function studyDir(name: string): string {
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
 * @throws {RangeError} when a study of that name is about something else
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
  const fields = (["repositories", "seed", "query", "labels", "formula"] as const)
    .filter((field) => canonicalJson(comparable(known)[field]) !== canonicalJson(comparable(config)[field]));
  throw new RangeError(
    `The study ${config.name} was made with other ${
      fields.join(", ")
    }: give this one another study name, or delete ${studyDir(config.name)}`,
  );
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
