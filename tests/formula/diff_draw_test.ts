import assert from "node:assert/strict";
import { parseHTML } from "linkedom";
import { DECAYED, SPEC } from "../../lib/formula/builtins.ts";
import { diffFormulas } from "../../lib/formula/diff.ts";
import { type Formula, parseFormula, resolveNodes, walkNodes } from "../../lib/formula/document.ts";
import { drawMarkdown, drawSvg, drawText } from "../../lib/formula/draw.ts";
import type { Edit } from "../../lib/formula/edit_schema.ts";
import { applyEdits } from "../../lib/formula/edits.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { printFormula } from "../../lib/formula/print.ts";
import { defaultPoint } from "../../lib/records/space.ts";

const edit = (...edits: Edit[]) => applyEdits(SPEC, edits, { name: "edited", description: "" });
const told = (formula: Formula) => diffFormulas(SPEC, formula).map((change) => change.sentence);

Deno.test("equal formulas have no differences, whatever they are called", () => {
  assert.deepEqual(diffFormulas(SPEC, { ...SPEC, name: "other", description: "other" }), []);
});

Deno.test("the decayed formula differs from the spec's in an operation, a signal's option and a range", () => {
  assert.deepEqual(diffFormulas(SPEC, DECAYED).map(({ kind, id }) => [kind, id]), [
    ["operation", "boost_temporal_coupling"],
    ["signal", "coupling"],
    ["parameter", "boost_temporal_coupling"],
  ]);
});

Deno.test("every kind of edit is told in its own sentence", () => {
  const cases: [Edit[], string[]][] = [
    [[{ edit: "drop_term", id: "boost_chat_file" }], [
      "Removed boost_chat_file from score: 1 + (boost_chat_file − 1)·chat_file.",
      "Parameter boost_chat_file is gone.",
    ]],
    [[{ edit: "add_term", at: "score", term: { op: "signal", signal: "same_kind" } }], [
      "Added same_kind to score: same_kind.",
    ]],
    [[{ edit: "unwrap", id: "boost_chat_file" }], [
      "Removed boost_chat_file from score: boost; what it held stays.",
      "Parameter boost_chat_file is gone.",
    ]],
    [[{ edit: "wrap", id: "score", with: "max" }], ["Added max as the root: max, around score."]],
    [[{ edit: "replace_combinator", id: "score", op: "max" }], ["score is max instead of product."]],
    [[{ edit: "swap_signal", id: "mentioned_file", signal: "same_kind" }], [
      "mentioned_file (mentioned_file) became same_kind (same_kind).",
    ]],
    [[{ edit: "tie", id: "boost_temporal_coupling", place: "threshold", to: 0.5 }], [
      "boost_temporal_coupling: threshold is 0.5 instead of 0.3.",
    ]],
    [[{ edit: "set_bounds", param: "focus_decay", high: 0.9 }], [
      "Parameter focus_decay: 0.5 in [0.05, 0.9] instead of 0.5 in [0.05, 0.95].",
    ]],
  ];
  for (const [edits, sentences] of cases) {
    const found = told(edit(...edits));
    for (const sentence of sentences) assert.ok(found.includes(sentence), `${sentence}\n${found.join("\n")}`);
  }
});

Deno.test("differences survive JSON and name ids that exist", () => {
  const edited = edit({ edit: "wrap", id: "recency", with: "gate" });
  const rows = diffFormulas(SPEC, edited);
  assert.deepEqual(JSON.parse(JSON.stringify(rows)), rows);
  const ids = new Set([...walkNodes(resolveNodes(edited))].map((n) => n.id));
  assert.ok(rows.filter((r) => r.kind === "added").every((r) => ids.has(r.id)));
});

Deno.test("the one line shows every parameter, brackets sums in products, and takes values from a point", () => {
  const line = printFormula(SPEC);
  for (const { name } of searchSpace(SPEC)) assert.ok(line.includes(name), name);
  assert.ok(line.includes(" × (1 + (git_recency_max_boost − 1)·recency(git_recency_decay_days)) × "));
  assert.ok(line.includes("[coupling(gamma=1) ≥ 0.3 ? boost_temporal_coupling : 1]"));
  assert.ok(printFormula(SPEC, defaultPoint(searchSpace(SPEC))).includes("pagerank_alpha=0.85"));
});

Deno.test("every combinator has a line", () => {
  const line = (op: string) =>
    printFormula(parseFormula({
      record: "formula/1",
      name: "x",
      description: "",
      root: { op, terms: [{ op: "signal", signal: "chat_file" }, { op: "signal", signal: "same_kind" }] },
    }));
  assert.equal(line("product"), "chat_file × same_kind");
  assert.equal(line("weighted_sum"), "chat_file_weight·chat_file + same_kind_weight·same_kind");
  assert.equal(line("noisy_or"), "noisy_or(chat_file_weight·chat_file, same_kind_weight·same_kind)");
  assert.equal(line("max"), "max(chat_file_weight·chat_file, same_kind_weight·same_kind)");
  assert.equal(
    line("log_linear"),
    "(chat_file + 0.000001)^chat_file_weight × (same_kind + 0.000001)^same_kind_weight",
  );
  assert.equal(
    line("reciprocal_rank_fusion"),
    "chat_file_weight/(reciprocal_rank_fusion_k + rank(chat_file)) + same_kind_weight/(reciprocal_rank_fusion_k + rank(same_kind))",
  );
});

Deno.test("text and drawing hold every node once, each below its parent", () => {
  const nodes = [...walkNodes(resolveNodes(SPEC))];
  assert.equal(drawText(SPEC).trimEnd().split("\n").length, nodes.length);
  const { document } = parseHTML(`<body>${drawSvg(SPEC)}</body>`);
  assert.equal(document.querySelectorAll("rect").length, nodes.length);
  assert.equal(document.querySelectorAll("path").length, nodes.length - 1);
});

Deno.test("boxes of a drawing do not overlap and stay on the sheet", () => {
  const { document } = parseHTML(`<body>${drawSvg(DECAYED)}</body>`);
  const svg = document.querySelector("svg")!;
  const boxes = [...document.querySelectorAll("rect")].map((r) =>
    ["x", "y", "width", "height"].map((a) => Number(r.getAttribute(a)))
  ) as [number, number, number, number][];
  boxes.forEach(([x, y, w, h], i) => {
    assert.ok(x >= 0 && y >= 0 && x + w <= Number(svg.getAttribute("width")));
    assert.ok(y + h <= Number(svg.getAttribute("height")));
    for (const [x2, y2, w2, h2] of boxes.slice(i + 1)) {
      assert.ok(x + w <= x2 || x2 + w2 <= x || y + h <= y2 || y2 + h2 <= y);
    }
  });
});

Deno.test("words of a formula are escaped in drawing and Markdown", () => {
  const rude = parseFormula({
    record: "formula/1",
    name: "rude",
    description: "a | b <script>alert(1)</script>",
    root: {
      op: "boost",
      peak: { param: "p", description: "c | d <img src=x>" },
      term: { op: "signal", signal: "pagerank" },
    },
  });
  const svg = drawSvg(rude), page = drawMarkdown(rude);
  assert.doesNotMatch(svg, /<script|<img/);
  assert.doesNotMatch(page, /[^\\]<script|[^\\]<img/);
  const table = page.split("\n").filter((line) => line.startsWith("| "));
  assert.ok(table.every((line) => line.replaceAll("\\|", "").split("|").length === 6), table.join("\n"));
});
