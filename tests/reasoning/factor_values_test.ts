import assert from "node:assert/strict";
import fc from "fast-check";
import { FactorValues } from "../../lib/reasoning/factor_values.ts";

const value = fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, fc.double({ noNaN: true }));
const cases = fc.array(fc.array(value, { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 12 });
const valuesOf = (all: readonly (readonly number[])[], spent?: FactorValues) =>
  new FactorValues(all.length, (take) => all.forEach((own) => take(Float64Array.from(own))), spent);

Deno.test("factor values are what they were made of, at every file of every case, also in the room of others", () => {
  fc.assert(
    fc.property(cases, cases, (first, second) => {
      const doubled = first.flatMap((own) => [own, own]);
      const spent = valuesOf(doubled.map((_, i) => second[i % second.length]!));
      for (const values of [valuesOf(doubled), valuesOf(doubled, spent)]) {
        doubled.forEach((own, c) => {
          const out = new Float64Array(own.length).fill(3);
          values.multiply(c, out);
          own.forEach((v, file) => {
            assert.ok(Object.is(values.at(c, file), v));
            assert.ok(Object.is(out[file], 3 * v));
          });
        });
        assert.equal(values.uniform, doubled.flat().every((v) => v === 1));
      }
    }),
    { seed: 42, numRuns: 300 },
  );
});
