/** Runs one arm: a sampler, an evaluator and a budget, from the default to the end, resumable at any trial. */
import { canonicalJson } from "../base/canonical.ts";
import { checkSpace, defaultPoint, type Point, type SearchSpace } from "../records/space.ts";
import type { Trial, TrialOrigin } from "../records/trial.ts";
import { type BudgetedEvaluator, BudgetExhausted, type Question } from "./budget.ts";
import { type AsyncSampler, ProposalError, SpaceExhausted } from "./sampler.ts";

/** Why an arm ended. */
export const STUDY_ENDS = ["budget", "space", "failing", "interrupted"] as const;
export type StudyEnd = typeof STUDY_ENDS[number];

/** How an arm ended. */
export interface StudySummary {
  readonly end: StudyEnd;
  /** One sentence: the resource and limit, the size of the space, or the last failure */
  readonly reason: string;
  /** The complete trial with the largest value, the earliest of equals; null when every trial failed */
  readonly incumbent: Trial | null;
  readonly n_trials: number;
}

/** Options of {@link runStudy}. */
export interface StudyOptions {
  readonly study: string;
  readonly arm: string;
  readonly seed: number;
  readonly space: SearchSpace;
  /** Freshly made: a resumed arm replays its recorded trials through it */
  readonly sampler: AsyncSampler;
  readonly evaluator: BudgetedEvaluator;
  /** What every trial of the arm is asked about; a split is named here or nowhere */
  readonly question: Question & { readonly n_cases?: number };
  /** Trials of this arm from an interrupted run, in order; default none */
  readonly recorded?: readonly Trial[];
  /** Failed trials in a row that end the arm; default 25 */
  readonly mostFailures?: number;
  readonly signal?: AbortSignal;
}

/**
 * Yields the arm's trials as they finish, the default first; returns why it ended.
 *
 * Trial 0 evaluates the space's default whatever the sampler. Every later trial is one `ask`, one evaluation and one
 * `tell`. A NaN score, an objective that throws and a proposer that gives nothing usable are failed trials: numbered, charged
 * one θ-evaluation, told to the sampler (when there is a point), and yielded.
 *
 * The arm ends when a limit of the budget is reached ("budget"), a finite space has no new point ("space"), 25 trials in a
 * row failed ("failing"), or the signal was raised ("interrupted"; the trial under way is finished first, unless its objective stops with an
 * AbortError: then it leaves no record and is asked again on resuming).
 *
 * **Resuming.** Recorded trials are not yielded again and not evaluated: the sampler is asked and told them anew, so that its
 * state, and every later trial, is what an uninterrupted run would have had. Their spend is taken over. A proposer is asked
 * again too: it must answer from its own record of replies.
 *
 * @throws {RangeError} for a bad space, or recorded trials that this sampler with this seed did not make
 */
export async function* runStudy(options: StudyOptions): AsyncGenerator<Trial, StudySummary, void> {
  const { space, evaluator, question, recorded = [], mostFailures = 25, signal } = options;
  const home = defaultPoint(checkSpace(space));
  let incumbent: Trial | null = null, nTrials = 0, nFailures = 0, lastError = "";

  function note(trial: Trial): void {
    nTrials++;
    if (trial.value === null) {
      nFailures++;
      lastError = trial.error!;
      return;
    }
    nFailures = 0;
    if (incumbent === null || trial.value > incumbent.value!) incumbent = trial;
  }
  const finish = (end: StudyEnd, reason: string): StudySummary => ({
    end,
    reason,
    incumbent,
    n_trials: nTrials,
  });

  for (const trial of recorded) {
    await replay(trial, nTrials, options, home);
    note(trial);
  }
  for (;;) {
    if (nFailures >= mostFailures) {
      return finish("failing", `${nFailures} trials in a row failed, the last because ${lastError}`);
    }
    if (signal?.aborted) {
      return finish("interrupted", `interrupted after ${nTrials} trials; resume from them`);
    }
    try {
      evaluator.assertAffordable(question);
      const trial = await nextTrial(nTrials, options, home);
      note(trial);
      yield trial;
    } catch (error) {
      if (error instanceof BudgetExhausted) return finish("budget", error.message);
      if (error instanceof SpaceExhausted) return finish("space", error.message);
      if (signal?.aborted && (error as Error)?.name === "AbortError") continue;
      throw error;
    }
  }
}

async function nextTrial(number: number, options: StudyOptions, home: Point): Promise<Trial> {
  const { study, arm, seed, sampler, evaluator, question } = options;
  const { formula_hash, split, case_set_hash } = question;
  let point: Point | null = null, origin: TrialOrigin = "default";
  let answer: { value: number | null; error: string | null; case_evaluations: number };
  try {
    point = number === 0 ? home : await sampler.ask();
    if (number > 0) origin = sampler.lastOrigin ?? "sampler";
    answer = await evaluator.evaluate(point, question);
    sampler.tell({ point, value: answer.value, injected: origin === "injected" });
  } catch (error) {
    if (!(error instanceof ProposalError)) throw error;
    // The turn is paid for: a proposer that fails must not be asked for ever at no cost.
    evaluator.charge({ theta_evaluations: 1 });
    origin = "injected";
    answer = { value: null, error: error.message, case_evaluations: 0 };
  }
  return {
    record: "trial/1",
    study,
    arm,
    sampler: sampler.name,
    seed,
    number,
    origin,
    point: point === null ? null : { ...point },
    status: answer.value === null ? "failed" : "complete",
    value: answer.value,
    error: answer.error,
    formula_hash,
    split,
    case_set_hash,
    case_evaluations: answer.case_evaluations,
    spent: evaluator.spent,
  };
}

/** Brings sampler and purse to where they were after a recorded trial, and checks that it is theirs. */
async function replay(trial: Trial, number: number, options: StudyOptions, home: Point): Promise<void> {
  const { study, arm, seed, sampler, evaluator, question } = options;
  const { formula_hash, split, case_set_hash } = question;
  const wanted = { study, arm, seed, number, sampler: sampler.name, formula_hash, split, case_set_hash };
  for (const [field, value] of Object.entries(wanted)) {
    const found = trial[field as keyof Trial];
    if (found !== value) {
      throw new RangeError(
        `Cannot resume at trial ${number}: its ${field} is ${JSON.stringify(found)}, this arm has ${
          JSON.stringify(value)
        }`,
      );
    }
  }
  let asked: Point | null = home;
  if (number > 0) {
    try {
      asked = await sampler.ask();
    } catch (error) {
      if (!(error instanceof ProposalError)) throw error;
      asked = null;
    }
  }
  if (canonicalJson(asked) !== canonicalJson(trial.point)) {
    throw new RangeError(
      `Cannot resume at trial ${number}: it stands at ${canonicalJson(trial.point)}, this sampler asks for ` +
        `${canonicalJson(asked)}; sampler, seed, budget, space or version differ from the recorded run`,
    );
  }
  const { point, value, error, case_evaluations, spent } = trial;
  evaluator.restore({ point, value, error, case_evaluations, spent, question });
  if (point !== null) sampler.tell({ point, value, injected: trial.origin === "injected" });
}
