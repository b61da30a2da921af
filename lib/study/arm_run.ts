/** One arm with one seed from the default to the end of its budget, its trials on disk as it goes. */
import { join } from "node:path";
import { z } from "zod";
import {
  appendLines,
  readJson,
  readLines,
  RecordError,
  writeJson,
  writeTextAtomic,
} from "../base/artefacts.ts";
import { canonicalJson, sha256 } from "../base/canonical.ts";
import { searchSpace } from "../formula/parameters.ts";
import { Spend, Trial } from "../records/trial.ts";
import { type Budget, BudgetedEvaluator } from "../search/budget.ts";
import { lockStudy } from "../scratchpad/lock.ts";
import { runStudy, STUDY_ENDS } from "../search/run_study.ts";
import { type ArmName, isReasoner, makeArm, type ReasonerMaker } from "./arms.ts";
import { searchObjective, type SplitObjective } from "./objective.ts";

/** What is run. */
export interface ArmJob {
  readonly arm: ArmName;
  readonly seed: number;
  /** θ-evaluations, the default's among them */
  readonly budget: number;
}

/** Name of a job: its folder under `arms/`, and the `arm` of its trials. Designs of a fixed size depend on the budget, so it is part of it. */
export function jobName({ arm, seed, budget }: ArmJob): string {
  return `${arm}-b${budget}-s${seed}`;
}

/** How an arm ended: `arm.json`. Its presence says that the trials are complete. */
export const ArmEnd = z.strictObject({
  record: z.literal("arm/1"),
  arm: z.string().min(1),
  end: z.enum(STUDY_ENDS),
  reason: z.string().min(1),
  n_trials: z.int().min(0),
  n_failed: z.int().min(0),
  /** Number of the best trial on train; null when all failed */
  incumbent: z.int().min(0).nullable(),
  spent: Spend,
  /** Questions asked again, which cost nothing */
  repeats: z.int().min(0),
  /** Hash of everything in the trials but the seconds: equal runs have equal hashes, whenever and wherever they ran */
  trials_hash: z.string().min(1),
});
export type ArmEnd = z.infer<typeof ArmEnd>;

/** What an arm runs in. */
export interface ArmContext {
  readonly study: string;
  /** The study's folder */
  readonly dir: string;
  /** Train cases: the only ones an arm may see */
  readonly objective: SplitObjective;
  /** Seconds since any fixed moment */
  readonly clock: () => number;
  /** Further limits, by resource */
  readonly limits?: Budget;
  readonly makeReasoner?: ReasonerMaker;
  readonly signal?: AbortSignal;
  readonly onTrial?: (trial: Trial) => void;
}

/** A finished (or interrupted) arm. */
export interface ArmRun {
  readonly job: ArmJob;
  readonly trials: readonly Trial[];
  readonly end: ArmEnd;
}

/** Trials held back before they are written together: a kill costs at most these, and they are made again alike. */
const WRITTEN_TOGETHER = 16;

/**
 * Runs a job, or goes on where it was interrupted; a finished one is read, held against its hash, and not run.
 *
 * Trials stand in `arms/NAME/trials.jsonl`, append-only. A reasoner's are written one by one, because its calls may cost money.
 * @throws {LockedError} while another process runs the same job
 * @throws {RangeError} when the folder holds trials of another formula, case set or sampler version, or a finished arm's were changed
 * @throws {RecordError} for a damaged file
 */
