/** Notebooks as git keeps them: no outputs, no counts, no volatile metadata. */
import {
  cellTags,
  formatNotebook,
  type NotebookCell,
  type NotebookDocument,
  parseNotebook,
  textLines,
  wholeText,
} from "./document.ts";

/**
 * A stripped copy: outputs and execution counts go (except in cells tagged `keep-output`), injected parameters go, of the
 * metadata only tags stay, sources are lists of lines, cells without an id are named by their place. Stripping twice changes nothing.
 */
export function stripNotebook(notebook: NotebookDocument): NotebookDocument {
  return {
    cells: notebook.cells
      .filter((cell) => !cellTags(cell).includes("injected-parameters"))
      .map(stripCell),
    metadata: {
      kernelspec: { display_name: "Deno", language: "typescript", name: "deno" },
      language_info: { name: "typescript" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

function stripCell(cell: NotebookCell, place: number): NotebookCell {
  const tags = cellTags(cell);
  const common = {
    cell_type: cell.cell_type,
    id: cell.id ?? `cell-${place}`,
    metadata: tags.length > 0 ? { tags } : {},
  };
  const source = textLines(wholeText(cell.source));
  if (cell.cell_type !== "code") {
    return { ...common, ...("attachments" in cell ? { attachments: cell.attachments } : {}), source };
  }
  const keep = tags.includes("keep-output");
  return {
    ...common,
    execution_count: keep ? cell.execution_count ?? null : null,
    outputs: keep ? cell.outputs ?? [] : [],
    source,
  };
}

/**
 * The stripped form of a notebook file's text.
 *
 * @throws {SyntaxError} when the text is no JSON, {z.ZodError} when it is no notebook
 */
export function stripText(text: string): string {
  return formatNotebook(stripNotebook(parseNotebook(JSON.parse(text))));
}
