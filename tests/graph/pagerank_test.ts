/** PageRank: published answers, conservation of mass, and what may not change anything. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { mixLayers, rowSums, transpose, undirectedLayer } from "../../lib/graph/layers.ts";
import { personalizedPageRank } from "../../lib/graph/pagerank.ts";
import type { EdgeLayer } from "../../lib/records/snapshot.ts";
import { edgesOf, layerFrom } from "../helpers/layers.ts";

function near(found: ArrayLike<number>, wanted: readonly number[], tolerance: number) {
  assert.equal(found.length, wanted.length);
  wanted.forEach((w, i) => assert.ok(Math.abs(found[i]! - w) <= tolerance, `${i}: ${found[i]}, wanted ${w}`));
}

/** a to b, a to c, b to c, c to a, d to c. */
const SMALL = layerFrom(4, [[0, 1, 1], [0, 2, 1], [1, 2, 1], [2, 0, 1], [3, 2, 1]]);

Deno.test("G18: PageRank of the small graph equals networkx's", () => {
  const { ranks, converged } = personalizedPageRank(SMALL, [1, 1, 1, 1], 0.85);
  assert.ok(converged);
  near(ranks, [0.3725268513, 0.1958239118, 0.3941492369, 0.0375], 1e-10);
});

Deno.test("G19: personalised to a, it equals networkx's", () => {
  near(
    personalizedPageRank(SMALL, [1, 0, 0, 0], 0.85).ranks,
    [0.4522328999, 0.1921989825, 0.3555681176, 0],
    1e-10,
  );
});

Deno.test("G20: dangling mass restarts where the walk restarts", () => {
  const layer = layerFrom(3, [[1, 0, 1], [2, 0, 1]]);
  near(personalizedPageRank(layer, [0, 1, 0], 0.85).ranks, [0.4594594595, 0.5405405405, 0], 1e-10);
  near(personalizedPageRank(layer, [1, 1, 1], 0.85).ranks, [0.5744681, 0.212766, 0.212766], 1e-7);
});

const graph = fc.tuple(
  fc.integer({ min: 1, max: 9 }),
  fc.array(fc.tuple(fc.nat(8), fc.nat(8), fc.integer({ min: 1, max: 50 })), { maxLength: 30 }),
).map(([n, edges]): EdgeLayer => {
  const kept = new Map(edges.map(([a, b, w]) => [`${a % n} ${b % n}`, [a % n, b % n, w] as const]));
  return layerFrom(n, [...kept.values()].filter(([a, b]) => a !== b));
});
const alpha = fc.integer({ min: 0, max: 95 }).map((a) => a / 100);
const walk = fc.tuple(graph, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 9, maxLength: 9 }), alpha);

