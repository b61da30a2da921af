/** Expected measures under ties, against the plain mean over every order. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { randomStream, shuffled } from "../../lib/base/random.ts";
import {
  allFound,
  averagePrecision,
  expectedAllFound,
  expectedAveragePrecision,
  expectedHit,
  expectedNdcg,
  expectedPrecision,
  expectedRecall,
  expectedReciprocalRank,
  hit,
  ndcg,
  precision,
  randomRanking,
  recall,
  reciprocalRank,
  type ScoredFile,
  type TiedRanking,
  tieGroups,
} from "../../lib/metrics/mod.ts";

const RUNS = { seed: 20260102, numRuns: 60 };
const MEASURES: Record<
  string,
  [plain: typeof precision, expected: (r: TiedRanking, k: number) => number | null]
> = {
  nDCG: [ndcg, expectedNdcg],
  "nDCG, exponential gain": [
    (ranked, judgments, k) => ndcg(ranked, judgments, k, { gain: "exponential" }),
    (ranking, k) => expectedNdcg(ranking, k, { gain: "exponential" }),
  ],
  RR: [reciprocalRank, expectedReciprocalRank],
  P: [precision, expectedPrecision],
  R: [recall, expectedRecall],
  AP: [averagePrecision, expectedAveragePrecision],
  Hit: [hit, expectedHit],
  All: [allFound, expectedAllFound],
};

/** Every order of the items; n! of them. */
function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

/** Six files on three score levels; g is judged but never retrieved. */
const files = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 6 })
  .map((levels) => levels.map((score, i): ScoredFile => ({ id: "abcdef"[i]!, score })));
const judgments = fc.uniqueArray(
  fc.tuple(fc.constantFrom(..."abcdefg"), fc.constantFrom(0, 0.1, 0.7, 1, 3)),
  { selector: ([id]) => id },
).map((pairs) => new Map(pairs));
const cutoff = fc.integer({ min: 1, max: 7 });

for (const [name, [plain, expected]] of Object.entries(MEASURES)) {
  Deno.test(`expected ${name} is the mean over every order that the scores allow`, () => {
    fc.assert(
      fc.property(files, judgments, cutoff, (scored, judged, k) => {
        const orders = permutations(scored).filter((order) =>
          order.every((file, i) => i === 0 || order[i - 1]!.score >= file.score)
        );
        const values = orders.map((order) => plain(order.map((file) => file.id), judged, k));
        const actual = expected(tieGroups(scored, judged), k);
        if (values.includes(null)) return assert.equal(actual, null);
        const mean = values.reduce((sum: number, value) => sum + value!, 0) / values.length;
        assert.ok(Math.abs(actual! - mean) < 1e-12, `${actual} is not ${mean}`);
      }),
      RUNS,
    );
  });

  Deno.test(`expected ${name} does not depend on the order in which files arrive`, () => {
    fc.assert(
      fc.property(files, judgments, cutoff, fc.nat(), (scored, judged, k, seed) => {
        const other = shuffled(randomStream(seed, "order"), scored);
        assert.equal(expected(tieGroups(other, judged), k), expected(tieGroups(scored, judged), k));
      }),
      RUNS,
    );
  });
}

Deno.test("the random baseline agrees with the textbook closed forms for n candidates, R relevant", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 1, max: 70 }),
      (R, others, k) => {
        const n = R + others, ranking = randomRanking(n, Array(R).fill(1)), cut = Math.min(k, n);
        let noHit = 1, harmonic = 0;
        for (let i = 0; i < cut; i++) noHit *= Math.max(0, n - R - i) / (n - i);
        for (let i = 1; i <= n; i++) harmonic += 1 / i;
        const ap = n === 1 ? 1 : (harmonic + (R - 1) / (n - 1) * (n - harmonic)) / n;
        const close = (a: number | null, b: number) => assert.ok(Math.abs(a! - b) < 1e-12, `${a}, ${b}`);
        close(expectedRecall(ranking, k), cut / n);
        close(expectedPrecision(ranking, k), R * cut / n / k);
        close(expectedHit(ranking, k), 1 - noHit);
        close(expectedAveragePrecision(ranking), ap);
      },
    ),
    { seed: 20260103, numRuns: 200 },
  );
});

Deno.test("all files relevant or none known: the ends of the random baseline", () => {
  assert.equal(expectedNdcg(randomRanking(3, [1, 1, 1]), 2), 1);
  assert.equal(expectedNdcg(randomRanking(3, []), 2), null);
  assert.throws(() => randomRanking(2, [1, 1, 1]), {
    name: "RangeError",
    message: /2 candidates.*at least 3/,
  });
});

Deno.test("tied relevances are kept in one order, so that sums round alike however files arrive", () => {
  const judged = new Map([["a", 0.1], ["b", 0.2], ["c", 0.3]]);
  const arriving = (ids: string) => tieGroups([...ids].map((id) => ({ id, score: 1 })), judged);
  assert.deepEqual(arriving("abcd"), arriving("dcba"));
  assert.deepEqual(arriving("bdac").groups, [{ above: 0, size: 4, relevance: [0.3, 0.2, 0.1] }]);
});

Deno.test("infinite scores rank, NaN scores and files scored twice are errors", () => {
  const judged = new Map([["a", 1]]);
  const ranked = tieGroups([{ id: "b", score: -Infinity }, { id: "a", score: Infinity }], judged);
  assert.equal(expectedReciprocalRank(ranked), 1);
  assert.throws(() => tieGroups([{ id: "a", score: NaN }], judged), { name: "RangeError", message: /NaN/ });
  assert.throws(() => tieGroups([{ id: "a", score: 1 }, { id: "a", score: 2 }], judged), /"a" twice/);
});
