/** The arms of a comparison by name: who chooses the points, under the same terms for all. */
import type { SearchSpace } from "../records/space.ts";
import type { BudgetedEvaluator } from "../search/budget.ts";
import { createSampler, SAMPLER_NAMES, type SamplerName } from "../search/create_sampler.ts";
import { optunaSampler } from "../search/optuna_bridge.ts";
import type { AsyncSampler } from "../search/sampler.ts";

/** Classical samplers. "bayesian" is another name of gp_ei and would run twice. */
export const CLASSICAL_ARMS: readonly SamplerName[] = SAMPLER_NAMES.filter((name) => name !== "bayesian");

/**
 * Reasoners. "analyst": the embedded reasoner alone. "hybrid": CMA-ES, three turns in ten its. Controls: "analyst_permuted" reads effects that
 * changed places, "analyst_no_history" forgets what it tried. "claude": a language model in the analyst's place; it costs money, so
 * it is never among the defaults.
 */
export const REASONER_ARMS = [
  "analyst",
  "hybrid",
  "analyst_permuted",
  "analyst_no_history",
  "claude",
] as const;
export type ReasonerArm = typeof REASONER_ARMS[number];

/** Reasoners that are run to see what happens without what they have: no candidates for a win. */
export const CONTROL_ARMS: readonly ReasonerArm[] = ["analyst_permuted", "analyst_no_history"];

/** Whether an arm is a reasoner and no control. */
export function isCandidateReasoner(arm: string): boolean {
  return isReasoner(arm) && !CONTROL_ARMS.includes(arm);
}

/** Reasoner arms that cost nothing: those that run unless others are named. */
export const FREE_REASONER_ARMS: readonly ReasonerArm[] = REASONER_ARMS.filter((arm) => arm !== "claude");

export const OPTUNA_ARM = "optuna";

export type ArmName = SamplerName | ReasonerArm | typeof OPTUNA_ARM;

/** Every arm that can be named. */
export const ARM_NAMES: readonly ArmName[] = [...SAMPLER_NAMES, OPTUNA_ARM, ...REASONER_ARMS];

export function isReasoner(arm: string): arm is ReasonerArm {
  return (REASONER_ARMS as readonly string[]).includes(arm);
}

/** What every arm is made from. */
export interface ArmInput {
  readonly space: SearchSpace;
  readonly seed: number;
  readonly budget: number;
  /** The arm's purse: a reasoner pays its evidence and calls here */
  readonly evaluator: BudgetedEvaluator;
  /** The arm's folder, for what a reasoner has to remember */
  readonly dir: string;
}

/** Makes a reasoner arm; handed in because it needs the train cases. */
export type ReasonerMaker = (arm: ReasonerArm, input: ArmInput) => AsyncSampler;

/**
 * Makes an arm.
 *
 * @throws {RangeError} for an unknown name, or a reasoner where no maker was given
 * @throws {OptunaUnavailable} when the real Optuna is asked for and not installed
 */
export async function makeArm(
  name: ArmName,
  input: ArmInput,
  makeReasoner?: ReasonerMaker,
): Promise<AsyncSampler> {
  const { space, seed, budget } = input;
  if (name === OPTUNA_ARM) return await optunaSampler({ space, seed });
  if (!isReasoner(name)) return createSampler(name, { space, seed, budget });
  if (makeReasoner === undefined) {
    throw new RangeError(
      `Cannot run the arm ${name} without train cases: give the study's repositories, or a classical arm`,
    );
  }
  return makeReasoner(name, input);
}

/** Checks names of arms. @throws {RangeError} for an unknown or repeated one, naming those there are */
export function checkArms(names: readonly string[]): ArmName[] {
  names.forEach((name, i) => {
    if (!(ARM_NAMES as readonly string[]).includes(name)) {
      throw new RangeError(
        `There is no arm ${JSON.stringify(name)}: one of ${ARM_NAMES.join(", ")} is wanted`,
      );
    }
    if (names.indexOf(name) < i) throw new RangeError(`The arm ${name} is named twice`);
  });
  return [...names] as ArmName[];
}
