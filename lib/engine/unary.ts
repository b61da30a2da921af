/** Chains of unary nodes over a leaf or subtree, as one function of a value. */
import type { ResolvedNode } from "../formula/document.ts";
import { LOG_FLOOR } from "../formula/document.ts";
import type { At } from "./leaf.ts";

/** The function of a boost or gate at a point. */
export function unary(node: ResolvedNode, at: At): (v: number) => number {
  if (node.node.op === "boost") {
    const extra = at["peak"]! - 1;
    return (v) => 1 + extra * v;
  }
  const { threshold, on, off } = at as { threshold: number; on: number; off: number };
  return (v) => v >= threshold ? on : off;
}

/** One factor of a product: a node, the leaf under its unary nodes if it ends in one, and its exponent's place in a log_linear root. */
export interface Factor {
  readonly node: ResolvedNode;
  /** unary nodes from the leaf (or the subtree `inner`) outwards */
  readonly chain: readonly ResolvedNode[];
  readonly inner: ResolvedNode;
  readonly power: { readonly of: ResolvedNode; readonly place: string } | undefined;
}

/** The factor a node is. */
export function factorOf(node: ResolvedNode, power?: Factor["power"]): Factor {
  const chain: ResolvedNode[] = [];
  let inner = node;
  while (inner.node.op === "boost" || inner.node.op === "gate") {
    chain.unshift(inner);
    inner = inner.children[0]!;
  }
  return { node, chain, inner, power };
}

/** Factors of a product (products inside it flattened) or of a log_linear; any other node is its own single factor. */
export function factorsUnder(node: ResolvedNode): Factor[] {
  if (node.node.op === "log_linear") {
    return node.children.map((child, i) => factorOf(child, { of: node, place: `weight[${i}]` }));
  }
  if (node.node.op !== "product") return [factorOf(node)];
  return node.children.flatMap((child) =>
    child.node.op === "product" ? factorsUnder(child) : factorOf(child)
  );
}

/** What a factor makes of its inner node's value at a point. */
export function factorFunction(factor: Factor, ats: ReadonlyMap<string, At>): (v: number) => number {
  const steps = factor.chain.map((node) => unary(node, ats.get(node.id)!));
  if (factor.power) {
    const exponent = ats.get(factor.power.of.id)![factor.power.place]!;
    steps.push((v) => Math.pow(v + LOG_FLOOR, exponent));
  }
  // Called for every entry of a table, and most chains are short.
  const [first, second] = steps;
  if (first === undefined) return (v) => v;
  if (second === undefined) return first;
  if (steps.length === 2) return (v) => second(first(v));
  return (v) => steps.reduce((x, step) => step(x), v);
}

/** Every number a factor depends on, its inner leaf's included: equal lists, equal factor. */
export function factorNumbers(factor: Factor, ats: ReadonlyMap<string, At>): number[] {
  const numbers = [factor.inner, ...factor.chain].flatMap((node) => Object.values(ats.get(node.id)!));
  if (factor.power) numbers.push(ats.get(factor.power.of.id)![factor.power.place]!);
  return numbers;
}

/** Whether a factor is above 0 for files of measurement 0, whatever the point. */
export function neverSilent(factor: Factor): boolean {
  const outermost = factor.chain.at(-1)?.node;
  if (factor.power || outermost?.op === "boost") return true;
  return outermost?.op === "gate" &&
    (outermost.off === undefined || (typeof outermost.off === "number" && outermost.off > 0));
}

/** Whether a factor is a walk's values as they are. */
export const isPlainWalk = (f: Factor) => f.inner.signal !== undefined && f.chain.length === 0 && !f.power;
