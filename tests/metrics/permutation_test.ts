import assert from "node:assert/strict";
import fc from "fast-check";
import { randomNormal, randomStream } from "../../lib/base/random.ts";
import { type CaseScore, signFlipTest, signFlipTestOfMacroMean } from "../../lib/metrics/mod.ts";

const values = (n: number, shift: number) => {
  const random = randomStream("permutation", "values");
  return Array.from({ length: n }, () => shift + randomNormal(random));
};

Deno.test("the exact p-value is the share of all sign patterns at least as far out", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 9 }), (d) => {
      const observed = Math.abs(d.reduce((a, b) => a + b, 0));
      let count = 0;
      for (let signs = 0; signs < 2 ** d.length; signs++) {
        const sum = d.reduce((total, x, i) => total + (signs >> i & 1 ? x : -x), 0);
        if (Math.abs(sum) >= observed) count++;
      }
      const result = signFlipTest(d, { seed: 1 });
      assert.equal(result.method, "exact");
      assert.equal(result.p, count / 2 ** d.length);
    }),
    { seed: 20260105, numRuns: 150 },
  );
});

Deno.test("sums equal but for rounding count as equal: tenths give the p-value of whole numbers", () => {
  const d = [1, 2, 3, -4, 5, 6, 7, -8, 9];
  assert.equal(signFlipTest(d.map((x) => x / 10), { seed: 1 }).p, signFlipTest(d, { seed: 1 }).p);
});

Deno.test("twenty differences are counted, twenty-one are drawn, and zeros do not count towards the limit", () => {
  assert.equal(signFlipTest(values(20, 0.3), { seed: 1 }).resamples, 2 ** 20);
  const drawn = signFlipTest(values(21, 0.3), { seed: 1 });
  assert.deepEqual([drawn.method, drawn.resamples], ["monte-carlo", 10_000]);
  const padded = signFlipTest([...values(8, 0.3), ...Array(50).fill(0)], { seed: 1 });
  assert.deepEqual([padded.method, padded.n, padded.n_nonzero], ["exact", 58, 8]);
  assert.equal(padded.p, signFlipTest(values(8, 0.3), { seed: 1 }).p);
});

/** Exact two-sided p-value for whole-number differences: the distribution of the sum, one difference after another. */
function exactByConvolution(d: readonly number[]): number {
  let chances = new Map([[0, 1]]);
  for (const x of d) {
    const next = new Map<number, number>();
    for (const [sum, chance] of chances) {
      for (const y of [sum + x, sum - x]) next.set(y, (next.get(y) ?? 0) + chance / 2);
    }
    chances = next;
  }
  const observed = Math.abs(d.reduce((a, b) => a + b, 0));
  return [...chances].reduce((p, [sum, chance]) => Math.abs(sum) >= observed ? p + chance : p, 0);
}

Deno.test("drawn p-values lie within four standard errors of the exact one, for 40 differences and 5 seeds", () => {
  const d = values(40, 0.15).map((x) => Math.round(10 * x)), p = exactByConvolution(d), m = 40_000;
  assert.ok(p > 0.01 && p < 0.5, String(p));
  for (const seed of [1, 2, 3, 4, 5]) {
    const drawn = signFlipTest(d, { seed, resamples: m });
    assert.equal(drawn.method, "monte-carlo");
    assert.ok(Math.abs(drawn.p - p) < 4 * Math.sqrt(p * (1 - p) / m), `seed ${seed}: ${drawn.p}, not ${p}`);
  }
});

Deno.test("drawn p-values repeat by seed and are never 0", () => {
  const d = values(60, 0);
  const first = signFlipTest(d, { seed: 1 });
  assert.deepEqual(signFlipTest(d, { seed: 1 }), first);
  assert.notEqual(signFlipTest(d, { seed: 2 }).p, first.p);
  const certain = signFlipTest(values(60, 10), { seed: 1, resamples: 999 });
  assert.equal(certain.p, 1 / 1000);
});

Deno.test("no difference anywhere is p = 1; none given, or one that is no number, is an error", () => {
  assert.equal(signFlipTest([0, 0, 0], { seed: 1 }).p, 1);
  assert.throws(() => signFlipTest([], { seed: 1 }), { name: "RangeError", message: /no differences/ });
  assert.throws(() => signFlipTest([1, NaN], { seed: 1 }), { name: "RangeError", message: /1: it is NaN/ });
  assert.throws(() => signFlipTest([1], { seed: 1, resamples: 0 }), /0 sign patterns/);
});

Deno.test("the macro test flips commits by their share, so one long repository does not decide", () => {
  const of = (repo: string, values: readonly number[]) =>
    values.flatMap((value, c) =>
      ["s1", "s2"].map((case_id): CaseScore => ({ repo, commit: `c${c}`, case_id, value }))
    );
  const long = [0.1, 0.1, 0.1, 0.1], short = [-0.1];
  const macro = signFlipTestOfMacroMean([...of("long", long), ...of("short", short)], { seed: 1 });
  assert.deepEqual(macro, signFlipTest([0.025, 0.025, 0.025, 0.025, -0.1], { seed: 1 }));
  assert.equal(macro.p, 1);
  assert.equal(signFlipTest([...long, ...short], { seed: 1 }).p, 12 / 32);
});
