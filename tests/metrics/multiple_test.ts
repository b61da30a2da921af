import assert from "node:assert/strict";
import fc from "fast-check";
import { benjaminiHochberg, holm } from "../../lib/metrics/mod.ts";

const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

Deno.test("raw <= Benjamini-Hochberg <= Holm <= Bonferroni, each in the order of the raw p-values", () => {
  fc.assert(
    fc.property(pValues, (p) => {
      const h = holm(p), bh = benjaminiHochberg(p), slack = 1e-15;
      p.forEach((raw, i) => {
        assert.ok(raw <= bh[i]! + slack && bh[i]! <= h[i]! + slack);
        assert.ok(h[i]! <= Math.min(1, raw * p.length) + slack);
        p.forEach((other, j) => {
          if (raw < other) assert.ok(h[i]! <= h[j]! && bh[i]! <= bh[j]!);
        });
      });
    }),
    { seed: 20260106, numRuns: 200 },
  );
});

Deno.test("Holm rejects exactly what its step-down procedure rejects", () => {
  fc.assert(
    fc.property(pValues, fc.double({ min: 0.001, max: 0.5, noNaN: true }), (p, alpha) => {
      const sorted = [...p].sort((a, b) => a - b);
      const stop = sorted.findIndex((value, i) => (sorted.length - i) * value > alpha);
      const rejected = stop < 0 ? sorted.length : stop;
      assert.equal(holm(p).filter((value) => value <= alpha).length, rejected);
    }),
    { seed: 20260107, numRuns: 200 },
  );
});

Deno.test("one test is left alone, no tests give none, a p-value out of range is named", () => {
  assert.deepEqual([holm([0.2]), benjaminiHochberg([0.2])], [[0.2], [0.2]]);
  assert.deepEqual([holm([]), benjaminiHochberg([])], [[], []]);
  for (const adjust of [holm, benjaminiHochberg]) {
    assert.throws(() => adjust([0.1, 1.2]), { name: "RangeError", message: /p-value 1: it is 1.2/ });
    assert.throws(() => adjust([NaN]), { name: "RangeError", message: /NaN/ });
  }
});
