/** Objectives made of a function of the point: commits with fixed noise around it, so that any answer is known beforehand. */
import type { Formula } from "../../lib/formula/document.ts";
import { SPEC } from "../../lib/formula/builtins.ts";
import { formulaHash } from "../../lib/formula/formula_hash.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { randomNormal, randomStream } from "../../lib/base/random.ts";
import { caseShares } from "../../lib/metrics/commits.ts";
import type { Split } from "../../lib/records/case.ts";
import { type Point, toUnit } from "../../lib/records/space.ts";
import { clusterOutcome, commitClusters, type SplitObjective } from "../../lib/study/objective.ts";

export const SPACE = searchSpace(SPEC);

/** Position of a parameter of the spec's formula, in [0, 1]. */
export const unit = (point: Point, name: string): number =>
  toUnit(SPACE.find((p) => p.name === name)!, point[name]!);

/** An objective whose macro mean is `score(point)` up to noise of a commit that is the same at every point. */
export function syntheticObjective(
  split: Split,
  score: (point: Point) => number,
  options: { commits?: number; repos?: number; noise?: number; formula?: Formula; onCall?: () => void } = {},
): SplitObjective {
  const { commits = 24, repos = 3, noise = 0.05, formula = SPEC, onCall } = options;
  const random = randomStream(1, `synthetic-objective/${split}`);
  const cases = Array.from({ length: commits }, (_, i) => ({
    repo: `repo-${i % repos}`,
    commit: `c${i}`,
    case_id: `repo-${i % repos}@c${i}:seed`,
    weight: 1,
  }));
  const offsets = cases.map(() => noise * randomNormal(random));
  const clusters = commitClusters(cases, caseShares(cases.map((c) => ({ ...c, value: 0 }))));
  const shares = caseShares(cases.map((c) => ({ ...c, value: 0 })));
  const values = (point: Point) => {
    onCall?.();
    const at = score(point);
    return Promise.resolve(Float64Array.from(offsets, (offset) => at + offset));
  };
  return {
    split,
    formula,
    metric: "ndcg@10",
    question: {
      formula_hash: formulaHash(formula),
      split,
      case_set_hash: `cases-of-${split}`,
      n_cases: commits,
    },
    cases,
    n_commits: commits,
    repositories: [...new Set(cases.map((c) => c.repo))].sort(),
    values,
    mean: (of) => shares.reduce((sum, share, i) => sum + share * of[i]!, 0),
    outcome: async (point) => clusterOutcome(clusters, await values(point)),
  };
}
