/** Small random snapshots and queries for property tests: every array filled, ties and twins frequent. */
import fc from "fast-check";
import { randomIndex, type RandomSource, randomStream } from "../../lib/base/random.ts";
import {
  DENSE_FEATURES,
  DENSE_LEVELS,
  type DenseName,
  type EdgeLayer,
  type LayerName,
  LAYERS,
  NEVER_DAYS,
  type Query,
  type Snapshot,
  SPARSE_FEATURES,
  type SparseFeature,
  type SparseName,
  UNREACHED,
} from "../../lib/records/snapshot.ts";
import type { SignalInput } from "../../lib/signals/signal.ts";

/** Sizes drawn; both ends belong. */
export interface SnapshotSizes {
  readonly least?: number;
  readonly most?: number;
}

/** A snapshot with one query. It shrinks towards fewer files. */
export function arbitraryInput({ least = 3, most = 12 }: SnapshotSizes = {}): fc.Arbitrary<SignalInput> {
  return fc.tuple(fc.integer({ min: least, max: most }), fc.nat(1e6)).map(([n, seed]) =>
    randomInput(n, seed)
  );
}

/** A snapshot with several queries, as an engine reads it. */
export function arbitraryBlock(
  { least = 3, most = 12, queries = 4 }: SnapshotSizes & { queries?: number } = {},
): fc.Arbitrary<{ snapshot: Snapshot; queries: Query[] }> {
  return fc.tuple(fc.integer({ min: least, max: most }), fc.nat(1e6)).map(([n, seed]) => {
    const snapshot = randomSnapshot(n, randomStream(seed, "snapshot"));
    const random = randomStream(seed, "queries");
    return { snapshot, queries: Array.from({ length: queries }, (_, i) => randomQuery(n, `c${i}`, random)) };
  });
}

/** The snapshot and query of a size and seed: always the same ones. */
export function randomInput(files: number, seed: number): SignalInput {
  return {
    snapshot: randomSnapshot(files, randomStream(seed, "snapshot")),
    query: randomQuery(files, `case_${seed}`, randomStream(seed, "query")),
  };
}

/** A snapshot without edges and a query without evidence, to which a test adds what it is about. File 0 is the seed. */
export function blankInput(
  files: readonly string[],
  about: { snapshot?: Partial<Snapshot>; query?: Partial<Query> } = {},
): SignalInput {
  const n = files.length;
  return {
    snapshot: {
      repo: "blank",
      commit: "c",
      parent: "p",
      now_s: 0,
      files,
      depth_class: new Uint8Array(n),
      days: new Uint16Array(n).fill(NEVER_DAYS),
      churn: new Uint16Array(n),
      author_days: new Uint16Array(n).fill(NEVER_DAYS),
      layers: byName<LayerName, EdgeLayer>(LAYERS, () => edgeLayer(n, [])),
      ...about.snapshot,
    },
    query: {
      case_id: "blank",
      seed: 0,
      hops: Uint8Array.from({ length: n }, (_, i) => i === 0 ? 0 : UNREACHED),
      sparse: byName<SparseName, SparseFeature>(SPARSE_FEATURES, () => sparse({})),
      dense: byName<DenseName, Uint16Array>(DENSE_FEATURES, () => new Uint16Array(n)),
      ...about.query,
    },
  };
}

/** The query of a blank input with some sparse features set, by file position. */
export function withSparse(
  input: SignalInput,
  features: Partial<Record<SparseName, Readonly<Record<number, number>>>>,
): SignalInput {
  const own = Object.fromEntries(Object.entries(features).map(([name, values]) => [name, sparse(values)]));
  return { ...input, query: { ...input.query, sparse: { ...input.query.sparse, ...own } } };
}

/** A layer from edges (from, to, weight). */
export function edgeLayer(n: number, edges: readonly (readonly [number, number, number])[]): EdgeLayer {
  const sorted = edges.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const offsets = new Uint32Array(n + 1);
  for (const [from] of sorted) offsets[from + 1]!++;
  for (let i = 0; i < n; i++) offsets[i + 1]! += offsets[i]!;
  return {
    offsets,
    targets: Uint32Array.from(sorted, (e) => e[1]),
    weights: Float32Array.from(sorted, (e) => e[2]),
  };
}

/** A sparse feature from values by file position; zeros are left out. */
export function sparse(values: Readonly<Record<number, number>>): SparseFeature {
  const entries = Object.entries(values).map(([i, v]) => [Number(i), v] as const).filter(([, v]) => v !== 0)
    .sort((a, b) => a[0] - b[0]);
  return {
    index: Uint32Array.from(entries, (e) => e[0]),
    values: Float32Array.from(entries, (e) => e[1]),
  };
}

const FOLDERS = ["", "src/", "src/a/", "src/a/b/", "src/a/b/c/", "src/a/b/c/d/", "vendor/"];

function randomSnapshot(n: number, random: RandomSource): Snapshot {
  const pick = <T>(items: readonly T[]) => items[randomIndex(random, items.length)]!;
  const names = Array.from({ length: n }, (_, i) => `${pick(FOLDERS)}f${i}.${pick(["ts", "rs"])}`).sort();
  const some = (values: readonly number[]) => Uint16Array.from({ length: n }, () => pick(values));
  return {
    repo: "random",
    commit: "c",
    parent: "p",
    now_s: 1_700_000_000,
    files: names,
    depth_class: Uint8Array.from(names, (name) => {
      if (name.startsWith("vendor/")) return 3;
      const slashes = name.split("/").length - 1;
      return slashes <= 2 ? 0 : slashes <= 4 ? 1 : 2;
    }),
    days: some([0, 1, 7, 30, 30, 400, NEVER_DAYS]),
    churn: some([0, 0, 1, 5, 12, 80]),
    author_days: some([0, 3, 90, NEVER_DAYS, NEVER_DAYS]),
    layers: byName<LayerName, EdgeLayer>(LAYERS, () => randomLayer(n, random)),
  };
}

function randomLayer(n: number, random: RandomSource): EdgeLayer {
  const edges: [number, number, number][] = [];
  const density = random() * 0.5;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i !== j && random() < density) edges.push([i, j, [0.25, 1, 1, 3][randomIndex(random, 4)]!]);
    }
  }
  return edgeLayer(n, edges);
}

function randomQuery(n: number, case_id: string, random: RandomSource): Query {
  const seed = randomIndex(random, n);
  const level = () => [0, 0, 1, 200, 500, 500, DENSE_LEVELS][randomIndex(random, 7)]!;
  return {
    case_id,
    seed,
    hops: Uint8Array.from(
      { length: n },
      (_, i) => i === seed ? 0 : [1, 1, 2, 3, 5, UNREACHED][randomIndex(random, 6)]!,
    ),
    sparse: byName<SparseName, SparseFeature>(SPARSE_FEATURES, () => {
      const values: Record<number, number> = {};
      for (let i = 0; i < n; i++) {
        if (i !== seed && random() < 0.4) values[i] = [0.1, 0.3, 0.5, 1][randomIndex(random, 4)]!;
      }
      return sparse(values);
    }),
    dense: byName<DenseName, Uint16Array>(DENSE_FEATURES, () => Uint16Array.from({ length: n }, level)),
  };
}

function byName<K extends string, V>(names: readonly K[], make: (name: K) => V): Record<K, V> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<K, V>;
}
