/**
 * Reading and writing the kit's files. JSON lines are the truth: appended with fsync, never rewritten.
 *
 * Every line is an object with a `record` field naming its shape and version ("episode/1"). A reader names the record
 * it wants, so a foreign or truncated line is an error with file, line and field, never a silently shorter result.
 */
import { dirname } from "node:path";
import { z } from "zod";
import { canonicalJson } from "./canonical.ts";

/** A line of a results file that is not what its file promises. A caller catches it to name the file to the user. */
export class RecordError extends SyntaxError {
  override name = "RecordError";
  constructor(readonly file: string, readonly line: number, message: string) {
    super(`${file}:${line}: ${message}`);
  }
}

/** What `readLines` found beside the records themselves. */
export interface ReadReport<T> {
  records: T[];
  /** Text of a last line that was cut off by a crash, or undefined. It was not parsed. */
  truncated?: string;
}

/** Options of {@link readLines}. */
export interface ReadOptions {
  /** What to do with a last line that has no newline and does not parse. Default "error". */
  truncatedTail?: "error" | "report";
}

/**
 * Reads a JSON-lines file, each line checked by `schema`. A missing file is an empty list: nothing was appended yet.
 *
 * @throws {RecordError} for a line that is not JSON or not of the schema, with the path of the field, what was found and what was wanted
 */
export function readLines<T>(file: string, schema: z.ZodType<T>, options: ReadOptions = {}): ReadReport<T> {
  let text: string;
  try {
    text = Deno.readTextFileSync(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { records: [] };
    throw error;
  }
  const records: T[] = [];
  const lines = text.split("\n");
  const tail = lines.pop() ?? "";
  lines.forEach((line, i) => records.push(parseLine(file, i + 1, line, schema)));
  if (tail === "") return { records };
  if (options.truncatedTail === "report") return { records, truncated: tail };
  throw new RecordError(
    file,
    lines.length + 1,
    `the last line has no newline: a write was cut off. Delete that line, or run the command that writes the file again`,
  );
}

function parseLine<T>(file: string, number: number, line: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new RecordError(
      file,
      number,
      `not JSON (${(cause as Error).message}): ${JSON.stringify(line.slice(0, 80))}`,
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new RecordError(file, number, describeIssues(parsed.error));
}

/** Says each issue of a zod error as "field: what is wrong", joined by "; ". */
export function describeIssues(error: z.ZodError): string {
  return error.issues.slice(0, 10).map((issue) => `${issue.path.join(".") || "value"}: ${issue.message}`)
    .join("; ");
}

/** Appends records as canonical JSON lines and waits until they are on the disk. Creates the file and its folder. */
export function appendLines(file: string, records: readonly object[]): void {
  if (records.length === 0) return;
  Deno.mkdirSync(dirname(file), { recursive: true });
  const bytes = new TextEncoder().encode(records.map((record) => canonicalJson(record) + "\n").join(""));
  using handle = Deno.openSync(file, { append: true, create: true });
  writeAll(handle, bytes);
  handle.syncSync();
}

/** Writes a whole text file by way of a sibling `.tmp` and a rename, so that a reader never sees half of it. */
export function writeTextAtomic(file: string, text: string): void {
  writeBytesAtomic(file, new TextEncoder().encode(text));
}

/** Writes bytes as {@link writeTextAtomic} does. On a full disk, or where a folder stands, the `.tmp` is removed and what was there stays. */
export function writeBytesAtomic(file: string, bytes: Uint8Array): void {
  Deno.mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${Deno.pid}.tmp`;
  try {
    {
      using handle = Deno.openSync(temporary, { write: true, create: true, truncate: true });
      writeAll(handle, bytes);
      handle.syncSync();
    }
    Deno.renameSync(temporary, file);
  } catch (error) {
    try {
      Deno.removeSync(temporary);
    } catch { /* it was never made */ }
    throw error;
  }
}

/** Writes a value as indented JSON with sorted keys, atomically. */
export function writeJson(file: string, value: unknown): void {
  writeTextAtomic(file, JSON.stringify(JSON.parse(canonicalJson(value)), null, 2) + "\n");
}

/** Reads a JSON file through a schema. @throws {RecordError} when it is missing, not JSON, or of another shape */
export function readJson<T>(file: string, schema: z.ZodType<T>): T {
  let text: string;
  try {
    text = Deno.readTextFileSync(file);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) throw new RecordError(file, 1, "no such file");
    throw cause;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new RecordError(file, 1, `not JSON: ${(cause as Error).message}`);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new RecordError(file, 1, describeIssues(parsed.error));
  return parsed.data;
}

function writeAll(handle: Deno.FsFile, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += handle.writeSync(bytes.subarray(done));
}
