/** Arms on every core: threads that take one task after the other. What comes out does not depend on which thread took what. */
import type { Split } from "../records/case.ts";
import type { Point } from "../records/space.ts";
import type { ArmJob, ArmRun } from "../study/arm_run.ts";
import { USER_ERRORS } from "./user_errors.ts";

/** What a thread can be asked. The study is on disk, so its name says everything. */
export type PoolTask =
  | { readonly kind: "arm"; readonly study: string; readonly job: ArmJob }
  | {
    readonly kind: "judge";
    readonly study: string;
    readonly split: Split;
    readonly points: readonly Point[];
  };

/** What a thread answers: any number of "progress", then one of the others. */
export type PoolReply =
  | { readonly kind: "progress"; readonly done: number }
  | { readonly kind: "ran"; readonly run: ArmRun }
  | { readonly kind: "judged"; readonly values: readonly Float64Array[] }
  | { readonly kind: "failed"; readonly name: string; readonly message: string; readonly stack: string };

/** An answer that ends a task. */
export type PoolResult = Extract<PoolReply, { readonly kind: "ran" | "judged" }>;

/** How a run of tasks is watched and stopped. */
export interface PoolOptions {
  readonly signal?: AbortSignal;
  /** Called with the index of a task and how far it is, and with its result when it is done */
  readonly onProgress?: (task: number, done: number) => void;
  readonly onResult?: (task: number, result: PoolResult) => void;
}

/** Threads that keep what they have loaded from one run of tasks to the next. Dispose it (`using`), or they keep the process alive. */
export class ArmPool implements Disposable {
  readonly #workers: Worker[] = [];

  /** @param threads default one a core; they are started when there is a task for them */
  constructor(readonly threads: number = navigator.hardwareConcurrency) {}

  /**
   * Runs tasks, first come first served; results stand in the order of the tasks.
   *
   * On the first failure, and when the signal is raised, the other threads finish the trial in hand and stop; what they did is on disk,
   * and the pool is of no further use.
   * @throws {RangeError} with a thread's message when that was written for the user; {DOMException} "AbortError" when interrupted
   */
  async run(tasks: readonly PoolTask[], options: PoolOptions = {}): Promise<PoolResult[]> {
    const { signal, onProgress, onResult } = options;
    signal?.throwIfAborted();
    while (this.#workers.length < Math.min(this.threads, tasks.length)) {
      this.#workers.push(new Worker(new URL("./arm_worker.ts", import.meta.url), { type: "module" }));
    }
    const results = new Array<PoolResult>(tasks.length);
    let next = 0, failure: Error | undefined;
    const stop = () => this.#workers.forEach((worker) => worker.postMessage({ kind: "abort" }));
    signal?.addEventListener("abort", stop);
    try {
      await Promise.all(this.#workers.map(async (worker) => {
        while (next < tasks.length && failure === undefined && !signal?.aborted) {
          const index = next++;
          try {
            results[index] = await askThread(worker, tasks[index]!, (done) => onProgress?.(index, done));
            onResult?.(index, results[index]!);
          } catch (error) {
            if (failure === undefined) stop();
            failure ??= error as Error;
          }
        }
      }));
    } finally {
      signal?.removeEventListener("abort", stop);
    }
    signal?.throwIfAborted();
    if (failure !== undefined) throw failure;
    return results;
  }

  [Symbol.dispose](): void {
    this.#workers.forEach((worker) => worker.terminate());
    this.#workers.length = 0;
  }
}

function askThread(worker: Worker, task: PoolTask, onProgress: (done: number) => void): Promise<PoolResult> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<PoolReply>) => {
      if (data.kind === "progress") return onProgress(data.done);
      if (data.kind !== "failed") return resolve(data);
      if (data.name === "AbortError") return reject(new DOMException(data.message, "AbortError"));
      const error = USER_ERRORS.has(data.name) ? new RangeError(data.message) : new Error(data.message);
      error.stack = data.stack;
      reject(error);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`A thread of the pool ended: ${event.message}`));
    };
    worker.postMessage(task);
  });
}
