/** Moves that multiply a formula by one more factor. Each is neutral where its new number starts. */
import type { Binding, Node, ResolvedNode } from "../formula/document.ts";
import type { Edit } from "../formula/edit_schema.ts";
import type { QueryMode } from "../records/snapshot.ts";
import { allSignals } from "../signals/registry.ts";
import type { WalkSignal } from "../signals/signal.ts";
import {
  bindingsOf,
  constantShares,
  elementwise,
  freeId,
  isWalk,
  leaf,
  optionSets,
  spaced,
  unused,
  wordsOf,
} from "./leaf_choices.ts";
import type { MoveDraft } from "./structure_move.ts";

/** Where terms that multiply the whole formula go, and the edits that make such a place. */
export interface Place {
  readonly at: string;
  readonly edits: readonly Edit[];
}

/** One more boost of each signal and choice of options that is not in the formula. */
export function boosts(
  nodes: readonly ResolvedNode[],
  names: ReadonlySet<string>,
  { at, edits }: Place,
  mode: QueryMode,
): MoveDraft[] {
  return unused(nodes, elementwise(mode)).map(({ signal, options }) => {
    const id = freeId(wordsOf(signal, options), names);
    const term: Node = { op: "boost", id, peak: { param: id }, term: leaf(`${id}_signal`, signal, options) };
    return { name: `add ${spaced(id)}`, kind: "add", edits: [...edits, { edit: "add_term", at, term }] };
  });
}

/** The peak of what damps: how far a damped file is from others is for the exponent to say. */
const LOAD = 10;

/** Files with much of something divided by a power of it, which no boost can do: a boost never demotes. */
export function dampings(
  nodes: readonly ResolvedNode[],
  names: ReadonlySet<string>,
  { at, edits }: Place,
  mode: QueryMode,
): MoveDraft[] {
  const damped = new Set(nodes.filter((n) => n.node.op === "log_linear").map((n) => n.id));
  return elementwise(mode).filter((s) => s.scope === "snapshot").flatMap((signal) =>
    optionSets(signal).flatMap((options): MoveDraft[] => {
      const wanted = `${wordsOf(signal, options)}_damping`;
      if (damped.has(wanted)) return [];
      const id = freeId(wanted, names);
      const part = freeId(`${id}_load`, names);
      const term: Node = {
        op: "log_linear",
        id,
        weights: [{ param: id, default: -0.5, low: -2, high: 0 }],
        terms: [{ op: "boost", id: part, peak: LOAD, term: leaf(`${part}_signal`, signal, options) }],
      };
      return [{ name: `add ${spaced(id)}`, kind: "add", edits: [...edits, { edit: "add_term", at, term }] }];
    })
  );
}

/** Another walk's values to a power, as one more factor. It restarts where the first walk of the formula does. */
export function powers(
  nodes: readonly ResolvedNode[],
  names: ReadonlySet<string>,
  { at, edits }: Place,
): MoveDraft[] {
  const [first] = nodes.filter(isWalk);
  return unused(nodes, allSignals().filter((s) => s.kind === "walk")).map(({ signal, options }) => {
    const id = freeId(wordsOf(signal, options), names);
    const restart = first ? bindingsOf(first) : new Map<string, Binding>();
    const bind = Object.fromEntries([
      ...signal.coordinates.filter(({ name }) => name !== "alpha" && restart.has(name)).map((
        { name },
      ) => [name, restart.get(name)!]),
      ...constantShares(signal as WalkSignal, options),
    ]);
    const term: Node = {
      op: "log_linear",
      id: `${id}_power`,
      weights: [{ param: `${id}_exponent`, default: 0.5, low: 0, high: 3 }],
      terms: [{ ...leaf(id, signal, options), bind }],
    };
    return {
      name: `add ${spaced(id)} to a power`,
      kind: "add",
      edits: [...edits, { edit: "add_term", at, term }],
    };
  });
}
