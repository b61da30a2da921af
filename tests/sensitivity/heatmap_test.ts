import assert from "node:assert/strict";
import { heatmap } from "../../lib/sensitivity/heatmap.ts";
import { parameter } from "./known_functions.ts";

const space = [parameter("a", 0, 1), parameter("b", 1, 3, { integer: true }), parameter("c", 0, 1)];

Deno.test("the grid is complete, x runs fastest, and the rest stays at the base", async () => {
  const map = await heatmap(space, (p) => p.a! * 100 + p.b! + p.c! / 10, ["a", "b"], { c: 1 }, { levels: 3 });
  assert.deepEqual([map.xs, map.ys], [[0, 0.5, 1], [1, 2, 3]]);
  assert.deepEqual(map.rows.slice(0, 4).map((r) => [r.x, r.y]), [[0, 1], [0.5, 1], [1, 1], [0, 2]]);
  assert.ok(map.rows.every((r) => Math.abs(r.value - (r.x * 100 + r.y + 0.1)) < 1e-9));
  assert.deepEqual([map.best.x, map.best.y, map.rows.length, map.evaluations], [1, 3, 9, 9]);
});

Deno.test("unknown and repeated axes are refused", async () => {
  await assert.rejects(heatmap(space, () => 0, ["a", "a"], {}), /is a line/);
  await assert.rejects(
    heatmap(space, () => 0, ["a", "nothing"], {}),
    /No parameter nothing; there are a, b, c/,
  );
});
