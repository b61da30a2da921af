/** Applying structural edits: a formula and a list of edits to a new formula, or a refusal that names the edit. */
import { spellingHint } from "../base/spelling.ts";
import { findSignal } from "../signals/registry.ts";
import { checkNode, checkTree } from "./check_node.ts";
import {
  type Binding,
  COMBINATORS,
  type Formula,
  FormulaError,
  parseFormula,
  resolveNodes,
} from "./document.ts";
import {
  closeDraft,
  type Draft,
  draftOf,
  freeId,
  openDraft,
  removeTerm,
  type Site,
  walkDraft,
} from "./draft.ts";
import { checked, type Edit, EditError, Edits, type Refuse } from "./edit_schema.ts";
import { bindPlace, setBounds } from "./edit_numbers.ts";
import { formatPath } from "./formula_error.ts";
import { searchSpace } from "./parameters.ts";
import { placeOf, sayIssue } from "./say_issue.ts";

/** What the outcome of edits is called. */
export interface FormulaTitle {
  readonly name: string;
  readonly description: string;
}

/**
 * Applies edits in order and returns a new, validated formula; the old one stays as it was.
 *
 * Nodes and parameters that no edit addresses keep their names, so that a point carries over (`carry.ts`): a boost around a swapped
 * leaf keeps its id. A new node without an id gets its implied one, numbered where that is taken; an id that is written down and
 * taken is refused. Every edit must leave a valid formula behind.
 * @param edits anything; JSON of {@link Edits} is wanted
 * @throws {EditError} for another shape, an unknown node, place, signal, option or parameter, an edit that would leave a combinator
 *   empty or ids twice, or a number out of its range, with the 0-based index of the edit, the member at fault and why
 * @throws {FormulaError} for a title that no formula may have
 */
export function applyEdits(formula: Formula, edits: unknown, title: FormulaTitle): Formula {
  let current = formula;
  for (const [index, edit] of parseEdits(edits).entries()) current = applyOne(current, edit, index);
  return parseFormula({ ...current, ...title });
}

/** Reads a list of edits. @throws {EditError} for another shape, with the first fault's place */
export function parseEdits(value: unknown): Edit[] {
  const parsed = Edits.safeParse(value, { error: sayIssue });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!, { message } = issue, [first, ...rest] = placeOf(issue);
  if (typeof first !== "number") throw new EditError(0, "", message, "edits");
  throw new EditError(first, formatPath(rest), message);
}

function applyOne(formula: Formula, edit: Edit, index: number): Formula {
  const root = openDraft(resolveNodes(formula));
  const refuse = (path: string, reason: string): never => {
    throw new EditError(index, path, reason);
  };
  try {
    const edited = parseFormula({ ...formula, root: closeDraft(change(formula, root, edit, refuse)) });
    searchSpace(edited);
    return edited;
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    throw new EditError(index, "", `the formula would be wrong at ${error.path}: ${error.reason}`);
  }
}

function find(root: Draft, id: string, refuse: Refuse, path = "id"): Site {
  const sites = [...walkDraft(root)];
  return sites.find((s) => s.node.id === id) ??
    refuse(path, `no node is called ${JSON.stringify(id)}${spellingHint(id, sites.map((s) => s.node.id))}`);
}

/** Puts `by` where `site` is; returns the root. */
function replace(root: Draft, site: Site, by: Draft): Draft {
  if (!site.parent) return by;
  site.parent.terms[site.index] = by;
  return root;
}

