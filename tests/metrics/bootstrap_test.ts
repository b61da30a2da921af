import assert from "node:assert/strict";
import { randomNormal, randomStream, shuffled } from "../../lib/base/random.ts";
import { bootstrapDifference, bootstrapMean, type CaseScore } from "../../lib/metrics/mod.ts";

/** Cases of clustered normal values: repository effects given, commit and seed effects drawn. */
function simulate(
  seed: string,
  repoEffects: readonly number[],
  commits: number,
  seeds: number,
  sd: { commit: number; seed: number },
): CaseScore[] {
  const random = randomStream(seed, "simulate");
  return repoEffects.flatMap((repoEffect, r) =>
    Array.from({ length: commits }, (_, c) => {
      const commitEffect = repoEffect + sd.commit * randomNormal(random);
      return Array.from({ length: seeds }, (_, s): CaseScore => ({
        repo: `r${r}`,
        commit: `c${c}`,
        case_id: `s${s}`,
        value: commitEffect + sd.seed * randomNormal(random),
      }));
    }).flat()
  );
}

const SMALL = simulate("small", [0.1, 0.3], 12, 3, { commit: 0.1, seed: 0.05 });

Deno.test("the same seed gives the same interval whatever the order of the cases; another seed another", () => {
  const first = bootstrapMean(SMALL, { seed: 7, resamples: 500 });
  const mixed = shuffled(randomStream(1, "order"), SMALL);
  assert.deepEqual(bootstrapMean(mixed, { seed: 7, resamples: 500 }), first);
  assert.notEqual(bootstrapMean(SMALL, { seed: 8, resamples: 500 }).low, first.low);
  assert.notEqual(bootstrapMean(SMALL, { seed: 7, stream: "other", resamples: 500 }).low, first.low);
  assert.deepEqual([first.n_commits, first.n_repos, first.level, first.resamples], [24, 2, 0.95, 500]);
  assert.ok(first.low < first.estimate && first.estimate < first.high);
});

Deno.test("more seeds of the same commits are no more evidence: repeating every seed leaves the interval alone", () => {
  const repeated = SMALL.flatMap((s) => [0, 1, 2, 3].map((i) => ({ ...s, case_id: `${s.case_id}/${i}` })));
  const once = bootstrapMean(SMALL, { seed: 1, resamples: 300 });
  const often = bootstrapMean(repeated, { seed: 1, resamples: 300 });
  assert.ok(Math.abs(once.low - often.low) < 1e-12 && Math.abs(once.high - often.high) < 1e-12);
});

Deno.test("intervals of known normal clusters hold the truth about as often as they say, by commit", () => {
  // Nominal .95; the percentile interval of 30 commits a repository is about 2 % too narrow.
  let held = 0;
  for (let trial = 0; trial < 200; trial++) {
    const scores = simulate(`cover ${trial}`, [0.2, 0.5, 0.8], 30, 3, { commit: 0.2, seed: 0.1 });
    const { low, high } = bootstrapMean(scores, { seed: trial, resamples: 400 });
    if (low <= 0.5 && 0.5 <= high) held++;
  }
  assert.ok(held >= 180 && held <= 198, `${held} of 200`);
});

Deno.test("drawing repositories covers the mean of repositories not seen; drawing commits alone does not", () => {
  let byRepository = 0, byCommit = 0;
  for (let trial = 0; trial < 120; trial++) {
    const random = randomStream(trial, "repositories");
    const effects = Array.from({ length: 15 }, () => 0.5 + 0.2 * randomNormal(random));
    const scores = simulate(`nested ${trial}`, effects, 8, 1, { commit: 0.1, seed: 0 });
    const covers = (clusters: "commit" | "repository") => {
      const { low, high } = bootstrapMean(scores, { seed: trial, resamples: 300, clusters });
      return low <= 0.5 && 0.5 <= high ? 1 : 0;
    };
    byRepository += covers("repository");
    byCommit += covers("commit");
  }
  assert.ok(byRepository >= 102 && byRepository <= 119, `${byRepository} of 120`);
  assert.ok(byCommit < 60, `${byCommit} of 120`);
});

Deno.test("pairing removes what both runs share: the interval of a constant gain has no width", () => {
  const better = SMALL.map((s) => ({ ...s, value: s.value! + 0.02 }));
  const gain = bootstrapDifference(better, SMALL, { seed: 3, resamples: 200 });
  for (const value of [gain.estimate, gain.low, gain.high]) assert.ok(Math.abs(value - 0.02) < 1e-12);
});

Deno.test("the interval nears estimate +- z sd / sqrt(n), and narrows with the level", () => {
  const scores = simulate("clt", [0], 400, 1, { commit: 1, seed: 0 });
  const values = scores.map((s) => s.value!), mean = values.reduce((a, b) => a + b, 0) / 400;
  const se = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / 400 / 400);
  const wide = bootstrapMean(scores, { seed: 5, resamples: 4000 });
  assert.ok(Math.abs((wide.high - wide.low) / (2 * 1.96 * se) - 1) < 0.05);
  const narrow = bootstrapMean(scores, { seed: 5, resamples: 4000, level: 0.68 });
  assert.ok(Math.abs((narrow.high - narrow.low) / (2 * 0.9945 * se) - 1) < 0.05);
});

Deno.test("the basic interval is the percentile interval reflected about the estimate", () => {
  const a = bootstrapMean(SMALL, { seed: 2, resamples: 200 });
  const b = bootstrapMean(SMALL, { seed: 2, resamples: 200, interval: "basic" });
  assert.deepEqual([b.low, b.high], [2 * a.estimate - a.high, 2 * a.estimate - a.low]);
});

Deno.test("case weights move the estimate and its interval together", () => {
  const weighted = SMALL.map((s) => ({ ...s, weight: s.value! > 0.25 ? 3 : 1 }));
  const plain = bootstrapMean(weighted, { seed: 2, resamples: 200 });
  const heavy = bootstrapMean(weighted, { seed: 2, resamples: 200, weights: "case" });
  assert.ok(heavy.estimate > plain.estimate && heavy.low > plain.low && heavy.high > plain.high);
});

Deno.test("too little to resample is an error that counts what there is", () => {
  const one = SMALL.filter((s) => s.commit === "c0");
  assert.throws(() => bootstrapMean(one, { seed: 1 }), {
    name: "RangeError",
    message: /2 scored commits of 2 repositories/,
  });
  assert.throws(() => bootstrapMean([], { seed: 1 }), { name: "RangeError", message: /0 scored commits/ });
  const single = SMALL.filter((s) => s.repo === "r0");
  assert.throws(() => bootstrapMean(single, { seed: 1, clusters: "repository" }), /1 repository/);
  assert.throws(() => bootstrapMean(SMALL, { seed: 1, resamples: 0 }), /0 resamples/);
  assert.throws(() => bootstrapMean(SMALL, { seed: 1, level: 95 }), /level 95/);
});
