/** What structure searches left in their study: the formula each found and the point it tuned that to. */
import { join } from "node:path";
import { z } from "zod";
import { readJson, RecordError } from "../base/artefacts.ts";
import { Formula } from "../formula/document.ts";
import { PointValues } from "../records/evaluation.ts";
import { studyDir } from "./config.ts";

/** What a search may be for: all relevant files, or those that never changed together with the seed, among themselves. */
export const OBJECTIVES = ["all", "never-co-changed"] as const;
export type Objective = typeof OBJECTIVES[number];

/** Each objective has its own file, so that one search never stands for the other. */
export const STRUCTURE_FILES: Readonly<Record<Objective, string>> = {
  all: "structure.json",
  "never-co-changed": "structure-never-co-changed.json",
};

/** What the figures of a search's steps and of repositories left out are: the tables of either have every measure. */
export const OBJECTIVE_MEASURES: Readonly<Record<Objective, string>> = {
  all: "nDCG@10",
  "never-co-changed": "nDCG@10 of never-co-changed pairs",
};

/** A search's file, as far as others read it. */
export const Structure = z.object({
  record: z.literal("structure/1"),
  formula: Formula,
  params: PointValues,
  spent: z.number(),
  steps: z.array(z.object({
    round: z.number(),
    move: z.string(),
    decision: z.string(),
    train: z.tuple([z.number(), z.number()]),
    selection: z.object({ estimate: z.number(), low: z.number(), high: z.number() }),
  })),
  tables: z.array(z.unknown()),
  leave_out: z.array(z.object({ repository: z.string(), pooled: z.number(), left_out: z.number() })),
});
export type Structure = z.infer<typeof Structure>;

/** Reads it; undefined where no search of that objective was run. @throws {RecordError} when it is damaged */
export function readStructure(study: string, objective: Objective = "all"): Structure | undefined {
  try {
    return readJson(join(studyDir(study), STRUCTURE_FILES[objective]), Structure);
  } catch (error) {
    if (error instanceof RecordError && error.message.endsWith("no such file")) return undefined;
    throw error;
  }
}
