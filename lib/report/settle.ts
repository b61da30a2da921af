/**
 * Repairs, inside the kernel, the race by which outputs reach the wrong cell or get lost in JupyterLab, VS Code and nbconvert.
 *
 * Since Deno 2.8.2 outputs leave through a queue that the kernel's "idle" does not wait for. The kernel does await its function
 * for the cell's value after every cell that did not throw; this wraps it and waits there until the queue had time to empty.
 * The function is internal to Deno: where it is missing, nothing is changed.
 */

/** Time the queue gets after each cell, plus more for each output and each byte. */
const BASE_MS = 30;
const PER_OUTPUT_MS = 2;
const PER_BYTE_MS = 1 / 20_000;

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
  installSettle(kernelInternals());
}

/**
 * Installs the repair into the object that has the kernel's internals.
 *
 * @returns whether the repair stands: false outside a kernel and in a Deno without the internal
 */
export function installSettle(host: KernelInternals | undefined): boolean {
  const original = host?.broadcastResult;
  if (host === undefined || typeof original !== "function") return false;
  if (WRAPPED in original) return true;
  countConsole();
  const repaired = async (count: number, result: unknown) => {
    await original(count, result);
    const pause = BASE_MS + PER_OUTPUT_MS * outputs + PER_BYTE_MS * bytes;
    outputs = bytes = 0;
    await new Promise((resolve) => setTimeout(resolve, pause));
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