export async function runArm(job: ArmJob, context: ArmContext): Promise<ArmRun> {
  const { objective, study, signal } = context;
  if (objective.split !== "train") {
    throw new RangeError(`Cannot search on ${objective.split} cases: an arm sees train cases and no others`);
  }
  const arm = jobName(job), folder = join(context.dir, "arms", arm);
  const file = join(folder, "trials.jsonl");
  using _writer = lockStudy(folder);
  const recorded = readTrials(file);
  checkTrials(recorded, objective, file);
  const known = readEnd(folder);
  if (known !== null && known.n_trials === recorded.length && known.end !== "interrupted") {
    if (trialsHash(recorded) !== known.trials_hash) {
      throw new RangeError(
        `Cannot read ${file}: its trials are not those that arm.json beside it was written for (hash ${
          trialsHash(recorded).slice(0, 12)
        }, wanted ${known.trials_hash.slice(0, 12)}); move the folder away to run the arm anew`,
      );
    }
    return { job, trials: recorded, end: known };
  }
  const evaluator = new BudgetedEvaluator({
    objective: searchObjective(objective),
    budget: { ...context.limits, theta_evaluations: job.budget },
    clock: context.clock,
    splits: ["train"],
  });
  const space = searchSpace(objective.formula);
  const sampler = await makeArm(
    job.arm,
    { space, seed: job.seed, budget: job.budget, evaluator, dir: folder },
    context.makeReasoner,
  );
  const trials = [...recorded];
  let waiting: Trial[] = [];
  const write = () => {
    appendLines(file, waiting);
    waiting = [];
  };
  try {
    const running = runStudy({
      study,
      arm,
      seed: job.seed,
      space,
      sampler,
      evaluator,
      question: objective.question,
      recorded,
      ...(signal === undefined ? {} : { signal }),
    });
    for (;;) {
      const step = await running.next();
      if (step.done) {
        write();
        const { end, reason, incumbent } = step.value;
        const record: ArmEnd = {
          record: "arm/1",
          arm,
          end,
          reason,
          n_trials: trials.length,
          n_failed: trials.filter((t) => t.status === "failed").length,
          incumbent: incumbent?.number ?? null,
          spent: evaluator.spent,
          repeats: evaluator.repeats,
          trials_hash: trialsHash(trials),
        };
        writeJson(join(folder, "arm.json"), record);
        return { job, trials, end: record };
      }
      trials.push(step.value);
      waiting.push(step.value);
      if (isReasoner(job.arm) || waiting.length >= WRITTEN_TOGETHER) write();
      context.onTrial?.(step.value);
    }
  } catch (error) {
    // A model that cannot be asked now stops the arm by an AbortError, whose cause is what the user should read.
    if ((error as Error)?.name === "AbortError" && (error as Error).cause instanceof Error) {
      throw (error as Error).cause;
    }
    throw error;
  } finally {
    // What was finished before an error is kept, so that the next attempt starts after it.
    write();
    await sampler.close?.();
  }
}

/** Reads a job's trials; the last line of a killed run is set aside in FILE.truncated if it was cut off. */
export function readTrials(file: string): Trial[] {
  const { records, truncated } = readLines(file, Trial, { truncatedTail: "report" });
  if (truncated !== undefined) {
    writeTextAtomic(`${file}.truncated`, truncated);
    const text = Deno.readTextFileSync(file);
    writeTextAtomic(file, text.slice(0, text.lastIndexOf("\n") + 1));
  }
  return records;
}

/** Content of trials without the seconds, which no two runs share. */
export function trialsHash(trials: readonly Trial[]): string {
  return sha256(
    trials.map((t) => canonicalJson({ ...t, spent: { ...t.spent, seconds: 0 } })).join("\n"),
  );
}

function checkTrials(trials: readonly Trial[], { question }: SplitObjective, file: string): void {
  for (const field of ["formula_hash", "case_set_hash", "split"] as const) {
    const other = trials.find((t) => t[field] !== question[field]);
    if (other !== undefined) {
      throw new RangeError(
        `Cannot go on with ${file}: trial ${other.number} was made with another ${
          field.replaceAll("_", " ")
        } ` +
          `(${other[field].slice(0, 12)}, now ${
            question[field].slice(0, 12)
          }); move the folder away to start anew`,
      );
    }
  }
}

function readEnd(folder: string): ArmEnd | null {
  try {
    return readJson(join(folder, "arm.json"), ArmEnd);
  } catch (error) {
    if (error instanceof RecordError && error.message.endsWith("no such file")) return null;
    throw error;
  }
}
