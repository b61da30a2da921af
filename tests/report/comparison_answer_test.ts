/** The words of a comparison say what its numbers say. */
import assert from "node:assert/strict";
import { comparisonAnswer } from "../../lib/report/comparison_answer.ts";
import type { Comparison } from "../../lib/study/comparison.ts";
import type { Contest } from "../../lib/study/contest.ts";

const interval = (estimate: number, half: number) => ({
  estimate,
  low: estimate - half,
  high: estimate + half,
  level: 0.95,
  resamples: 100,
  n_commits: 10,
  n_repos: 2,
});

function comparison(contests: readonly Omit<Contest, "split">[], budget = 400): Comparison {
  return {
    registration: { primary_budget: 40, budget, seeds: [1, 2], judged_on: ["test"] },
    splits: [{ split: "test", defaults: interval(0.32, 0.02) }],
    leaders: [40, 400].map((checkpoint) => ({
      checkpoint,
      split: "test",
      arm: "gp_ei",
      score: 0.45,
      tied: checkpoint === 40 ? [] : ["tpe"],
    })),
    contests: contests.map((c) => ({ ...c, split: "test" })),
  } as unknown as Comparison;
}

const classical = { arm: "gp_ei", score: 0.446 }, reasoner = { arm: "analyst", score: 0.417 };

Deno.test("comparisonAnswer() names the winner at the registered and at the whole budget, with the difference", () => {
  const text = comparisonAnswer(comparison([
    { checkpoint: 40, classical, reasoner, difference: interval(-0.029, 0.014), winner: "classical" },
    { checkpoint: 400, classical, reasoner, difference: interval(0.002, 0.01), winner: "neither" },
  ]));
  assert.match(text, /defaults have 0\.320 nDCG@10 \(means of 2 seeds/);
  assert.match(
    text,
    /At 40 evaluations classical search wins: .*analyst.*0\.417.*−0\.029 \[−0\.043, −0\.015\].*gp_ei/,
  );
  assert.match(text, /At 400 evaluations neither wins: .*\+0\.002 \[−0\.008, \+0\.012\]/);
});

Deno.test("comparisonAnswer() says so when reasoning wins, and once when the registered budget is the whole", () => {
  const text = comparisonAnswer(comparison([
    { checkpoint: 40, classical, reasoner, difference: interval(0.03, 0.01), winner: "reasoner" },
  ], 40));
  assert.match(text, /At 40 evaluations reasoning wins/);
  assert.equal(text.match(/evaluations/g)!.length, 1);
});

Deno.test("comparisonAnswer() without a reasoner names the leader and who cannot be told from it", () => {
  const text = comparisonAnswer(comparison([]));
  assert.match(text, /At 40 evaluations gp_ei is highest with 0\.450; all others are behind it/);
  assert.match(text, /At 400 evaluations .* tpe cannot be told from it/);
});
