/** The seven measures: list form against rank form, and the laws they obey. */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  allFound,
  allFoundFromRanks,
  averagePrecision,
  averagePrecisionFromRanks,
  hit,
  hitFromRanks,
  idealDcg,
  ndcg,
  ndcgFromRanks,
  precision,
  precisionFromRanks,
  ranksOfRelevant,
  recall,
  recallFromRanks,
  reciprocalRank,
  reciprocalRankFromRanks,
} from "../../lib/metrics/mod.ts";

const RUNS = { seed: 20260101, numRuns: 300 };
const IDS = [..."abcdefghijkl"];
const EXPONENTIAL = { gain: "exponential" } as const;

type Ranks = readonly number[];
/** Each measure in both forms, at a cutoff. */
const BOTH: Record<
  string,
  [list: typeof precision, ranks: (r: Ranks, g: Ranks, k: number) => number | null]
> = {
  ndcg: [ndcg, ndcgFromRanks],
  ndcgExponential: [
    (ranked, judgments, k) => ndcg(ranked, judgments, k, EXPONENTIAL),
    (ranks, gains, k) => ndcgFromRanks(ranks, gains, k, EXPONENTIAL),
  ],
  reciprocalRank: [reciprocalRank, (ranks, _, k) => reciprocalRankFromRanks(ranks, k)],
  precision: [precision, (ranks, _, k) => precisionFromRanks(ranks, k)],
  recall: [recall, (ranks, _, k) => recallFromRanks(ranks, k)],
  averagePrecision: [averagePrecision, (ranks, _, k) => averagePrecisionFromRanks(ranks, k)],
  hit: [hit, (ranks, _, k) => hitFromRanks(ranks, k)],
  allFound: [allFound, (ranks, _, k) => allFoundFromRanks(ranks, k)],
};

const ranking = fc.shuffledSubarray(IDS);
const relevance = fc.oneof(fc.constant(0), fc.constant(1), fc.double({ min: 1e-6, max: 8, noNaN: true }));
const judgments = fc.uniqueArray(fc.tuple(fc.constantFrom(...IDS), relevance), { selector: ([id]) => id })
  .map((pairs) => new Map(pairs));
const cutoff = fc.integer({ min: 1, max: 15 });

const close = (a: number | null, b: number | null, what: string) =>
  assert.ok(a === b || (a !== null && b !== null && Math.abs(a - b) < 1e-12), `${what}: ${a} and ${b}`);

for (const [name, [ofList, ofRanks]] of Object.entries(BOTH)) {
  Deno.test(`${name}: the rank form equals the list form and lies in [0, 1]`, () => {
    fc.assert(
      fc.property(ranking, judgments, cutoff, (ranked, judged, k) => {
        const { ranks, relevance } = ranksOfRelevant(ranked, judged);
        const value = ofList(ranked, judged, k);
        close(ofRanks(ranks, relevance, k), value, name);
        assert.equal(value === null, relevance.length === 0);
        assert.ok(value === null || (value >= 0 && value <= 1));
      }),
      RUNS,
    );
  });

  Deno.test(`${name}: irrelevant files after the end change nothing`, () => {
    fc.assert(
      fc.property(ranking, judgments, cutoff, (ranked, judged, k) => {
        const longer = [...ranked, "tail 1", "tail 2", "tail 3"];
        assert.equal(ofList(longer, judged, k), ofList(ranked, judged, k));
      }),
      RUNS,
    );
  });

  Deno.test(`${name}: moving a relevant file up past an irrelevant one never lowers it`, () => {
    fc.assert(
      fc.property(ranking, judgments, cutoff, fc.nat(), (ranked, judged, k, at) => {
        const i = at % Math.max(1, ranked.length - 1);
        const [upper, lower] = [ranked[i], ranked[i + 1]];
        fc.pre(upper !== undefined && lower !== undefined);
        fc.pre((judged.get(upper) ?? 0) === 0 && (judged.get(lower) ?? 0) > 0);
        const better = ranked.with(i, lower).with(i + 1, upper);
        assert.ok(ofList(better, judged, k)! >= ofList(ranked, judged, k)! - 1e-12);
      }),
      RUNS,
    );
  });

  Deno.test(`${name}: a case without a relevant file is null, not 0`, () => {
    assert.equal(ofList(["a", "b"], new Map([["a", 0]]), 5), null);
    assert.equal(ofRanks([], [], 5), null);
  });

  Deno.test(`${name}: a bad cutoff, rank or relevance is named`, () => {
    const judged = new Map([["a", 1]]);
    for (const k of [0, -1, 1.5, NaN]) {
      assert.throws(() => ofList(["a"], judged, k), { name: "RangeError", message: new RegExp(`k = ${k}`) });
      assert.throws(() => ofRanks([1], [1], k), { name: "RangeError", message: new RegExp(`k = ${k}`) });
    }
    for (const rank of [-1, 1.5, NaN, Infinity]) {
      assert.throws(() => ofRanks([rank], [1], 5), {
        name: "RangeError",
        message: new RegExp(`rank ${rank}`),
      });
    }
    assert.throws(() => ofRanks([3, 3], [1, 1], 5), { name: "RangeError", message: /same rank 3/ });
    for (const bad of [-1, NaN, Infinity]) {
      assert.throws(() => ofList(["a"], new Map([["a", bad]]), 5), {
        name: "RangeError",
        message: new RegExp(`"a".*${bad}`),
      });
    }
  });
}

