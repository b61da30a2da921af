/** `table.json`: the latest table of each split, checked as it is read. */
import { z } from "zod";
import { readJson, RecordError, writeJson } from "../base/artefacts.ts";
import { SPLITS } from "../records/case.ts";
import type { SplitTable } from "./table.ts";

const interval = {
  estimate: z.number(),
  low: z.number(),
  high: z.number(),
  level: z.number(),
  resamples: z.number(),
  n_commits: z.number(),
  n_repos: z.number(),
};

const difference = { ...interval, p: z.number(), wins: z.number(), losses: z.number() };

const Row = z.strictObject({
  ranker: z.string(),
  split: z.enum(SPLITS),
  means: z.record(z.string(), z.strictObject({ ...interval, n_cases: z.number() }).nullable()),
  difference: z.strictObject(difference).nullable(),
  over_best: z.strictObject({ ...difference, baseline: z.string() }).exactOptional(),
  repositories: z.record(z.string(), z.number()),
});

/** Tables as they are recorded, in `table.json` and elsewhere. */
export const SplitTables: z.ZodType<readonly SplitTable[]> = z.array(z.strictObject({
  split: z.enum(SPLITS),
  rows: z.array(Row).min(1),
  n_cases: z.number(),
  n_commits: z.number(),
  n_repos: z.number(),
  detectable: z.number().nullable(),
}));

const TableFile = z.strictObject({ record: z.literal("table/1"), tables: SplitTables });

/** Reads a table file; null where none was written. @throws {RecordError} when it is damaged, naming file and field */
export function readTables(file: string): readonly SplitTable[] | null {
  try {
    return readJson(file, TableFile).tables;
  } catch (error) {
    if (error instanceof RecordError && error.message.endsWith("no such file")) return null;
    throw error;
  }
}

/** Writes a table file, whatever was there. */
export function writeTables(file: string, tables: readonly SplitTable[]): void {
  writeJson(file, { record: "table/1", tables });
}

/** Puts new tables in the place of those of the same splits; other splits keep theirs. @throws {RecordError} as {@link readTables} */
export function updateTables(file: string, tables: readonly SplitTable[]): void {
  const kept = (readTables(file) ?? []).filter(({ split }) => !tables.some((t) => t.split === split));
  const order = ({ split }: SplitTable) => SPLITS.indexOf(split);
  writeTables(file, [...kept, ...tables].sort((a, b) => order(a) - order(b)));
}
