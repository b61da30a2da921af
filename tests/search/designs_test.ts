/** Space-filling designs and the cube they fill. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { randomStream } from "../../lib/base/random.ts";
import { toUnit } from "../../lib/records/space.ts";
import { gridLevels } from "../../lib/search/grid_sampler.ts";
import { latinHypercube } from "../../lib/search/latin_hypercube_sampler.ts";
import { SOBOL_DIMENSIONS, sobolDesign, sobolSequence } from "../../lib/search/sobol_sequence.ts";
import { unitCube } from "../../lib/search/unit_cube.ts";
import { askedPoints, MIXED_SPACE, parameter } from "./arms.ts";
import { REFERENCE } from "./reference.ts";

Deno.test("sobolSequence() gives scipy's unscrambled points in all 64 dimensions", () => {
  const next = sobolSequence(64);
  const points = Array.from({ length: 128 }, next);
  for (const [index, wanted] of Object.entries(REFERENCE.sobol)) {
    assert.deepEqual(points[Number(index)], wanted);
  }
});

Deno.test("a scrambled Sobol sequence puts one of the first 2^m points in each 2^m-th of every axis", () => {
  for (const seed of [0, 1, 4294967295]) {
    const next = sobolSequence(SOBOL_DIMENSIONS, seed), points = Array.from({ length: 256 }, next);
    for (let axis = 0; axis < SOBOL_DIMENSIONS; axis++) {
      assert.equal(new Set(points.map((p) => Math.floor(p[axis]! * 256))).size, 256, `axis ${axis}`);
    }
  }
});

Deno.test("scrambling keeps the net of the first two axes: one of 64 points in each of 8 x 8 boxes", () => {
  const points = sobolDesign(64, 2, "net");
  assert.equal(new Set(points.map(([a, b]) => `${Math.floor(a! * 8)}/${Math.floor(b! * 8)}`)).size, 64);
});

Deno.test("scrambled points are uniform over seeds and differ between them", () => {
  const firsts = Array.from({ length: 4000 }, (_, seed) => sobolSequence(3, seed)()[2]!);
  const mean = firsts.reduce((a, b) => a + b) / firsts.length;
  const square = firsts.reduce((sum, u) => sum + u * u, 0) / firsts.length;
  // Four standard errors: sd of U is 0.289, of U^2 0.298.
  assert.ok(Math.abs(mean - 1 / 2) < 4 * 0.289 / Math.sqrt(4000), `mean ${mean}`);
  assert.ok(Math.abs(square - 1 / 3) < 4 * 0.298 / Math.sqrt(4000), `mean square ${square}`);
  assert.equal(new Set(firsts).size, 4000);
});

Deno.test("sobolSequence() integrates a product far better than as many uniform points would", () => {
  const n = 4096, points = sobolDesign(n, 5, 1);
  const mean =
    points.reduce((sum, p) => sum + p.reduce((product, u) => product * (1 + 2 * (u - 0.5)), 1), 0) / n;
  // The integral is 1; plain Monte Carlo has a standard error of 0.028 here.
  assert.ok(Math.abs(mean - 1) < 0.002, `${mean}`);
});

Deno.test("sobolSequence() refuses dimensions it has no constants for", () => {
  assert.throws(
    () => sobolSequence(65, 1),
    /RangeError: Cannot make a Sobol sequence in 65 dimensions: 1 to 64/,
  );
  assert.throws(() => sobolSequence(0), RangeError);
});

Deno.test("latinHypercube() puts exactly one position in every stratum of every axis", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer(),
      (n, d, seed) => {
        const design = latinHypercube(n, d, randomStream(seed, "lhs"));
        for (let axis = 0; axis < d; axis++) {
          assert.deepEqual(
            design.map((p) => Math.floor(p[axis]! * n)).sort((a, b) => a - b),
            Array.from({ length: n }, (_, i) => i),
          );
        }
      },
    ),
    { seed: 11, numRuns: 100 },
  );
});

Deno.test("the latin_hypercube sampler spends its budget on one hypercube", () => {
  const space = [
    parameter({ name: "x" }),
    parameter({ name: "y", low: 0.1, high: 10, default: 1, scale: "log" }),
  ];
  const points = askedPoints("latin_hypercube", space, 20, { score: () => 0 });
  for (const p of space) {
    assert.equal(new Set(points.map((q) => Math.floor(toUnit(p, q[p.name]!) * 20))).size, 20);
  }
});

Deno.test("gridLevels() never exceeds the budget, never a parameter's values, and wastes no level that fits", () => {
  const rows = fc.array(fc.option(fc.integer({ min: 2, max: 6 })), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(rows, fc.integer({ min: 2, max: 5000 }), (sizes, budget) => {
      const cube = unitCube(
        sizes.map((n, i) =>
          parameter({ name: `p${i}`, ...(n === null ? {} : { default: 1, low: 1, high: n, integer: true }) })
        ),
      );
      const levels = gridLevels(cube, budget), product = levels.reduce((a, b) => a * b, 1);
      assert.ok(product <= budget);
      levels.forEach((n, axis) => {
        assert.ok(n <= cube.levels(axis));
        assert.ok(n === cube.levels(axis) || product / n * (n + 1) > budget, `${levels} for ${budget}`);
      });
    }),
    { seed: 13, numRuns: 200 },
  );
});

Deno.test("gridLevels() hands out levels evenly: 20 points over three axes are 3 x 3 x 2", () => {
  const cube = unitCube(["a", "b", "c"].map((name) => parameter({ name })));
  assert.deepEqual(gridLevels(cube, 20), [3, 3, 2]);
});

Deno.test("the grid sampler visits the whole grid of its budget, ends of the ranges included", () => {
  const space = [
    parameter({ name: "x" }),
    parameter({ name: "y", low: 1, high: 100, default: 10, scale: "log" }),
  ];
  const points = askedPoints("grid", space, 9, { score: () => 0 });
  const values = new Set(points.map((p) => `${p.x} ${p.y!.toFixed(6)}`));
  for (const x of [0, 0.5, 1]) {
    for (const y of ["1.000000", "10.000000", "100.000000"]) {
      if (x !== 0.5 || y !== "10.000000") assert.ok(values.has(`${x} ${y}`), `${x} ${y} is missing`);
    }
  }
});

Deno.test("the grid sampler lays a budget of 400 over 17 parameters without listing 3^17 points", () => {
  const space = Array.from({ length: 17 }, (_, i) => parameter({ name: `p${i}` }));
  const points = askedPoints("grid", space, 400, { score: () => 0 });
  // 2^8 = 256 points fit the budget: eight axes at their ends, nine at the default; then a second grid over the others.
  assert.ok(points.slice(0, 256).every((p) => space.slice(8).every((q) => p[q.name] === 0.5)));
  assert.equal(new Set(points.slice(0, 256).map((p) => JSON.stringify(p))).size, 256);
  assert.ok(points.slice(256).some((p) => p.p12 !== 0.5));
});

Deno.test("unitCube() maps points to positions and back, whole numbers through their cell", () => {
  const cube = unitCube(MIXED_SPACE), unit = () => fc.double({ min: 0, max: 1, noNaN: true });
  assert.equal(cube.dimensions, 4);
  fc.assert(
    fc.property(fc.tuple(unit(), unit(), unit(), unit()), (position) => {
      const point = cube.toPoint(position), again = cube.toPoint(cube.toPosition(point));
      for (const [name, value] of Object.entries(point)) {
        assert.ok(
          Math.abs(again[name]! - value) <= 1e-9 * Math.abs(value),
          `${name}: ${value} came back as ${again[name]}`,
        );
      }
      const [low, high] = cube.cell(2, position[2])!;
      assert.ok(low <= position[2] + 1e-12 && position[2] <= high + 1e-12);
    }),
    { seed: 17, numRuns: 300 },
  );
});

Deno.test("unitCube() gives every value of an integer its share, the ends included, on both scales", () => {
  const cube = unitCube([parameter({ name: "k", low: 0, high: 3, default: 0, integer: true })]);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 400; i++) counts[cube.toPoint([(i + 0.5) / 400]).k!]!++;
  assert.deepEqual(counts, [100, 100, 100, 100]);
  const log = unitCube([parameter({ name: "k", low: 1, high: 8, default: 1, integer: true, scale: "log" })]);
  assert.deepEqual(Array.from({ length: 8 }, (_, i) => log.pointAt(i).k), [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.equal(log.toPoint([0]).k, 1);
  assert.equal(log.toPoint([1]).k, 8);
  assert.equal(log.size, 8);
});
