import assert from "node:assert/strict";
import fc from "fast-check";
import {
  casesNeeded,
  chanceOfImprovement,
  designEffect,
  intraclassCorrelation,
  minimalDetectableDifference,
  normalCdf,
  normalQuantile,
} from "../../lib/metrics/mod.ts";

/** Quantiles computed with mpmath 1.3 at 60 digits, rounded to 16. */
const QUANTILES: readonly (readonly [p: number, x: number])[] = [
  [5e-324, -38.467405617144344],
  [1e-300, -37.0470962993612],
  [1e-20, -9.262340089798407],
  [1e-10, -6.361340902404057],
  [1e-05, -4.264890793922825],
  [0.001, -3.0902323061678136],
  [0.0227, -2.0009293881015724],
  [0.0228, -1.99907721497177],
  [0.1, -1.2815515655446004],
  [0.4999, -0.00025066283008800747],
  [0.8, 0.8416212335729144],
  [0.9, 1.2815515655446006],
  [0.975, 1.9599639845400538],
  [0.999, 3.090232306167813],
];

Deno.test("normal quantiles agree with mpmath to 1e-12, far into the tail", () => {
  for (const [p, x] of QUANTILES) {
    const found = normalQuantile(p);
    assert.ok(Math.abs(found - x) < 1e-12, `p = ${p}: ${found} is not ${x}`);
  }
  assert.deepEqual([normalQuantile(0), normalQuantile(0.5), normalQuantile(1)], [-Infinity, 0, Infinity]);
  assert.throws(() => normalQuantile(1.1), { name: "RangeError", message: /1.1/ });
});

Deno.test("the normal CDF agrees with mpmath to 1e-13 relative, on both sides of its seam at -2", () => {
  for (
    const [x, p] of [
      [-37.0, 5.725571222524577e-300],
      [-10.0, 7.619853024160525e-24],
      [-3.0, 0.0013498980316300946],
      [-2.0001, 0.022744733391410546],
      [-2.0, 0.02275013194817921],
      [-1.9999, 0.022755531584767185],
      [-0.1, 0.460172162722971],
      [1.9, 0.9712834401839981],
      [2.1, 0.9821355794371834],
      [5.0, 0.9999997133484281],
    ] as const
  ) {
    assert.ok(Math.abs(normalCdf(x) / p - 1) < 1e-13, `x = ${x}: ${normalCdf(x)} is not ${p}`);
  }
  assert.deepEqual([normalCdf(-Infinity), normalCdf(0), normalCdf(Infinity)], [0, 0.5, 1]);
});

Deno.test("quantile and CDF undo each other", () => {
  fc.assert(
    fc.property(fc.double({ min: -30, max: 5, noNaN: true }), (x) => {
      const back = normalQuantile(normalCdf(x));
      // Above 0 the CDF itself is rounded: its error grows by 1 / density.
      const slack = x <= 0 ? 1e-11 : 1e-9;
      assert.ok(Math.abs(back - x) < slack, `${x} became ${back}`);
    }),
    { seed: 20260108, numRuns: 300 },
  );
});

Deno.test("cases for 80 % power at a difference of .01: 196.2, 784.9 and 3139.6 at sd .05, .1 and .2, rounded up", () => {
  assert.deepEqual([0.05, 0.1, 0.2].map((sd) => casesNeeded(0.01, { sd })), [197, 785, 3140]);
  assert.equal(casesNeeded(-0.01, { sd: 0.1 }), 785);
});

Deno.test("the chance that a mean improves by luck: the gate table for sd .1", () => {
  const table = [
    [3, 0.43, 0.47, 0.5, 0.53, 0.57],
    [5, 0.41, 0.46, 0.5, 0.54, 0.59],
    [20, 0.33, 0.41, 0.5, 0.59, 0.67],
    [100, 0.16, 0.31, 0.5, 0.69, 0.84],
    [400, 0.02, 0.16, 0.5, 0.84, 0.98],
  ];
  for (const [n, ...row] of table) {
    const found = [-0.01, -0.005, 0, 0.005, 0.01].map((d) => chanceOfImprovement(d, 0.1, n!));
    assert.deepEqual(found.map((p) => Number(p.toFixed(2))), row, `n = ${n}`);
  }
});

Deno.test("20 cases a repository at ICC .05 and .1 inflate the variance by 1.95 and 2.9, and so the cases", () => {
  assert.ok(Math.abs(designEffect(20, 0.05) - 1.95) < 1e-12);
  assert.ok(Math.abs(designEffect(20, 0.1) - 2.9) < 1e-12);
  assert.equal(casesNeeded(0.01, { sd: 0.1, design_effect: 1.95 }), Math.ceil(784.8879734 * 1.95));
});

Deno.test("the cases needed for a difference detect it, and one case fewer does not", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.005, max: 0.2, noNaN: true }),
      fc.double({ min: 0.02, max: 0.4, noNaN: true }),
      fc.constantFrom(0.9, 0.95, 0.99),
      fc.constantFrom(0.5, 0.8, 0.9),
      (difference, sd, level, power) => {
        const options = { sd, level, power }, n = casesNeeded(difference, options);
        assert.ok(minimalDetectableDifference(n, options) <= difference * (1 + 1e-12));
        if (n > 1) assert.ok(minimalDetectableDifference(n - 1, options) > difference);
      },
    ),
    { seed: 20260109, numRuns: 200 },
  );
});

Deno.test("intraclass correlation: 1 for constant clusters, by hand in between, negative when clusters are alike", () => {
  assert.equal(intraclassCorrelation([[1, 1], [2, 2, 2], [5]]), 1);
  assert.equal(intraclassCorrelation([[1, 1], [1, 1]]), 0);
  // MSB = 4, MSW = 2, clusters of 2: (4 - 2) / (4 + 2).
  assert.ok(Math.abs(intraclassCorrelation([[0, 2], [2, 4]]) - 1 / 3) < 1e-15);
  // Unequal clusters: MSB = 10.8, MSW = 10/3, effective size (5 - 13/5) / 1 = 2.4.
  assert.ok(Math.abs(intraclassCorrelation([[0, 2], [2, 4, 6]]) - 14 / 29) < 1e-15);
  assert.equal(intraclassCorrelation([[0, 1], [0, 1]]), -1);
});

Deno.test("arguments out of range are named", () => {
  assert.throws(() => minimalDetectableDifference(0, { sd: 1 }), { name: "RangeError", message: /n is 0/ });
  assert.throws(() => minimalDetectableDifference(9, { sd: 0 }), { name: "RangeError", message: /sd is 0/ });
  assert.throws(() => casesNeeded(0, { sd: 1 }), { name: "RangeError", message: /difference is 0/ });
  assert.throws(() => casesNeeded(1, { sd: 1, level: 95 }), { name: "RangeError", message: /level is 95/ });
  assert.throws(() => casesNeeded(1, { sd: 1, power: 0.001 }), { name: "RangeError", message: /more power/ });
  assert.throws(() => casesNeeded(1, { sd: 1, design_effect: 0.5 }), /design_effect is 0.5/);
  assert.throws(() => designEffect(0, 0.1), { name: "RangeError", message: /cluster_size is 0/ });
  assert.throws(() => designEffect(2, -0.1), { name: "RangeError", message: /icc is -0.1/ });
  assert.throws(() => intraclassCorrelation([[1], [2]]), { name: "RangeError", message: /2 values in 2/ });
  assert.throws(() => intraclassCorrelation([[1, NaN], [2]]), { name: "RangeError", message: /finite/ });
});
