/** Saying what a test found, and that there was none. */
import type { Tested } from "../records/wisdom.ts";

/** A test of nothing. */
export function untested(reason: string): Tested {
  return {
    verdict: "untested",
    reason,
    effect: null,
    test: null,
    lockbox: null,
    p: null,
    p_adjusted: null,
    judged_on: [],
  };
}

/** A difference as text: its mean and interval in nDCG@10, and what stands behind it. */
export function describeEffect(effect: Tested["effect"]): string {
  if (effect === null) return "not measured";
  const show = (value: number) => (value < 0 ? "" : "+") + value.toFixed(4);
  return `${show(effect.mean)} [${show(effect.low)}, ${
    show(effect.high)
  }] on ${effect.n_commits} commits of ` +
    `${effect.n_repos} ${effect.n_repos === 1 ? "repository" : "repositories"}`;
}
