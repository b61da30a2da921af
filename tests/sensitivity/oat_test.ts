import assert from "node:assert/strict";
import { liveParameters, oneAtATime, valueGrid } from "../../lib/sensitivity/oat.ts";
import { parameter, unitSpace } from "./known_functions.ts";

const options = { seed: 1, resamples: 200 };

Deno.test("a curve holds the base value, its swing, its best value and the change from the base", async () => {
  const space = [parameter("x", 0, 4, { integer: true }), parameter("dead", 0, 1)];
  const { curves, value, evaluations } = await oneAtATime(
    space,
    (p) => -((p.x! - 3) ** 2),
    { x: 1 },
    options,
  );
  assert.equal(value, -4);
  assert.deepEqual(curves[0]!.points.map((c) => [c.x, c.change]), [[0, -5], [1, 0], [2, 3], [3, 4], [4, 3]]);
  assert.deepEqual([curves[0]!.swing, curves[0]!.best, curves[0]!.live], [9, 3, true]);
  assert.deepEqual([curves[1]!.swing, curves[1]!.best, curves[1]!.live], [0, 0, false]);
  assert.equal(evaluations, 5 + 9 - 1, "the base is shared");
});

Deno.test("clusters that move against each other make a parameter live although the mean stands still", async () => {
  const objective = (p: Record<string, number>) => ({
    mean: 0.5,
    perCluster: Float64Array.of(p.x1!, 1 - p.x1!),
  });
  const { curves } = await oneAtATime(unitSpace(1), objective, {}, options);
  assert.deepEqual([curves[0]!.live, curves[0]!.swing], [true, 0]);
});

Deno.test("the interval of a change is paired with the base: a shift all clusters share has no width", async () => {
  const levels = [0.1, 0.5, 0.9];
  const objective = (p: Record<string, number>) => {
    const perCluster = Float64Array.from(levels, (level, c) => level + p.x1! + (c === 0 ? p.x2! : 0));
    return { mean: perCluster.reduce((a, b) => a + b) / 3, perCluster };
  };
  const { curves } = await oneAtATime(unitSpace(2), objective, { x1: 0, x2: 0 }, options);
  const [shared, one] = curves.map((curve) => curve.points.at(-1)!);
  assert.ok(Math.abs(shared!.interval!.high - shared!.interval!.low) < 1e-12);
  assert.ok(Math.abs(shared!.change - 1) < 1e-12);
  assert.ok(one!.interval!.low <= 0 && one!.interval!.high >= 2 / 3 - 1e-12);
});

Deno.test("a parameter that is dead at the base but gated elsewhere is found live", async () => {
  const space = unitSpace(3);
  const gated = (p: Record<string, number>) => p.x1! > 0.2 ? p.x2! : 0;
  const at = await oneAtATime(space, gated, { x1: 0 }, options);
  assert.equal(at.curves[1]!.live, false);
  const { parameters } = await liveParameters(space, gated, { x1: 0 }, { seed: 1 });
  assert.deepEqual(parameters.map((p) => p.live), [true, true, false]);
});

Deno.test("changes under 1e-12 are rounding: the parameter is dead", async () => {
  const of = async (slope: number) =>
    (await liveParameters(unitSpace(1), (p) => slope * p.x1!, {}, { seed: 1 })).parameters[0]!.live;
  assert.deepEqual([await of(9e-13), await of(2e-12)], [false, true]);
});

Deno.test("a grid is even on the parameter's scale, distinct, and needs two levels", () => {
  const log = parameter("w", 0.01, 100, { scale: "log", default: 1 });
  assert.deepEqual(valueGrid(log, 1, 3).map((v) => +v.toFixed(9)), [0.01, 1, 100]);
  assert.deepEqual(valueGrid(parameter("k", 1, 3, { integer: true }), 2, 9), [1, 2, 3]);
  // 0.05 + 0.5 (0.95 - 0.05) is 0.5 but for its last digit.
  assert.deepEqual(valueGrid(parameter("d", 0.05, 0.95), 0.5, 3), [0.05, 0.5, 0.95]);
  assert.throws(() => valueGrid(log, 1, 1), /at least 2 is wanted/);
});
