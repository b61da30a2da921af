/**
 * The golden count: which code cells of a notebook have outputs when it runs with its own parameters.
 *
 * A runner can lose outputs and still end with exit code 0; a recorded list of cells shows it.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readJson, writeJson } from "../base/artefacts.ts";
import { counted } from "../report/values.ts";
import { cellName, type NotebookDocument } from "./document.ts";

const Schema = z.record(z.string(), z.array(z.string()));

/** Cells with outputs, by notebook name, in the order of the notebook. */
export type GoldenCounts = z.infer<typeof Schema>;

/** Where the golden counts of a folder of notebooks stand. */
export function goldenFile(folder: string): string {
  return join(folder, "golden.json");
}

/** Reads the counts; a folder without the file has none. @throws {RecordError} for another shape */
export function readGolden(folder: string): GoldenCounts {
  const file = goldenFile(folder);
  return existsSync(file) ? readJson(file, Schema) : {};
}

/** Records the counts of these notebooks, leaving those of others as they are. */
export function writeGolden(folder: string, counts: GoldenCounts): void {
  writeJson(goldenFile(folder), { ...readGolden(folder), ...counts });
}

/** The names of the code cells that have an output, in order. */
export function cellsWithOutputs(notebook: NotebookDocument): string[] {
  return notebook.cells.flatMap((cell, i) =>
    cell.cell_type === "code" && (cell.outputs?.length ?? 0) > 0 ? [cellName(cell, i)] : []
  );
}

/** What is wrong with the cells found against the golden ones, or undefined when they are the same. */
export function goldenProblem(found: readonly string[], golden: readonly string[]): string | undefined {
  const missing = golden.filter((name) => !found.includes(name));
  const extra = found.filter((name) => !golden.includes(name));
  if (missing.length === 0 && extra.length === 0) return undefined;
  const parts = [
    ...(missing.length ? [`no output from ${missing.join(", ")}`] : []),
    ...(extra.length ? [`unexpected output from ${extra.join(", ")}`] : []),
  ];
  return `outputs from ${counted(found.length, "cell")}, the golden count is ${golden.length}: ${
    parts.join("; ")
  }. ` +
    `If the notebook changed, record it with --update-golden`;
}
