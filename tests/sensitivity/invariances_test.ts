import assert from "node:assert/strict";
import { spaceFillingPoints } from "../../lib/sensitivity/designs.ts";
import { anyValueOf, checkInvariance, commonScaling } from "../../lib/sensitivity/invariances.ts";
import { parameter } from "./known_functions.ts";

const space = [
  parameter("depth_root", 0.1, 10),
  parameter("depth_deep", 0.1, 10),
  parameter("bonus", 0, 1),
  parameter("unused", 0, 1),
];
const files: Record<string, readonly [number, number]> = {
  "a.ts": [1, 0],
  "b/c.ts": [0, 2],
  "b/d.ts": [1, 1],
};
const rank = (score: (f: readonly [number, number]) => number) =>
  Object.keys(files).sort((x, y) => score(files[y]!) - score(files[x]!));
const points = spaceFillingPoints(space, 20, 3);

Deno.test("one factor on every weight of a linear score keeps its rankings", async () => {
  const report = await checkInvariance(
    space,
    (p) => [rank(([r, d]) => p.depth_root! * r + p.depth_deep! * d)],
    commonScaling(["depth_root", "depth_deep"]),
    points,
  );
  assert.equal(report.verdict, "holds");
  assert.ok(report.checked > 5 && report.skipped > 0, "some scalings leave the bounds");
  assert.equal(report.checked + report.skipped, 40);
});

Deno.test("a term outside the group breaks it, and the first changed case is shown", async () => {
  const report = await checkInvariance(
    space,
    (p) => [0, rank(([r, d]) => p.depth_root! * r + p.depth_deep! * d + (r === 0 ? 5 * p.bonus! : 0))],
    commonScaling(["depth_root", "depth_deep"]),
    points,
  );
  assert.equal(report.verdict, "broken");
  assert.equal(report.first!.index, 1);
  assert.notDeepEqual(report.first!.before, report.first!.after);
});

Deno.test("a number may differ by the tolerance and no more", async () => {
  const check = (tolerance: number) =>
    checkInvariance(space, (p) => [p.unused! * 1e-9], anyValueOf("unused", [0, 1]), points, { tolerance });
  assert.equal((await check(0)).verdict, "broken");
  assert.equal((await check(1e-9)).verdict, "holds");
});

Deno.test("when every change leaves the space nothing was checked, which is not holding", async () => {
  const report = await checkInvariance(space, () => [1], anyValueOf("unused", [7]), points);
  assert.deepEqual([report.verdict, report.checked, report.evaluations], ["unchecked", 0, 0]);
});
