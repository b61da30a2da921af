/** Moves that change what stands in a formula. */
import type { Node, ResolvedNode } from "../formula/document.ts";
import type { Edit } from "../formula/edit_schema.ts";
import { slotsOf } from "../formula/parameters.ts";
import type { QueryMode } from "../records/snapshot.ts";
import { allSignals } from "../signals/registry.ts";
import type { WalkSignal } from "../signals/signal.ts";
import {
  bindingsOf,
  constantShares,
  freeId,
  isWalk,
  leafKey,
  optionSets,
  sharesOf,
  spaced,
} from "./leaf_choices.ts";
import type { MoveDraft } from "./structure_move.ts";

/** A walk on another layer, in another direction, by another signal, or to a power. */
export function walks(nodes: readonly ResolvedNode[]): MoveDraft[] {
  const parents = parentsOf(nodes);
  return nodes.filter(isWalk).flatMap((node): MoveDraft[] => {
    const { id, signal, options } = node;
    const moved = Object.entries(signal!.choices ?? {}).flatMap(([option, values]) =>
      values.filter((value) => value !== options![option]).map((value): MoveDraft => ({
        name: `${id} on ${value}`,
        kind: "change",
        edits: [{ edit: "set_option", id, option, value }],
      }))
    );
    const held = bindingsOf(node);
    const swapped = allSignals().filter((other) => other.kind === "walk" && other !== signal).map(
      (other): MoveDraft => ({
        name: `${spaced(other.name)} in place of ${id}`,
        kind: "change",
        edits: [{
          edit: "swap_signal",
          id,
          signal: other.name,
          bind: Object.fromEntries([
            ...other.coordinates.flatMap(({ name }) => held.has(name) ? [[name, held.get(name)!]] : []),
            ...constantShares(other as WalkSignal, {}),
          ]),
        }],
      }),
    );
    const parent = parents.get(node);
    if (parent?.node.op === "log_linear" && parent.children.length === 1) return [...moved, ...swapped];
    const exponent = `${id}_exponent`;
    return [...moved, ...swapped, {
      name: `${id} to a power`,
      kind: "change",
      start: { [exponent]: 1 },
      edits: [{
        edit: "wrap",
        id,
        with: "log_linear",
        as: `${id}_power`,
        bind: { "weight[0]": { param: exponent, default: 1, low: 0.1, high: 5, scale: "log" } },
      }],
    }];
  });
}

/** What a boost's leaf measures, otherwise. */
export function measures(nodes: readonly ResolvedNode[], mode: QueryMode): MoveDraft[] {
  const present = new Set(nodes.filter((n) => n.signal).map(leafKey));
  return nodes.filter((n) => n.node.op === "boost").flatMap(({ children }) => {
    const { id, signal, options } = children[0]!;
    if (signal?.kind !== "elementwise" || isSilent(children[0]!, mode)) return [];
    return Object.entries(signal.choices ?? {}).flatMap(([option, values]) =>
      values.filter((value) =>
        value !== options![option] &&
        !present.has(`${signal.name} ${JSON.stringify({ ...options, [option]: value })}`)
      ).map((value): MoveDraft => ({
        name: `${spaced(id)} with ${option} ${spaced(value)}`,
        kind: "change",
        edits: [{ edit: "set_option", id, option, value }],
      }))
    );
  });
}

/** A gate on a leaf as a boost of it, by each measure. */
export function gates(nodes: readonly ResolvedNode[], mode: QueryMode): MoveDraft[] {
  return nodes.filter((n) => n.node.op === "gate").flatMap(({ id, children }) => {
    const [own] = children, signal = own!.signal;
    if (signal?.kind !== "elementwise" || isSilent(own!, mode)) return [];
    return optionSets(signal).map((options): MoveDraft => {
      const changed = Object.entries(options).filter(([option, value]) => own!.options![option] !== value);
      const measured = spaced([signal.name, ...Object.values(options)].join(" "));
      return {
        name: `${spaced(id)} as a boost of ${measured}`,
        kind: "change",
        edits: [
          { edit: "unwrap", id },
          { edit: "wrap", id: own!.id, with: "boost", as: id, bind: { peak: { param: `${id}_peak` } } },
          ...changed.map(([option, value]): Edit => ({ edit: "set_option", id: own!.id, option, value })),
        ],
      };
    });
  });
}

/** Two boosts of the whole as one, of the larger of what they measure: either is enough, and both are no more than one. */
export function merges(root: ResolvedNode, names: ReadonlySet<string>, mode: QueryMode): MoveDraft[] {
  if (root.node.op !== "product") return [];
  const open = root.children.filter((n) =>
    n.node.op === "boost" && n.children[0]!.signal && !isSilent(n.children[0]!, mode)
  );
  return open.flatMap((a, i) =>
    open.slice(i + 1).map((b): MoveDraft => {
      const [one] = a.children, [other] = b.children, id = freeId(`${one!.id}_or_${other!.id}`, names);
      const weight = `${other!.id}_weight`;
      return {
        name: `${spaced(a.id)} or ${spaced(b.id)}, whichever is more`,
        kind: "change",
        asItStands: true,
        start: { [weight]: 1 },
        edits: [
          { edit: "drop_term", id: b.id },
          { edit: "wrap", id: one!.id, with: "max", as: id, bind: { "weight[0]": 1 } },
          {
            edit: "add_term",
            at: id,
            term: { ...other!.node, id: other!.id } as Node,
            weight: { param: weight, default: 1, low: 0.01, high: 100, scale: "log" },
          },
        ],
      };
    })
  );
}

/** Constants, and numbers that follow a parameter of another place, as parameters of their own. */
export function unties(nodes: readonly ResolvedNode[], mode: QueryMode): MoveDraft[] {
  const parents = parentsOf(nodes), met = new Set<string>();
  return nodes.flatMap((node) => {
    const shares = isWalk(node) ? sharesOf(node.signal as WalkSignal, node.options!) : [];
    // A step on a bent measurement is a step elsewhere, one weight of several is the unit of the others, and nothing bends silence.
    const idle = node.signal?.kind === "elementwise" && parents.get(node)?.node.op === "gate" ||
      isSilent(node, mode) || node.children.length > 0 && node.children.every((child) =>
          isSilent(child, mode)
        );
    return slotsOf(node).flatMap(({ place, binding }): MoveDraft[] => {
      const fixed = typeof binding === "number", follows = !fixed && met.has(binding.param);
      if (!fixed) met.add(binding.param);
      if (idle || shares.includes(place) || place.startsWith("weight[") || !(fixed || follows)) return [];
      const param = `${node.id}_${place}`;
      return [{
        name: `free ${spaced(place)} of ${spaced(node.id)}`,
        kind: "change",
        start: { [param]: fixed ? binding : binding.param },
        edits: [{ edit: "untie", id: node.id, place, param }],
      }];
    });
  });
}

/** Whether a leaf is 0 everywhere without the message. */
const isSilent = ({ signal }: ResolvedNode, mode: QueryMode) =>
  signal?.needs === "message" && mode === "seed";

function parentsOf(nodes: readonly ResolvedNode[]): ReadonlyMap<ResolvedNode, ResolvedNode> {
  return new Map(nodes.flatMap((parent) => parent.children.map((child) => [child, parent] as const)));
}
