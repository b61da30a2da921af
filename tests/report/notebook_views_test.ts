/** Views that notebooks share: sentences, heat maps, interactions, pairs, surroundings. */
import assert from "node:assert/strict";
import { heatmapFigure, heatmapPlotly } from "../../lib/report/heatmap_figure.ts";
import { interactionFigure } from "../../lib/report/interaction_figure.ts";
import { pairFigure } from "../../lib/report/pair_figure.ts";
import { answer, signed, signedInterval } from "../../lib/report/sentences.ts";
import { snapshotGraph } from "../../lib/report/snapshot_graph.ts";
import type { Snapshot } from "../../lib/records/snapshot.ts";
import type { ParameterSpec } from "../../lib/records/space.ts";
import { heatmap } from "../../lib/sensitivity/heatmap.ts";
import type { JointEffect } from "../../lib/sensitivity/joint_effect.ts";

const parameter = (name: string, low: number, high: number, scale: "linear" | "log"): ParameterSpec => ({
  name,
  default: scale === "log" ? Math.sqrt(low * high) : (low + high) / 2,
  low,
  high,
  scale,
  integer: false,
  description: name,
  layer: "test",
});

Deno.test("signs are written on differences, and none on what rounds to nothing", () => {
  assert.equal(signed(0.0126), "+0.013");
  assert.equal(signed(-0.0126, 2), "−0.01");
  assert.equal(signed(-0.0001), "+0.000");
  assert.equal(signedInterval({ estimate: 1, low: -1, high: 2 }, 0), "+1 [−1, +2]");
});

Deno.test("an answer escapes what it says", () => {
  const view = answer("a <b> & c");
  assert.match(view.html, /<b>Answer\.<\/b> a &lt;b&gt; &amp; c/);
  assert.equal(view.text, "Answer. a <b> & c");
});

Deno.test("a heat map names its best cell, and the interactive one has the same values and a log axis where the scale is one", async () => {
  const space = [parameter("a", 0, 1, "linear"), parameter("b", 1, 100, "log")];
  const map = await heatmap(space, (p) => p["a"]! * Math.log(p["b"]!), ["a", "b"], { a: 0.5, b: 10 }, {
    levels: 5,
  });
  const drawn = heatmapFigure(map, { label: "score" });
  assert.match(drawn.alt, /5 values of a and 5 of b, from 0\.000 to 4\.605; best at a 1, b 100/);
  assert.ok(drawn.svg.match(/<rect /g)!.length >= 25);
  const { data, layout } = heatmapPlotly(map, { label: "score" });
  const z = data[0]!["z"] as number[][];
  assert.deepEqual(z.flat(), map.rows.map((row) => row.value));
  assert.deepEqual([z.length, z[0]!.length], [map.ys.length, map.xs.length]);
  const type = (name: string) => (layout![name] as { type: string }).type;
  assert.deepEqual([type("xaxis"), type("yaxis")], ["linear", "log"]);
});

Deno.test("a flat grid is drawn without contours", async () => {
  const space = [parameter("a", 0, 1, "linear"), parameter("b", 0, 1, "linear")];
  const map = await heatmap(space, () => 0.5, ["a", "b"], { a: 0.5, b: 0.5 }, { levels: 3 });
  assert.match(heatmapFigure(map, { label: "score" }).alt, /from 0\.500 to 0\.500/);
});

Deno.test("an interaction is two lines, and three factors are refused", () => {
  const interval = { low: -0.1, high: 0.1, level: 0.95 };
  const estimate = { value: 0, interval };
  const effect = {
    surplus: estimate,
    cells: { none: 0.1, alone: [0.2, 0.3], all: 0.4 },
  } as unknown as JointEffect;
  const drawn = interactionFigure(effect, ["low a", "high b"], { label: "score" });
  assert.match(drawn.alt, /neither 0\.1000, low a 0\.2000, high b 0\.3000, both 0\.4000/);
  const three = { ...effect, cells: { none: 0, alone: [0, 0, 0], all: 0 } };
  assert.throws(() => interactionFigure(three, ["a", "b"], { label: "s" }), /Cannot draw 3 factors/);
});

Deno.test("a pair shows the factors that differ and who stands above", () => {
  const drawn = pairFigure({
    missed: "a.ts",
    distractor: "b.ts",
    gap: -1.5,
    parts: [{ factor: "pagerank", log_ratio: -2 }, { factor: "chat", log_ratio: 0.5 }, {
      factor: "none",
      log_ratio: 0,
    }],
  });
  assert.match(drawn.alt, /between a\.ts and b\.ts: pagerank −2\.00, chat \+0\.50\./);
  assert.match(drawn.svg, /the other stands above/);
});

Deno.test("surroundings follow edges either way, as far as the hops go, and a lone file stands alone", () => {
  const files = ["a", "b", "c", "d", "e"];
  // b -> a, b -> c, c -> d; e is alone.
  const references = {
    offsets: Uint32Array.of(0, 0, 2, 3, 3, 3),
    targets: Uint32Array.of(0, 2, 3),
    weights: Float32Array.of(1, 2, 3),
  };
  const snapshot = { files, layers: { references } } as unknown as Snapshot;
  const around = (seed: number, hops: number) =>
    snapshotGraph(snapshot, "references", seed, hops).nodes().sort();
  assert.deepEqual(around(0, 1), ["a", "b"]);
  assert.deepEqual(around(0, 2), ["a", "b", "c"]);
  assert.deepEqual(around(3, 9), ["a", "b", "c", "d"]);
  assert.deepEqual(around(4, 2), ["e"]);
  const graph = snapshotGraph(snapshot, "references", 0, 2);
  assert.equal(graph.getEdgeAttribute("b", "c", "weight"), 2);
  assert.equal(graph.hasEdge("c", "b"), false);
});
