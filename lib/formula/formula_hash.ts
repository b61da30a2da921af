/** Identity of a formula: what it computes and what may be tuned in it, whatever it is called and however it is written. */
import { contentHash } from "../base/canonical.ts";
import { type Formula, type ResolvedNode, resolveNodes } from "./document.ts";
import { searchSpace, slotsOf } from "./parameters.ts";

/**
 * Hash of a formula's content as 64 hexadecimal digits: operations, signals, options, ids, constants, and every parameter with its range,
 * default and scale.
 *
 * Names, descriptions and layers count for nothing, nor does writing down what is implied. Ids count: score parts and edits go by them.
 * The order of terms counts, since floating-point products and sums depend on it.
 */
export function formulaHash(formula: Formula): string {
  const space = new Map(searchSpace(formula).map((p) => [p.name, p]));
  const content = (node: ResolvedNode): unknown => ({
    op: node.node.op,
    id: node.id,
    signal: node.signal?.name,
    options: node.options,
    numbers: slotsOf(node).map(({ place, binding }) => {
      if (typeof binding === "number") return [place, binding];
      const { name, low, high, default: start, scale, integer } = space.get(binding.param)!;
      return [place, { name, low, high, default: start, scale, integer }];
    }),
    terms: node.children.map(content),
  });
  return contentHash(content(resolveNodes(formula)));
}
