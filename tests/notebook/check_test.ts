import assert from "node:assert/strict";
import { join } from "node:path";
import { cellModule } from "../../lib/notebook/cell_module.ts";
import { checkNotebooks, formatProblem } from "../../lib/notebook/check.ts";
import { parseNotebook, wholeText, writeNotebook } from "../../lib/notebook/document.ts";
import { stripNotebook } from "../../lib/notebook/strip.ts";

const notebook = (...sources: string[]) =>
  stripNotebook(parseNotebook({
    cells: sources.map((source, i) => ({
      cell_type: source.startsWith("#") ? "markdown" : "code",
      id: `c${i}`,
      metadata: i === 0 ? { tags: ["parameters"] } : {},
      source,
    })),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  }));

Deno.test("every line of the joined module leads back to its cell", () => {
  const nb = notebook("let k = 1;\nk;", "# prose", "(k);");
  const module = cellModule(nb);
  module.text.split("\n").forEach((line, i) => {
    const place = module.place(i + 1);
    if (place) assert.equal(wholeText(nb.cells[place.cell]!.source).split("\n")[place.line - 1], line);
  });
  assert.deepEqual(module.place(5), { cell: 2, line: 1 });
});

Deno.test("type errors, syntax errors, lint and habits are found in their cells; a sound notebook has none", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const write = (name: string, nb: ReturnType<typeof notebook>) => {
      writeNotebook(join(folder, name), nb);
      return join(folder, name);
    };
    const sound = write(
      "sound.ipynb",
      notebook(
        "let k = 1;",
        "# text",
        'import { show } from "lab/report/show.ts";',
        "await show(k);",
        "(k);",
      ),
    );
    const wrong = write(
      "wrong.ipynb",
      notebook(
        "const k = 1;",
        "# text",
        'const s: string =\n  k;\nimport "./x.json" with { type: "json" };',
        "var z = 1;\nz;",
      ),
    );
    const outputs = stripNotebook(notebook("let k = 1;"));
    outputs.cells[0]!.execution_count = 3;
    const dirty = write("dirty.ipynb", outputs);
    const problems = await checkNotebooks([sound, wrong, dirty]);
    const of = (file: string) => problems.filter((p) => p.file === file);
    assert.deepEqual(of(sound).map(formatProblem), []);
    assert.deepEqual(of(dirty).map((p) => p.rule), ["outputs"]);
    const found = of(wrong).map((p) => `${p.cell} ${p.line} ${p.rule}`);
    for (const wanted of ["c0 1 convention", "c2 1 types", "c2 3 convention", "c3 1 no-var"]) {
      assert.ok(found.includes(wanted), `${wanted} is not among ${found.join("; ")}`);
    }
    const typed = of(wrong).find((p) => p.rule === "types" && p.line === 1)!;
    assert.match(
      formatProblem(typed),
      /wrong\.ipynb \[c2\] 1:7 types: TS2322 .*not assignable to type 'string'/,
    );

    const broken = write("broken.ipynb", notebook("let k = 1;", "const = 2;"));
    const syntax = await checkNotebooks([broken]);
    assert.ok(syntax.some((p) => p.cell === "c1" && p.line === 1), syntax.map(formatProblem).join("\n"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
