/**
 * Golden vectors G1-G17 and G25: rankings whose values other tools have published or computed.
 *
 * Tools: trec_eval 10.0-rc3 (4 decimals), scikit-learn 1.2.1, ranx at 2cae52f, pytrec_eval at 0d8571e (README example),
 * scipy 1.10. Where tools disagree the title says whose reading is kept.
 */
import assert from "node:assert/strict";
import {
  aggregate,
  averagePrecision,
  benjaminiHochberg,
  expectedNdcg,
  expectedPrecision,
  expectedRecall,
  expectedReciprocalRank,
  holm,
  ndcg,
  precision,
  randomRanking,
  recall,
  reciprocalRank,
  signFlipTest,
  tieGroups,
} from "../../lib/metrics/mod.ts";

const list = (letters: string) => letters.split(" ");
const judge = (relevance: Record<string, number>) => new Map(Object.entries(relevance));
const scored = (scores: Record<string, number>) =>
  Object.entries(scores).map(([id, score]) => ({ id, score }));
const EXPONENTIAL = { gain: "exponential" } as const;

/** Golden values carry ten decimals. */
function near(actual: number | null, wanted: number): void {
  assert.ok(actual !== null && Math.abs(actual - wanted) <= 5.1e-11, `${actual} is not ${wanted}`);
}

/** trec_eval prints four decimals. */
function nearTrec(actual: number | null, printed: string): void {
  assert.equal(actual?.toFixed(4), printed);
}

Deno.test("G1 graded list, all retrieved: trec_eval 10.0-rc3, scikit-learn 1.2.1, ranx 2cae52f", () => {
  const ranked = list("a b c d e"), judgments = judge({ a: 1, b: 0, c: 3, e: 2 });
  near(ndcg(ranked, judgments, 5), 0.6874847125);
  nearTrec(ndcg(ranked, judgments, 5), "0.6875");
  near(ndcg(ranked, judgments, 5, EXPONENTIAL), 0.6026493584);
  near(reciprocalRank(ranked, judgments), 1);
  near(averagePrecision(ranked, judgments), 0.7555555556);
  near(precision(ranked, judgments, 5), 0.6);
  near(recall(ranked, judgments, 5), 1);
});

Deno.test("G2 the ideal counts relevant files that were not retrieved: trec_eval 10.0-rc3 ndcg_cut and ndcg, ranx", () => {
  const ranked = list("D1 D2 D3 D4 D5 D6");
  const judgments = judge({ D1: 3, D2: 2, D3: 3, D4: 0, D5: 1, D6: 2, D7: 3, D8: 2 });
  near(ndcg(ranked, judgments, 6), 0.785002372);
  near(ndcg(ranked, judgments, 6, EXPONENTIAL), 0.7510833868);
  nearTrec(ndcg(ranked, judgments, 6), "0.7850");
  nearTrec(ndcg(ranked, judgments, Infinity), "0.7562");
  near(averagePrecision(ranked, judgments), 0.6619047619);
  near(precision(ranked, judgments, 6), 0.8333333333);
  near(recall(ranked, judgments, 6), 0.7142857143);
});

Deno.test("G3 large grades: the ndcg_score example of scikit-learn 1.2.1, trec_eval 10.0-rc3, ranx", () => {
  const ranked = list("e d c b a"), judgments = judge({ a: 10, b: 0, c: 0, d: 1, e: 5 });
  near(ndcg(ranked, judgments, 5), 0.6956940444);
  near(ndcg(ranked, judgments, 5, EXPONENTIAL), 0.4097384945);
  near(averagePrecision(ranked, judgments), 0.8666666667);
});

Deno.test("G4 AP divides by all relevant files, not by k or by those retrieved: trec_eval 10.0-rc3, ranx", () => {
  const ranked = list("x a y b z"), judgments = judge({ a: 1, b: 1, c: 1 });
  near(ndcg(ranked, judgments, 5), 0.4981892575);
  near(reciprocalRank(ranked, judgments), 0.5);
  near(averagePrecision(ranked, judgments), 0.3333333333);
  near(precision(ranked, judgments, 5), 0.4);
  near(recall(ranked, judgments, 5), 0.6666666667);
});

