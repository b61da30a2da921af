/** One look at held-out cases: a point against the defaults, paired case by case. */
import { bootstrapDifference, bootstrapMean, type Interval } from "../metrics/bootstrap.ts";
import { pairedDifferences, winCount } from "../metrics/paired.ts";
import { signFlipTestOfMacroMean } from "../metrics/permutation.ts";
import type { Split } from "../records/case.ts";
import type { Point } from "../records/space.ts";
import { caseScores, type SplitObjective } from "./objective.ts";

/** What a look found. */
export interface Judgement {
  readonly split: Split;
  readonly n_cases: number;
  /** Macro means with intervals over commits; null where no repository has two commits */
  readonly score: Interval | null;
  readonly defaults: Interval | null;
  /** Point minus defaults */
  readonly difference: Interval | null;
  readonly p: number;
  /** Repositories by the sign of their difference */
  readonly wins: number;
  readonly losses: number;
}

/** Judges a point. */
export async function judgePoint(
  objective: SplitObjective,
  point: Point,
  defaults: Point,
  options: { readonly seed: number; readonly resamples?: number },
): Promise<Judgement> {
  const { seed, resamples = 2000 } = options;
  const own = caseScores(objective, await objective.values(point));
  const base = caseScores(objective, await objective.values(defaults));
  const enough = objective.n_commits > objective.repositories.length;
  const bootstrap = { seed, resamples, stream: `study/judge/${objective.split}` };
  const differences = pairedDifferences(own, base);
  const { wins, losses } = winCount(differences);
  return {
    split: objective.split,
    n_cases: own.length,
    score: enough ? bootstrapMean(own, bootstrap) : null,
    defaults: enough ? bootstrapMean(base, bootstrap) : null,
    difference: enough ? bootstrapDifference(own, base, bootstrap) : null,
    p: signFlipTestOfMacroMean(differences, { seed, resamples }).p,
    wins,
    losses,
  };
}

/** A judgement in one line. */
export function judgementText({ split, score, difference, defaults, p, wins, losses }: Judgement): string {
  if (score === null || difference === null || defaults === null) {
    return `${split}: too few commits for an interval; repositories better ${wins}, worse ${losses}`;
  }
  const signed = (x: number) => `${x >= 0 ? "+" : ""}${x.toFixed(4)}`;
  return `${split}: nDCG@10 ${score.estimate.toFixed(4)} [${score.low.toFixed(4)}, ${
    score.high.toFixed(4)
  }], defaults ${defaults.estimate.toFixed(4)}, difference ${signed(difference.estimate)} [${
    signed(difference.low)
  }, ${signed(difference.high)}], p ${p.toPrecision(2)}, repositories better ${wins}, worse ${losses}`;
}
