/** Where combinators bend or jump, and whether a value that is slightly off may have ended on the wrong side. */
import type { At } from "./leaf.ts";

/** What turns a small error of a walk into a large one, or two values into one: steps, places, the better of two, a cut at 1. */
export const KINKED: ReadonlySet<string> = new Set(["gate", "reciprocal_rank_fusion", "max", "noisy_or"]);

/** Whether some file's terms lie so close to where a combinator bends that it may have bent the other way. */
export function isKinked(op: string, terms: readonly Float64Array[], at: At, blur: number): boolean {
  const weight = (j: number) => at[`weight[${j}]`]!;
  if (op === "reciprocal_rank_fusion") return terms.some((values) => hasClosePair(values, blur));
  if (op === "noisy_or") {
    return terms.some((values, j) => values.some((v) => Math.abs(weight(j) * v - 1) <= blur));
  }
  if (op !== "max") return false;
  return terms[0]!.some((_, i) => {
    const [best = 0, next = 0] = terms.map((values, j) => weight(j) * values[i]!).sort((a, b) => b - a);
    return best > 0 && best - next <= blur * best && terms.length > 1;
  });
}

/** Whether two files have values that differ, yet by no more than `blur` of themselves. */
function hasClosePair(values: Float64Array, blur: number): boolean {
  const sorted = values.slice().sort();
  for (let i = 1; i < sorted.length; i++) {
    const low = sorted[i - 1]!, high = sorted[i]!;
    if (high !== low && high - low <= blur * high) return true;
  }
  return false;
}