Deno.test("G5 a list shorter than k: P@10 divides by 10 and the missing file earns nothing: trec_eval 10.0-rc3, ranx", () => {
  const ranked = list("a x"), judgments = judge({ a: 1, b: 1 });
  near(ndcg(ranked, judgments, 10), 0.6131471928);
  near(precision(ranked, judgments, 10), 0.1);
  near(recall(ranked, judgments, 10), 0.5);
  near(averagePrecision(ranked, judgments), 0.5);
  // scikit-learn must be given every file; then b takes rank 3.
  near(ndcg(list("a x b"), judgments, 10), 0.9197207891);
});

Deno.test("G6 nothing relevant retrieved: every measure is 0 (all tools)", () => {
  const ranked = list("x y z"), judgments = judge({ a: 1 });
  assert.equal(ndcg(ranked, judgments, 3), 0);
  assert.equal(reciprocalRank(ranked, judgments), 0);
  assert.equal(averagePrecision(ranked, judgments), 0);
  assert.equal(precision(ranked, judgments, 3), 0);
  assert.equal(recall(ranked, judgments, 3), 0);
});

Deno.test("G7 relevant at rank 11 only: cut measures are 0, RR and AP read on: trec_eval 10.0-rc3, ranx", () => {
  const ranked = [...Array(10).keys()].map((i) => `x${i}`).concat("a"), judgments = judge({ a: 1 });
  assert.equal(ndcg(ranked, judgments, 10), 0);
  assert.equal(recall(ranked, judgments, 10), 0);
  near(reciprocalRank(ranked, judgments), 0.0909090909);
  near(averagePrecision(ranked, judgments), 0.0909090909);
  nearTrec(ndcg(ranked, judgments, Infinity), "0.2789");
  assert.equal(reciprocalRank(ranked, judgments, 10), 0);
  assert.equal(averagePrecision(ranked, judgments, 10), 0);
});

Deno.test("G8 README example q2: pytrec_eval 0d8571e, trec_eval 10.0-rc3, scikit-learn 1.2.1, ranx", () => {
  const ranked = list("d1 d3 d2"), judgments = judge({ d2: 1, d3: 1 });
  near(ndcg(ranked, judgments, Infinity), 0.6934264036);
  near(averagePrecision(ranked, judgments), 0.5833333333);
  near(reciprocalRank(ranked, judgments), 0.5);
});

Deno.test("G9 three tied files: expectation as scikit-learn 1.2.1; a fixed order gives what trec_eval prints", () => {
  const judgments = judge({ d3: 1 }), tied = tieGroups(scored({ d1: 1, d2: 1, d3: 1 }), judgments);
  near(expectedNdcg(tied, Infinity), 0.7103099179);
  near(expectedReciprocalRank(tied), 0.6111111111);
  near(expectedPrecision(tied, 1), 0.3333333333);
  // trec_eval breaks ties by descending id, so the score depends on how files are called (pytrec_eval issue 56).
  assert.equal(ndcg(list("d3 d2 d1"), judgments, Infinity), 1);
  near(ndcg(list("d5 d4 d3"), judgments, Infinity), 0.5);
  near(reciprocalRank(list("d5 d4 d3"), judgments), 1 / 3);
});

Deno.test("G10 a tie below the top: McSherry & Najork 2008, by hand", () => {
  const tied = tieGroups(scored({ a: 2, b: 1, c: 1 }), judge({ b: 1 }));
  near(expectedNdcg(tied, Infinity), 0.5654648768);
  near(expectedNdcg(tied, 2), 0.3154648768);
  near(expectedReciprocalRank(tied), 0.4166666667);
});

