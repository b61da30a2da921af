/** Reading a study's files: every line checked, numbered without gaps, no record twice with two contents. */
import { join } from "node:path";
import { z } from "zod";
import { readLines, RecordError } from "../base/artefacts.ts";
import type { RecordFile } from "./files.ts";
import { EPISODES, FAILURES, INSIGHTS } from "./files.ts";
import { foldScratchpad, type ScratchpadState } from "./fold.ts";
import type { Failure } from "../records/failure.ts";

/** Who reads. A writer must have recovered the tail before; anybody else may meet a line that is being written. */
export interface ReadFileOptions {
  /** What to do with an unfinished last line. Default "ignore" */
  tail?: "ignore" | "error";
}

/**
 * Reads one file of a study in line order. A missing file is an empty list.
 *
 * @throws {RecordError} for a line that is not JSON, not of the shape, out of sequence, or that repeats an id
 */
export function readRecords<T extends { readonly id: string }>(
  dir: string,
  recordFile: RecordFile<T>,
  options: ReadFileOptions = {},
): T[] {
  const file = join(dir, recordFile.name);
  const { records } = readLines(file, numbered(recordFile.schema), {
    truncatedTail: options.tail === "error" ? "error" : "report",
  });
  const seen = new Set<string>();
  return records.map(({ seq, value }, i) => {
    if (seq !== i + 1) {
      throw new RecordError(
        file,
        i + 1,
        `seq: found ${seq}, wanted ${
          i + 1
        }: a line before it is missing or doubled; restore the file from a copy`,
      );
    }
    if (seen.has(value.id)) {
      throw new RecordError(file, i + 1, `id: ${value.id} stands in the file twice; remove one of the lines`);
    }
    seen.add(value.id);
    return value;
  });
}

/** A line's shape: the record's own, and the number the journal gave it. */
function numbered<T>(schema: z.ZodType<T>): z.ZodType<{ seq: number; value: T }> {
  return z.looseObject({ seq: z.int().min(1) }).transform((line, ctx) => {
    const { seq, ...rest } = line;
    const parsed = schema.safeParse(rest);
    if (parsed.success) return { seq, value: parsed.data };
    ctx.issues.push(
      ...parsed.error.issues.map((issue) => ({ ...issue, code: "custom" as const, input: rest })),
    );
    return z.NEVER;
  });
}

/** Folds a study's files as they are now, without the writer's lock. An unfinished last line is not yet there. */
export function readScratchpad(dir: string): ScratchpadState {
  return foldScratchpad({ episodes: readRecords(dir, EPISODES), insights: readRecords(dir, INSIGHTS) });
}

/** The failures of a study, by id. */
export function readFailures(dir: string): Map<string, Failure> {
  return new Map(readRecords(dir, FAILURES).map((failure) => [failure.id, failure]));
}
