import assert from "node:assert/strict";
import { type NotebookDocument, parseNotebook, textLines, wholeText } from "../../lib/notebook/document.ts";
import {
  bindParameters,
  declaredParameters,
  injectParameters,
  parseParameterArguments,
} from "../../lib/notebook/parameters.ts";

function notebook(...cells: { source: string; tags?: string[] }[]): NotebookDocument {
  return parseNotebook({
    cells: cells.map(({ source, tags }, i) => ({
      cell_type: "code",
      id: `c${i}`,
      metadata: tags ? { tags } : {},
      source: textLines(source),
      outputs: [],
      execution_count: null,
    })),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
  });
}

const SOURCE = `let repo = "self"; // which one
let k: number = 10;
let deep = true;
let names = ["a"];
let given = Deno.cwd();
`;
const nb = notebook({ source: SOURCE, tags: ["parameters"] }, { source: "k" });

Deno.test("the parameters cell's let lines declare names with the types of their literals", () => {
  assert.deepEqual(
    declaredParameters(nb).map(({ name, type }) => `${name}: ${type}`),
    ["repo: string", "k: number", "deep: boolean", "names: array", "given: unknown"],
  );
});

Deno.test("arguments take the declared type: text stays text, the rest is JSON", () => {
  const args = parseParameterArguments(["repo=7", "k=2.5", "deep=false", 'names=["x=y"]', "given=plain"]);
  assert.deepEqual(bindParameters("nb", nb, args), {
    repo: "7",
    k: 2.5,
    deep: false,
    names: ["x=y"],
    given: "plain",
  });
});

Deno.test("what cannot be bound says what was found and what is there", () => {
  assert.throws(() => bindParameters("nb", nb, { kk: "1" }), /nb has no parameter "kk".*repo, k, deep/);
  assert.throws(() => bindParameters("nb", nb, { k: "abc" }), /"k" is a number \(10\).*"abc", a string/);
  assert.throws(
    () => bindParameters("bare", notebook({ source: "1" }), { k: "1" }),
    /bare takes no parameters/,
  );
  assert.throws(() => parseParameterArguments(["k"]), /-p name=value/);
  assert.deepEqual(bindParameters("bare", notebook({ source: "1" }), {}), {});
});

Deno.test("a run inserts one cell of assignments after the parameters, in place of an earlier one", () => {
  const once = injectParameters(nb, { k: 3, repo: 'a"b' });
  const twice = injectParameters(once, { k: 4 });
  assert.deepEqual(twice.cells.map((cell) => cell.id), ["c0", "injected-parameters", "c1"]);
  assert.equal(
    wholeText(once.cells[1]!.source),
    '// Parameters of this run\nk = 3;\nrepo = "a\\"b";\nundefined;',
  );
  assert.equal(wholeText(twice.cells[1]!.source), "// Parameters of this run\nk = 4;\nundefined;");
  assert.equal(nb.cells.length, 2, "the notebook given is left alone");
  assert.deepEqual(injectParameters(twice, {}).cells.map((cell) => cell.id), ["c0", "c1"]);
});
