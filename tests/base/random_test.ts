/** Seeded streams: the same numbers for the same name, everywhere. */
import assert from "node:assert/strict";
import { randomIndex, randomNormal, randomStream, shuffled } from "../../lib/base/random.ts";

const take = (seed: number | string, name: string, n: number) => {
  const random = randomStream(seed, name);
  return Array.from({ length: n }, random);
};

Deno.test("a stream is named by seed and name, and repeats itself exactly", () => {
  assert.deepEqual(take(7, "a", 50), take(7, "a", 50));
  assert.notDeepEqual(take(7, "a", 5), take(7, "b", 5));
  assert.notDeepEqual(take(7, "a", 5), take(8, "a", 5));
  assert.deepEqual(take("7", "a", 5), take(7, "a", 5));
});

Deno.test("uniforms lie in [0, 1) and fill it evenly", () => {
  const bins = new Uint32Array(20);
  for (const u of take(1, "bins", 20_000)) {
    assert.ok(u >= 0 && u < 1);
    bins[Math.floor(u * 20)]!++;
  }
  const chi2 = bins.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
  assert.ok(chi2 < 43.8, `chi-squared of 19 degrees is ${chi2}; 43.8 is passed once in a thousand seeds`);
});

Deno.test("randomIndex covers its range and refuses an empty one", () => {
  const random = randomStream(2, "index");
  assert.deepEqual([...new Set(Array.from({ length: 200 }, () => randomIndex(random, 3)))].sort(), [0, 1, 2]);
  for (const n of [0, -1, 1.5, NaN]) {
    assert.throws(() => randomIndex(random, n), /a positive integer is wanted/);
  }
});

Deno.test("shuffled permutes a copy, every order about as often", () => {
  const items = ["a", "b", "c"], random = randomStream(3, "shuffle"), counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = shuffled(random, items).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.deepEqual(items, ["a", "b", "c"]);
  assert.equal(counts.size, 6);
  const chi2 = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
  assert.ok(chi2 < 20.5, `chi-squared of 5 degrees is ${chi2}; 20.5 is passed once in a thousand seeds`);
});

Deno.test("randomNormal has mean 0 and variance 1", () => {
  const random = randomStream(4, "normal"),
    draws = Array.from({ length: 20_000 }, () => randomNormal(random));
  const mean = draws.reduce((s, x) => s + x, 0) / draws.length;
  const variance = draws.reduce((s, x) => s + (x - mean) ** 2, 0) / draws.length;
  assert.ok(Math.abs(mean) < 3.3 / Math.sqrt(20_000) && Math.abs(variance - 1) < 3.3 * Math.sqrt(2 / 20_000));
});
