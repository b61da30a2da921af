/** The moves a structure search tries on a formula: of each kind of edit, what might pay. */
import {
  COMBINATORS,
  type Formula,
  type ResolvedNode,
  resolveNodes,
  walkNodes,
} from "../formula/document.ts";
import { EditError } from "../formula/edit_schema.ts";
import { applyEdits, readWeightsAlike } from "../formula/edits.ts";
import { searchSpace } from "../formula/parameters.ts";
import type { QueryMode } from "../records/snapshot.ts";
import { freeId, spaced } from "./leaf_choices.ts";
import { boosts, dampings, type Place, powers } from "./structure_additions.ts";
import type { Move, MoveDraft } from "./structure_move.ts";
import { gates, measures, merges, unties, walks } from "./structure_changes.ts";

/**
 * Lists the moves open to a formula; those that leave no valid formula behind are left out.
 *
 * As factors of the whole: a boost of every signal and option not in it yet, a damping by each signal of the snapshot, a power of every
 * walk not in it. Changed where they stand: a walk's signal, layer or direction, or its exponent; what a boost measures; a gate as a boost
 * of any measure; two boosts as one of the larger of their terms; a constant, or a number that follows another, as a parameter of its own;
 * how the terms of a combinator come together. Taken away: any term of several.
 *
 * Shares of a walk over several layers are constants here: each new mix of them prepares every walk anew (seconds, not milliseconds).
 * Signals that need the message are offered in message mode only. Order: fixed by the registry, so a search is repeatable.
 */
export function structureMoves(formula: Formula, mode: QueryMode): Move[] {
  const root = resolveNodes(formula), nodes = [...walkNodes(root)];
  // A parameter called as a new node's implied one would be shared with it.
  const names = new Set([...nodes.map((n) => n.id), ...searchSpace(formula).map((p) => p.name)]);
  const place: Place = root.node.op === "product" ? { at: root.id, edits: [] } : {
    at: freeId("whole", names),
    edits: [{ edit: "wrap", id: root.id, with: "product", as: freeId("whole", names) }],
  };
  const { name, description } = formula;
  const drafts = [
    ...boosts(nodes, names, place, mode),
    ...dampings(nodes, names, place, mode),
    ...powers(nodes, names, place),
    ...walks(nodes),
    ...measures(nodes, mode),
    ...gates(nodes, mode),
    ...merges(root, names, mode),
    ...unties(nodes, mode),
    ...combinations(nodes),
    ...drops(nodes),
  ];
  return drafts.flatMap((draft) => {
    try {
      const next = applyEdits(formula, draft.edits, { name, description });
      return [{ start: {}, asItStands: false, ...draft, formula: next }];
    } catch (error) {
      if (error instanceof EditError) return [];
      throw error;
    }
  });
}

/** Where weights start over that another combinator read otherwise: at 1 a factor is as it was, and a term counts as much as any other. */
const EVEN_WEIGHT = { noisy_or: 0.5, weighted_sum: 1, max: 1, reciprocal_rank_fusion: 1, log_linear: 1 };

/** The terms of a combinator brought together otherwise. */
function combinations(nodes: readonly ResolvedNode[]): MoveDraft[] {
  return nodes.filter(isCombination).flatMap(({ id, node, children }) =>
    (Object.keys(COMBINATORS) as (keyof typeof COMBINATORS)[]).filter((op) => op !== node.op).map((
      op,
    ): MoveDraft => ({
      name: `${spaced(id)} as ${spaced(op)}`,
      kind: "change",
      asItStands: true,
      start: op === "product" || readWeightsAlike(node.op, op)
        ? {}
        : Object.fromEntries(children.map((child) => [`${child.id}_weight`, EVEN_WEIGHT[op]])),
      edits: [{ edit: "replace_combinator", id, op }],
    }))
  );
}

function drops(nodes: readonly ResolvedNode[]): MoveDraft[] {
  return nodes.filter(isCombination).flatMap(({ children }) =>
    children.map(({ id }): MoveDraft => ({
      name: `drop ${spaced(id)}`,
      kind: "drop",
      edits: [{ edit: "drop_term", id }],
    }))
  );
}

const isCombination = ({ node, children }: ResolvedNode) => node.op in COMBINATORS && children.length > 1;
