/** Combinators on vectors, as the reference evaluation defines them. */
import { type CombineNode, LOG_FLOOR, type Node } from "../formula/document.ts";
import { meanRanks } from "../ranker/evaluate.ts";

/** Combines the values of several terms of one case. @param at the node's numbers by place */
export function combine(
  node: Node,
  terms: readonly Float64Array[],
  at: Readonly<Record<string, number>>,
): Float64Array {
  const { op } = node as CombineNode;
  const n = terms[0]!.length, out = new Float64Array(n);
  const weight = (j: number) => at[`weight[${j}]`]!;
  switch (op) {
    case "product":
      out.fill(1);
      for (const v of terms) for (let i = 0; i < n; i++) out[i]! *= v[i]!;
      return out;
    case "weighted_sum":
      terms.forEach((v, j) => {
        const w = weight(j);
        for (let i = 0; i < n; i++) out[i]! += w * v[i]!;
      });
      return out;
    case "noisy_or":
      out.fill(1);
      terms.forEach((v, j) => {
        const w = weight(j);
        for (let i = 0; i < n; i++) out[i]! *= 1 - Math.min(1, Math.max(0, w * v[i]!));
      });
      for (let i = 0; i < n; i++) out[i] = 1 - out[i]!;
      return out;
    case "max":
      terms.forEach((v, j) => {
        const w = weight(j);
        for (let i = 0; i < n; i++) out[i] = Math.max(out[i]!, w * v[i]!);
      });
      return out;
    case "log_linear":
      out.fill(1);
      terms.forEach((v, j) => {
        const w = weight(j);
        for (let i = 0; i < n; i++) out[i]! *= Math.pow(v[i]! + LOG_FLOOR, w);
      });
      return out;
    case "reciprocal_rank_fusion":
      terms.forEach((v, j) => {
        const w = weight(j), k = at["k"]!, ranks = meanRanks(v);
        for (let i = 0; i < n; i++) out[i]! += w / (k + ranks[i]!);
      });
      return out;
  }
}