Deno.test("G11 graded ties: scikit-learn 1.2.1 (its tie-averaged ndcg_score)", () => {
  const judgments = judge({ a: 10, b: 0, c: 0, d: 1, e: 5 });
  const tied = tieGroups(scored({ a: 1, b: 0, c: 0, d: 0, e: 1 }), judgments);
  near(expectedNdcg(tied, 1), 0.75);
  near(expectedNdcg(tied, Infinity), 0.9279733095);
  near(expectedNdcg(tieGroups(scored({ a: 1, b: 1, c: 1, d: 1, e: 1 }), judgments), Infinity), 0.6909785335);
});

Deno.test("G12 fractional relevance is kept, not truncated: scikit-learn 1.2.1, ranx at rel_lvl .1 (trec_eval gives 0.5)", () => {
  const ranked = list("c b a"), judgments = judge({ a: 1, b: 0.5, c: 0.25 });
  near(ndcg(ranked, judgments, 3), 0.7396673768);
  near(ndcg(ranked, judgments, 3, EXPONENTIAL), 0.7010225524);
});

// E[RR] is the exact rational sum over t of C(100 - t, 2) / C(100, 3) / t, in Python 3.11 fractions.
Deno.test("G13 random order of 100 candidates, 3 relevant: closed form", () => {
  const random = randomRanking(100, [1, 1, 1]);
  near(expectedNdcg(random, 10), 0.0639658721);
  near(expectedRecall(random, 10), 0.1);
  near(expectedReciprocalRank(random), 0.1128789036);
});

Deno.test("G14 a file ranked twice is an error, as in trec_eval 10.0-rc3 (a naive sum gives nDCG 1.3066)", () => {
  const judgments = judge({ a: 1, b: 1 });
  for (const measure of [ndcg, reciprocalRank, averagePrecision, precision, recall]) {
    assert.throws(() => measure(list("a a b"), judgments, 3), {
      name: "RangeError",
      message: /"a" twice, at ranks 1 and 2/,
    });
  }
});

Deno.test("G15 case weights 1.5, .2, 1.2 move the mean from .6 to .4207: by hand", () => {
  const scores = [[0.2, 1.5], [1, 0.2], [0.6, 1.2]].map(([value, weight], i) => (
    { repo: "r", commit: `c${i}`, case_id: "s", value: value!, weight: weight! }
  ));
  near(aggregate(scores, { weights: "case" }).mean, 0.4206896552);
  near(aggregate(scores).mean, 0.6);
  const oneCommit = scores.map((score, i) => ({ ...score, commit: "c", case_id: `s${i}` }));
  near(aggregate(oneCommit, { weights: "case" }).mean, 0.4206896552);
});

Deno.test("G16 exact two-sided sign-flip test of five differences: p = 4/32, scipy 1.10 permutation_test", () => {
  const result = signFlipTest([0.1, 0.2, -0.05, 0.3, 0.15], { seed: 1 });
  assert.deepEqual(result, { p: 0.125, method: "exact", resamples: 32, n: 5, n_nonzero: 5 });
});

Deno.test("G17 Holm and Benjamini-Hochberg on .01, .04, .03, .005: by hand", () => {
  const p = [0.01, 0.04, 0.03, 0.005];
  holm(p).forEach((value, i) => near(value, [0.03, 0.06, 0.06, 0.02][i]!));
  benjaminiHochberg(p).forEach((value, i) => near(value, [0.02, 0.04, 0.04, 0.02][i]!));
});

Deno.test("G25 scores are compared as doubles: .900000001 beats .9, as in trec_eval 10.0-rc3 (a float would tie)", () => {
  const judgments = judge({ a: 1 });
  const inDouble = tieGroups(scored({ b: 0.9, a: 0.900000001 }), judgments);
  assert.equal(expectedReciprocalRank(inDouble), 1);
  const inFloat = tieGroups(scored({ b: Math.fround(0.9), a: Math.fround(0.900000001) }), judgments);
  assert.equal(expectedReciprocalRank(inFloat), 0.75);
});
