import assert from "node:assert/strict";
import fc from "fast-check";
import { randomStream } from "../../lib/base/random.ts";
import { latinHypercubeDesign } from "../../lib/sensitivity/designs.ts";
import { fitForest, type LeafBox, leafBoxes } from "../../lib/sensitivity/forest.ts";
import { boxVariances, mainEffect } from "../../lib/sensitivity/variance_shares.ts";

/** Variances by brute force: the function on the full grid of cells that all edges make, each order by its definition. */
function bruteForce(boxes: readonly LeafBox[], d: number) {
  const edges = Array.from(
    { length: d },
    (_, j) => [...new Set(boxes.flatMap((b) => [b.low[j]!, b.high[j]!]))].sort((a, b) => a - b),
  );
  const cells: { at: number[]; volume: number; value: number }[] = [];
  const walk = (at: number[]) => {
    const j = at.length;
    if (j < d) { for (let k = 0; k + 1 < edges[j]!.length; k++) walk([...at, k]); }
    else {
      const middle = at.map((k, j) => (edges[j]![k]! + edges[j]![k + 1]!) / 2);
      const box = boxes.find((b) => middle.every((u, j) => u > b.low[j]! && u < b.high[j]!))!;
      const volume = at.reduce((v, k, j) => v * (edges[j]![k + 1]! - edges[j]![k]!), 1);
      cells.push({ at, volume, value: box.value });
    }
  };
  walk([]);
  const mean = cells.reduce((s, c) => s + c.volume * c.value, 0);
  const closed = (axes: number[]) => {
    const groups = [...Map.groupBy(cells, (c) => axes.map((j) => c.at[j]).join()).values()];
    return groups.reduce((sum, group) => {
      const volume = group.reduce((s, c) => s + c.volume, 0);
      const average = group.reduce((s, c) => s + c.volume * c.value, 0) / volume;
      return sum + volume * (average - mean) ** 2;
    }, 0);
  };
  const first = edges.map((_, j) => closed([j])), second: number[] = [];
  for (let i = 0; i < d; i++) {
    for (let j = i + 1; j < d; j++) second.push(closed([i, j]) - first[i]! - first[j]!);
  }
  return { mean, total: closed(edges.map((_, j) => j)), first, second };
}

Deno.test("box sums equal the decomposition by definition, on trees grown from random responses", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 30 }), fc.nat(), (d, n, seed) => {
      const x = latinHypercubeDesign(n, d, seed), random = randomStream(seed, "y");
      const [tree] = fitForest(x, x.map(() => random()), { seed, trees: 1, minLeaf: 1 }).trees;
      const boxes = leafBoxes(tree!, d), found = boxVariances(boxes, d), wanted = bruteForce(boxes, d);
      const close = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-12, `${a}, ${b}`);
      close(found.mean, wanted.mean);
      close(found.total, wanted.total);
      wanted.first.forEach((v, j) => close(found.first[j]!, v));
      wanted.second.forEach((v, k) => close(found.second[k]!, v));
    }),
    { seed: 3, numRuns: 60 },
  );
});

/** The boxes of a function that is constant on the quadrants of the unit square. */
function quadrants(values: number[]): LeafBox[] {
  return values.map((value, q) => {
    const low = Float64Array.of(q % 2 / 2, Math.floor(q / 2) / 2);
    return { low, high: low.map((u) => u + 0.5), value };
  });
}

Deno.test("a checkerboard is pure interaction, a half-plane pure main effect", () => {
  const board = boxVariances(quadrants([1, -1, -1, 1]), 2);
  assert.deepEqual([board.total, ...board.first, ...board.second], [1, 0, 0, 1]);
  const plane = boxVariances(quadrants([-1, 1, -1, 1]), 2);
  assert.deepEqual([plane.total, ...plane.first, ...plane.second], [1, 1, 0, 0]);
});

Deno.test("a main effect is the average over the others, less the mean", () => {
  const { breakpoints, values } = mainEffect(quadrants([0, 1, 2, 5]), 0);
  assert.deepEqual([...breakpoints], [0, 0.5, 1]);
  assert.deepEqual([...values], [-1, 1]);
});
