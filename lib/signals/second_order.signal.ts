/** Two steps from the seed: what is near the files that are near it. */
import type { EdgeLayer, LayerName, Snapshot } from "../records/snapshot.ts";
import { undirectedLayer } from "../graph/layers.ts";
import { bend, BENT, GAMMA, type Signal } from "./signal.ts";

const known = new WeakMap<Snapshot, Map<string, EdgeLayer>>();

function both(snapshot: Snapshot, name: LayerName): EdgeLayer {
  let layers = known.get(snapshot);
  if (!layers) known.set(snapshot, layers = new Map());
  let layer = layers.get(name);
  if (!layer) layers.set(name, layer = undirectedLayer(snapshot.layers[name]));
  return layer;
}

/** Calls back with every neighbour of a file and the share of the file's weight its edge has. */
function eachShare(layer: EdgeLayer, file: number, visit: (target: number, share: number) => void): void {
  const from = layer.offsets[file]!, to = layer.offsets[file + 1]!;
  let total = 0;
  for (let e = from; e < to; e++) total += layer.weights[e]!;
  for (let e = from; e < to; e++) visit(layer.targets[e]!, layer.weights[e]! / total);
}

/**
 * A file that never changed with the seed, but with files that do, is second-order co-change: the path history offers to pairs it has
 * not seen. Over imports or references it is what shares a neighbour with the seed.
 */
export default {
  kind: "elementwise",
  name: "second_order",
  description:
    "probability of reaching the file from the seed in two steps along a layer taken both ways, relative to the likeliest, in [0, 1]",
  layer: "Extension",
  scope: "query",
  coordinates: [GAMMA],
  choices: { layer: ["cochange", "imports", "references_idf"] },
  feature: ({ snapshot, query }, choice) => {
    const layer = both(snapshot, choice["layer"] as LayerName);
    const values = new Map<number, number>();
    eachShare(layer, query.seed, (middle, a) =>
      eachShare(layer, middle, (file, b) => {
        if (file !== query.seed) values.set(file, (values.get(file) ?? 0) + a * b);
      }));
    const index = Uint32Array.from(values.keys()).sort();
    const most = index.reduce((m, i) => Math.max(m, values.get(i)!), 0);
    return { kind: "sparse", index, values: Float32Array.from(index, (i) => values.get(i)! / most) };
  },
  value: bend,
  shape: BENT,
} satisfies Signal;
