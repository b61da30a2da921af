/** Blocks made from nothing but a seed: every feature filled, for tests that need some snapshot and not a true one. */
import { randomIndex, type RandomSource, randomStream } from "../../lib/base/random.ts";
import { tieOrder } from "../../lib/records/run.ts";
import {
  DENSE_FEATURES,
  DENSE_LEVELS,
  type EdgeLayer,
  LAYERS,
  type Query,
  type Snapshot,
  type SnapshotBlock,
  SPARSE_FEATURES,
} from "../../lib/records/snapshot.ts";
import { layerFrom } from "./layers.ts";

const EXTENSIONS = ["py", "ts", "go"];

/** A block of `n` files and `seeds` queries. */
export function randomBlock(seed: number, n = 12, seeds = 2): SnapshotBlock {
  const random = randomStream(seed, "block");
  const names = Array.from(
    { length: n },
    (_, i) =>
      `d${randomIndex(random, 3)}/file${String(i).padStart(3, "0")}.${EXTENSIONS[randomIndex(random, 3)]}`,
  );
  const files = Array.from(tieOrder(names), (i) => names[i]!);
  const references = randomLayer(random, n);
  const idf: EdgeLayer = { ...references, weights: references.weights.map((w) => Math.fround(w / 7)) };
  const snapshot: Snapshot = {
    repo: "made/up",
    commit: `c${seed}`,
    parent: `p${seed}`,
    now_s: 1_000_000 + seed,
    files,
    depth_class: Uint8Array.from(files, () => randomIndex(random, 4)),
    days: Uint16Array.from(files, () => [0, 3, 40, 400, 65535][randomIndex(random, 5)]!),
    churn: Uint16Array.from(files, () => randomIndex(random, 30)),
    author_days: Uint16Array.from(files, () => [1, 65535][randomIndex(random, 2)]!),
    layers: Object.fromEntries(LAYERS.map((name) => [
      name,
      name === "references" ? references : name === "references_idf" ? idf : randomLayer(random, n),
    ])) as Snapshot["layers"],
  };
  const queries = Array.from({ length: seeds }, (_, q): Query => ({
    case_id: `made/up@c${seed}:${q}`,
    seed: q,
    hops: Uint8Array.from(files, (_, i) => i === q ? 0 : [1, 2, 3, 255][randomIndex(random, 4)]!),
    sparse: Object.fromEntries(SPARSE_FEATURES.map((name) => {
      const index = Uint32Array.from(files.keys().filter((i) => i !== q && random() < 0.3));
      const values = Float32Array.from(index, () => Math.fround(0.01 + 0.99 * random()));
      return [name, { index, values }];
    })) as Query["sparse"],
    dense: Object.fromEntries(
      DENSE_FEATURES.map((
        name,
      ) => [name, Uint16Array.from(files, () => randomIndex(random, DENSE_LEVELS + 1))]),
    ) as Query["dense"],
  }));
  return { snapshot, queries };
}

function randomLayer(random: RandomSource, n: number): EdgeLayer {
  const edges: [number, number, number][] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) if (i !== j && random() < 0.2) edges.push([i, j, 1 + randomIndex(random, 9)]);
  }
  return layerFrom(n, edges);
}
