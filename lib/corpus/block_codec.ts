/** Snapshot blocks as bytes and back. Two blocks with the same bytes are the same features, bit for bit. */
import { pack, type PackedArray, unpack } from "../base/pack.ts";
import {
  DENSE_FEATURES,
  type DenseName,
  type EdgeLayer,
  type LayerName,
  LAYERS,
  type Query,
  type Snapshot,
  type SnapshotBlock,
  SPARSE_FEATURES,
  type SparseFeature,
  type SparseName,
} from "../records/snapshot.ts";

/** Raise with any change of features or layout: caches of other versions are made anew. */
export const BLOCK_VERSION = 4;

interface Head {
  repo: string;
  commit: string;
  parent: string;
  now_s: number;
  queries: { case_id: string; seed: number }[];
}

/** Encodes a block. @param pathNumber number of a path in the corpus's path table */
export function encodeBlock(block: SnapshotBlock, pathNumber: (path: string) => number): Uint8Array {
  const { snapshot: s, queries } = block;
  const arrays: Record<string, PackedArray> = {
    files: Uint32Array.from(s.files, pathNumber),
    depth_class: s.depth_class,
    days: s.days,
    churn: s.churn,
    author_days: s.author_days,
  };
  for (const name of LAYERS) {
    const layer = s.layers[name];
    // Both reference layers have the same edges; one copy serves both.
    if (name !== "references_idf") {
      arrays[`${name}.offsets`] = layer.offsets;
      arrays[`${name}.targets`] = layer.targets;
    }
    arrays[`${name}.weights`] = layer.weights;
  }
  queries.forEach((q, i) => {
    arrays[`${i}.hops`] = q.hops;
    for (const name of DENSE_FEATURES) arrays[`${i}.${name}`] = q.dense[name];
    for (const name of SPARSE_FEATURES) {
      arrays[`${i}.${name}.index`] = q.sparse[name].index;
      arrays[`${i}.${name}.values`] = q.sparse[name].values;
    }
  });
  const head: Head = {
    repo: s.repo,
    commit: s.commit,
    parent: s.parent,
    now_s: s.now_s,
    queries: queries.map(({ case_id, seed }) => ({ case_id, seed })),
  };
  return pack(head, arrays);
}

/** Decodes a block; arrays are views on `bytes`. @param paths the corpus's path table */
export function decodeBlock(bytes: Uint8Array, paths: readonly string[]): SnapshotBlock {
  const { head, arrays } = unpack(bytes) as { head: Head; arrays: Record<string, PackedArray> };
  const layer = (name: LayerName): EdgeLayer => {
    const edges = name === "references_idf" ? "references" : name;
    return {
      offsets: arrays[`${edges}.offsets`] as Uint32Array,
      targets: arrays[`${edges}.targets`] as Uint32Array,
      weights: arrays[`${name}.weights`] as Float32Array,
    };
  };
  const snapshot: Snapshot = {
    repo: head.repo,
    commit: head.commit,
    parent: head.parent,
    now_s: head.now_s,
    files: Array.from(arrays["files"]!, (i) => paths[i]!),
    depth_class: arrays["depth_class"] as Uint8Array,
    days: arrays["days"] as Uint16Array,
    churn: arrays["churn"] as Uint16Array,
    author_days: arrays["author_days"] as Uint16Array,
    layers: Object.fromEntries(LAYERS.map((name) => [name, layer(name)])) as Record<LayerName, EdgeLayer>,
  };
  const queries = head.queries.map(({ case_id, seed }, i): Query => ({
    case_id,
    seed,
    hops: arrays[`${i}.hops`] as Uint8Array,
    dense: Object.fromEntries(DENSE_FEATURES.map((name) => [name, arrays[`${i}.${name}`]])) as Record<
      DenseName,
      Uint16Array
    >,
    sparse: Object.fromEntries(SPARSE_FEATURES.map((name): [SparseName, SparseFeature] => [name, {
      index: arrays[`${i}.${name}.index`] as Uint32Array,
      values: arrays[`${i}.${name}.values`] as Float32Array,
    }])) as Record<SparseName, SparseFeature>,
  }));
  return { snapshot, queries };
}
