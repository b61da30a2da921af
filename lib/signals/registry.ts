/** All signals, found by their file names: `<name>.signal.ts` in this folder is a signal, with no list to keep. */
import { checkSpace } from "../records/space.ts";
import { nameFault } from "./name.ts";
import { type Signal, WALK_COORDINATES } from "./signal.ts";

const registry = new Map<string, Signal>();

/**
 * Makes a signal known to formulas of this process. Files in this folder are registered by themselves; a notebook may try one out.
 * @throws {TypeError} when it lacks what its kind needs, a name is none or taken, a coordinate has no usable range, a choice offers
 *   nothing, or a walk lacks one of the coordinates every walk has
 */
export function registerSignal(signal: Signal): void {
  const refuse = (what: string) => new TypeError(`Cannot register signal ${signal.name}: ${what}`);
  const fault = nameFault(signal.name);
  if (fault) throw new TypeError(`Cannot register signal ${JSON.stringify(signal.name)}: ${fault}`);
  const lacking = membersLacking(signal);
  if (lacking.length > 0) throw refuse(`it lacks ${lacking.join(", ")}`);
  const known = registry.get(signal.name);
  if (known && known !== signal) {
    throw refuse("the name is taken");
  }
  const names = new Set<string>();
  for (const c of signal.coordinates) {
    const fault = nameFault(c.name);
    if (fault) throw refuse(`coordinate ${JSON.stringify(c.name)}: ${fault}`);
    if (names.has(c.name)) throw refuse(`coordinate ${c.name} is declared twice`);
    names.add(c.name);
    try {
      checkSpace([{ ...c, layer: signal.layer }]);
    } catch (error) {
      throw refuse(`coordinate ${c.name}: ${(error as Error).message}`);
    }
  }
  for (const [name, values] of Object.entries(signal.choices ?? {})) {
    const fault = nameFault(name);
    if (fault) throw refuse(`option ${JSON.stringify(name)}: ${fault}`);
    if (values.length === 0) throw refuse(`the option ${name} has no value to choose`);
  }
  if (signal.kind === "walk") {
    const lacking = WALK_COORDINATES.filter((c) => !names.has(c.name)).map((c) => c.name);
    if (lacking.length > 0) throw refuse(`a walk needs the coordinates ${lacking.join(", ")}`);
  }
  registry.set(signal.name, signal);
}

/** Members that every signal of its kind has and this one does not; types hold nobody to them at run time. */
function membersLacking(signal: Signal): string[] {
  const own = signal.kind === "walk" ? ["layers"] : ["scope", "feature", "value"];
  const of = signal as unknown as Record<string, unknown>;
  return ["kind", "coordinates", ...own].filter((name) => of[name] === undefined);
}

/** The signal of a name, or undefined. */
export function findSignal(name: string): Signal | undefined {
  return registry.get(name);
}

/** Every known signal, by name. */
export function allSignals(): Signal[] {
  return [...registry.values()].sort((a, b) => a.name < b.name ? -1 : 1);
}

/** The choice made for every structural option: what is given, else the first value. @throws {RangeError} for an unknown option or value */
export function resolveChoices(
  signal: Signal,
  given: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const choices = signal.choices ?? {};
  for (const [name, value] of Object.entries(given)) {
    const values = Object.hasOwn(choices, name) ? choices[name] : undefined;
    if (!values) {
      throw new RangeError(
        `${signal.name} has no option ${JSON.stringify(name)}: it has ${
          Object.keys(choices).join(", ") || "none"
        }`,
      );
    }
    if (!values.includes(value)) {
      throw new RangeError(
        `${signal.name}.${name} is ${JSON.stringify(value)}: one of ${values.join(", ")} is wanted`,
      );
    }
  }
  return Object.fromEntries(
    Object.entries(choices).map(([name, values]) => [name, given[name] ?? values[0]!]),
  );
}

const files = [...Deno.readDirSync(new URL(".", import.meta.url))].map((e) => e.name).filter((name) =>
  name.endsWith(".signal.ts")
).sort();
// All are asked for at once, since one after the other they are a third of a warm `rank`; the order stays that of the names.
const modules = await Promise.all(
  files.map((file) => import(new URL(file, import.meta.url).href) as Promise<{ default?: Signal }>),
);
modules.forEach(({ default: signal }, i) => {
  if (typeof signal !== "object" || signal === null) {
    throw new TypeError(
      `lib/signals/${files[i]} exports ${
        signal === undefined ? "nothing" : signal === null ? "null" : `a ${typeof signal}`
      } as default: end it with "export default { … } satisfies Signal", or name the file otherwise`,
    );
  }
  if (`${signal.name}.signal.ts` !== files[i]) {
    throw new TypeError(
      `lib/signals/${files[i]} exports the signal ${signal.name}: the two names must agree`,
    );
  }
  registerSignal(signal);
});
