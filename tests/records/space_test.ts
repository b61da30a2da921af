/** Search spaces: rows that make sense, points inside them, steps that meet again. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  checkSpace,
  clampTo,
  defaultPoint,
  fromUnit,
  MAGNITUDES,
  type ParameterSpec,
  parsePoint,
  pointHash,
  stepParameter,
  toUnit,
} from "../../lib/records/space.ts";

const row = (more: Partial<ParameterSpec> = {}): ParameterSpec => ({
  name: "p",
  default: 2,
  low: 1,
  high: 8,
  scale: "linear",
  integer: false,
  description: "",
  layer: "",
  ...more,
});

Deno.test("checkSpace refuses rows that no point could satisfy, and names the row", () => {
  const table: [ParameterSpec[], RegExp][] = [
    [[row(), row()], /p is declared twice/],
    [[row({ high: Infinity })], /p has low 1, default 2, high Infinity: finite numbers/],
    [[row({ low: 9 })], /low must not exceed high/],
    [[row({ default: 9 })], /the default must lie in the bounds/],
    [[row({ scale: "log", low: 0 })], /a log scale needs low > 0/],
    [[row({ integer: true, high: 7.5 })], /integer bounds and default/],
  ];
  for (const [space, message] of table) assert.throws(() => checkSpace(space), message);
  assert.equal(checkSpace([row(), row({ name: "q", low: 2, high: 2 })]).length, 2);
});

Deno.test("parsePoint fills in defaults and refuses unknown names and values out of bounds", () => {
  const space = [row(), row({ name: "n", integer: true })];
  assert.deepEqual(parsePoint(space, { p: 8 }), { p: 8, n: 2 });
  assert.deepEqual(parsePoint(space, {}), defaultPoint(space));
  assert.throws(() => parsePoint(space, { q: 1 }), /Unknown parameter "q": this space has p, n/);
  assert.throws(() => parsePoint(space, { p: 9 }), /p is 9: it must lie in \[1, 8\]/);
  assert.throws(() => parsePoint(space, { p: "2" }), /p is 2: a finite number in \[1, 8\]/);
  assert.throws(() => parsePoint(space, { p: NaN }), /p is NaN/);
  assert.throws(() => parsePoint(space, { p: null }), /p is null: a finite number in \[1, 8\]/);
  assert.throws(() => parsePoint(space, { n: 2.5 }), /n is 2.5: a whole number/);
});

Deno.test("a step up and the same step down meet again unless a bound or rounding was in the way", () => {
  const wide = row({ low: 1e-6, high: 1e6, scale: "log" });
  for (const magnitude of MAGNITUDES) {
    const up = stepParameter(wide, 3, "increase", magnitude);
    assert.ok(Math.abs(stepParameter(wide, up, "decrease", magnitude) - 3) < 1e-12);
  }
  assert.equal(stepParameter(wide, 3, "increase", "small"), 3 * 1.1);
  assert.equal(stepParameter(wide, 3, "decrease", "large"), 1.5);
  assert.equal(stepParameter(row(), 6, "increase", "large"), 8, "clamped");
  const whole = row({ integer: true });
  assert.equal(stepParameter(whole, 2, "increase", "small"), 3, "an integer moves by at least 1");
  assert.equal(stepParameter(whole, 3, "decrease", "small"), 2);
  const zero = row({ low: 0, high: 100, default: 0 });
  assert.ok(
    Math.abs(stepParameter(zero, 0, "increase", "small") - 10) < 1e-9,
    "0 moves off by a share of the range",
  );
});

Deno.test("fromUnit and toUnit are inverse, monotone and inside the bounds", () => {
  for (const p of [row(), row({ scale: "log" }), row({ integer: true })]) {
    assert.equal(fromUnit(p, 0), 1);
    assert.equal(fromUnit(p, 1), 8);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (u) => {
        const value = fromUnit(p, u);
        assert.ok(value >= p.low && value <= p.high);
        assert.ok(Math.abs(fromUnit(p, toUnit(p, value)) - value) < 1e-9);
        if (!p.integer) assert.ok(Math.abs(toUnit(p, value) - u) < 1e-9);
      }),
      { seed: 1, numRuns: 100 },
    );
  }
  assert.equal(toUnit(row({ low: 2, high: 2 }), 2), 0);
  assert.equal(clampTo(row({ integer: true }), 7.6), 8);
});

Deno.test("pointHash does not depend on the order of names", () => {
  assert.equal(pointHash({ a: 1, b: 2 }), pointHash({ b: 2, a: 1 }));
  assert.notEqual(pointHash({ a: 1, b: 2 }), pointHash({ a: 2, b: 1 }));
});
