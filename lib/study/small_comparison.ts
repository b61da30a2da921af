/** Arms at a small equal budget in this thread, judged on selection cases: a first look before `deno task compare`. */
import { Arena } from "../engine/arena.ts";
import { searchSpace } from "../formula/parameters.ts";
import { loadArenas } from "../reasoning/guard.ts";
import { defaultPoint, pointHash } from "../records/space.ts";
import { type ArmRun, runArm } from "./arm_run.ts";
import { checkArms } from "./arms.ts";
import { compareArms, type Comparison, pointsToJudge } from "./comparison.ts";
import { configHash } from "./config.ts";
import { checkpointsWithin } from "./curves.ts";
import { developmentCorpora } from "./failures.ts";
import { arenaObjective, commitClusters } from "./objective.ts";
import type { OpenStudy } from "./open.ts";
import { type Power, powerOf } from "./power_line.ts";
import { preregistration, REFERENCE_ARMS } from "./preregistration.ts";
import { reasonerMaker } from "./reasoner_arm.ts";

/** What is run. */
export interface SmallComparisonOptions {
  /** names of `study/arms.ts`; "claude" is not among them here */
  readonly arms: readonly string[];
  /** seeds of each arm, 1 to this */
  readonly seeds: number;
  /** θ-evaluations of each run, the default's among them */
  readonly budget: number;
  /** seconds since any fixed moment; default a clock that stands still, so that equal runs have equal records */
  readonly clock?: () => number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** What came of it. */
export interface SmallComparison {
  readonly comparison: Comparison;
  readonly power: Power;
  readonly runs: readonly ArmRun[];
}

/**
 * Runs (or reads) arms × seeds and compares their best points on selection cases.
 *
 * Runs stand in the study's `arms/` folder; finished ones are read. Nothing is registered beforehand and the test split is not read, so
 * what comes out is a reason to run `deno task compare`, not its result.
 * @throws {RangeError} for an arm there is none of, or "claude"
 * @throws {LockedError} while another process runs one of the same
 */
export async function compareSmall(
  { config, dir, corpora }: OpenStudy,
  options: SmallComparisonOptions,
): Promise<SmallComparison> {
  const { budget, seeds, onProgress, signal, clock = () => 0 } = options, arms = checkArms(options.arms);
  if (arms.includes("claude")) {
    throw new RangeError("The arm claude costs money: run deno task compare --arms claude,… instead");
  }
  const { train } = loadArenas(developmentCorpora(corpora), { mode: config.query });
  const makeReasoner = reasonerMaker({
    train,
    formula: config.formula,
    mode: config.query,
    study: config.name,
  });
  const objective = arenaObjective(train, { formula: config.formula });
  const runs: ArmRun[] = [], numbers = Array.from({ length: seeds }, (_, i) => i + 1);
  for (const arm of arms) {
    for (const seed of numbers) {
      onProgress?.(runs.length, arms.length * seeds);
      runs.push(
        await runArm({ arm, seed, budget }, {
          study: config.name,
          dir,
          objective,
          clock,
          makeReasoner,
          ...(signal ? { signal } : {}),
        }),
      );
    }
  }
  onProgress?.(runs.length, runs.length);
  const selection = Arena.load(corpora, { splits: ["selection"], mode: config.query, labels: config.labels });
  const references = REFERENCE_ARMS.filter((arm) => (arms as readonly string[]).includes(arm));
  const registration = preregistration({
    study: config.name,
    study_hash: configHash(config),
    arms,
    seeds: numbers,
    budget,
    checkpoints: checkpointsWithin(budget),
    primary_budget: budget,
    judged_on: ["selection"],
    reference_among: references.length > 0 ? references : [...arms],
  });
  const byArm = arms.map((arm) => ({ arm, runs: runs.filter(({ job }) => job.arm === arm) }));
  const defaults = defaultPoint(searchSpace(config.formula));
  const judge = arenaObjective(selection, { formula: config.formula });
  const values = new Map<string, Float64Array>();
  for (const point of pointsToJudge(byArm, registration, defaults)) {
    values.set(pointHash(point), await judge.values(point));
  }
  const judged = [{
    split: "selection" as const,
    n_cases: selection.cases.length,
    clusters: commitClusters(judge.cases, selection.shares),
    values,
  }];
  return {
    comparison: compareArms({ registration, arms: byArm, judged, defaults, seed: config.seed }),
    power: powerOf(selection, config.formula),
    runs,
  };
}
