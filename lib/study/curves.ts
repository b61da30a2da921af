/** Where an arm stood when it had spent so much: the incumbents of a curve over the budget. */
import type { Point } from "../records/space.ts";
import type { Trial } from "../records/trial.ts";

/** θ-evaluations at which curves are read. */
export const CHECKPOINTS: readonly number[] = [2, 5, 12, 40, 100, 400];

/** The best point known at a checkpoint. */
export interface Incumbent {
  readonly checkpoint: number;
  /** Number of its trial */
  readonly trial: number;
  readonly point: Point;
  /** On train */
  readonly value: number;
}

/**
 * The complete trial with the largest train value among those paid for by `evaluations` θ-evaluations, the earliest of equals.
 *
 * @returns undefined when all failed
 */
export function incumbentAt(trials: readonly Trial[], evaluations: number): Trial | undefined {
  let best: Trial | undefined;
  for (const trial of trials) {
    if (trial.spent.theta_evaluations > evaluations) break;
    if (trial.value !== null && (best === undefined || trial.value > best.value!)) best = trial;
  }
  return best;
}

/** Incumbents at every checkpoint within the budget. A failed default leaves no incumbent until a trial completes. */
export function incumbents(
  trials: readonly Trial[],
  budget: number,
  checkpoints: readonly number[] = CHECKPOINTS,
): Incumbent[] {
  return checkpointsWithin(budget, checkpoints).flatMap((checkpoint) => {
    const trial = incumbentAt(trials, checkpoint);
    return trial === undefined
      ? []
      : [{ checkpoint, trial: trial.number, point: trial.point!, value: trial.value! }];
  });
}

/** The checkpoints below a budget, and the budget itself. */
export function checkpointsWithin(budget: number, checkpoints: readonly number[] = CHECKPOINTS): number[] {
  return [...new Set([...checkpoints.filter((c) => c < budget), budget])];
}
