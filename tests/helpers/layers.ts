/** Edge layers from rows a person can read, and back. */
import { layerOf } from "../../lib/corpus/cochange.ts";
import type { EdgeLayer } from "../../lib/records/snapshot.ts";

/** A layer from edges [from, to, weight] over n files. */
export function layerFrom(n: number, edges: readonly (readonly [number, number, number])[]): EdgeLayer {
  return layerOf(
    Array.from(
      { length: n },
      (_, i) => edges.filter(([from]) => from === i).map(([, to, w]) => [to, w] as const),
    ),
  );
}

/** The edges of a layer as [from, to, weight], in its own order. */
export function edgesOf(layer: EdgeLayer): [number, number, number][] {
  const edges: [number, number, number][] = [];
  for (let i = 0; i + 1 < layer.offsets.length; i++) {
    for (let e = layer.offsets[i]!; e < layer.offsets[i + 1]!; e++) {
      edges.push([i, layer.targets[e]!, layer.weights[e]!]);
    }
  }
  return edges;
}
