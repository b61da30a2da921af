import assert from "node:assert/strict";
import fc from "fast-check";
import { randomStream, shuffled } from "../../lib/base/random.ts";
import { aggregate, type CaseScore, caseShares, pairedDifferences, winCount } from "../../lib/metrics/mod.ts";

const RUNS = { seed: 20260104, numRuns: 200 };

const score = (repo: string, commit: string, case_id: string, value: number | null, weight?: number) =>
  weight === undefined
    ? { repo, commit, case_id, value }
    : { repo, commit, case_id, value, weight } satisfies CaseScore;

const SCORES: CaseScore[] = [
  score("big", "c1", "a", 1),
  score("big", "c1", "b", 0),
  score("big", "c1", "c", 0.5),
  score("big", "c2", "a", 0.2),
  score("big", "c3", "a", null),
  score("small", "c1", "a", 0.9),
  score("empty", "c1", "a", null),
];

/** Cases of up to three repositories with values, weights and a few nulls. */
const cases = fc.uniqueArray(
  fc.record({
    repo: fc.constantFrom("r1", "r2", "r3"),
    commit: fc.constantFrom("c1", "c2", "c3", "c4"),
    case_id: fc.constantFrom("s1", "s2", "s3"),
    value: fc.option(fc.double({ min: -1, max: 1, noNaN: true }), { freq: 6 }),
    weight: fc.double({ min: 0.1, max: 3, noNaN: true }),
  }),
  { selector: (c) => `${c.repo}/${c.commit}/${c.case_id}`, maxLength: 36 },
);

Deno.test("seeds average to commits, commits to repositories, repositories to the macro mean", () => {
  const { mean, ...counts } = aggregate(SCORES);
  assert.ok(Math.abs(mean! - ((0.5 + 0.2) / 2 + 0.9) / 2) < 1e-15);
  assert.deepEqual(counts, {
    n_repos: 2,
    n_commits: 3,
    n_cases: 5,
    n_excluded: 2,
    repos: [
      { repo: "big", mean: 0.35, n_commits: 2, n_cases: 4, n_excluded: 1 },
      { repo: "empty", mean: null, n_commits: 0, n_cases: 0, n_excluded: 1 },
      { repo: "small", mean: 0.9, n_commits: 1, n_cases: 1, n_excluded: 0 },
    ],
  });
});

Deno.test("nothing scored has no mean: null, not 0", () => {
  assert.deepEqual(aggregate([]), {
    mean: null,
    n_repos: 0,
    n_commits: 0,
    n_cases: 0,
    n_excluded: 0,
    repos: [],
  });
  assert.equal(aggregate([score("r", "c", "s", null)]).mean, null);
});

Deno.test("the order of the cases does not move a bit of the result", () => {
  fc.assert(
    fc.property(cases, fc.nat(), (scores, seed) => {
      assert.deepEqual(aggregate(shuffled(randomStream(seed, "order"), scores)), aggregate(scores));
    }),
    RUNS,
  );
});

Deno.test("the macro mean is the dot product of the shares with the values, under both weightings", () => {
  fc.assert(
    fc.property(cases, fc.constantFrom("equal" as const, "case" as const), (scores, weights) => {
      const shares = caseShares(scores, { weights }), { mean } = aggregate(scores, { weights });
      const dot = scores.reduce((sum, { value }, i) => sum + shares[i]! * (value ?? 0), 0);
      assert.ok(Math.abs(dot - (mean ?? 0)) < 1e-12);
      const total = shares.reduce((sum, share) => sum + share, 0);
      assert.ok(Math.abs(total - (mean === null ? 0 : 1)) < 1e-12);
      scores.forEach(({ value }, i) => assert.equal(shares[i]! > 0, value !== null));
    }),
    RUNS,
  );
});

Deno.test("equal case weights are equal weights, and a commit's weight does not grow with its seeds", () => {
  fc.assert(
    fc.property(cases, (scores) => {
      const same = scores.map((s) => ({ ...s, weight: 1.5 }));
      const weighted = aggregate(same, { weights: "case" }).mean, plain = aggregate(scores).mean;
      assert.ok(weighted === plain || Math.abs(weighted! - plain!) < 1e-12);
    }),
    RUNS,
  );
  const scores = [score("r", "c1", "a", 1, 2), score("r", "c1", "b", 1, 2), score("r", "c2", "a", 0, 2)];
  assert.equal(aggregate(scores, { weights: "case" }).mean, 0.5);
});

Deno.test("a case scored twice, a value that is no number and a bad weight are named", () => {
  assert.throws(() => aggregate([score("r", "c", "s", 1), score("r", "c", "s", null)]), {
    name: "RangeError",
    message: /case s of commit c in r: it is scored twice/,
  });
  assert.throws(() => aggregate([score("r", "c", "s", NaN)]), {
    name: "RangeError",
    message: /value is NaN/,
  });
  assert.throws(() => aggregate([score("r", "c", "s", 1, 0)], { weights: "case" }), {
    name: "RangeError",
    message: /weight is 0/,
  });
  assert.throws(() => aggregate([score("r", "c", "s", 1)], { weights: "case" }), {
    name: "TypeError",
    message: /has no weight/,
  });
});

Deno.test("the mean of paired differences is the difference of the means", () => {
  fc.assert(
    fc.property(cases, fc.nat(), (treatment, seed) => {
      const random = randomStream(seed, "baseline");
      const baseline = shuffled(random, treatment).map((s) => ({
        ...s,
        value: s.value === null ? null : random(),
      }));
      const difference = aggregate(pairedDifferences(treatment, baseline)).mean;
      const a = aggregate(treatment).mean, b = aggregate(baseline).mean;
      if (a === null || b === null) return assert.equal(difference, null);
      assert.ok(Math.abs(difference! - (a - b)) < 1e-12);
    }),
    RUNS,
  );
});

Deno.test("runs on different cases, or with different judgments, are not paired", () => {
  const a = score("r", "c", "a", 1), b = score("r", "c", "b", 1);
  assert.throws(() => pairedDifferences([a, b], [a]), { name: "RangeError", message: /2 treatment.*1 base/ });
  assert.throws(() => pairedDifferences([a], [b]), { name: "RangeError", message: /case a.*does not hold/ });
  assert.throws(() => pairedDifferences([a, a], [a, b]), { name: "RangeError", message: /holds it twice/ });
  assert.throws(() => pairedDifferences([a, b], [a, a]), { name: "RangeError", message: /1 distinct/ });
  assert.throws(() => pairedDifferences([a], [{ ...a, value: null }]), /value 1 .* null/);
  assert.throws(() => pairedDifferences([a], [{ ...a, weight: 2 }]), /weight undefined .* weight 2/);
});

Deno.test("repositories are counted by the sign of their mean difference", () => {
  const differences = [
    score("up", "c1", "a", 0.3),
    score("up", "c2", "a", -0.1),
    score("down", "c1", "a", -0.01),
    score("level", "c1", "a", 0.5),
    score("level", "c2", "a", -0.5),
    score("none", "c1", "a", null),
  ];
  assert.deepEqual(winCount(differences), { wins: 1, losses: 1, ties: 1 });
});
