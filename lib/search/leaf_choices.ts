/** Leaves a formula has and could have: signals with every choice of their options, and what they would be called. */
import type { ResolvedNode } from "../formula/document.ts";
import type { SignalNode } from "../formula/node.ts";
import { slotsOf } from "../formula/parameters.ts";
import type { QueryMode } from "../records/snapshot.ts";
import { allSignals } from "../signals/registry.ts";
import type { ElementwiseSignal, Signal, WalkSignal } from "../signals/signal.ts";

/** Whether a node is a walk. */
export const isWalk = (node: ResolvedNode) => node.signal?.kind === "walk";
/** An id as words of a report. */
export const spaced = (id: string) => id.replaceAll("_", " ");

/** What each number of a node is bound to, by its place. */
export const bindingsOf = (node: ResolvedNode) => new Map(slotsOf(node).map((s) => [s.place, s.binding]));

/** Signals that look at each file by itself; those that need the message in message mode only. */
export function elementwise(mode: QueryMode): ElementwiseSignal[] {
  return allSignals().filter((s): s is ElementwiseSignal =>
    s.kind === "elementwise" && !(s.needs === "message" && mode === "seed")
  );
}

/** Coordinates that hold the layers' shares. */
export function sharesOf(signal: WalkSignal, options: Readonly<Record<string, string>>): string[] {
  return signal.layers(options).flatMap(({ share }) => share ?? []);
}

/** The same with their defaults, to be bound to. */
export function constantShares(
  signal: WalkSignal,
  options: Readonly<Record<string, string>>,
): [string, number][] {
  const shares = sharesOf(signal, options);
  return signal.coordinates.filter(({ name }) => shares.includes(name)).map((c) => [c.name, c.default]);
}

/** Signals, with every choice of their options, that no leaf of a formula has. */
export function unused<S extends Signal>(
  nodes: readonly ResolvedNode[],
  signals: readonly S[],
): { signal: S; options: Record<string, string> }[] {
  const present = new Set(nodes.filter((n) => n.signal).map(leafKey));
  return signals.flatMap((signal) =>
    optionSets(signal).filter((options) => !present.has(`${signal.name} ${JSON.stringify(options)}`)).map((
      options,
    ) => ({ signal, options }))
  );
}

/** Identity of a leaf for "is it there already": signal and options. */
export function leafKey(node: ResolvedNode): string {
  return `${node.signal!.name} ${JSON.stringify(node.options)}`;
}

/** A leaf with no number bound. */
export function leaf(id: string, { name }: Signal, options: Readonly<Record<string, string>>): SignalNode {
  return { op: "signal", id, signal: name, ...(Object.keys(options).length > 0 ? { options } : {}) };
}

/** A signal and its options as an id. */
export const wordsOf = ({ name }: Signal, options: Readonly<Record<string, string>>) =>
  [name, ...Object.values(options)].join("_");

/** Every choice of a signal's options; one empty choice where it has none. */
export function optionSets(signal: Signal): Record<string, string>[] {
  return Object.entries(signal.choices ?? {}).reduce<Record<string, string>[]>(
    (sets, [name, values]) => sets.flatMap((set) => values.map((value) => ({ ...set, [name]: value }))),
    [{}],
  );
}

/** The id, or with the first number behind it that leaves it free, as an id and as that of a leaf called after it. */
export function freeId(wanted: string, taken: ReadonlySet<string>): string {
  let id = wanted;
  for (let i = 2; taken.has(id) || taken.has(`${id}_signal`); i++) id = `${wanted}_${i}`;
  return id;
}
