/**
 * Repairs, inside the kernel, the race by which outputs reach the wrong cell or get lost in JupyterLab, VS Code and nbconvert.
 *
 * Since Deno 2.8.2 outputs leave through a queue that the kernel's "idle" does not wait for. The kernel does await its function
 * for the cell's value after every cell that did not throw; this wraps it and waits there until the queue is empty. The function
 * is internal to Deno: where it is missing, nothing is changed.
 */
import { outputPort, queueEmptied } from "./output_queue.ts";

/** Where the queue cannot be watched it gets time: this much, and more for each output and each byte. */
const BASE_MS = 30;
const PER_OUTPUT_MS = 2;
const PER_BYTE_MS = 1 / 20_000;
/** How long a cell's end may be held back. */
const LIMIT_MS = 10_000;

let outputs = 0;
let bytes = 0;

/** Tells {@link settle} that an output of this size is on its way. */
export function noteOutput(size: number): void {
  outputs++;
  bytes += size;
}

/** The part of the kernel's internals that is wrapped. */
export interface KernelInternals {
  broadcastResult?: (count: number, result: unknown) => Promise<void>;
}

const WRAPPED = Symbol.for("ripmap-lab.settle");

/** Installs the repair. Call it in the set-up cell of every notebook; a second call changes nothing. It has no value to show. */
export function settle(): void {
  const internals = kernelInternals();
  if (internals) installSettle(internals, outputPort());
}

/**
 * Installs the repair into the object that has the kernel's internals.
 *
 * @param port of the kernel's output socket; undefined: the queue gets time instead of being watched
 * @returns whether the repair stands: false in a Deno without the internal
 */
export function installSettle(host: KernelInternals, port?: number): boolean {
  const original = host.broadcastResult;
  if (typeof original !== "function") return false;
  if (WRAPPED in original) return true;
  if (port === undefined) countConsole();
  const repaired = async (count: number, result: unknown) => {
    await original(count, result);
    const emptied = port !== undefined && await queueEmptied(port, Deno.jupyter.broadcast as never, LIMIT_MS);
    const pauseMs = Math.min(LIMIT_MS, BASE_MS + PER_OUTPUT_MS * outputs + PER_BYTE_MS * bytes);
    outputs = bytes = 0;
    if (!emptied) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  };
  host.broadcastResult = Object.assign(repaired, { [WRAPPED]: true });
  return true;
}

/** The internals of the kernel this runs in; undefined elsewhere. */
export function kernelInternals(): KernelInternals | undefined {
  const deno = Deno as unknown as Record<PropertyKey, unknown>;
  const internals = deno[deno.internal as PropertyKey] as { jupyter?: KernelInternals } | undefined;
  return internals?.jupyter;
}

/** Counts what the cell prints, so that two hundred lines get more time than one. */
function countConsole(): void {
  for (const name of ["log", "info", "debug", "warn", "error", "table", "dir"] as const) {
    const original = console[name].bind(console) as (...args: unknown[]) => void;
    console[name] = (...args: unknown[]) => {
      noteOutput(80);
      original(...args);
    };
  }
}
