/** What a structure search left in its study: the formula it found and the point it tuned that to. */
import { join } from "node:path";
import { z } from "zod";
import { readJson, RecordError } from "../base/artefacts.ts";
import { Formula } from "../formula/document.ts";
import { PointValues } from "../records/evaluation.ts";
import { studyDir } from "./config.ts";

/** `structure.json`, as far as others read it. */
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

/** Reads it; undefined where no search was run. @throws {RecordError} when it is damaged */
export function readStructure(study: string): Structure | undefined {
  try {
    return readJson(join(studyDir(study), "structure.json"), Structure);
  } catch (error) {
    if (error instanceof RecordError && error.message.endsWith("no such file")) return undefined;
    throw error;
  }
}
