/** Everything a study's folder says, read once: what reports and notebooks are made from. */
import { join } from "node:path";
import { z } from "zod";
import { readJson, readLines, RecordError } from "../base/artefacts.ts";
import { Formula } from "../formula/document.ts";
import { Case } from "../records/case.ts";
import { FORECASTS, type ForecastScore } from "../reasoning/forecast.ts";
import type { Failure } from "../records/failure.ts";
import type { Manifest } from "../records/manifest.ts";
import { PointValues } from "../records/evaluation.ts";
import { readFailures, readRecords, readScratchpad, type ScratchpadState } from "../scratchpad/mod.ts";
import { readStudy, type StudyConfig, studyDir } from "./config.ts";
import { readManifests } from "./runs.ts";
import type { SplitTable } from "./table.ts";
import { readTables } from "./table_file.ts";

/** The point a study ended at: `trained.json`. */
export const Trained = z.strictObject({
  record: z.literal("trained/1"),
  formula: Formula,
  params: PointValues,
  /** id of the episode that made it the incumbent; null when the start was never beaten */
  episode: z.string().nullable(),
  n_episodes: z.int().nonnegative(),
});
export type Trained = z.infer<typeof Trained>;

/** How much of the gain on selection cases was chance: `overtuning.json`; see `reasoning/overtuning.ts` for the definitions. */
export const OvertuningFile = z.strictObject({
  record: z.literal("overtuning/1"),
  /** questions asked of the selection cases */
  looks: z.int().nonnegative(),
  /** null where one of the splits has no case */
  meter: z.strictObject({
    selection_gain: z.number(),
    held_out_gain: z.number(),
    optimism: z.number(),
    null_gain: z.number(),
    chance_worse: z.number(),
  }).nullable(),
});
export type OvertuningFile = z.infer<typeof OvertuningFile>;

/** A study's files as they are now. What was not made yet is null or empty. */
export interface StudyFacts {
  readonly config: StudyConfig;
  readonly dir: string;
  readonly manifests: readonly Manifest[];
  readonly cases: readonly Case[];
  readonly tables: readonly SplitTable[] | null;
  readonly failures: readonly Failure[];
  readonly scratchpad: ScratchpadState;
  /** forecasts of proposals that were measured, in the episodes' order */
  readonly forecasts: readonly ForecastScore[];
  readonly trained: Trained | null;
  readonly overtuning: OvertuningFile | null;
  /** runs with one kind of evidence corrupted, by name */
  readonly controls: readonly { readonly name: string; readonly tables: readonly SplitTable[] }[];
}

/** Reads a study. @throws {RangeError} when there is none of that name; {RecordError} when a file is damaged */
export function readStudyFacts(name: string): StudyFacts {
  const config = readStudy(name), dir = studyDir(name);
  return {
    config,
    dir,
    manifests: readManifests(dir),
    cases: readLines(join(dir, "cases.jsonl"), Case).records,
    tables: readTables(join(dir, "table.json")),
    failures: [...readFailures(dir).values()],
    scratchpad: readScratchpad(dir),
    forecasts: readRecords(dir, FORECASTS),
    trained: readTrained(dir),
    overtuning: readWhere(join(dir, "overtuning.json"), OvertuningFile),
    controls: readControls(join(dir, "controls")),
  };
}

function readControls(folder: string): StudyFacts["controls"] {
  let names: string[];
  try {
    names = [...Deno.readDirSync(folder)].map((e) => e.name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  return names.flatMap((name) => {
    const tables = readTables(join(folder, name, "table.json"));
    return tables ? [{ name, tables }] : [];
  });
}

/** The point in a study's folder, or a control's; null before the first training. @throws {RecordError} when the file is damaged */
export function readTrained(dir: string): Trained | null {
  return readWhere(join(dir, "trained.json"), Trained);
}

/** A file's record; null where there is no such file. */
function readWhere<T>(file: string, schema: z.ZodType<T>): T | null {
  try {
    return readJson(file, schema);
  } catch (error) {
    if (error instanceof RecordError && error.message.endsWith("no such file")) return null;
    throw error;
  }
}
