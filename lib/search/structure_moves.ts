/** The edits a structure search tries on a formula: everything one typed edit can do that might pay. */
import type { Edit } from "../formula/edit_schema.ts";
import { type Formula, type Node, type ResolvedNode, resolveNodes, walkNodes } from "../formula/document.ts";
import type { QueryMode } from "../records/snapshot.ts";
import { allSignals } from "../signals/registry.ts";
import type { ElementwiseSignal } from "../signals/signal.ts";

/** One move: its edits and a name for the report. */
export interface Move {
  readonly name: string;
  readonly edits: readonly Edit[];
}

/**
 * Lists the moves open to a formula whose root is a product: add a boost of any signal and option not yet in it, give a walk another
 * layer or direction, replace a gate by a boost of any coupling measure, drop a term.
 *
 * Signals that need the message are offered in message mode only. Order: fixed by the registry, so a search is repeatable.
 */
export function structureMoves(formula: Formula, mode: QueryMode): Move[] {
  const root = resolveNodes(formula);
  const present = new Set([...walkNodes(root)].filter((n) => n.signal).map(leafKey));
  const moves: Move[] = [];
  for (const signal of allSignals()) {
    if (signal.kind !== "elementwise" || (signal.needs === "message" && mode === "seed")) continue;
    for (const options of optionSets(signal)) {
      const key = `${signal.name} ${JSON.stringify(options)}`;
      if (present.has(key)) continue;
      const id = freeId(root, [signal.name, ...Object.values(options)].join("_"));
      const leaf: Node = {
        op: "signal",
        id: `${id}_signal`,
        signal: signal.name,
        ...(Object.keys(options).length > 0 ? { options } : {}),
      };
      const term: Node = { op: "boost", id, peak: { param: id }, term: leaf };
      moves.push({
        name: `add ${id.replaceAll("_", " ")}`,
        edits: [{ edit: "add_term", at: root.id, term } as Edit],
      });
    }
  }
  for (const node of walkNodes(root)) {
    if (node.signal?.kind === "walk") {
      for (const [option, values] of Object.entries(node.signal.choices ?? {})) {
        for (const value of values) {
          if (node.options![option] === value) continue;
          moves.push({
            name: `${node.id} on ${value}`,
            edits: [{ edit: "set_option", id: node.id, option, value }],
          });
        }
      }
    }
  }
  for (const gate of walkNodes(root)) {
    const leaf = gate.children[0];
    if (gate.node.op !== "gate" || leaf?.signal?.kind !== "elementwise") continue;
    for (const options of optionSets(leaf.signal)) {
      const changed = Object.entries(options).filter(([option, value]) => leaf.options![option] !== value);
      moves.push({
        name: `${gate.id.replaceAll("_", " ")} as a boost of ${
          [leaf.signal.name, ...Object.values(options)].join(" ").replaceAll("_", " ")
        }`,
        edits: [
          { edit: "unwrap", id: gate.id },
          {
            edit: "wrap",
            id: leaf.id,
            with: "boost",
            as: gate.id,
            bind: { peak: { param: `${gate.id}_peak` } },
          },
          ...changed.map(([option, value]) => ({ edit: "set_option" as const, id: leaf.id, option, value })),
        ],
      });
    }
  }
  for (const term of root.children) {
    if (root.children.length > 1) {
      moves.push({
        name: `drop ${term.id.replaceAll("_", " ")}`,
        edits: [{ edit: "drop_term", id: term.id }],
      });
    }
  }
  return moves;
}

/** Identity of a leaf for "is it there already": signal and options. */
function leafKey(node: ResolvedNode): string {
  return `${node.signal!.name} ${JSON.stringify(node.options)}`;
}

function optionSets(signal: ElementwiseSignal): Record<string, string>[] {
  return Object.entries(signal.choices ?? {}).reduce<Record<string, string>[]>(
    (sets, [name, values]) => sets.flatMap((set) => values.map((value) => ({ ...set, [name]: value }))),
    [{}],
  );
}

function freeId(root: ResolvedNode, wanted: string): string {
  const taken = new Set([...walkNodes(root)].map((n) => n.id));
  let id = wanted;
  for (let i = 2; taken.has(id) || taken.has(`${id}_signal`); i++) id = `${wanted}_${i}`;
  return id;
}
