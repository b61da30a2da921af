/** What `deno task ceiling` left in its study: learned rankers beside the formulas, and what share of them a formula reaches. */
import { join } from "node:path";
import { z } from "zod";
import { readJson, RecordError } from "../base/artefacts.ts";
import { studyDir } from "./config.ts";
import { SplitTables } from "./table_file.ts";

/** `ceiling.json`, as far as others read it. */
export const CeilingFile = z.object({
  record: z.literal("ceiling/1"),
  columns: z.array(z.string()),
  learned: z.array(z.object({
    name: z.string(),
    fitted_to: z.string(),
    rounds: z.number(),
    selection: z.number(),
    made_by: z.string(),
    importance: z.array(z.object({ column: z.string(), share: z.number() })),
  })),
  skipped: z.string().nullable(),
  /** the ranker differences are from and shares are of */
  reference: z.string(),
  /** its test figure over the best learned one's, by measure */
  reached: z.record(z.string(), z.number()),
  tables: SplitTables,
});
export type CeilingFile = z.infer<typeof CeilingFile>;

/** Reads it; undefined where none was made. @throws {RecordError} when it is damaged */
export function readCeiling(study: string): CeilingFile | undefined {
  try {
    return readJson(join(studyDir(study), "ceiling.json"), CeilingFile);
  } catch (error) {
    if (error instanceof RecordError && error.message.endsWith("no such file")) return undefined;
    throw error;
  }
}
