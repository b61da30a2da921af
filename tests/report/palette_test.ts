import assert from "node:assert/strict";
import {
  CATEGORIES,
  category,
  contrast,
  DIVERGING_STOPS,
  inkOn,
  NEUTRAL_INK,
  rampColor,
  SEQUENTIAL_STOPS,
} from "../../lib/report/palette.ts";

Deno.test("contrast is 21 between black and white and 1 of a colour with itself", () => {
  assert.equal(contrast("#000000", "#ffffff"), 21);
  assert.equal(contrast("#0072b2", "#0072b2"), 1);
});

Deno.test("the neutral ink reads on white and on the dark page", () => {
  for (const ground of ["#ffffff", "#0d1117"]) assert.ok(contrast(NEUTRAL_INK, ground) > 4.2, ground);
});

Deno.test("all categories but the last stand out from both grounds", () => {
  for (const color of CATEGORIES.slice(0, -1)) {
    assert.ok(contrast(color, "#ffffff") > 2, color);
    assert.ok(contrast(color, "#0d1117") > 2, color);
  }
});

Deno.test("lightness rises along the sequential ramp", () => {
  const steps = Array.from(
    { length: 21 },
    (_, i) => contrast(rampColor(i / 20, SEQUENTIAL_STOPS), "#000000"),
  );
  for (let i = 1; i < steps.length; i++) assert.ok(steps[i]! > steps[i - 1]!, `step ${i}`);
});

Deno.test("no stop of a ramp vanishes on either ground", () => {
  for (const color of [...SEQUENTIAL_STOPS, ...DIVERGING_STOPS]) {
    for (const ground of ["#ffffff", "#0d1117"]) {
      assert.ok(contrast(color, ground) > 1.8, `${color} on ${ground}`);
    }
  }
});

Deno.test("ramps hold at their ends, categories start over, NaN is refused", () => {
  assert.equal(rampColor(-1), SEQUENTIAL_STOPS[0]);
  assert.equal(rampColor(2), SEQUENTIAL_STOPS.at(-1));
  assert.equal(category(7), category(0));
  assert.throws(() => rampColor(NaN), RangeError);
  assert.equal(inkOn("#f0e442"), "#000000");
  assert.equal(inkOn("#0072b2"), "#ffffff");
});
