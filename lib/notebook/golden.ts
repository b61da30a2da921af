/**
 * The golden count: how many outputs each code cell of a notebook has when it runs with its own parameters.
 *
 * A runner can lose outputs and still end with exit code 0; a recorded count shows it. What a cell prints is one output a stream, however
 * many messages it came in.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readJson, writeJson } from "../base/artefacts.ts";
import { counted } from "../report/values.ts";
import { cellName, type NotebookDocument } from "./document.ts";

const Schema = z.record(z.string(), z.record(z.string(), z.int().positive()));

/** Number of outputs by cell, for cells that have any, by notebook name. */
export type GoldenCounts = z.infer<typeof Schema>;

/** Number of outputs by cell, in the order of the notebook. */
export type OutputCounts = GoldenCounts[string];

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

/** Outputs of the code cells that have any: each shown thing, and each stream once. */
export function countOutputs(notebook: NotebookDocument): OutputCounts {
  return Object.fromEntries(notebook.cells.flatMap((cell, i) => {
    const outputs = cell.cell_type === "code" ? cell.outputs ?? [] : [];
    const streams = new Set(outputs.flatMap((o) => o.output_type === "stream" ? [o.name] : []));
    const shown = outputs.filter((o) => o.output_type !== "stream").length;
    return shown + streams.size > 0 ? [[cellName(cell, i), shown + streams.size]] : [];
  }));
}

/** What is wrong with the outputs found against the golden ones, or undefined when they are the same. */
export function goldenProblem(found: OutputCounts, golden: OutputCounts): string | undefined {
  const cells = [...new Set([...Object.keys(golden), ...Object.keys(found)])];
  const parts = cells.flatMap((cell) => {
    const wanted = golden[cell] ?? 0, got = found[cell] ?? 0;
    return wanted === got ? [] : [`${cell} has ${got}, wanted ${wanted}`];
  });
  if (parts.length === 0) return undefined;
  const total = (counts: OutputCounts) => Object.values(counts).reduce((sum, n) => sum + n, 0);
  return `${counted(total(found), "output")}, the golden count is ${total(golden)}: ${parts.join("; ")}. ` +
    `If the notebook changed, record it with --update-golden`;
}