Deno.test("swapping a more relevant file up never lowers nDCG", () => {
  fc.assert(
    fc.property(ranking, judgments, cutoff, fc.nat(), (ranked, judged, k, at) => {
      const i = at % Math.max(1, ranked.length - 1);
      const [upper, lower] = [ranked[i], ranked[i + 1]];
      fc.pre(upper !== undefined && lower !== undefined);
      fc.pre((judged.get(lower) ?? 0) > (judged.get(upper) ?? 0));
      const better = ranked.with(i, lower).with(i + 1, upper);
      assert.ok(ndcg(better, judged, k)! >= ndcg(ranked, judged, k)! - 1e-12);
    }),
    RUNS,
  );
});

Deno.test("scaling every relevance leaves linear nDCG alone and moves exponential nDCG", () => {
  fc.assert(
    fc.property(
      ranking,
      judgments,
      cutoff,
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      (ranked, judged, k, factor) => {
        const scaled = new Map([...judged].map(([id, value]) => [id, factor * value]));
        close(ndcg(ranked, scaled, k), ndcg(ranked, judged, k), "linear");
      },
    ),
    RUNS,
  );
  const ranked = ["b", "a"], by = (factor: number) => new Map([["a", factor], ["b", 2 * factor / 3]]);
  assert.notEqual(ndcg(ranked, by(3), 2, EXPONENTIAL), ndcg(ranked, by(1), 2, EXPONENTIAL));
});

Deno.test("binary labels have one nDCG under both gains", () => {
  fc.assert(
    fc.property(ranking, fc.subarray(IDS), cutoff, (ranked, relevant, k) => {
      const judged = new Map(relevant.map((id) => [id, 1]));
      close(ndcg(ranked, judged, k, EXPONENTIAL), ndcg(ranked, judged, k), "binary");
    }),
    RUNS,
  );
});

Deno.test("an ideal kept by the caller gives the same nDCG, and an ideal of another case is refused", () => {
  const ranks = [2, 0, 7], relevance = [1, 3, 0.5];
  assert.equal(
    ndcgFromRanks(ranks, relevance, 10, { ideal: idealDcg(relevance, 10) }),
    ndcgFromRanks(ranks, relevance, 10),
  );
  assert.throws(() => ndcgFromRanks([1], [1], 10, { ideal: 0.5 }), {
    name: "RangeError",
    message: /DCG 1 by ideal 0.5/,
  });
  assert.throws(() => ndcgFromRanks([1, 2], [1], 10), { name: "RangeError", message: /2 ranks with 1 rel/ });
});

Deno.test("a gain beyond the doubles is an error, not NaN", () => {
  assert.throws(() => ndcg(["a"], new Map([["a", 2000]]), 1, EXPONENTIAL), {
    name: "RangeError",
    message: /exponential gain of relevance 2000/,
  });
});

Deno.test("ranks of deep lists use the same discount as the table", () => {
  assert.equal(ndcgFromRanks([1023, 0], [1, 1], Infinity)! / ndcgFromRanks([1, 0], [1, 1], Infinity)!, 0.1);
  close(ndcgFromRanks([4095], [1], Infinity), 1 / 12, "log2(4096) = 12");
});

Deno.test("P@Infinity is refused: it has no divisor", () => {
  assert.throws(() => precision(["a"], new Map([["a", 1]]), Infinity), /k = Infinity/);
  assert.throws(() => precisionFromRanks([1], Infinity), /k = Infinity/);
});
