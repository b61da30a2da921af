import assert from "node:assert/strict";
import { standardError } from "../../lib/sensitivity/resampling.ts";
import { sobolIndices } from "../../lib/sensitivity/sobol_indices.ts";
import { ishigami, type KnownFunction, sobolG, unitSpace } from "./known_functions.ts";

interface Figures {
  first: number[];
  total: number[];
  second?: number[];
}
interface Golden {
  cases: {
    function: string;
    d: number;
    unit_rows: number[][];
    plain: Figures;
    swapped: Figures;
    first_only: Figures;
  }[];
}
const golden: Golden = JSON.parse(
  Deno.readTextFileSync(new URL("../testdata/sensitivity/salib_indices.json", import.meta.url)),
);
const known: Record<string, KnownFunction> = { ishigami: ishigami(), sobol_g: sobolG([0, 1, 4.5, 9]) };

function assertClose(found: number[], wanted: number[], what: string) {
  assert.equal(found.length, wanted.length);
  wanted.forEach((value, i) =>
    assert.ok(Math.abs(found[i]! - value) < 1e-9, `${what} ${i}: ${found[i]}, SALib ${value}`)
  );
}

for (const figures of golden.cases) {
  const { space, objective } = known[figures.function]!;
  const options = {
    rows: figures.unit_rows.length,
    seed: 1,
    resamples: 2,
    unitDesign: () => figures.unit_rows,
  };

  Deno.test(`${figures.function}: first and total orders equal SALib's on the same rows`, async () => {
    const found = await sobolIndices(space, objective, options);
    assertClose(found.parameters.map((p) => p.first.value), figures.first_only.first, "first");
    assertClose(found.parameters.map((p) => p.total.value), figures.first_only.total, "total");
    assert.deepEqual(found.pairs, []);
  });

  Deno.test(`${figures.function}: with second order, indices are the mean of SALib's with A and B exchanged`, async () => {
    const found = await sobolIndices(space, objective, { ...options, secondOrder: true });
    const both = (order: keyof Figures) =>
      figures.plain[order]!.map((value, i) => (value + figures.swapped[order]![i]!) / 2);
    assertClose(found.parameters.map((p) => p.first.value), both("first"), "first");
    assertClose(found.parameters.map((p) => p.total.value), both("total"), "total");
    assertClose(found.pairs.map((p) => p.second.value), both("second"), "second");
    assert.deepEqual(found.pairs[1]!.names, ["x1", "x3"]);
  });
}

/** Share of (seed, index) pairs whose 95 % interval holds the analytic value. */
async function coverage(known: KnownFunction, rows: number, seeds: number): Promise<number> {
  let hits = 0, all = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const found = await sobolIndices(known.space, known.objective, {
      rows,
      seed,
      resamples: 100,
      secondOrder: true,
    });
    const estimates = [
      ...found.parameters.map((p) => p.first),
      ...found.parameters.map((p) => p.total),
      ...found.pairs.map((p) => p.second),
    ];
    [...known.first, ...known.total, ...known.second].forEach((value, i) => {
      const { low, high } = estimates[i]!.interval;
      all++;
      if (low <= value && value <= high) hits++;
    });
  }
  return hits / all;
}

Deno.test("95 % intervals of every order hold Ishigami's analytic indices at least 90 times in 100", async () => {
  const share = await coverage(ishigami(), 256, 20);
  assert.ok(share >= 0.9, `coverage ${share}`);
});

Deno.test("95 % intervals of every order hold the g-function's analytic indices at least 90 times in 100", async () => {
  const share = await coverage(sobolG([0, 1, 4.5, 9]), 256, 20);
  assert.ok(share >= 0.9, `coverage ${share}`);
});

for (const [name, { space, objective, first, total, second }] of Object.entries(known)) {
  Deno.test(`${name}: over 60 seeds the mean error of every index is within 4 of its standard errors of 0`, async () => {
    const wanted = [...first, ...total, ...second], runs: number[][] = [];
    for (let seed = 0; seed < 60; seed++) {
      const found = await sobolIndices(space, objective, {
        rows: 128,
        seed,
        resamples: 1,
        secondOrder: true,
      });
      const estimates = [
        ...found.parameters.map((p) => p.first),
        ...found.parameters.map((p) => p.total),
        ...found.pairs.map((p) => p.second),
      ];
      runs.push(estimates.map((estimate, i) => estimate.value - wanted[i]!));
    }
    wanted.forEach((value, i) => {
      const errors = runs.map((run) => run[i]!);
      const mean = errors.reduce((a, b) => a + b) / errors.length;
      assert.ok(
        Math.abs(mean) < 4 * standardError(errors) / Math.sqrt(errors.length),
        `index ${i} (${value}): ${mean}`,
      );
    });
  });
}

Deno.test("n rows cost n (d + 2) evaluations, n (2d + 2) with second order, and equal seeds give equal results", async () => {
  const { space, objective } = ishigami();
  const run = (secondOrder: boolean) => sobolIndices(space, objective, { rows: 8, seed: 3, secondOrder });
  assert.equal((await run(false)).evaluations, 8 * 5);
  assert.equal((await run(true)).evaluations, 8 * 8);
  assert.deepEqual(await run(true), await run(true));
});

Deno.test("resampling clusters widens the intervals when clusters disagree about a parameter", async () => {
  const space = unitSpace(2);
  const slopes = [-2, 0, 1, 5];
  const perCluster = (p: Record<string, number>) => Float64Array.from(slopes, (s) => s * p.x1! + p.x2!);
  const width = async (clusters: boolean) => {
    const found = await sobolIndices(
      space,
      (p) => clusters ? { mean: p.x1! + p.x2!, perCluster: perCluster(p) } : p.x1! + p.x2!,
      { rows: 64, seed: 1, resamples: 300 },
    );
    const { value, interval } = found.parameters[0]!.first;
    assert.ok(interval.low < value && value < interval.high);
    return interval.high - interval.low;
  };
  assert.ok(await width(true) > 2 * await width(false));
});

Deno.test("an objective that does not vary has indices of exactly 0", async () => {
  const found = await sobolIndices(unitSpace(2), () => 0.1 + 0.2, { rows: 16, seed: 1, resamples: 20 });
  assert.equal(found.variance, 0);
  for (const { first, total } of found.parameters) {
    assert.deepEqual([first.value, first.interval.low, total.value, total.interval.high], [0, 0, 0, 0]);
  }
});

Deno.test("one row is refused", async () => {
  await assert.rejects(sobolIndices(unitSpace(2), () => 1, { rows: 1, seed: 1 }), /at least 2 are wanted/);
});
