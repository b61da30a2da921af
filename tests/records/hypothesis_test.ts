import assert from "node:assert/strict";
import { Hypothesis, hypothesisId } from "../../lib/records/hypothesis.ts";

const TEXT = "low a & high b => worse ndcg@10";
const GOOD: Hypothesis = {
  record: "hypothesis/1",
  id: hypothesisId(TEXT),
  text: TEXT,
  parameters: ["a", "b"],
  regions: [{ parameter: "a", ranges: [[0, 1 / 3]] }, { parameter: "b", ranges: [[2 / 3, 1]] }],
  sign: "worse",
  metric: "ndcg@10",
  stratum: { intent: "debug" },
  threshold: null,
  space_hash: "0",
  origin: "person",
  source: "a test",
  episode: null,
  note: null,
};

Deno.test("a registered claim survives the disk", () => {
  assert.deepEqual(Hypothesis.parse(JSON.parse(JSON.stringify(GOOD))), GOOD);
});

Deno.test("the id is the hash of the text and nothing else", () => {
  assert.match(GOOD.id, /^[0-9a-f]{64}$/);
  assert.notEqual(hypothesisId(TEXT), hypothesisId(TEXT + " by 1"));
  assert.throws(() => Hypothesis.parse({ ...GOOD, id: "0" }), /the id must be the hash of the text/);
});

Deno.test("regions out of step, out of the unit interval or of one parameter are refused, and so is a verdict", () => {
  const bad: unknown[] = [
    { ...GOOD, regions: GOOD.regions.toReversed() },
    { ...GOOD, regions: [GOOD.regions[0], { parameter: "b", ranges: [[0.5, 1.1]] }] },
    { ...GOOD, regions: GOOD.regions.slice(1), parameters: ["b"] },
    { ...GOOD, threshold: 0 },
    { ...GOOD, verdict: "supported" },
  ];
  for (const record of bad) assert.throws(() => Hypothesis.parse(record), JSON.stringify(record));
});
