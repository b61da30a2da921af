import assert from "node:assert/strict";
import { toUnit } from "../../lib/records/space.ts";
import { complement, factorialDesign } from "../../lib/sensitivity/factorial.ts";
import { parameter } from "./known_functions.ts";

const space = [
  parameter("alpha", 0.5, 0.99),
  parameter("boost", 1, 100, { scale: "log" }),
  parameter("hops", 1, 6, { integer: true }),
  parameter("other", 0, 1),
];
const low = { parameter: "alpha", ranges: [[0, 0.3]] as const };
const high = { parameter: "boost", ranges: [[0.7, 1]] as const };
const extreme = { parameter: "hops", ranges: [[0, 0.2], [0.8, 1]] as const };

Deno.test("each cell has exactly its factors inside their regions and keeps the background", () => {
  const inside = (ranges: readonly (readonly [number, number])[], u: number) =>
    ranges.some(([a, b]) => u >= a - 1e-12 && u <= b + 1e-12);
  for (const block of factorialDesign(space, [low, high, extreme], 30, 1)) {
    const cells = [block.none, ...block.alone, block.all];
    cells.forEach((cell, c) => {
      [low, high, extreme].forEach((region, k) => {
        const spec = space.find((p) => p.name === region.parameter)!;
        const wanted = c === 4 || c === k + 1;
        assert.equal(inside(region.ranges, toUnit(spec, cell[spec.name]!)), wanted, `cell ${c}, factor ${k}`);
      });
      assert.equal(cell.other, block.none.other);
    });
    assert.equal(block.all.alpha, block.alone[0]!.alpha);
    assert.equal(block.none.alpha, block.alone[1]!.alpha);
  }
});

Deno.test("whole numbers fall evenly on the levels inside and outside, never across the edge", () => {
  const blocks = factorialDesign(space, [low, extreme], 40, 2);
  const tally = (values: (number | undefined)[]) =>
    Object.fromEntries([...Map.groupBy(values, (v) => v!)].map(([v, of]) => [v, of.length]).sort());
  assert.deepEqual(tally(blocks.map((b) => b.all.hops)), { 1: 10, 2: 10, 5: 10, 6: 10 });
  assert.deepEqual(tally(blocks.map((b) => b.none.hops)), { 3: 20, 4: 20 });
});

Deno.test("the complement of ranges is what lies between and beside them", () => {
  assert.deepEqual(complement([[0, 0.2], [0.5, 0.75]]), [[0.2, 0.5], [0.75, 1]]);
});

Deno.test("regions that cannot make a factorial are refused with the reason", () => {
  const make = (...regions: Parameters<typeof factorialDesign>[1]) => () =>
    factorialDesign(space, regions, 4, 1);
  assert.throws(make(low), /at least 2 factors/);
  assert.throws(make(low, low), /names a parameter twice/);
  assert.throws(make(low, { parameter: "beta", ranges: [[0, 0.5]] }), /this space has alpha, boost/);
  assert.throws(make(low, { parameter: "boost", ranges: [[0, 1]] }), /something outside/);
  assert.throws(make(low, { parameter: "boost", ranges: [[0.5, 0.2]] }), /ascending/);
  assert.throws(
    make(low, { parameter: "hops", ranges: [[0.25, 0.35]] }),
    /0 whole numbers of \[1, 6\] lie inside/,
  );
});
