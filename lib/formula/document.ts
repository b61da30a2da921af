/**
 * Ranking formulas as data: a small expression tree of signals under combinators, validated and named.
 *
 * Every node has an id, unique in its formula, by which edits and score parts address it. Numbers in a formula are either fixed
 * constants or tunable parameters; the search space is derived from them (`parameters.ts`) and listed nowhere else.
 */
import { z } from "zod";
import type { Signal } from "../signals/signal.ts";
import { checkNode } from "./check_node.ts";
import { MAX_DEPTH } from "./find_tree_fault.ts";
import { formatPath, FormulaError } from "./formula_error.ts";
import { Node, termsOf } from "./node.ts";
import { misplaced, placeOf, sayIssue } from "./say_issue.ts";

export { FormulaError } from "./formula_error.ts";
export { COMBINATORS, LOG_FLOOR } from "./node.ts";
export type { Binding, CombineNode, Node, Tunable } from "./node.ts";

const FORMULA_NAME = /^[a-z][a-z0-9_-]*$/;

/** A named formula as it is written to disk and proposed. */
export const Formula = z.strictObject({
  record: z.literal("formula/1"),
  name: z.string().regex(FORMULA_NAME, { error: ({ input }) => misplaced(input, "a lower-case name") }),
  description: z.string(),
  root: Node,
});
export type Formula = z.infer<typeof Formula>;

/** A node with what validation resolved: its id, its path, its signal. */
export interface ResolvedNode {
  readonly node: Node;
  readonly id: string;
  readonly path: string;
  readonly children: readonly ResolvedNode[];
  /** of leaves only */
  readonly signal?: Signal;
  readonly options?: Readonly<Record<string, string>>;
}

/**
 * Reads a formula and resolves every name in it.
 *
 * @throws {FormulaError} for another shape, an unknown signal, option or coordinate, a non-finite number, a fractional one where a whole
 *   one is wanted, ids used twice, more than MAX_NODES nodes, nesting beyond MAX_DEPTH or a document that contains itself, with the path
 *   of the fault
 */
export function parseFormula(value: unknown): Formula {
  const parsed = Formula.safeParse(value, { error: sayIssue });
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new FormulaError(formatPath(placeOf(issue)) || "formula", issue.message);
  }
  resolveNodes(parsed.data);
  return parsed.data;
}

const resolved = new WeakMap<Formula, ResolvedNode>();

/** The formula's tree with ids, paths and signals resolved. Made once a formula object. @throws {FormulaError} as {@link parseFormula} */
export function resolveNodes(formula: Formula): ResolvedNode {
  let root = resolved.get(formula);
  if (root) return root;
  const ids = new Map<string, string>();
  const visit = (node: Node, path: string, depth: number): ResolvedNode => {
    if (depth > MAX_DEPTH) throw new FormulaError(path, `nested deeper than ${MAX_DEPTH} nodes: flatten it`);
    const leaf = checkNode(node, path);
    const children = termsOf(node).map(([term, place]) => visit(term, `${path}.${place}`, depth + 1));
    return claim({
      node,
      id: node.id ?? impliedId(node, children.map((c) => c.id)),
      path,
      children,
      ...leaf,
    });
  };
  const claim = (node: ResolvedNode): ResolvedNode => {
    const other = ids.get(node.id);
    if (other !== undefined) {
      const [path, id] = node.node.id === undefined ? [node.path, "implied id"] : [`${node.path}.id`, "id"];
      throw new FormulaError(
        path,
        `the ${id} ${JSON.stringify(node.id)} is taken by ${other}: give one of them another id`,
      );
    }
    ids.set(node.id, node.path);
    return node;
  };
  root = visit(formula.root, "root", 1);
  resolved.set(formula, root);
  return root;
}

/** The id of a node that names none: its signal; what it wraps, boost(recency) being "recency_boost"; or its operation. */
export function impliedId(node: Node, children: readonly string[]): string {
  if (node.op === "signal") return node.signal;
  return "terms" in node ? node.op : `${children[0]}_${node.op}`;
}

/** Every node below and including one, parents first. */
export function* walkNodes(root: ResolvedNode): Generator<ResolvedNode> {
  yield root;
  for (const child of root.children) yield* walkNodes(child);
}
