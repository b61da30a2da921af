/** A formula opened for editing: a tree of its own in which every id and every binding is written out. */
import { type Binding, impliedId, type Node, type ResolvedNode } from "./document.ts";
import { termsOf } from "./node.ts";
import { slotsOf } from "./parameters.ts";

/** A node that may be changed. Only the members that its `op` has are set. */
export interface Draft {
  op: Node["op"];
  id: string;
  signal?: string;
  options?: Record<string, string>;
  /** bindings by place, all of them: coordinates, "peak", "weight[0]", ... */
  numbers: Map<string, Binding>;
  /** terms of a combinator, or the one term of a boost or gate */
  terms: Draft[];
}

/** Where a node stands: nothing above it where it is the root. */
export interface Site {
  readonly node: Draft;
  readonly parent?: Draft;
  /** position among the parent's terms */
  readonly index: number;
}

/** Copies a resolved tree, so that an edit of one node leaves the names of all others as they are. */
export function openDraft(node: ResolvedNode): Draft {
  const doc = node.node;
  return {
    op: doc.op,
    id: node.id,
    ...(doc.op === "signal" ? { signal: doc.signal, options: { ...doc.options } } : {}),
    numbers: new Map(slotsOf(node).map((slot) => [slot.place, slot.binding])),
    terms: node.children.map(openDraft),
  };
}

/** A draft of a new subtree. Ids that nobody wrote down get the first free number behind them where they are taken. */
export function draftOf(doc: Node, taken: Set<string>): Draft {
  const terms = termsOf(doc).map(([child]) => draftOf(child, taken));
  const id = doc.id ?? freeId(impliedId(doc, terms.map((t) => t.id)), taken);
  taken.add(id);
  const numbers = new Map<string, Binding>();
  const set = (place: string, binding: Binding | undefined) =>
    binding !== undefined && numbers.set(place, binding);
  if (doc.op === "signal") Object.entries(doc.bind ?? {}).forEach(([place, b]) => set(place, b));
  else if (doc.op === "boost") set("peak", doc.peak);
  else if (doc.op === "gate") { for (const p of ["threshold", "on", "off"] as const) set(p, doc[p]); }
  else {
    doc.weights?.forEach((b, i) => set(`weight[${i}]`, b));
    set("k", doc.k);
  }
  return {
    op: doc.op,
    id,
    ...(doc.op === "signal" ? { signal: doc.signal, options: { ...doc.options } } : {}),
    numbers,
    terms,
  };
}

/** The id itself, or with the first number from 2 on that makes it free. */
export function freeId(id: string, taken: ReadonlySet<string>): string {
  if (!taken.has(id)) return id;
  for (let n = 2;; n++) if (!taken.has(`${id}_${n}`)) return `${id}_${n}`;
}

/**
 * Writes a draft as a document, leaving out what is implied: ids a node would have anyway, parameters named as they would be anyway.
 *
 * Whatever is wrong with the draft is still wrong with the document; reading it says so.
 */
export function closeDraft(draft: Draft): Node {
  const doc = { op: draft.op } as Record<string, unknown>;
  const terms = draft.terms.map(closeDraft);
  if (draft.op === "signal") doc["signal"] = draft.signal;
  if (draft.op !== "boost" && draft.op !== "gate" && draft.op !== "signal") doc["terms"] = terms;
  if (draft.id !== impliedId(doc as unknown as Node, draft.terms.map((t) => t.id))) doc["id"] = draft.id;
  if (draft.options && Object.keys(draft.options).length > 0) doc["options"] = draft.options;
  const numbers = [...draft.numbers].filter(([place, b]) => !isImplied(draft, place, b));
  if (draft.op === "signal") { if (numbers.length > 0) doc["bind"] = Object.fromEntries(numbers); }
  else {
    const own = numbers.filter(([place]) => !place.startsWith("weight["));
    Object.assign(doc, Object.fromEntries(own));
    // Weights are a list: one that is written down makes all of them written down.
    if (own.length < numbers.length) {
      doc["weights"] = draft.terms.map((term, i) =>
        draft.numbers.get(`weight[${i}]`) ?? { param: `${term.id}_weight` }
      );
    }
  }
  if (draft.op === "boost" || draft.op === "gate") doc["term"] = terms[0];
  // The id first and what is below last: documents are read by people.
  const { op, id, term, terms: many, ...rest } = doc;
  return Object.fromEntries(
    Object.entries({ op, id, ...rest, term, terms: many }).filter(([, value]) => value !== undefined),
  ) as unknown as Node;
}

function isImplied(draft: Draft, place: string, binding: Binding): boolean {
  if (typeof binding === "number") return draft.op === "gate" && place === "off" && binding === 1;
  if (Object.entries(binding).some(([key, value]) => key !== "param" && value !== undefined)) return false;
  return binding.param === impliedParameter(draft, place);
}

function impliedParameter(draft: Draft, place: string): string {
  if (place === "peak" || place === "on") return draft.id;
  const weight = /^weight\[(\d+)\]$/.exec(place);
  return weight ? `${draft.terms[Number(weight[1])]?.id}_weight` : `${draft.id}_${place}`;
}

/** Every node of a draft with its site, parents first. */
export function* walkDraft(node: Draft, parent?: Draft, index = 0): Generator<Site> {
  yield parent ? { node, parent, index } : { node, index };
  for (const [i, child] of node.terms.entries()) yield* walkDraft(child, node, i);
}

/** Removes a combinator's term and its weight; the weights behind it move up. */
export function removeTerm(parent: Draft, index: number): void {
  const weights = parent.terms.map((_, i) => parent.numbers.get(`weight[${i}]`));
  for (const place of [...parent.numbers.keys()]) {
    if (place.startsWith("weight[")) parent.numbers.delete(place);
  }
  parent.terms.splice(index, 1);
  weights.splice(index, 1);
  weights.forEach((b, i) => b !== undefined && parent.numbers.set(`weight[${i}]`, b));
}
