import assert from "node:assert/strict";
import { dealBlocks } from "../../lib/reasoning/panel.ts";
import { splitBlocks, stretchStart } from "../../lib/reasoning/incumbent.ts";
import type { Episode } from "../../lib/records/episode.ts";
import { syntheticArenas } from "./synthetic.ts";

const ended = (decisions: string) =>
  [...decisions].map((d) => ({ decision: d === "a" ? "accepted" : "rejected" }) as Episode);

Deno.test("a sample lasts 4, 8, 16, 32, 32 episodes without an acceptance, and an acceptance starts over", () => {
  const starts = (decisions: string) => stretchStart(ended(decisions));
  assert.deepEqual([0, 3, 4, 11, 12, 27, 28, 59, 60, 91, 92].map((n) => starts("r".repeat(n))), [
    0,
    0,
    4,
    4,
    12,
    12,
    28,
    28,
    60,
    60,
    92,
  ]);
  assert.deepEqual(["a", "ra", "rrrrr", "rrrrra", "rrrrrarrr", "rrrrrarrrr"].map(starts), [
    1,
    2,
    4,
    6,
    6,
    10,
  ]);
});

Deno.test("no case is both evidence and race, the sample stays a stretch long, and races differ in order", () => {
  const { train } = syntheticArenas({ repos: 2, commits: 60 });
  const blocks = dealBlocks(train, { cases: 10, seed: 1 });
  const at = (stretch: number, turn: number) => splitBlocks(blocks, { seed: 1, stretch, turn, cases: 60 });
  for (let turn = 0; turn < 20; turn++) {
    const { sample, fresh } = at(0, turn);
    assert.deepEqual(sample, at(0, 0).sample);
    assert.equal(sample.length + fresh.length, blocks.length);
    assert.ok(sample.every((block) => !fresh.includes(block)));
    assert.ok(sample.length <= blocks.length * 2 / 5);
  }
  assert.notDeepEqual(
    at(0, 0).fresh.map((b) => blocks.indexOf(b)),
    at(0, 1).fresh.map((b) => blocks.indexOf(b)),
  );
  assert.notDeepEqual(
    at(0, 0).sample.map((b) => blocks.indexOf(b)),
    at(4, 4).sample.map((b) => blocks.indexOf(b)),
  );
});
