/** Arms against each other: from their trials and what their incumbents score on cases nobody searched on. */
import type { Interval } from "../metrics/bootstrap.ts";
import type { Split } from "../records/case.ts";
import { type Point, pointHash } from "../records/space.ts";
import type { ArmRun } from "./arm_run.ts";
import { type ArmTest, type PairDifference, pairDifferences, testArms } from "./arm_tests.ts";
import { type Contest, contest } from "./contest.ts";
import { blocksOf, crossedBootstrap, type SeedTable, tableMean } from "./crossed_bootstrap.ts";
import { checkpointsWithin, incumbentAt, incumbents } from "./curves.ts";
import type { Preregistration } from "./preregistration.ts";
import { interquartileInterval, performanceProfile } from "./robust_summaries.ts";
import { type ArmRuns, commitValues, type JudgedSplit, runTable, seedTable } from "./seed_tables.ts";

/** One arm at one checkpoint on one split. */
export interface CurvePoint {
  readonly arm: string;
  readonly checkpoint: number;
  readonly split: Split;
  /** Mean train value of the incumbents */
  readonly train: number;
  /** Macro mean over seeds, with its crossed interval */
  readonly score: Interval;
  /** The same less the defaults' */
  readonly gain: Interval;
  /** Lowest and highest seed */
  readonly seeds: { readonly low: number; readonly high: number };
}

/** What a few lucky runs cannot carry, at the primary budget on test. */
export interface RobustSummary {
  readonly arm: string;
  /** Interquartile mean of the gain over the defaults, over seeds and repositories */
  readonly iqm: { readonly estimate: number; readonly low: number; readonly high: number };
  /** Share of runs with at least each gain of {@link Comparison.thresholds} */
  readonly profile: readonly number[];
  /** Seeds whose final incumbent is worse than the defaults, of all */
  readonly overtuned: number;
  readonly of: number;
  /** Gain on train less gain on test of the final incumbents: what choosing on train flattered */
  readonly optimism: number;
}

/** Who leads at a checkpoint, and who cannot be told from the leader. */
export interface Leader {
  readonly checkpoint: number;
  readonly split: Split;
  readonly arm: string;
  readonly score: number;
  /** Arms whose difference from the leader has an interval that holds 0 */
  readonly tied: readonly string[];
}

/** Mean over the seeds of an arm of what it spent. */
export interface ArmSpend {
  readonly arm: string;
  readonly trials: number;
  readonly failed: number;
  readonly theta_evaluations: number;
  readonly case_evaluations: number;
  readonly model_calls: number;
  readonly tokens: number;
  readonly cost_usd: number;
  readonly seconds: number;
  readonly ends: Readonly<Record<string, number>>;
}

/** Where an arm stood on train after so many points of its own, whatever its evidence had cost. */
export interface TrialCurvePoint {
  readonly arm: string;
  readonly trials: number;
  readonly train: number;
}

/** Everything a comparison found. */
export interface Comparison {
  readonly registration: Preregistration;
  readonly reference: string;
  readonly splits: readonly {
    readonly split: Split;
    readonly n_cases: number;
    readonly n_commits: number;
    readonly n_repos: number;
    readonly defaults: Interval;
  }[];
  readonly curves: readonly CurvePoint[];
  readonly tests: readonly ArmTest[];
  readonly pairs: readonly PairDifference[];
  readonly leaders: readonly Leader[];
  /** Empty unless both kinds ran */
  readonly contests: readonly Contest[];
  readonly robust: readonly RobustSummary[];
  readonly thresholds: readonly number[];
  /** The same arms if evidence were free: by number of trials, on train; checkpoints some seed did not reach are left out */
  readonly by_trials: readonly TrialCurvePoint[];
  readonly spends: readonly ArmSpend[];
}

const THRESHOLDS = Array.from({ length: 33 }, (_, i) => Math.round((i * 0.01 - 0.12) * 100) / 100);

/** Points that have to be scored on a split before {@link compareArms} can be called, each once, the defaults among them. */
export function pointsToJudge(
  arms: readonly ArmRuns[],
  registration: Preregistration,
  defaults: Point,
): Point[] {
  const { budget, checkpoints } = registration;
  const points = new Map([[pointHash(defaults), defaults]]);
  for (const { runs } of arms) {
    for (const { trials } of runs) {
      for (const { point } of incumbents(trials, budget, checkpoints)) points.set(pointHash(point), point);
    }
  }
  return [...points.values()];
}

/** The classical arm with the best mean train value at the primary budget: chosen without a look at what it is judged on. */
export function referenceArm(arms: readonly ArmRuns[], registration: Preregistration): string {
  const candidates = arms.filter(({ arm }) => registration.reference_among.includes(arm));
  const best = (candidates.length > 0 ? candidates : arms).map(({ arm, runs }) => ({
    arm,
    value: trainMean(runs, registration.primary_budget),
  })).reduce((a, b) => b.value > a.value ? b : a);
  return best.arm;
}

/**
 * Compares arms on judged splits.
 *
 * An incumbent that does not exist (every trial failed so far) is the defaults. Order of arms and seeds does not change a number.
 * @throws {RangeError} for no arm, or a point that was not judged
 */
