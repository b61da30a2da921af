/** What changed between two formulas, as sentences for people and rows for machines. */
import type { ParameterSpec } from "../records/space.ts";
import { type Binding, type Formula, type ResolvedNode, resolveNodes } from "./document.ts";
import { searchSpace, slotsOf } from "./parameters.ts";
import { formatNumber, printNode, signalLabel } from "./print.ts";

/** One difference. `before` and `after` are texts; one is missing where something came or went. */
export interface FormulaChange {
  readonly kind: "added" | "removed" | "moved" | "operation" | "signal" | "number" | "parameter";
  /** node it happened to, by its new id, or the old one where it is gone; of "parameter" rows the parameter */
  readonly id: string;
  /** of "number" rows: which number */
  readonly place?: string;
  readonly before?: string;
  readonly after?: string;
  readonly sentence: string;
}

interface Placed {
  readonly node: ResolvedNode;
  readonly parent?: ResolvedNode;
  readonly index: number;
}

/**
 * Compares two formulas node by node.
 *
 * Nodes are the same when their ids are. A node that came and one that went are the same as well when they stand in the same place below
 * the same parent and are both signals or both combinators: a swap. Whatever is below a node that came or went is told with it,
 * unless it stays. Names, descriptions and the order of terms are not compared. Formulas with equal hashes give no row.
 */
export function diffFormulas(before: Formula, after: Formula): FormulaChange[] {
  const old = place(resolveNodes(before)), now = place(resolveNodes(after));
  const pairs = pairUp(old, now);
  const twin = new Map([...pairs].map(([a, b]) => [b, a]));
  const rows: FormulaChange[] = [];
  for (const [id, { node, parent }] of old) {
    if (pairs.has(id) || (parent && !pairs.has(parent.id) && !keeps(parent, pairs))) continue;
    const stays = keeps(node, pairs);
    const what = stays ? label(node) : printNode(node);
    rows.push({
      kind: "removed",
      id,
      before: what,
      sentence: `Removed ${id}${parent ? ` from ${parent.id}` : ""}: ${what}${
        stays ? "; what it held stays" : ""
      }.`,
    });
  }
  for (const [id, { node, parent }] of now) {
    const from = twin.get(id);
    if (from === undefined) {
      if (parent && !twin.has(parent.id) && !keeps(parent, twin)) continue;
      const around = keeps(node, twin);
      const what = around ? label(node) : printNode(node);
      rows.push({
        kind: "added",
        id,
        after: what,
        sentence: `Added ${id}${parent ? ` to ${parent.id}` : " as the root"}: ${what}${
          around
            ? `, around ${
              node.children.filter((c) => twin.has(c.id) || keeps(c, twin)).map((c) =>
                c.id
              ).join(", ")
            }`
            : ""
        }.`,
      });
    } else rows.push(...compare(old.get(from)!, now.get(id)!, pairs, twin));
  }
  return [...rows, ...compareSpaces(searchSpace(before), searchSpace(after))];
}

function place(root: ResolvedNode): Map<string, Placed> {
  const found = new Map<string, Placed>();
  const visit = (node: ResolvedNode, index: number, parent?: ResolvedNode): void => {
    found.set(node.id, parent ? { node, index, parent } : { node, index });
    node.children.forEach((child, i) => visit(child, i, node));
  };
  visit(root, 0);
  return found;
}

/** Old id to new id of every node that both formulas have. */
function pairUp(old: Map<string, Placed>, now: Map<string, Placed>): Map<string, string> {
  const pairs = new Map([...old.keys()].filter((id) => now.has(id)).map((id) => [id, id]));
  const group = (op: string) => op === "signal" || op === "boost" || op === "gate" ? op : "combinator";
  for (const [id, { node, parent, index }] of old) {
    if (pairs.has(id)) continue;
    const above = parent === undefined ? undefined : pairs.get(parent.id);
    if (parent !== undefined && above === undefined) continue;
    for (const [other, spot] of now) {
      if (
        !old.has(other) && spot.parent?.id === above && spot.index === index &&
        group(node.node.op) === group(spot.node.node.op)
      ) pairs.set(id, other);
    }
  }
  return pairs;
}

