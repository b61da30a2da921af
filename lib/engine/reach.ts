/**
 * Whether a formula's values stay where double precision multiplies them in any order to the same number, rounding apart.
 *
 * Beyond its ends the order decides: the reference refuses an infinity wherever it arises, and what once came to nothing stays nothing.
 * A path that multiplies in another order, or leaves constants out, cannot know.
 */
import { LOG_FLOOR, type ResolvedNode } from "../formula/document.ts";
import type { Ats } from "./kernel_tables.ts";

/** A Float64 ends at 1.8e308 and has fewer digits below 2.2e-308; what lies between is left to spare. */
const MOST = 1e290, LEAST = 1e-290;
/** Least positive values of leaves: of a measurement bent by any legal exponent, and of a walk that hardly comes by. */
const LEAST_MEASURED = 1e-15, LEAST_WALKED = 1e-30;

/** Bounds of a node's values and of all products on the way to them: the largest, and the least positive. */
interface Reach {
  readonly high: number;
  readonly low: number;
}

/** @param files most files of a snapshot */
export function staysInside(root: ResolvedNode, ats: Ats, files: number): boolean {
  let inside = true;
  const visit = (node: ResolvedNode): Reach => {
    const reach = reachOf(node, node.children.map(visit), ats, files);
    inside &&= reach.high < MOST && reach.low > LEAST;
    return reach;
  };
  visit(root);
  return inside;
}

function reachOf(
  { id, node, signal }: ResolvedNode,
  terms: readonly Reach[],
  ats: Ats,
  files: number,
): Reach {
  const at = ats.get(id)!, weight = (j: number) => at[`weight[${j}]`]!;
  const highs = terms.map((t) => t.high), lows = terms.map((t) => t.low);
  switch (node.op) {
    case "signal":
      return signal!.kind === "walk" ? { high: files, low: LEAST_WALKED } : { high: 1, low: LEAST_MEASURED };
    case "boost":
      return { high: 1 + (at["peak"]! - 1) * highs[0]!, low: 1 };
    case "gate":
      return { high: Math.max(at["on"]!, at["off"]!), low: leastOf([at["on"]!, at["off"]!]) };
    case "product":
      return { high: product(highs, Math.max), low: product(lows, Math.min) };
    case "weighted_sum":
      return {
        high: highs.reduce((sum, v, j) => sum + weight(j) * v, 0),
        low: leastOf(lows.map((v, j) => weight(j) * v)),
      };
    case "max":
      return {
        high: Math.max(...highs.map((v, j) => weight(j) * v)),
        low: leastOf(lows.map((v, j) => weight(j) * v)),
      };
    case "noisy_or":
      return { high: 1, low: leastOf(lows.map((v, j) => weight(j) * v)) };
    case "log_linear": {
      const ends = terms.map((t, j) => [0, t.high].map((v) => Math.pow(v + LOG_FLOOR, weight(j))));
      return {
        high: product(ends.map((e) => Math.max(...e)), Math.max),
        low: product(ends.map((e) => Math.min(...e)), Math.min),
      };
    }
    case "reciprocal_rank_fusion": {
      const shares = terms.map((_, j) => weight(j) / (at["k"]! + 1));
      return { high: shares.reduce((a, b) => a + b, 0), low: leastOf(shares) / (files + 1) };
    }
  }
}

/** The product of all, and of any of them: those that would bring it back towards 1 are left out. */
function product(values: readonly number[], further: (a: number, b: number) => number): number {
  return values.reduce((all, value) => all * further(1, value), 1);
}

/** The least positive number; 1 where none is. */
function leastOf(values: readonly number[]): number {
  const positive = values.filter((v) => v > 0);
  return positive.length === 0 ? 1 : Math.min(...positive);
}
