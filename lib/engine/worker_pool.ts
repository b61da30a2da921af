/** Further cores for the kernel: workers on the same memory, waiting for jobs. */
import { kernelModule } from "./kernel_memory.ts";
import type { KernelMemory } from "./kernel_memory.ts";
import { CONTROL, type PoolStart } from "./worker_control.ts";

/** How often the end of a run is looked for before the caller sleeps. */
const LOOKS = 10_000;

/**
 * Workers that help with runs. The caller takes part itself, so a run never waits for a worker that has not started yet.
 *
 * Use it with `using`, or call {@link WorkerPool.close}: a waiting worker keeps the process alive.
 */
export class WorkerPool implements Disposable {
  readonly #control = new SharedArrayBuffer(4 * CONTROL.WORDS);
  readonly #words = new Int32Array(this.#control);
  readonly #workers: Worker[] = [];
  readonly #ready: Promise<unknown>;

  /** @param size workers besides the caller */
  constructor(readonly memory: KernelMemory, readonly size: number) {
    const ready: Promise<void>[] = [];
    for (let number = 1; number <= size; number++) {
      const worker = new Worker(new URL("./kernel_worker.ts", import.meta.url).href, { type: "module" });
      ready.push(
        new Promise((resolve, reject) => {
          worker.onmessage = () => resolve();
          worker.onerror = (event) => reject(new Error(`An engine worker did not start: ${event.message}`));
        }),
      );
      worker.postMessage(
        { module: kernelModule(), memory: memory.wasm, control: this.#control, number } satisfies PoolStart,
      );
      this.#workers.push(worker);
    }
    this.#ready = Promise.all(ready);
    this.#ready.catch(() => {});
  }

  /** Fulfilled once every worker waits for jobs. Runs before that are merely slower. */
  get ready(): Promise<unknown> {
    return this.#ready;
  }

  /** Wakes the workers ahead of a run that is being prepared: waking takes longer than many runs. */
  expect(): void {
    Atomics.add(this.#words, CONTROL.GENERATION, 1);
    Atomics.notify(this.#words, CONTROL.GENERATION);
  }

  /**
   * Runs a job on the caller's core and all workers that are there.
   * @param together whether jobs are linked to it that share its pass
   * @param bytes of one core's scratch
   */
  run(job: number, together: boolean, scratch: number, bytes: number): void {
    const words = this.#words, { kernel } = this.memory;
    words[CONTROL.TOGETHER] = Number(together);
    words[CONTROL.JOB] = job;
    words[CONTROL.SCRATCH] = scratch;
    words[CONTROL.BYTES] = bytes;
    Atomics.store(words, CONTROL.OPEN, 1);
    Atomics.add(words, CONTROL.GENERATION, 1);
    Atomics.notify(words, CONTROL.GENERATION);
    if (together) kernel.runQuads(job, scratch);
    else kernel.run(job, scratch);
    // A worker counts itself in before it looks whether the run is open: after both lines nobody reads the job any more.
    Atomics.store(words, CONTROL.OPEN, 0);
    for (let looks = 0;; looks++) {
      const active = Atomics.load(words, CONTROL.ACTIVE);
      if (active === 0) break;
      // A worker in its last few groups is soon done, unless the machine took its core away.
      if (looks > LOOKS) Atomics.wait(words, CONTROL.ACTIVE, active, 1);
    }
  }

  /** Ends the workers. */
  close(): void {
    Atomics.store(this.#words, CONTROL.STOP, 1);
    Atomics.add(this.#words, CONTROL.GENERATION, 1);
    Atomics.notify(this.#words, CONTROL.GENERATION);
    for (const worker of this.#workers) worker.terminate();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
