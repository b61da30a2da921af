/** The real Optuna as a sampler, over JSON lines to a Python child. */
import { join } from "node:path";
import { PROJECT_ROOT } from "../base/paths.ts";
import { checkSpace, parsePoint, type Point, pointHash, type SearchSpace } from "../records/space.ts";
import { distribution } from "./optuna_journal.ts";
import { openPythonLink, pythonOf } from "./python_link.ts";
import type { AsyncSampler } from "./sampler.ts";

const SCRIPT = join(PROJECT_ROOT, "lib", "search", "optuna_bridge.py");

/** Optuna's samplers that the bridge offers. */
export const OPTUNA_SAMPLERS = ["tpe", "gp", "cmaes", "random", "qmc"] as const;

/** Optuna cannot be used here. A caller catches it to skip the arm and say why. */
export class OptunaUnavailable extends Error {
  override name = "OptunaUnavailable";
}

/** Options of {@link optunaSampler}. */
export interface OptunaOptions {
  readonly space: SearchSpace;
  readonly seed: number;
  /** Default "tpe" */
  readonly sampler?: typeof OPTUNA_SAMPLERS[number];
  /** Python with optuna installed; default the variable RIPMAP_LAB_PYTHON, else "python3" */
  readonly python?: string;
}

/**
 * Starts Optuna and returns it as a sampler named `optuna_<sampler>`; `close` ends the child.
 *
 * Told points that Optuna did not ask for are added as trials of their own; failed trials are Optuna's failed trials, which
 * its samplers leave out. It may repeat points, as Optuna does. Replies are awaited in turn, tells included: an error from
 * a `tell` is thrown by the next `ask`.
 *
 * @throws {OptunaUnavailable} when Python or optuna is missing, with what to install
 */
export async function optunaSampler(
  options: OptunaOptions,
): Promise<AsyncSampler & { readonly version: string }> {
  const { seed, sampler = "tpe" } = options, python = pythonOf(options.python);
  const space = checkSpace(options.space);
  const link = openPythonLink({
    python,
    script: SCRIPT,
    what: "Optuna",
    missing: (why) =>
      new OptunaUnavailable(
        `Cannot run Optuna with ${python}: ${why}; install it with "${python} -m pip install optuna" or point RIPMAP_LAB_PYTHON at a Python that has it`,
      ),
  });
  const distributions = Object.fromEntries(space.map((p) => [p.name, JSON.stringify(distribution(p))]));
  const created = await link.request({ op: "create", sampler, seed, distributions }).catch(async (cause) => {
    await link.close();
    throw cause;
  });
  const open = new Map<string, number>();
  // Tells are sent in order without waiting; the first failure surfaces at the next ask.
  let pending: Promise<unknown> = Promise.resolve();
  return {
    name: `optuna_${sampler}`,
    version: String(created.optuna),
    async ask() {
      await pending;
      const { trial, point } = await link.request({ op: "ask" });
      const own = Object.freeze(parsePoint(space, point as Point));
      open.set(pointHash(own), trial as number);
      return own;
    },
    tell({ point, value, injected = false }) {
      const own = parsePoint(space, point), key = pointHash(own);
      const score = value !== null && Number.isFinite(value) ? value : null;
      const trial = injected ? undefined : open.get(key);
      open.delete(key);
      const told = trial === undefined
        ? { op: "add", point: own, value: score }
        : { op: "tell", trial, value: score };
      pending = pending.then(() => link.request(told));
      // Marked as handled: `ask` and `close` await the same promise and see its failure.
      pending.catch(() => {});
    },
    async close() {
      await pending.catch(() => {});
      await link.close();
    },
  };
}
