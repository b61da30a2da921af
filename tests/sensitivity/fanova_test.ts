import assert from "node:assert/strict";
import type { Point, SearchSpace } from "../../lib/records/space.ts";
import { spaceFillingPoints } from "../../lib/sensitivity/designs.ts";
import { fanova } from "../../lib/sensitivity/fanova.ts";
import { ishigami, parameter, unitSpace } from "./known_functions.ts";

const tableOf = (space: SearchSpace, f: (p: Point) => number, n: number) =>
  spaceFillingPoints(space, n, 1).map((point) => ({ point, value: f(point) }));

Deno.test("steps of known shares are recovered within 0.03, main effects, interaction and the rest", () => {
  // a + 2 b + 4 a c with indicators a, b, c = 3 a + 2 b + 2 c + 4 (a - 1/2) (c - 1/2) + const: variances 9/4, 3/4, 1, 1.
  const f = (p: Point) =>
    Number(p.x1! > 0.5) + 2 * Number(p.x2! > 0.25) + 4 * Number(p.x1! > 0.5) * Number(p.x3! > 0.5);
  const found = fanova(unitSpace(4), tableOf(unitSpace(4), f, 600), { seed: 1, trees: 32 });
  const near = (value: number, share: number, what: string) =>
    assert.ok(Math.abs(value - share) < 0.03, `${what}: ${value}, ${share}`);
  [0.45, 0.15, 0.2, 0].forEach((share, j) => near(found.parameters[j]!.first.value, share, `x${j + 1}`));
  for (const { names, second } of found.pairs) {
    near(second.value, names.join() === "x1,x3" ? 0.2 : 0, `${names}`);
  }
  near(found.higher.value, 0, "higher");
  assert.ok(found.r_squared > 0.95, `${found.r_squared}`);
});

Deno.test("on a smooth function the largest error of a share at 1200 rows is under half of that at 150", () => {
  // Variances 1/12, 4/12 and, for 6 (x1 - 1/2) (x3 - 1/2), 36/144.
  const f = (p: Point) => p.x1! + 2 * p.x2! + 6 * (p.x1! - 0.5) * (p.x3! - 0.5);
  const wanted = [1 / 8, 1 / 2, 0, 0, 3 / 8, 0];
  const error = (rows: number) => {
    const found = fanova(unitSpace(3), tableOf(unitSpace(3), f, rows), { seed: 1, trees: 16 });
    const shares = [...found.parameters.map((p) => p.first.value), ...found.pairs.map((p) => p.second.value)];
    return Math.max(...shares.map((share, k) => Math.abs(share - wanted[k]!)));
  };
  const [few, many] = [error(150), error(1200)];
  assert.ok(many < few / 2, `${few}, ${many}`);
});

Deno.test("on Ishigami the order of the shares is right and the interaction is x1 with x3", () => {
  const { space, objective } = ishigami();
  const found = fanova(space, tableOf(space, objective, 1000), { seed: 1, trees: 16 });
  const [x1, x2, x3] = found.parameters.map((p) => p.first.value);
  assert.ok(x2! > x1! && x1! > x3!);
  assert.deepEqual(found.pairs.toSorted((a, b) => b.second.value - a.second.value)[0]!.names, ["x1", "x3"]);
});

Deno.test("shares of every tree sum to 1, estimates lie in their intervals, and a log scale counts in the logarithm", () => {
  const space = [parameter("w", 0.01, 100, { scale: "log" }), parameter("k", 1, 3, { integer: true })];
  const table = tableOf(space, (p) => Math.log10(p.w!) + p.k!, 300);
  const found = fanova(space, table, { seed: 1, trees: 16 });
  const shares = [...found.parameters.map((p) => p.first), ...found.pairs.map((p) => p.second), found.higher];
  assert.ok(Math.abs(shares.reduce((sum, s) => sum + s.value, 0) - 1) < 1e-12);
  for (const { value, interval } of shares) assert.ok(interval.low <= value && value <= interval.high);
  // On its logarithm w is uniform over 4 decades, variance 16/12; on its value it would be all but constant.
  assert.ok(found.parameters[0]!.first.value > 0.6);
});

Deno.test("a constant has shares of 0", () => {
  const found = fanova(unitSpace(2), tableOf(unitSpace(2), () => 0.3, 50), { seed: 1, trees: 4 });
  assert.deepEqual([...found.parameters.map((p) => p.first.value), found.higher.value], [0, 0, 0]);
});

Deno.test("a table of another space is refused with the missing parameter", () => {
  const table = [{ point: { x1: 0 }, value: 1 }, { point: { x1: 1 }, value: 2 }];
  assert.throws(() => fanova(unitSpace(2), table, { seed: 1 }), /lacks x2/);
});