/** Whether something below a node is in both formulas. */
function keeps(node: ResolvedNode, pairs: ReadonlyMap<string, string>): boolean {
  return node.children.some((child) => pairs.has(child.id) || keeps(child, pairs));
}

function label(node: ResolvedNode): string {
  return node.signal ? signalLabel(node) : node.node.op;
}

function* compare(
  { node: a, parent: above }: Placed,
  { node: b, parent: under }: Placed,
  pairs: ReadonlyMap<string, string>,
  twin: ReadonlyMap<string, string>,
): Generator<FormulaChange> {
  // A node whose parent came or went did not move by itself.
  const moved = above && under && pairs.has(above.id) && twin.has(under.id) &&
    pairs.get(above.id) !== under.id;
  if (moved) {
    yield {
      kind: "moved",
      id: b.id,
      before: above.id,
      after: under.id,
      sentence: `Moved ${b.id} from ${above.id} to ${under.id}.`,
    };
  }
  const was = label(a), is = label(b);
  if (was !== is || a.id !== b.id) {
    const kind = b.signal ? "signal" : "operation";
    const renamed = a.id !== b.id
      ? `${a.id} (${was}) became ${b.id} (${is})`
      : `${b.id} is ${is} instead of ${was}`;
    yield { kind, id: b.id, before: was, after: is, sentence: `${renamed}.` };
  }
  const old = new Map(slotsOf(a).map((s) => [inner(a, s.place), text(s.binding)]));
  for (const slot of slotsOf(b)) {
    const place = inner(b, slot.place), before = old.get(twinPlace(place, twin)), after = text(slot.binding);
    if (before === undefined || before === after) continue;
    yield {
      kind: "number",
      id: b.id,
      place: slot.place,
      before,
      after,
      sentence: `${b.id}: ${place} is ${after} instead of ${before}.`,
    };
  }
}

/** Weights are compared by the term they weigh, not by their position. */
function inner(node: ResolvedNode, place: string): string {
  const weight = /^weight\[(\d+)\]$/.exec(place);
  return weight ? `weight of ${node.children[Number(weight[1])]!.id}` : place;
}

function twinPlace(place: string, twin: ReadonlyMap<string, string>): string {
  const id = place.startsWith("weight of ") ? twin.get(place.slice(10)) : undefined;
  return id === undefined ? place : `weight of ${id}`;
}

const text = (binding: Binding) => typeof binding === "number" ? String(binding) : binding.param;

function* compareSpaces(
  before: readonly ParameterSpec[],
  after: readonly ParameterSpec[],
): Generator<FormulaChange> {
  const old = new Map(before.map((p) => [p.name, p])), now = new Map(after.map((p) => [p.name, p]));
  for (const p of before) {
    if (now.has(p.name)) continue;
    yield { kind: "parameter", id: p.name, before: range(p), sentence: `Parameter ${p.name} is gone.` };
  }
  for (const p of after) {
    const known = old.get(p.name), is = range(p);
    if (!known) {
      yield { kind: "parameter", id: p.name, after: is, sentence: `New parameter ${p.name}: ${is}.` };
    } else if (range(known) !== is) {
      const sentence = `Parameter ${p.name}: ${is} instead of ${range(known)}.`;
      yield { kind: "parameter", id: p.name, before: range(known), after: is, sentence };
    }
  }
}

/** "10 in [1, 100], log". */
export function range(p: ParameterSpec): string {
  return `${formatNumber(p.default)} in [${formatNumber(p.low)}, ${formatNumber(p.high)}]${
    p.scale === "log" ? ", log" : ""
  }${p.integer ? ", whole" : ""}`;
}
