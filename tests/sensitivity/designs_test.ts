import assert from "node:assert/strict";
import fc from "fast-check";
import { crossedDesign, latinHypercubeDesign, spaceFillingPoints } from "../../lib/sensitivity/designs.ts";
import { parameter } from "./known_functions.ts";

Deno.test("a Latin hypercube holds one row in each of n cells of every column", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 6 }), fc.nat(), (n, d, seed) => {
      const rows = latinHypercubeDesign(n, d, seed);
      for (let j = 0; j < d; j++) {
        const cells = rows.map((row) => Math.floor(row[j]! * n)).sort((a, b) => a - b);
        assert.deepEqual(cells, rows.map((_, i) => i));
      }
    }),
    { seed: 11, numRuns: 50 },
  );
});

Deno.test("AB_i differs from A in column i only, where it is B; BA_i the other way round", () => {
  const { a, b, ab, ba } = crossedDesign(5, 3, 1, { secondOrder: true });
  for (let i = 0; i < 3; i++) {
    for (let r = 0; r < 5; r++) {
      for (let j = 0; j < 3; j++) {
        assert.equal(ab[i]![r]![j], (j === i ? b : a)[r]![j]);
        assert.equal(ba[i]![r]![j], (j === i ? a : b)[r]![j]);
      }
    }
  }
  assert.deepEqual(crossedDesign(5, 3, 1).ba, []);
  assert.notDeepEqual(a, b);
});

Deno.test("space-filling points are legal, fill a log scale in its logarithm, and repeat by seed", () => {
  const space = [
    parameter("weight", 0.01, 100, { scale: "log" }),
    parameter("hops", 1, 4, { integer: true }),
    parameter("fixed", 3, 3),
  ];
  const points = spaceFillingPoints(space, 40, 5);
  assert.equal(points.filter((p) => p.weight! < 1).length, 20);
  assert.deepEqual(new Set(points.map((p) => p.hops)), new Set([1, 2, 3, 4]));
  assert.ok(points.every((p) => p.fixed === 3));
  assert.deepEqual(points, spaceFillingPoints(space, 40, 5));
  assert.notDeepEqual(points, spaceFillingPoints(space, 40, 6));
});

Deno.test("a design of no rows is refused", () => {
  assert.throws(() => latinHypercubeDesign(0, 2, 1), /positive integer is wanted/);
});
