/** Edge layers as matrices to walk on: directions forgotten, several joined, rows normalised. */
import type { EdgeLayer } from "../records/snapshot.ts";

const symmetric = new WeakMap<EdgeLayer, EdgeLayer>();

/** The layer with every edge also backwards; weights of the two directions add up. Made once a layer. */
export function undirectedLayer(layer: EdgeLayer): EdgeLayer {
  let both = symmetric.get(layer);
  if (!both) {
    symmetric.set(
      layer,
      both = mixLayers([{ layer, share: 1 }, { layer: transpose(layer), share: 1 }], false),
    );
  }
  return both;
}

/** The layer with every edge turned round. */
export function transpose(layer: EdgeLayer): EdgeLayer {
  const n = layer.offsets.length - 1;
  const offsets = new Uint32Array(n + 1);
  for (const target of layer.targets) offsets[target + 1]!++;
  for (let i = 0; i < n; i++) offsets[i + 1]! += offsets[i]!;
  const next = offsets.slice(0, n),
    targets = new Uint32Array(layer.targets.length),
    weights = new Float32Array(layer.targets.length);
  for (let i = 0; i < n; i++) {
    for (let e = layer.offsets[i]!; e < layer.offsets[i + 1]!; e++) {
      const at = next[layer.targets[e]!]!++;
      targets[at] = i;
      weights[at] = layer.weights[e]!;
    }
  }
  return { offsets, targets, weights };
}

/** Sum of a row's weights, one a file. */
export function rowSums(layer: EdgeLayer): Float64Array {
  const n = layer.offsets.length - 1, sums = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let e = layer.offsets[i]!; e < layer.offsets[i + 1]!; e++) sums[i]! += layer.weights[e]!;
  }
  return sums;
}

/**
 * Adds layers of the same files, each weighed by its share.
 *
 * @param normalise divide each row of each layer by its sum first, so that a share is a probability of taking that layer; a
 *   row that is empty in one layer leaves its share to the others, and a row empty in all stays empty (dangling)
 */
export function mixLayers(
  parts: readonly { layer: EdgeLayer; share: number }[],
  normalise: boolean,
): EdgeLayer {
  const n = parts[0]!.layer.offsets.length - 1;
  const row = new Float64Array(n), offsets = new Uint32Array(n + 1);
  const targets: number[] = [], weights: number[] = [];
  const sums = normalise ? parts.map(({ layer }) => rowSums(layer)) : [];
  for (let i = 0; i < n; i++) {
    const reached: number[] = [];
    parts.forEach(({ layer, share }, p) => {
      const scale = normalise ? (sums[p]![i]! > 0 ? share / sums[p]![i]! : 0) : share;
      if (scale === 0) return;
      for (let e = layer.offsets[i]!; e < layer.offsets[i + 1]!; e++) {
        const target = layer.targets[e]!;
        if (row[target] === 0) reached.push(target);
        row[target]! += scale * layer.weights[e]!;
      }
    });
    reached.sort((a, b) => a - b);
    for (const target of reached) {
      targets.push(target);
      weights.push(row[target]!);
      row[target] = 0;
    }
    offsets[i + 1] = targets.length;
  }
  return { offsets, targets: Uint32Array.from(targets), weights: Float32Array.from(weights) };
}
