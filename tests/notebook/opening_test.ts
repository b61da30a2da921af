import assert from "node:assert/strict";
import { type NotebookDocument, parseNotebook, wholeText } from "../../lib/notebook/document.ts";
import { openWithAnswer } from "../../lib/notebook/opening.ts";
import { answer, note } from "../../lib/report/sentences.ts";
import type { View } from "../../lib/report/view.ts";

const PROMISE =
  '# T\n\n**Answer.** On ten repositories no. Here: computed\nbelow, under "Answer".\n\n**Inputs.** None.';

function notebook(opening: string, ...shown: View[]): NotebookDocument {
  const outputs = shown.map((view) => ({ output_type: "display_data", data: view.bundle(), metadata: {} }));
  return parseNotebook({
    cells: [
      { cell_type: "markdown", id: "title", metadata: {}, source: opening },
      { cell_type: "code", id: "answer", metadata: {}, source: "…", outputs, execution_count: 1 },
    ],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  });
}

const openingOf = (document: NotebookDocument) => wholeText(document.cells[0]!.source);

Deno.test("an executed copy opens with the answer it computed, also when the promise is broken over two lines", () => {
  const executed = notebook(PROMISE, note("first"), answer("+0.1 [0, 0.2], for $& and $1."));
  openWithAnswer(executed);
  assert.match(
    openingOf(executed),
    /On ten repositories no\. Here: \+0\.1 .*for \$& and \$1\.\n\n\*\*Inputs/,
  );
});

Deno.test("a copy without an answer keeps the promise, and an opening without a promise stays as it is", () => {
  for (const executed of [notebook(PROMISE), notebook(PROMISE, note("no answer"))]) {
    openWithAnswer(executed);
    assert.equal(openingOf(executed), PROMISE);
  }
  const plain = notebook("# T\n\nNothing promised.", answer("42"));
  openWithAnswer(plain);
  assert.equal(openingOf(plain), "# T\n\nNothing promised.");
});
