/** Notebook files (nbformat 4): reading, writing, and the few views of a cell that everything else needs. */
import { basename } from "node:path";
import { z } from "zod";
import { readJson, writeTextAtomic } from "../base/artefacts.ts";

/** Text as nbformat keeps it: whole, or one string a line. */
const Text = z.union([z.string(), z.array(z.string())]);
const Data = z.record(z.string(), z.unknown());

const Output = z.discriminatedUnion("output_type", [
  z.looseObject({ output_type: z.literal("stream"), name: z.string(), text: Text }),
  z.looseObject({
    output_type: z.literal("execute_result"),
    data: Data,
    metadata: Data,
    execution_count: z.number().nullable(),
  }),
  z.looseObject({ output_type: z.literal("display_data"), data: Data, metadata: Data }),
  z.looseObject({
    output_type: z.literal("error"),
    ename: z.string(),
    evalue: z.string(),
    traceback: z.array(z.string()),
  }),
]);

const Cell = z.looseObject({
  id: z.string().optional(),
  cell_type: z.enum(["code", "markdown", "raw"]),
  source: Text,
  metadata: Data,
  outputs: z.array(Output).optional(),
  execution_count: z.number().nullable().optional(),
});

const Schema = z.looseObject({
  cells: z.array(Cell),
  metadata: Data,
  nbformat: z.literal(4),
  nbformat_minor: z.number(),
});

/** One output of a code cell. */
export type CellOutput = z.infer<typeof Output>;
/** One cell; `id`, `outputs` and `execution_count` as the file has them. */
export type NotebookCell = z.infer<typeof Cell>;
/** A notebook as it is on disk. */
export type NotebookDocument = z.infer<typeof Schema>;

/** Reads a notebook. @throws {RecordError} when it is missing, not JSON or not nbformat 4, with the path of the field */
export function readNotebook(file: string): NotebookDocument {
  return readJson(file, Schema);
}

/** Checks a value that should be a notebook. @throws {z.ZodError} when it is not one */
export function parseNotebook(value: unknown): NotebookDocument {
  return Schema.parse(value);
}

/** The bytes of a notebook file: one space of indent and a final newline, as Jupyter writes them. */
export function formatNotebook(notebook: NotebookDocument): string {
  return JSON.stringify(notebook, null, 1) + "\n";
}

/** Writes a notebook atomically. */
export function writeNotebook(file: string, notebook: NotebookDocument): void {
  writeTextAtomic(file, formatNotebook(notebook));
}

/** A cell's source, or an output's text, as one string. */
export function wholeText(text: string | readonly string[]): string {
  return typeof text === "string" ? text : text.join("");
}

/** Splits text into lines that keep their newline, as nbformat stores it. */
export function textLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

/** The cell's tags, [] when it has none. */
export function cellTags(cell: NotebookCell): string[] {
  const tags = cell.metadata.tags;
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
}

/** What a person calls the cell: its id, else "cell 3" (counted from 0, all kinds of cells). */
export function cellName(cell: NotebookCell, index: number): string {
  return cell.id ?? `cell ${index}`;
}

/** A notebook's name: the file's name without folder and ".ipynb". */
export function notebookName(file: string): string {
  return basename(file).replace(/\.ipynb$/, "");
}

/** The first level-1 heading of the markdown cells, else undefined. */
export function notebookTitle(notebook: NotebookDocument): string | undefined {
  for (const cell of notebook.cells) {
    if (cell.cell_type !== "markdown") continue;
    const heading = /^#\s+(.+?)\s*#*$/m.exec(wholeText(cell.source));
    if (heading) return heading[1];
  }
  return undefined;
}
