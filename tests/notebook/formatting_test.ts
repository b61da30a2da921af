import assert from "node:assert/strict";
import { isFormatted } from "../../lib/notebook/formatting.ts";

const notebook = (source: string) =>
  JSON.stringify(
    {
      cells: [{
        cell_type: "code",
        execution_count: null,
        id: "a",
        metadata: {},
        outputs: [],
        source: [source],
      }],
      metadata: {
        kernelspec: { display_name: "Deno", language: "typescript", name: "deno" },
        language_info: { name: "typescript" },
      },
      nbformat: 4,
      nbformat_minor: 5,
    },
    null,
    1,
  ) + "\n";

Deno.test("isFormatted() says yes to tidy cells and no to untidy ones", async () => {
  assert.equal(await isFormatted(notebook("const a = 1;")), true);
  assert.equal(await isFormatted(notebook("const   a=1")), false);
});

Deno.test("isFormatted() says what is wrong with a text that is no notebook", async () => {
  await assert.rejects(isFormatted("{"), SyntaxError);
});