function change(formula: Formula, root: Draft, edit: Edit, refuse: Refuse): Draft {
  const taken = new Set([...walkDraft(root)].map((s) => s.node.id));
  switch (edit.edit) {
    case "add_term": {
      const { node } = find(root, edit.at, refuse, "at");
      if (!isCombinator(node)) {
        refuse("at", `${node.id} is a ${node.op}, which takes no more terms: wrap it first`);
      }
      if (edit.weight !== undefined) {
        if (!weighted(node)) {
          refuse("weight", `${node.id} is a ${node.op}, which has no weights: leave it out`);
        }
        node.numbers.set(`weight[${node.terms.length}]`, edit.weight);
      }
      checked(() => checkTree(edit.term, "term"), refuse);
      node.terms.push(draftOf(edit.term, taken));
      return root;
    }
    case "drop_term": {
      const { node, parent, index } = find(root, edit.id, refuse);
      if (!parent) refuse("id", `${node.id} is the whole formula`);
      else if (!isCombinator(parent)) {
        refuse("id", `${parent.id} would wrap nothing: drop ${parent.id} itself, or swap the signal`);
      } else if (parent.terms.length === 1) {
        refuse("id", `${parent.id} would have no terms: drop ${parent.id} itself, or add another term first`);
      } else removeTerm(parent, index);
      return root;
    }
    case "replace_combinator": {
      const { node } = find(root, edit.id, refuse);
      if (!isCombinator(node)) refuse("id", `${node.id} is a ${node.op}, no combinator: wrap or swap it`);
      if (node.op === edit.op) refuse("op", `${node.id} is a ${edit.op} already`);
      const keep = readWeightsAlike(node.op, edit.op);
      const renamed = isCalledAfter(node.id, node.op);
      for (const place of [...node.numbers.keys()]) {
        if (place === "k" || !keep) node.numbers.delete(place);
      }
      if (renamed) node.id = freeId(edit.op, taken);
      node.op = edit.op;
      return root;
    }
    case "swap_signal":
      swapSignal(find(root, edit.id, refuse).node, edit, taken, refuse);
      return root;
    case "set_option": {
      const { node } = find(root, edit.id, refuse);
      if (node.op !== "signal") refuse("id", `${node.id} is a ${node.op}, which has no options`);
      const options = { [edit.option]: edit.value };
      checked(() => checkNode({ op: "signal", signal: node.signal!, options }, ""), (_, reason) => {
        const { choices = {} } = findSignal(node.signal!)!;
        return refuse(Object.hasOwn(choices, edit.option) ? "value" : "option", reason);
      });
      node.options = { ...node.options, ...options };
      return root;
    }
    case "wrap": {
      const site = find(root, edit.id, refuse);
      const id = edit.as ??
        freeId(edit.with === "boost" || edit.with === "gate" ? `${edit.id}_${edit.with}` : edit.with, taken);
      const wrapper: Draft = { op: edit.with, id, numbers: new Map(), terms: [site.node] };
      const places = PLACES_OF[edit.with] ?? [];
      // The parent may have a weight of the same implied name; a weight of 1 changes nothing until somebody unties it.
      if (places.includes("weight[0]")) wrapper.numbers.set("weight[0]", 1);
      for (const [place, binding] of Object.entries(edit.bind ?? {})) {
        if (!places.includes(place)) {
          refuse(`bind.${place}`, `a ${edit.with} has no such number: it has ${places.join(", ") || "none"}`);
        }
        wrapper.numbers.set(place, binding);
      }
      return replace(root, site, wrapper);
    }
    case "unwrap": {
      const site = find(root, edit.id, refuse), [only, ...others] = site.node.terms;
      if (!only) return refuse("id", `${site.node.id} is a signal, which wraps nothing`);
      if (others.length > 0) {
        refuse("id", `${site.node.id} combines ${others.length + 1} terms: drop all but one first`);
      }
      return replace(root, site, only);
    }
    case "untie":
    case "tie":
      bindPlace(formula, find(root, edit.id, refuse), edit, refuse);
      return root;
    case "set_bounds":
      setBounds(formula, root, edit, refuse);
      return root;
  }
}

const isCombinator = (node: Draft) => node.op in COMBINATORS;
const weighted = (node: Draft) => COMBINATORS[node.op as keyof typeof COMBINATORS].weighted;

/** Whether two combinators read weights alike, so that they stay where one takes the other's place. */
export function readWeightsAlike(a: string, b: string): boolean {
  return WEIGHT_KIND[a] !== undefined && WEIGHT_KIND[a] === WEIGHT_KIND[b];
}

/** Combinators whose weights mean the same have the same word here. */
const WEIGHT_KIND: Readonly<Record<string, string>> = {
  weighted_sum: "factor",
  max: "factor",
  reciprocal_rank_fusion: "factor",
  noisy_or: "probability",
  log_linear: "exponent",
};

/** Numbers a wrapping node may be given. */
const PLACES_OF: Readonly<Record<string, readonly string[]>> = {
  boost: ["peak"],
  gate: ["threshold", "on", "off"],
  weighted_sum: ["weight[0]"],
  max: ["weight[0]"],
  noisy_or: ["weight[0]"],
  log_linear: ["weight[0]"],
  reciprocal_rank_fusion: ["weight[0]", "k"],
};

/** Whether an id is the implied one, or that with a number behind it. */
function isCalledAfter(id: string, implied: string): boolean {
  return id === implied || id.startsWith(`${implied}_`) && /^\d+$/.test(id.slice(implied.length + 1));
}

function swapSignal(
  node: Draft,
  edit: Extract<Edit, { edit: "swap_signal" }>,
  taken: Set<string>,
  refuse: Refuse,
): void {
  if (node.op !== "signal") refuse("id", `${node.id} is a ${node.op}: only a signal can be swapped`);
  const { signal: name, options, bind } = edit;
  checked(() => checkNode({ op: "signal", signal: name, options, bind }, ""), refuse);
  const signal = findSignal(name)!;
  const kept = new Map<string, Binding>();
  for (const [place, binding] of node.numbers) {
    const implied = typeof binding !== "number" && binding.param === `${node.id}_${place}`;
    if (!implied && signal.coordinates.some((c) => c.name === place)) kept.set(place, binding);
  }
  for (const [place, binding] of Object.entries(bind ?? {})) kept.set(place, binding);
  // A leaf that is called after its signal is called after the new one; one with a name of its own keeps it.
  if (isCalledAfter(node.id, node.signal!)) {
    taken.delete(node.id);
    node.id = freeId(name, taken);
  }
  node.signal = name;
  node.options = { ...options };
  node.numbers = kept;
}
