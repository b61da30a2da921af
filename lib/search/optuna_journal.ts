/** Export of an arm's trials to Optuna's journal file, which Optuna and its dashboard open as a study of their own. */
import type { ParameterSpec, SearchSpace } from "../records/space.ts";
import type { Trial } from "../records/trial.ts";

/** Operation codes, directions and states as the journal spells them. */
const CREATE_STUDY = 0, SET_STUDY_USER_ATTR = 2, CREATE_TRIAL = 4;
const MAXIMIZE = 2, COMPLETE = 1, FAILED = 3;

/** Options of {@link optunaJournal}. */
export interface JournalOptions {
  /** Name of the study in Optuna; unique in the storage the file is opened as */
  readonly studyName: string;
  readonly space: SearchSpace;
  readonly trials: readonly Trial[];
  /** Moment of the first trial, Unix seconds UTC; trials follow by their `spent.seconds`. Default 0, the epoch */
  readonly startedAtS?: number;
  /** Recorded with the study, JSON values */
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/**
 * Writes a study as the lines of an Optuna journal file; open it with `JournalFileBackend(path)`.
 *
 * One "create study" (direction: maximise), one "set user attribute" for each attribute, one "create trial" for each
 * trial with its final state: complete with its value, or failed. A failed trial without a point has no parameters. Arm, seed,
 * origin, error and spend are user attributes of the trial. Parameters keep their bounds and scale as
 * Optuna's float and integer distributions.
 * Source: `JournalOperation` in optuna/storages/journal/_storage.py; loaded with Optuna 5.0.0.
 *
 * @throws {RangeError} for a trial whose point lacks a parameter of the space
 */
export function optunaJournal(options: JournalOptions): string {
  const { studyName, space, trials, startedAtS = 0, attributes = {} } = options;
  const distributions = Object.fromEntries(space.map((p) => [p.name, JSON.stringify(distribution(p))]));
  const operations: object[] = [{ op_code: CREATE_STUDY, study_name: studyName, directions: [MAXIMIZE] }];
  for (const [key, value] of Object.entries(attributes)) {
    operations.push({ op_code: SET_STUDY_USER_ATTR, study_id: 0, user_attr: { [key]: value } });
  }
  let before = 0;
  for (const trial of trials) {
    const { arm, sampler, seed, origin, error, split, point, value, case_evaluations, spent } = trial;
    const complete = trial.status === "complete";
    for (const p of space) {
      if (point !== null && !(p.name in point)) {
        throw new RangeError(
          `Cannot export trial ${trial.number}: its point has no ${p.name}; export it with its own space`,
        );
      }
    }
    operations.push({
      op_code: CREATE_TRIAL,
      study_id: 0,
      datetime_start: isoLocal(startedAtS + before),
      datetime_complete: isoLocal(startedAtS + spent.seconds),
      state: complete ? COMPLETE : FAILED,
      value,
      values: null,
      distributions: point === null ? {} : distributions,
      params: point === null ? {} : Object.fromEntries(space.map((p) => [p.name, point[p.name]])),
      user_attrs: {
        arm,
        sampler,
        seed,
        origin,
        split,
        case_evaluations,
        spent,
        ...(error === null ? {} : { error }),
      },
      system_attrs: {},
      intermediate_values: {},
    });
    before = spent.seconds;
  }
  return operations.map((operation) => JSON.stringify({ ...operation, worker_id: "ripmap-lab" }) + "\n").join(
    "",
  );
}

/** A parameter as Optuna's JSON distribution. */
export function distribution(p: ParameterSpec): { name: string; attributes: Record<string, unknown> } {
  const { low, high } = p, log = p.scale === "log";
  if (!p.integer) return { name: "FloatDistribution", attributes: { step: null, low, high, log } };
  return { name: "IntDistribution", attributes: { log, step: 1, low, high } };
}

/** The journal's time format: no zone, microseconds. */
function isoLocal(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString().replace("Z", "000");
}
