/** Power first: the smallest difference that a set of cases can tell from chance, said before any result. */
import { BASELINES } from "../ranker/baselines.ts";
import { searchSpace } from "../formula/parameters.ts";
import { pairedDifferences } from "../metrics/paired.ts";
import { minimalDetectableDifference } from "../metrics/power.ts";
import type { CaseScore } from "../metrics/commits.ts";
import { defaultPoint } from "../records/space.ts";
import { clusteredMean } from "../reasoning/effect.ts";
import type { Arena } from "../engine/arena.ts";
import { Engine } from "../engine/engine.ts";
import type { Formula } from "../formula/document.ts";
import type { Split } from "../records/case.ts";

/** What a split can tell. */
export interface Power {
  readonly split: Split;
  readonly n_cases: number;
  readonly n_commits: number;
  readonly n_repos: number;
  /** Smallest difference in nDCG@10 found with 80 % power at the 5 % level; null where no repository has two commits */
  readonly detectable: number | null;
}

/**
 * Smallest true difference in macro mean that a two-sided test at 5 % finds with 80 % power, from the spread of paired differences
 * over commits; null when there is no spread to go by.
 */
export function detectableDifference(a: readonly CaseScore[], b: readonly CaseScore[]): number | null {
  const { se } = clusteredMean(pairedDifferences(a, b));
  return se > 0 ? minimalDetectableDifference(1, { sd: se }) : null;
}

/** Power of an arena of one split, by the spread between the formula's defaults and decayed co-change, two rankers that are really unlike. */
export function powerOf(arena: Arena, formula: Formula): Power {
  const score = (f: Formula): CaseScore[] => {
    using engine = new Engine(arena, f);
    const values = engine.evaluate(defaultPoint(searchSpace(f)));
    return arena.cases.map(({ case: { repo, commit, case_id } }, i) => ({
      repo,
      commit,
      case_id,
      value: values[i]!,
    }));
  };
  const own = score(formula);
  return {
    split: arena.splits[0]!,
    n_cases: own.length,
    n_commits: new Set(own.map((s) => `${s.repo}\n${s.commit}`)).size,
    n_repos: new Set(own.map((s) => s.repo)).size,
    detectable: own.length === 0
      ? null
      : detectableDifference(own, score(BASELINES.find((f) => f.name === "decayed_cochange")!)),
  };
}

/** One sentence a split. */
export function powerText(powers: readonly Power[]): string {
  return powers.map(({ split, n_cases, n_commits, n_repos, detectable }) =>
    `power: ${split} has ${n_cases} cases of ${n_commits} commits in ${n_repos} ${
      n_repos === 1 ? "repository" : "repositories"
    }; ${
      detectable === null
        ? "it can tell no difference from chance"
        : `the smallest difference in nDCG@10 it can detect is ${
          detectable.toFixed(4)
        } (80 % power, 5 % level), between rankers as unlike as the defaults and decayed co-change`
    }`
  ).join("\n");
}