Deno.test("ranks are a probability distribution for any graph, teleport and alpha", () => {
  fc.assert(
    fc.property(walk, ([layer, weights, a]) => {
      const n = layer.offsets.length - 1;
      const { ranks, converged } = personalizedPageRank(layer, weights.slice(0, n), a);
      assert.ok(converged && ranks.every((r) => r >= 0));
      near([ranks.reduce((s, r) => s + r, 0)], [1], 1e-11);
    }),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("scaling the teleport weights, or all weights of one row, changes nothing", () => {
  fc.assert(
    fc.property(walk, fc.nat(8), ([layer, weights, a], row) => {
      const n = layer.offsets.length - 1, v = weights.slice(0, n);
      const { ranks } = personalizedPageRank(layer, v, a);
      near(personalizedPageRank(layer, v.map((x) => x * 64), a).ranks, [...ranks], 1e-12);
      const scaled = layerFrom(n, edgesOf(layer).map(([i, j, w]) => [i, j, i === row % n ? 8 * w : w]));
      near(personalizedPageRank(scaled, v, a).ranks, [...ranks], 1e-12);
    }),
    { seed: 2, numRuns: 100 },
  );
});

Deno.test("G23: the power series in alpha sums to the same ranks, dangling mass restarting", () => {
  const teleport = [0.5, 0.2, 0.2, 0.1];
  const layer = layerFrom(4, [[0, 1, 2], [0, 2, 1], [1, 0, 3], [2, 3, 1]]);
  const sums = rowSums(layer), edges = edgesOf(layer);
  for (const a of [0.5, 0.7, 0.85, 0.95]) {
    let q = teleport.slice();
    const x = teleport.map((v) => (1 - a) * v);
    for (let k = 1, power = a; power > 1e-18; k++, power *= a) {
      const next = [0, 0, 0, 0];
      for (const [i, j, w] of edges) next[j]! += q[i]! * w / sums[i]!;
      const dangling = q.reduce((s, mass, i) => sums[i] === 0 ? s + mass : s, 0);
      q = next.map((mass, i) => mass + dangling * teleport[i]!);
      q.forEach((mass, i) => x[i]! += (1 - a) * power * mass);
    }
    near(personalizedPageRank(layer, teleport, a).ranks, x, 1e-12);
  }
});

Deno.test("without edges, and at alpha 0, the ranks are the teleport distribution", () => {
  near(personalizedPageRank(layerFrom(3, []), [1, 2, 1], 0.85).ranks, [0.25, 0.5, 0.25], 1e-15);
  near(personalizedPageRank(SMALL, [1, 2, 1, 0], 0).ranks, [0.25, 0.5, 0.25, 0], 1e-15);
});

Deno.test("a walk that may not go on says that it did not settle", () => {
  const { converged, iterations, residual } = personalizedPageRank(SMALL, [1, 1, 1, 1], 0.85, {
    maxIterations: 3,
  });
  assert.deepEqual([converged, iterations], [false, 3]);
  assert.ok(residual > 1e-3);
});

Deno.test("personalizedPageRank refuses alphas outside [0, 1) and teleports that are no weights", () => {
  for (const a of [1, -0.1, NaN]) {
    assert.throws(() => personalizedPageRank(SMALL, [1, 1, 1, 1], a), /with alpha/);
  }
  assert.throws(() => personalizedPageRank(SMALL, [0, 0, 0, 0], 0.5), /sum to 0, a positive number/);
  assert.throws(() => personalizedPageRank(SMALL, [3, -1, 1, 1], 0.5), /teleport weight 1 is -1/);
  assert.throws(() => personalizedPageRank(SMALL, [3, 1, 1], 0.5), /teleport weight 3 is undefined/);
  assert.throws(() => personalizedPageRank(SMALL, [1, 1, 1, Infinity], 0.5), RangeError);
});

Deno.test("transpose turns every edge round, and twice gives the layer back", () => {
  fc.assert(
    fc.property(graph, (layer) => {
      const turned = edgesOf(transpose(layer)).map(([i, j, w]) => [j, i, w] as const);
      assert.deepEqual(edgesOf(layerFrom(layer.offsets.length - 1, turned)), edgesOf(layer));
      assert.deepEqual(transpose(transpose(layer)), layer);
    }),
    { seed: 3, numRuns: 100 },
  );
});

Deno.test("undirectedLayer adds both directions and is made once", () => {
  const layer = layerFrom(3, [[0, 1, 2], [1, 0, 3], [1, 2, 1]]);
  assert.deepEqual(edgesOf(undirectedLayer(layer)), [[0, 1, 5], [1, 0, 5], [1, 2, 1], [2, 1, 1]]);
  assert.equal(undirectedLayer(layer), undirectedLayer(layer));
});

Deno.test("mixLayers: a share is a probability, an empty row leaves its share to others, and empty in all stays empty", () => {
  const a = layerFrom(3, [[0, 1, 10], [1, 2, 4]]), b = layerFrom(3, [[0, 1, 1], [0, 2, 1]]);
  assert.deepEqual(edgesOf(mixLayers([{ layer: a, share: 0.5 }, { layer: b, share: 0.25 }], true)), [
    [0, 1, 0.625],
    [0, 2, 0.125],
    [1, 2, 0.5],
  ]);
  assert.deepEqual(edgesOf(mixLayers([{ layer: a, share: 2 }, { layer: b, share: 0 }], false)), [[0, 1, 20], [
    1,
    2,
    8,
  ]]);
});
