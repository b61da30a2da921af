import assert from "node:assert/strict";
import { join } from "node:path";
import { parseNotebook } from "../../lib/notebook/document.ts";
import { ATTRIBUTE_LINE, installFilter } from "../../lib/notebook/filter.ts";
import { stripNotebook, stripText } from "../../lib/notebook/strip.ts";
import { PROJECT_ROOT } from "../../lib/base/paths.ts";
import { runGit } from "../../lib/repo/git.ts";

const output = { output_type: "stream", name: "stdout", text: "secret" };
const executed = parseNotebook({
  cells: [
    { cell_type: "markdown", id: "m", metadata: { collapsed: true }, source: "# T" },
    {
      cell_type: "code",
      id: "p",
      metadata: { tags: ["parameters"] },
      source: "let k = 1;\nk",
      outputs: [],
      execution_count: 1,
    },
    {
      cell_type: "code",
      metadata: { tags: ["injected-parameters"] },
      source: "k = 2",
      outputs: [],
      execution_count: 2,
    },
    { cell_type: "code", metadata: { execution: {} }, source: ["k"], outputs: [output], execution_count: 3 },
    {
      cell_type: "code",
      id: "kept",
      metadata: { tags: ["keep-output"] },
      source: "k",
      outputs: [output],
      execution_count: 4,
    },
  ],
  metadata: { papermill: {}, kernelspec: { name: "python3" } },
  nbformat: 4,
  nbformat_minor: 4,
});

Deno.test("stripping leaves sources, tags and kept outputs, and nothing that a run changes", () => {
  const stripped = stripNotebook(executed);
  assert.deepEqual(stripped.cells.map((cell) => cell.id), ["m", "p", "cell-2", "kept"]);
  assert.deepEqual(stripped.cells.map((cell) => cell.outputs?.length), [undefined, 0, 0, 1]);
  assert.deepEqual(stripped.cells[1]!.source, ["let k = 1;\n", "k"]);
  assert.deepEqual(stripped.cells[2]!.metadata, {});
  assert.deepEqual(Object.keys(stripped.metadata), ["kernelspec", "language_info"]);
});

Deno.test("stripping twice is stripping once", () => {
  const once = stripText(JSON.stringify(executed));
  assert.equal(stripText(once), once);
});

Deno.test("git add through the installed filter commits no outputs and leaves the work tree alone", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await runGit(folder, ["init", "--quiet"]);
    const first = await installFilter(folder);
    assert.ok(first.wroteAttributes && !(await installFilter(folder)).wroteAttributes);
    assert.equal(await Deno.readTextFile(join(folder, ".gitattributes")), ATTRIBUTE_LINE + "\n");
    // The command is relative to a checkout of the kit; here it points at the kit itself.
    const command = first.command.replace("lib/tasks", join(PROJECT_ROOT, "lib/tasks"));
    await runGit(folder, ["config", "filter.ripmap-notebook.clean", command]);
    await Deno.mkdir(join(folder, "notebooks"));
    const file = join(folder, "notebooks", "a.ipynb"), text = JSON.stringify(executed);
    await Deno.writeTextFile(file, text);
    await runGit(folder, ["add", "."]);
    assert.equal(await runGit(folder, ["show", ":notebooks/a.ipynb"]), stripText(text));
    assert.equal(await Deno.readTextFile(file), text);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
