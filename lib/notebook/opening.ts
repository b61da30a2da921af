/** The opening of an executed copy: the line that promises the answer gives way to the answer itself. */
import { type NotebookDocument, textLines, wholeText } from "./document.ts";

/** What a notebook's first cell says where the answer of this run will stand. */
export const ANSWER_PROMISE = /computed\s+below,\s+under\s+"Answer"\./i;

const SAID = /^\*\*Answer\.\*\* /;

/**
 * Puts what the cell `answer` shows in the place of {@link ANSWER_PROMISE} in the first Markdown cell, so that a reader of the copy
 * sees it first. Changes nothing where there is no promise or the cell shows no answer: then the promise stays true, or an error says why.
 */
export function openWithAnswer(notebook: NotebookDocument): void {
  const opening = notebook.cells.find((cell) => cell.cell_type === "markdown");
  const shown = notebook.cells.find((cell) => cell.id === "answer")?.outputs?.flatMap((output) => {
    if (output.output_type !== "display_data" && output.output_type !== "execute_result") return [];
    const markdown = output.data["text/markdown"];
    return typeof markdown === "string" || Array.isArray(markdown)
      ? [wholeText(markdown as string | string[])]
      : [];
  }).find((markdown) => SAID.test(markdown));
  if (!opening || shown === undefined) return;
  const answer = shown.replace(SAID, "").trim();
  opening.source = textLines(wholeText(opening.source).replace(ANSWER_PROMISE, () => answer));
}
