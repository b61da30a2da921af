/**
 * How far apart, relatively, two values that are equal on paper may come out on a path that is not exact.
 *
 * A walk is off by what its vectors were kept to. A look-up, a line or a power in Float32 rounds; roundings are independent, so they add
 * up by their squares. A product adds what its factors bring, an exponent multiplies it; a sum or a maximum brings what its worst term
 * does; a step brings nothing, for what stands too close to it is told apart by other means.
 */
import type { ResolvedNode } from "../formula/document.ts";
import type { Ats } from "./kernel_tables.ts";

/** What a path's leaves are off by, for two files together. */
export interface LeafBlur {
  readonly walk: number;
  /** of an elementwise leaf and what is done with it, in 95 of 100 cases and more */
  readonly rounding: number;
}

/**
 * The kernel's leaves. Of a million walk values on ten repositories one in ten thousand was off by more than 8e-7, none by more than
 * 1.3e-6.
 */
export const KERNEL_BLUR: LeafBlur = { walk: 1e-6, rounding: 1.5e-7 };
/** The plain path's, whose walks are kept in Float32 at nodes (off by 1e-7 at the most on ten repositories) and whose products are exact. */
export const PLAIN_BLUR: LeafBlur = { walk: 1e-6, rounding: 1e-13 };

/** The blur of a node at a point. */
export function blurOf(node: ResolvedNode, ats: Ats, leaf: LeafBlur): number {
  const { walk, square } = partsOf(node, ats, leaf);
  return walk + Math.sqrt(square);
}

function partsOf(node: ResolvedNode, ats: Ats, leaf: LeafBlur): { walk: number; square: number } {
  if (node.signal) {
    return { walk: node.signal.kind === "walk" ? leaf.walk : 0, square: leaf.rounding ** 2 };
  }
  const parts = node.children.map((child) => partsOf(child, ats, leaf)),
    { op } = node.node,
    at = ats.get(node.id)!;
  if (op === "gate" || op === "reciprocal_rank_fusion") return { walk: 0, square: leaf.rounding ** 2 };
  if (op === "product" || op === "log_linear" || op === "noisy_or") {
    return parts.reduce((sum, part, j) => {
      const exponent = op === "log_linear" ? Math.abs(at[`weight[${j}]`]!) : 1;
      return { walk: sum.walk + exponent * part.walk, square: sum.square + exponent ** 2 * part.square };
    }, { walk: 0, square: leaf.rounding ** 2 });
  }
  return {
    walk: Math.max(...parts.map((part) => part.walk)),
    square: Math.max(...parts.map((part) => part.square)) + leaf.rounding ** 2,
  };
}
