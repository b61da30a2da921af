import assert from "node:assert/strict";
import fc from "fast-check";
import { randomNormal, randomStream } from "../../lib/base/random.ts";
import { jointEffect } from "../../lib/sensitivity/joint_effect.ts";
import { unitSpace } from "./known_functions.ts";

const space = unitSpace(4);
const regions = [{ parameter: "x1", ranges: [[0, 0.5]] as const }, {
  parameter: "x2",
  ranges: [[0.5, 1]] as const,
}];

Deno.test("any additive function has no surplus, whatever its parts", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 4, maxLength: 4 }),
      async (w) => {
        const additive = (p: Record<string, number>) =>
          w[0]! * Math.sin(9 * p.x1!) + w[1]! * p.x2! ** 3 + w[2]! * p.x3! * p.x4! + w[3]!;
        const { surplus, joint, singles } = await jointEffect(space, additive, regions, {
          seed: 1,
          backgrounds: 8,
          resamples: 20,
        });
        assert.ok(Math.abs(surplus.value) < 1e-12 && Math.abs(surplus.interval.high) < 1e-12);
        assert.ok(Math.abs(joint.value - singles.value) < 1e-12);
      },
    ),
    { seed: 5, numRuns: 20 },
  );
});

Deno.test("a step that only the combination takes is the surplus, exactly", async () => {
  const step = (p: Record<string, number>) => p.x1! <= 0.5 && p.x2! >= 0.5 ? -0.25 : 0.5;
  const found = await jointEffect(space, step, regions, { seed: 1, backgrounds: 8, resamples: 20 });
  assert.equal(found.surplus.value, -0.75);
  assert.deepEqual(found.cells, { none: 0.5, alone: [0.5, 0.5], all: -0.25 });
  assert.deepEqual([found.evaluations, found.p_value, found.minimal_detectable_effect], [32, 0, 0]);
});

Deno.test("three factors: the surplus is the joint effect less the three single ones", async () => {
  const three = [...regions, { parameter: "x3", ranges: [[0, 0.2]] as const }];
  const f = (p: Record<string, number>) => {
    const inside = Number(p.x1! <= 0.5) + Number(p.x2! >= 0.5) + Number(p.x3! <= 0.2);
    return [0, 1, 10, 100][inside]!;
  };
  const found = await jointEffect(space, f, three, { seed: 1, backgrounds: 5, resamples: 20 });
  assert.deepEqual([found.surplus.value, found.singles.value, found.joint.value], [97, 3, 100]);
});

/** A surplus of 1 in expectation, scattered by background (x3) and by cluster. */
function scattered(seed: number, clusters: number) {
  const random = randomStream(seed, "clusters");
  const slopes = Float64Array.from({ length: clusters }, () => 1 + 2 * randomNormal(random));
  return (p: Record<string, number>) => {
    const both = p.x1! <= 0.5 && p.x2! >= 0.5 ? 2 * p.x3! : 0;
    const perCluster = slopes.map((slope) => slope * both + p.x4!);
    return { mean: perCluster.reduce((a, b) => a + b) / clusters, perCluster };
  };
}

Deno.test("95 % intervals over backgrounds and clusters hold the population's surplus at least 90 times in 100", async () => {
  let hits = 0;
  for (let seed = 0; seed < 100; seed++) {
    const { surplus: { interval } } = await jointEffect(space, scattered(seed, 30), regions, {
      seed,
      backgrounds: 16,
      resamples: 200,
    });
    if (interval.low <= 1 && 1 <= interval.high) hits++;
  }
  assert.ok(hits >= 90, `${hits} of 100`);
});

Deno.test("without clusters the interval spans the background only, and says so", async () => {
  const full = scattered(1, 30), options = { seed: 1, backgrounds: 32, resamples: 300 };
  const bare = await jointEffect(space, (p) => full(p).mean, regions, options);
  const data = await jointEffect(space, full, regions, options);
  assert.deepEqual([bare.clusters, data.clusters], [0, 30]);
  assert.ok(data.standard_error > 2 * bare.standard_error);
  assert.ok(Math.abs(data.minimal_detectable_effect / data.standard_error - 2.8015852) < 1e-6);
});

Deno.test("one background is refused", async () => {
  await assert.rejects(
    jointEffect(space, () => 0, regions, { seed: 1, backgrounds: 1 }),
    /at least 2 are wanted/,
  );
});
