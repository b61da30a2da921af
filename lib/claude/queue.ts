/** Letting only so many calls run at once. */

/** First come, first served; at most `width` tasks at a time. */
export class CallQueue {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** @throws {RangeError} unless width is a positive integer */
  constructor(readonly width: number) {
    if (!Number.isInteger(width) || width < 1) {
      throw new RangeError(`Cannot run ${width} calls at once: a positive integer is wanted`);
    }
  }

  /** Runs a task when its turn comes; the result or the error is the task's. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    // A finished task hands its place to the first in line, so #running falls only when nobody waits.
    if (this.#running >= this.width) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}

/**
 * The queue every command line shares in this process: one call at a time. Parallel processes of one login have logged
 * people out, because they race for single-use refresh tokens.
 */
export const ONE_AT_A_TIME = new CallQueue(1);
