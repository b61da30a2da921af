import assert from "node:assert/strict";
import {
  averagePrecisionFromRanks,
  measureNamed,
  ndcgFromRanks,
  randomRanking,
  TABLE_MEASURES,
} from "../../lib/metrics/mod.ts";

Deno.test("a name stands for one measure at one cutoff", () => {
  const ranks = [2, 0, 12], relevance = [1, 3, 2];
  const at10 = measureNamed("ndcg@10");
  assert.deepEqual([at10.label, at10.k, at10.ofRanks(ranks, relevance)], [
    "nDCG@10",
    10,
    ndcgFromRanks(ranks, relevance, 10),
  ]);
  assert.notEqual(
    measureNamed("ndcg_exponential@10").ofRanks(ranks, relevance),
    at10.ofRanks(ranks, relevance),
  );
  assert.deepEqual([measureNamed("ap").label, measureNamed("ap").k], ["MAP", Infinity]);
  assert.equal(measureNamed("ap").ofRanks(ranks, relevance), averagePrecisionFromRanks(ranks));
});

Deno.test("every column of the full table has a value for a case and for a random order", () => {
  // One relevant file at rank 2 of 4: each measure by hand.
  const byName = Object.fromEntries(TABLE_MEASURES.map((name) => [name, measureNamed(name)]));
  const values = Object.entries(byName).map(([name, m]) => [name, m.ofRanks([2], [1])]);
  assert.deepEqual(Object.fromEntries(values), {
    "ndcg@10": 1 / Math.log2(3),
    rr: 0.5,
    "p@10": 0.1,
    "r@5": 1,
    "r@10": 1,
    ap: 0.5,
    "hit@1": 0,
    "all@10": 1,
  });
  const random = Object.entries(byName).map((
    [name, m],
  ) => [name, m.ofTies(randomRanking(4, [1]))!.toFixed(4)]);
  assert.deepEqual(Object.fromEntries(random), {
    "ndcg@10": "0.6404",
    rr: "0.5208",
    "p@10": "0.1000",
    "r@5": "1.0000",
    "r@10": "1.0000",
    ap: "0.5208",
    "hit@1": "0.2500",
    "all@10": "1.0000",
  });
});

Deno.test("an unknown measure, a bad cutoff and a missing one are named", () => {
  for (const name of ["mrr", "", "ndcg@10@5", "toString"]) {
    assert.throws(() => measureNamed(name), { name: "RangeError", message: /Unknown measure.*ndcg/ });
  }
  for (const name of ["p@0", "p@-1", "p@1.5", "p@", "p@ten"]) {
    assert.throws(() => measureNamed(name), { name: "RangeError", message: /has cutoff/ });
  }
  assert.throws(() => measureNamed("hit"), { name: "RangeError", message: /write it as hit@10/ });
});
