import assert from "node:assert/strict";
import fc from "fast-check";
import type { Point, SearchSpace } from "../../lib/records/space.ts";
import { stepParameter } from "../../lib/records/space.ts";
import {
  findRepeated,
  foldScratchpad,
  logDistance,
  nearestTurnedDown,
  SAME_PROPOSAL,
} from "../../lib/scratchpad/mod.ts";
import { episode } from "./scripted_study.ts";

const base = { integer: false, description: "", layer: "" };
const SPACE: SearchSpace = [
  { ...base, name: "pagerank_alpha", default: 0.85, low: 0, high: 0.99, scale: "linear" },
  { ...base, name: "boost_chat_file", default: 20, low: 1, high: 100, scale: "log" },
];
const aPoint = fc.record({
  pagerank_alpha: fc.double({ min: 0, max: 0.99, noNaN: true }),
  boost_chat_file: fc.double({ min: 1, max: 100, noNaN: true }),
});

Deno.test("logDistance() is a metric: 0 for equal points only, symmetric, no detour is shorter", () => {
  fc.assert(
    fc.property(aPoint, aPoint, aPoint, (a, b, c) => {
      assert.equal(logDistance(SPACE, a, a), 0);
      assert.equal(logDistance(SPACE, a, b), logDistance(SPACE, b, a));
      assert.ok(logDistance(SPACE, a, c) <= logDistance(SPACE, a, b) + logDistance(SPACE, b, c) + 1e-12);
    }),
    { seed: 8 },
  );
});

Deno.test("one small step on a log scale is ln 1.1 wherever it is taken, and twice what counts as the same proposal", () => {
  const chat = SPACE[1]!;
  for (const value of [2, 20, 80]) {
    const from: Point = { pagerank_alpha: 0.5, boost_chat_file: value };
    const to: Point = { ...from, boost_chat_file: stepParameter(chat, value, "increase", "small") };
    assert.ok(Math.abs(logDistance(SPACE, from, to) - 2 * SAME_PROPOSAL) < 1e-12);
  }
});

Deno.test("zero on a linear scale is at a finite distance from everything", () => {
  const at = (pagerank_alpha: number): Point => ({ pagerank_alpha, boost_chat_file: 20 });
  assert.ok(Number.isFinite(logDistance(SPACE, at(0), at(0.99))));
  assert.ok(logDistance(SPACE, at(0), at(0.5)) > SAME_PROPOSAL);
});

Deno.test("logDistance() names the parameter that a point lacks", () => {
  assert.throws(
    () => logDistance(SPACE, { pagerank_alpha: 1 }, { pagerank_alpha: 1 }),
    /RangeError: .*boost_chat_file is missing/,
  );
});

Deno.test("findRepeated() finds a rejected point again under a slightly other number, for the same formula only", () => {
  const rejected = episode(0, undefined, "rejected");
  const state = foldScratchpad({ episodes: [rejected], insights: [] });
  const params = rejected.params_proposed!;
  const near = { ...params, boost_chat_file: params.boost_chat_file! * 1.01 };
  const far = { ...params, boost_chat_file: params.boost_chat_file! * 1.1 };
  assert.equal(findRepeated(state, SPACE, { params: near, formula: "formula-0" })?.episode, "e0000");
  assert.equal(findRepeated(state, SPACE, { params: far, formula: "formula-0" }), undefined);
  assert.equal(findRepeated(state, SPACE, { params: near, formula: "formula-1" }), undefined);
  assert.ok(
    Math.abs(
      nearestTurnedDown(state, SPACE, { params: far, formula: "formula-0" })!.distance - Math.log(1.1),
    ) < 1e-12,
  );
});

Deno.test("what was accepted is not remembered as turned down", () => {
  const accepted = episode(0, undefined, "accepted");
  const state = foldScratchpad({ episodes: [accepted], insights: [] });
  assert.equal(
    nearestTurnedDown(state, SPACE, { params: accepted.params_after, formula: "formula-0" }),
    undefined,
  );
});
