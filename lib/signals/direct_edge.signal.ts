/** One step from the seed along a layer. */
import type { EdgeLayer, LayerName } from "../records/snapshot.ts";
import { transpose } from "../graph/layers.ts";
import { bend, BENT, GAMMA, type Signal } from "./signal.ts";

const backwards = new WeakMap<EdgeLayer, EdgeLayer>();

function turned(layer: EdgeLayer): EdgeLayer {
  let found = backwards.get(layer);
  if (!found) backwards.set(layer, found = transpose(layer));
  return found;
}

/** Each direction is divided by its largest weight, so that rare and frequent callers compare. */
export default {
  kind: "elementwise",
  name: "direct_edge",
  description:
    "weight of the edge between seed and file in a layer, relative to the seed's heaviest one, in [0, 1]",
  layer: "Extension",
  scope: "query",
  coordinates: [GAMMA],
  choices: {
    layer: ["references_idf", "references", "imports", "cochange", "semantic"],
    direction: ["either", "from_seed", "to_seed"],
  },
  feature: ({ snapshot, query }, choice) => {
    const layer = snapshot.layers[choice["layer"] as LayerName];
    const values = new Map<number, number>();
    const add = (l: EdgeLayer) => {
      const from = l.offsets[query.seed]!, to = l.offsets[query.seed + 1]!;
      let heaviest = 0;
      for (let e = from; e < to; e++) heaviest = Math.max(heaviest, l.weights[e]!);
      for (let e = from; e < to; e++) {
        values.set(l.targets[e]!, Math.max(values.get(l.targets[e]!) ?? 0, l.weights[e]! / heaviest));
      }
    };
    if (choice["direction"] !== "to_seed") add(layer);
    if (choice["direction"] !== "from_seed") add(turned(layer));
    const index = Uint32Array.from(values.keys()).sort();
    return { kind: "sparse", index, values: Float32Array.from(index, (i) => values.get(i)!) };
  },
  value: bend,
  shape: BENT,
} satisfies Signal;
