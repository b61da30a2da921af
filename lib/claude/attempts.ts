/** How many attempts one question may take, over all its calls. */

/** Limits of {@link AttemptBudget}. */
export interface AttemptLimits {
  /** Repetitions after a failure of the transport. Default 2 */
  readonly retries?: number;
  /** Questions asked again because the reply was unusable. Default 2 */
  readonly reasks?: number;
}

/** One question's allowance: at most 1 + retries + reasks attempts in all, whichever call they fall in. */
export class AttemptBudget {
  #retries: number;
  #reasks: number;

  constructor(limits: AttemptLimits = {}) {
    this.#retries = limits.retries ?? 2;
    this.#reasks = limits.reasks ?? 2;
  }

  /** Takes one retry; false when none is left. */
  takeRetry(): boolean {
    return this.#retries > 0 && this.#retries-- > 0;
  }

  /** Takes one re-ask; false when none is left. */
  takeReask(): boolean {
    return this.#reasks > 0 && this.#reasks-- > 0;
  }
}
