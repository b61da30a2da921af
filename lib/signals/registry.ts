/** All signals, found by their file names: `<name>.signal.ts` in this folder is a signal, with no list to keep. */
import type { Signal } from "./signal.ts";

const registry = new Map<string, Signal>();

/**
 * Makes a signal known to formulas of this process. Files in this folder are registered by themselves; a notebook may try one out.
 * @throws {TypeError} when the name is taken by another signal or not snake_case, or a default lies outside its bounds
 */
export function registerSignal(signal: Signal): void {
  if (!/^[a-z][a-z0-9_]*$/.test(signal.name)) {
    throw new TypeError(`Cannot register signal ${JSON.stringify(signal.name)}: a snake_case name is wanted`);
  }
  const known = registry.get(signal.name);
  if (known && known !== signal) {
    throw new TypeError(`Cannot register signal ${signal.name}: the name is taken`);
  }
  for (const c of signal.coordinates) {
    if (!(c.low <= c.default && c.default <= c.high) || (c.scale === "log" && c.low <= 0)) {
      throw new TypeError(
        `Cannot register signal ${signal.name}: coordinate ${c.name} has low ${c.low}, default ${c.default}, high ${c.high}`,
      );
    }
  }
  registry.set(signal.name, signal);
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
    const values = choices[name];
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
for (const file of files) {
  const { default: signal } = await import(new URL(file, import.meta.url).href) as { default: Signal };
  if (`${signal.name}.signal.ts` !== file) {
    throw new TypeError(`${file} exports the signal ${signal.name}: the two names must agree`);
  }
  registerSignal(signal);
}
