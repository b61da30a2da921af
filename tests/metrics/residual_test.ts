import assert from "node:assert/strict";
import fc from "fast-check";
import { ndcgFromRanks, randomRanking, residualRanks } from "../../lib/metrics/mod.ts";
import { expectedNdcg } from "../../lib/metrics/expected.ts";

const RUNS = { seed: 20260311, numRuns: 200 };

/** Scores with ties, a mask, and relevant items among those left. */
const drawn = fc.array(
  fc.record({ score: fc.integer({ min: 0, max: 6 }), left: fc.boolean(), relevant: fc.boolean() }),
  { minLength: 1, maxLength: 25 },
).map((items) => ({
  scores: items.map((i) => i.score),
  left: items.map((i) => Number(i.left)),
  relevant: items.flatMap((item, i) => item.left && item.relevant ? [i] : []),
}));

Deno.test("residual ranks are the ranks of the list from which known items were struck", () => {
  fc.assert(
    fc.property(drawn, ({ scores, left, relevant }) => {
      const list = [...scores.keys()].filter((i) => left[i]).sort((a, b) => scores[b]! - scores[a]! || a - b);
      assert.deepEqual(residualRanks(scores, left, relevant), relevant.map((i) => list.indexOf(i) + 1));
    }),
    RUNS,
  );
});

Deno.test("scores of items taken out change nothing, and with nothing taken out the ranks are plain ones", () => {
  fc.assert(
    fc.property(drawn, fc.integer({ min: -9, max: 9 }), ({ scores, left, relevant }, other) => {
      const changed = scores.map((score, i) => left[i] ? score : other);
      assert.deepEqual(residualRanks(changed, left, relevant), residualRanks(scores, left, relevant));
      const all = scores.map(() => 1);
      const above = (i: number) =>
        scores.filter((s, j) => s > scores[i]! || (s === scores[i] && j < i)).length;
      assert.deepEqual(residualRanks(scores, all, relevant), relevant.map((i) => above(i) + 1));
    }),
    RUNS,
  );
});

Deno.test("items with distinct scores may stand in any order", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 20 }),
      fc.infiniteStream(fc.nat()),
      (scores, keys) => {
        const order = scores.map((_, i) => [keys.next().value!, i]).sort((a, b) =>
          a[0]! - b[0]! || a[1]! - b[1]!
        )
          .map(([, i]) => i!);
        const left = scores.map((s) => s % 3 === 0 ? 0 : 1);
        const wanted = [...scores.keys()].filter((i) => left[i]);
        const moved = residualRanks(
          order.map((i) => scores[i]!),
          order.map((i) => left[i]!),
          wanted.map((i) => order.indexOf(i)),
        );
        assert.deepEqual(moved, residualRanks(scores, left, wanted));
      },
    ),
    RUNS,
  );
});

Deno.test("a ranker that knows only what was taken out earns the random expectation, over all orders of the rest", () => {
  // Items 0..n-1 stand in tie order; the mean over every choice of relevant items is the mean over every order.
  for (const n of [1, 2, 5, 13]) {
    for (const relevant of [1, 2]) {
      if (relevant > n) continue;
      const known = 3, scores = [...Array(n).fill(0), ...Array(known).fill(5)];
      const left = [...Array(n).fill(1), ...Array(known).fill(0)];
      let sum = 0, count = 0;
      for (let a = 0; a < n; a++) {
        for (let b = relevant === 1 ? a : a + 1; b < (relevant === 1 ? a + 1 : n); b++) {
          const items = relevant === 1 ? [a] : [a, b];
          sum += ndcgFromRanks(residualRanks(scores, left, items), items.map(() => 1), 10)!;
          count++;
        }
      }
      const expected = expectedNdcg(randomRanking(n, Array(relevant).fill(1)), 10)!;
      assert.ok(Math.abs(sum / count - expected) < 1e-12, `${n} files, ${relevant} relevant`);
    }
  }
});

Deno.test("what cannot be ranked is refused", () => {
  assert.throws(() => residualRanks([1, 2], [1], [0]), /2 scores by a mask of 1/);
  assert.throws(() => residualRanks([1, 2], [1, 0], [1]), /item 1: its score is 2 and it is not in/);
  assert.throws(() => residualRanks([1, NaN], [1, 1], [1]), /item 1: its score is NaN/);
  assert.throws(() => residualRanks([1], [1], [4]), /item 4/);
});
