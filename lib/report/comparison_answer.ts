/** What a comparison of arms comes to, in words. */
import type { Comparison } from "../study/comparison.ts";
import { signedInterval } from "./sentences.ts";

const three = (x: number) => x.toFixed(3);

/** Who wins, at the registered budget and at the whole one, sampler or reasoner, on test cases where there are any. */
export function comparisonAnswer(c: Comparison): string {
  const { primary_budget: primary, budget, seeds, judged_on } = c.registration;
  const split = judged_on.includes("test") ? "test" : judged_on[0]!;
  const home = c.splits.find((s) => s.split === split)!.defaults.estimate;
  return [
    `On ${split} cases the defaults have ${three(home)} nDCG@10 (means of ${seeds.length} ${
      seeds.length === 1 ? "seed" : "seeds"
    } below).`,
    sentence(c, split, primary),
    ...(budget === primary ? [] : [sentence(c, split, budget)]),
  ].join(" ");
}

function sentence(c: Comparison, split: string, checkpoint: number): string {
  const leader = c.leaders.find((l) => l.split === split && l.checkpoint === checkpoint)!;
  const contest = c.contests.find((m) => m.split === split && m.checkpoint === checkpoint);
  const when = `At ${checkpoint} evaluations`;
  if (contest === undefined) {
    const rest = leader.tied.length > 0
      ? `${leader.tied.join(", ")} cannot be told from it`
      : "all others are behind it";
    return `${when} ${leader.arm} is highest with ${three(leader.score)}; ${rest}.`;
  }
  const { classical, reasoner, difference, winner } = contest;
  const sampler = `${classical.arm} (${three(classical.score)}), the best sampler`;
  const other = `${reasoner.arm} (${three(reasoner.score)}), the best reasoner`;
  const by = signedInterval(difference);
  const who = { classical: "classical search wins", reasoner: "reasoning wins", neither: "neither wins" };
  return `${when} ${who[winner]}: ${other}, differs by ${by} from ${sampler}.`;
}