export function compareArms(input: {
  readonly registration: Preregistration;
  readonly arms: readonly ArmRuns[];
  readonly judged: readonly JudgedSplit[];
  readonly defaults: Point;
  readonly seed: number;
  /** Bootstrap resamples; default 2000 */
  readonly resamples?: number;
}): Comparison {
  const { registration, judged, defaults, seed, resamples = 2000 } = input;
  if (input.arms.length === 0) throw new RangeError("Cannot compare no arms: name one at least");
  const arms = input.arms.map(({ arm, runs }) => ({
    arm,
    runs: runs.toSorted((a, b) => a.job.seed - b.job.seed),
  }));
  const { budget, checkpoints, primary_budget: primary } = registration;
  const reference = referenceArm(arms, registration);
  const curves: CurvePoint[] = [], tests: ArmTest[] = [], leaders: Leader[] = [], contests: Contest[] = [];
  const splits = [], robust: RobustSummary[] = [], pairs: PairDifference[] = [];
  for (const side of judged) {
    const table = (runs: readonly ArmRun[], checkpoint: number) =>
      seedTable(side, runs, checkpoint, defaults);
    const home: SeedTable = {
      repos: side.clusters.map((c) => c.repo),
      rows: [commitValues(side, defaults)],
    };
    const options = { seed, resamples, stream: `study/compare/${side.split}` };
    splits.push({
      split: side.split,
      n_cases: side.n_cases,
      n_commits: side.clusters.length,
      n_repos: blocksOf(home.repos).length,
      defaults: crossedBootstrap(home, undefined, options),
    });
    for (const checkpoint of checkpointsWithin(budget, checkpoints)) {
      const tables = arms.map(({ arm, runs }) => ({ arm, runs, own: table(runs, checkpoint) }));
      for (const { arm, runs, own } of tables) {
        const scores = own.rows.map((row) => tableMean({ repos: own.repos, rows: [row] }));
        curves.push({
          arm,
          checkpoint,
          split: side.split,
          train: trainMean(runs, checkpoint),
          score: crossedBootstrap(own, undefined, options),
          gain: crossedBootstrap(own, home, options),
          seeds: { low: Math.min(...scores), high: Math.max(...scores) },
        });
      }
      const lead = tables.reduce((a, b) => tableMean(b.own) > tableMean(a.own) ? b : a);
      leaders.push({
        checkpoint,
        split: side.split,
        arm: lead.arm,
        score: tableMean(lead.own),
        tied: tables.filter((t) => t.arm !== lead.arm && crossedBootstrap(lead.own, t.own, options).low <= 0)
          .map((t) => t.arm),
      });
      const match = contest(tables, options);
      if (match !== undefined) contests.push({ checkpoint, split: side.split, ...match });
    }
    const tables = arms.map(({ arm, runs }) => ({ arm, table: table(runs, primary) }));
    tests.push(...testArms(side.split, tables, reference, { ...options, significance: registration.level }));
    pairs.push(...pairDifferences(side.split, tables, options));
    if (side.split === "test" || (robust.length === 0 && side === judged.at(-1))) {
      robust.push(...arms.map(({ arm, runs }): RobustSummary => {
        const gains = runTable(table(runs, primary), home);
        const last = table(runs, budget);
        const final = last.rows.map((row) => tableMean({ repos: last.repos, rows: [row] }) - tableMean(home));
        const start = runs.map(({ trials }) => trials[0]?.value ?? 0);
        const trained = runs.map(({ trials }, i) =>
          (incumbentAt(trials, budget)?.value ?? start[i]!) - start[i]!
        );
        return {
          arm,
          iqm: interquartileInterval(gains, { seed, resamples }),
          profile: performanceProfile(gains, THRESHOLDS),
          overtuned: final.filter((gain) => gain < 0).length,
          of: final.length,
          optimism: mean(trained) - mean(final),
        };
      }));
    }
  }
  return {
    registration,
    reference,
    splits,
    curves,
    tests,
    pairs,
    leaders,
    contests,
    robust,
    thresholds: THRESHOLDS,
    by_trials: arms.flatMap((arm) => byTrials(arm, checkpointsWithin(budget, checkpoints))),
    spends: arms.map(spendOf),
  };
}

function trainMean(runs: readonly ArmRun[], checkpoint: number): number {
  return mean(runs.map(({ trials }) => incumbentAt(trials, checkpoint)?.value ?? trials[0]?.value ?? 0));
}

function byTrials({ arm, runs }: ArmRuns, checkpoints: readonly number[]): TrialCurvePoint[] {
  return checkpoints.filter((n) => runs.every(({ trials }) => trials.length >= n)).map((n) => ({
    arm,
    trials: n,
    train: mean(runs.map(({ trials }) => {
      const values = trials.slice(0, n).flatMap((t) => t.value ?? []);
      return values.length > 0 ? Math.max(...values) : trials[0]?.value ?? 0;
    })),
  }));
}

function spendOf({ arm, runs }: ArmRuns): ArmSpend {
  const average = (of: (run: ArmRun) => number) => mean(runs.map(of));
  const ends: Record<string, number> = {};
  for (const { end } of runs) ends[end.end] = (ends[end.end] ?? 0) + 1;
  return {
    arm,
    trials: average(({ end }) => end.n_trials),
    failed: average(({ end }) => end.n_failed),
    theta_evaluations: average(({ end }) => end.spent.theta_evaluations),
    case_evaluations: average(({ end }) => end.spent.case_evaluations),
    model_calls: average(({ end }) => end.spent.model_calls),
    tokens: average(({ end }) => end.spent.tokens),
    cost_usd: average(({ end }) => end.spent.cost_usd),
    seconds: average(({ end }) => end.spent.seconds),
    ends,
  };
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
