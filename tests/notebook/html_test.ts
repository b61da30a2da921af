import assert from "node:assert/strict";
import { ansiHtml, stripAnsi } from "../../lib/notebook/ansi.ts";
import { parseNotebook } from "../../lib/notebook/document.ts";
import { notebookHtml } from "../../lib/notebook/html.ts";
import { notebookMarkdown } from "../../lib/notebook/markdown.ts";

const SVG = btoa("<svg/>");
const code = (source: string, outputs: unknown[], tags?: string[]) => ({
  cell_type: "code",
  id: source.slice(0, 8),
  metadata: tags ? { tags } : {},
  source,
  outputs,
  execution_count: 1,
});
const html = (text: string, more = {}) => ({
  output_type: "display_data",
  data: { "text/html": text, "text/plain": "plain", ...more },
  metadata: {},
});
const notebook = parseNotebook({
  cells: [
    {
      cell_type: "markdown",
      metadata: {},
      source: "# Title <x>\n\n## Part *one*\n\n$a<b$ and $5 and $6.\n\n![p](p.png)",
    },
    { cell_type: "markdown", metadata: {}, source: "## Part *one*\n\n```ts\nconst a = 1;\n```" },
    code("const x: number = 1 < 2 ? 1 : 0", [
      { output_type: "stream", name: "stderr", text: "\x1b[31mred <b>\x1b[0m" },
      html(`<img alt="a plot" style="max-width:100%" src="data:image/svg+xml;base64,${SVG}">`),
      html("<table></table>", { "text/markdown": "| a |\n" }),
      { output_type: "error", ename: "E", evalue: "<v>", traceback: ["E: <v>"] },
    ]),
    code("secret()", [html("vanished")], ["remove-cell"]),
    code("noInput()", [html("shown")], ["remove-input"]),
  ],
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
});

Deno.test("a notebook page folds code, lists its headings, renders maths without scripts and fetches nothing", () => {
  const page = notebookHtml(notebook, { provenance: { commit: "abc" } });
  assert.ok(page.includes("<title>Title &lt;x&gt;</title>"));
  assert.ok(page.includes('<a href="#part-one">Part one</a>') && page.includes('id="part-one-2"'));
  assert.match(page, /<details class="code"><summary>Code \[1\]<\/summary><pre class="source">/);
  assert.ok(page.includes("<math") && page.includes("$5 and $6"));
  assert.ok(page.includes("picture p: not in this file"));
  assert.ok(!/<script|(?:src|href)="(?!data:|#)/.test(page));
  assert.ok(page.includes("red &lt;b&gt;</span>") && page.includes("E: &lt;v&gt;"));
  assert.ok(!page.includes("vanished") && !page.includes("noInput") && page.includes("shown"));
  assert.ok(page.includes('hljs-keyword">const'));
  assert.ok(page.includes("<figure><svg/></figure>"), "figures take the page's ink");
  assert.ok(page.includes("<dd>abc</dd>"));
});

Deno.test("a picture that can be had is brought along", () => {
  const page = notebookHtml(notebook, {
    picture: (href) => href === "p.png" ? "data:image/png;base64,AA" : undefined,
  });
  assert.ok(page.includes('<img src="data:image/png;base64,AA" alt="p">'));
});

Deno.test("Markdown has pictures as links, tables as tables and errors as text", () => {
  const saved: string[] = [];
  const text = notebookMarkdown(notebook, {
    savePicture: (bytes, extension, n) => {
      saved.push(new TextDecoder().decode(bytes));
      return `f/${n}.${extension}`;
    },
  });
  assert.deepEqual(saved, ["<svg/>"]);
  assert.ok(text.includes("![a plot](f/1.svg)") && text.includes("| a |"));
  assert.ok(text.includes("E: <v>") && text.includes("red <b>") && !text.includes("\x1b"));
  assert.ok(!text.includes("vanished"));
});

Deno.test("terminal colours become spans, other sequences go, text is escaped", () => {
  assert.equal(
    ansiHtml("a\x1b[1;32m<b>\x1b[39mc\x1b[0md"),
    'a<span style="font-weight:600;color:#2f9e44">&lt;b&gt;</span><span style="font-weight:600">c</span>d',
  );
  assert.equal(ansiHtml("\x1b[38;2;1;2;3mx\x1b[0m\x1b[2K"), "x");
  assert.equal(stripAnsi("\x1b[33m2\x1b[39m"), "2");
});
