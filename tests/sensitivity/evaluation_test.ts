import assert from "node:assert/strict";
import { evaluatePoints, evaluateTable, tableObjective } from "../../lib/sensitivity/evaluation.ts";
import { parameter, unitSpace } from "./known_functions.ts";

const space = [parameter("x", 0, 10, { integer: true })];
const points = [{ x: 1 }, { x: 2 }, { x: 1 }];

Deno.test("equal points are evaluated once, outcomes keep the order asked for, progress counts to the distinct points", async () => {
  const asked: number[] = [], seen: number[][] = [];
  const objective = (p: Record<string, number>) => (asked.push(p.x!), p.x! * 10);
  const found = await evaluatePoints(space, objective, points, { progress: (...at) => seen.push(at) });
  assert.deepEqual(found.outcomes.map((o) => o.mean), [10, 20, 10]);
  assert.equal(found.evaluations, 2);
  assert.deepEqual(asked, [1, 2]);
  assert.deepEqual(seen, [[1, 2], [2, 2]]);
});

Deno.test("an objective that takes several points is handed each distinct one once, with the outcomes of one at a time", async () => {
  const wide = unitSpace(1), name = wide[0]!.name, handed: number[] = [];
  const many = Array.from({ length: 40 }, (_, i) => ({ [name]: (i % 25) / 25 }));
  const score = (p: Record<string, number>) => p[name]! ** 2;
  const together = (some: readonly Record<string, number>[]) => {
    handed.push(...some.map((p) => p[name]!));
    return some.map(score);
  };
  const alone = await evaluatePoints(wide, (p) => score(p), many);
  assert.deepEqual(await evaluatePoints(wide, Object.assign(score, { together }), many), alone);
  assert.deepEqual(handed, many.slice(0, 25).map((p) => p[name]));
});

Deno.test("an abort stops before the next evaluation with its own reason", async () => {
  const controller = new AbortController();
  let calls = 0;
  const objective = () => {
    if (++calls === 1) controller.abort(new Error("enough"));
    return 1;
  };
  await assert.rejects(evaluatePoints(space, objective, points, { signal: controller.signal }), /enough/);
  assert.equal(calls, 1);
});

Deno.test("a table serves the points it holds and names the one it lacks", async () => {
  const { table } = await evaluateTable(space, (p) => -p.x!, points);
  const objective = tableObjective(space, table);
  assert.equal(objective({ x: 2 }), -2);
  assert.throws(() => objective({ x: 3 }), /no row for \{"x":3\}/);
});

Deno.test("outcomes that are not finite, and clusters that come and go, are refused with the point", async () => {
  await assert.rejects(
    evaluatePoints(space, () => NaN, points),
    /\{"x":1\} is NaN: a finite number is wanted/,
  );
  const ragged = (p: Record<string, number>) => ({ mean: 0, perCluster: new Float64Array(p.x!) });
  await assert.rejects(
    evaluatePoints(space, ragged, points),
    /\{"x":2\} has 2 clusters, the first point had 1/,
  );
  const hole = () => ({ mean: 0, perCluster: Float64Array.of(1, Infinity) });
  await assert.rejects(evaluatePoints(space, hole, points), /is Infinity for cluster 1/);
});

Deno.test("points outside the space are refused before anything is spent", async () => {
  let calls = 0;
  await assert.rejects(
    evaluatePoints(unitSpace(1), () => ++calls, [{ x1: 2 }]),
    /x1 is 2, a number in \[0, 1\]/,
  );
  assert.equal(calls, 0);
});
