import assert from "node:assert/strict";
import { DirectedGraph, UndirectedGraph } from "graphology";
import { diffView } from "../../lib/report/diff.ts";
import { communities, layoutGraph, neighbourhood } from "../../lib/report/graph_layout.ts";
import { graphView } from "../../lib/report/graph_view.ts";
import { isPlotlyFigure, plotlyInit, plotlyView } from "../../lib/report/plotly.ts";
import { ranking } from "../../lib/report/ranking.ts";
import { treeOfDocument, treeView } from "../../lib/report/tree.ts";

const rows = [
  { file: "b<i>.ts", rank: 2, score: 1, parts: { pagerank: 1 }, relevant: true },
  { file: "a.ts", rank: 1, score: 2, parts: { pagerank: 3, depth: -1 } },
];

Deno.test("a ranking is ordered by rank, its bars share one scale with zero inside it", () => {
  const { html, text } = ranking(rows);
  assert.ok(text.indexOf("a.ts") < text.indexOf("b<i>.ts"));
  assert.ok(html.includes("left:25%;width:75%"), "3 of a span of 4, right of zero");
  assert.ok(html.includes("left:0%;width:25%"), "-1 of 4, left of zero");
  assert.ok(html.includes("left:25%;width:25%"), "1 of 4");
  assert.ok(!html.includes("<i>"));
});

Deno.test("relevant files are shown even below the limit", () => {
  const many = Array.from({ length: 50 }, (_, i) => ({
    file: `f${i}`,
    rank: i + 1,
    score: 1,
    parts: { a: 1 },
    relevant: i === 40,
  }));
  const { text } = ranking(many, { limit: 5 });
  assert.ok(text.includes("f40") && !text.includes("f39"));
  assert.ok(text.includes("6 of 50 files"));
});

Deno.test("a part that is not finite is refused by file and name", () => {
  assert.throws(
    () => ranking([{ file: "x", rank: 1, score: 1, parts: { a: NaN } }]),
    /x: its part "a" is NaN/,
  );
});

function twoCliques() {
  const graph = new UndirectedGraph();
  for (const side of ["a", "b"]) {
    for (let i = 0; i < 4; i++) graph.addNode(`${side}${i}`);
    for (let i = 0; i < 4; i++) for (let j = 0; j < i; j++) graph.addEdge(`${side}${i}`, `${side}${j}`);
  }
  graph.addEdge("a0", "b0");
  return graph;
}

Deno.test("two cliques joined by an edge are two communities", () => {
  const found = communities(twoCliques());
  assert.equal(new Set(found.values()).size, 2);
  assert.equal(found.get("a1"), found.get("a3"));
  assert.notEqual(found.get("a1"), found.get("b1"));
  assert.equal(communities(new UndirectedGraph()).size, 0);
});

Deno.test("a neighbourhood has the nodes within so many edges, direction ignored", () => {
  const chain = new DirectedGraph();
  chain.mergeEdge("a", "b");
  chain.mergeEdge("b", "c");
  assert.deepEqual([...neighbourhood(chain, "b", 1)], [["b", 0], ["a", 1], ["c", 1]]);
  assert.deepEqual([...neighbourhood(chain, "a", 1).keys()], ["a", "b"]);
  assert.throws(() => neighbourhood(chain, "z", 1), /"z": the graph of 3 nodes/);
});

Deno.test("layouts lie in the unit square and repeat exactly", () => {
  for (const layout of ["force", "circular"] as const) {
    const once = layoutGraph(twoCliques(), layout);
    assert.deepEqual(once, layoutGraph(twoCliques(), layout));
    assert.equal(once.size, 8);
    for (const { x, y } of once.values()) assert.ok(x >= 0 && x <= 1 && y >= 0 && y <= 1);
  }
});

Deno.test("a graph is drawn with every node named and its counts as alt text", () => {
  const whole = graphView(twoCliques());
  assert.equal(whole.svg.match(/<circle/g)!.length, 8);
  assert.equal(whole.alt, "Graph: 8 nodes, 13 edges, 2 communities");
  const near = graphView(twoCliques(), { around: "b0" });
  assert.equal(near.alt, "Surroundings of b0: 5 of 8 nodes, 7 edges, 2 communities");
  assert.ok(!near.svg.includes(">a1<"));
});

Deno.test("a diff marks lines by sign, counts them and leaves the unchanged out", () => {
  const before = { a: 1, list: Array.from({ length: 20 }, (_, i) => i), z: "<x>" };
  const { text, html, markdown } = diffView(before, { ...before, a: 2 }, { title: "θ", context: 1 });
  assert.ok(text.startsWith("θ: 1 line out, 1 line in"));
  assert.ok(text.includes('-   "a": 1,') && text.includes('+   "a": 2,'));
  assert.match(text, /… \d+ unchanged lines/);
  assert.ok(!html.includes("<x>"));
  assert.ok(markdown.includes("```diff"));
  assert.equal(diffView({ b: 1, a: 2 }, { a: 2, b: 1 }).text, "no change");
});

Deno.test("formulas become trees by their op, children by name", () => {
  const tree = treeOfDocument({
    op: "sum",
    terms: [{ op: "signal", name: "churn" }, { op: "scale", by: 2, of: { op: "signal", name: "depth" } }],
  });
  assert.equal(
    treeView(tree).text,
    [
      "sum",
      '├─ signal  name "churn"',
      "└─ scale  by 2",
      '   └─ of: signal  name "depth"',
    ].join("\n"),
  );
  assert.ok(!treeView({ label: "<b>" }).html.includes("<b><b>"));
  const loop: { label: string; children: unknown[] } = { label: "x", children: [] };
  loop.children.push(loop);
  assert.throws(() => treeView(loop as never), /deeper than 200/);
});

Deno.test("a plotly figure has its MIME type and HTML that no text can break out of", () => {
  const fig = { data: [{ type: "scatter", x: [1], y: [2], name: "</script><b>" }], layout: { title: "t" } };
  assert.ok(isPlotlyFigure(fig) && !isPlotlyFigure({ data: [1] }));
  const view = plotlyView(fig, "one point");
  assert.equal(view.html.match(/<\/script>/g)!.length, 1);
  assert.deepEqual((view.bundle()["application/vnd.plotly.v1+json"] as typeof fig).data, fig.data);
  assert.throws(() => plotlyView(fig, ""), /alt/);
});

Deno.test("the embedded plotly library needs no network and stays below 1 MB", async () => {
  const { html } = await plotlyInit();
  assert.ok(html.length < 1_000_000 && html.length > 300_000);
  assert.ok(!/src=|https?:/.test(html.replace(/atob\("[^"]*"\)/, "")));
});
