/** A notebook as one TypeScript module, and the way back from the module's lines to cells. */
import { type NotebookDocument, wholeText } from "./document.ts";

/** A place in a notebook: cell by index (from 0, all kinds) and line within it (from 1). */
export interface CellPlace {
  readonly cell: number;
  readonly line: number;
}

/** A module made of a notebook's code cells. */
export interface CellModule {
  readonly text: string;
  /** The place of a line of the module (from 1); undefined for lines that stand between cells. */
  place(line: number): CellPlace | undefined;
}

/** Joins the code cells in order. Cells share one scope, as they do in the kernel. */
export function cellModule(notebook: NotebookDocument): CellModule {
  const lines = ["export {};"];
  const places: (CellPlace | undefined)[] = [undefined];
  notebook.cells.forEach((cell, index) => {
    if (cell.cell_type !== "code") return;
    wholeText(cell.source).split("\n").forEach((line, i) => {
      lines.push(line);
      places.push({ cell: index, line: i + 1 });
    });
    // Keeps a cell that starts with "(" or "[" from continuing the one before.
    lines.push(";");
    places.push(undefined);
  });
  return { text: lines.join("\n") + "\n", place: (line) => places[line - 1] };
}
