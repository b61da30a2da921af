/** Co-change of one file with all others, and the co-change layer among all files, as of an ancestry. */
import type { EdgeLayer, SparseFeature } from "../records/snapshot.ts";
import {
  type Activity,
  type Ancestry,
  type ChangeRows,
  decayWeight,
  MAX_COUPLING_FILES,
  MEMORIES,
  RECENT_COMMITS,
} from "./ancestry.ts";

/** Added to the denominator of decayed coupling, so that one faint common commit is not certainty. */
export const DECAY_SMOOTHING = 0.05;

/** The coupling features of a seed, each over the snapshot's files. */
export interface Coupling {
  jaccard: SparseFeature;
  jaccard_500: SparseFeature;
  confidence: SparseFeature;
  decayed_50: SparseFeature;
  decayed_200: SparseFeature;
  decayed_800: SparseFeature;
}

/**
 * Measures how the seed has changed with every other file, in commits of at most MAX_COUPLING_FILES source files.
 *
 * With co = common commits, a and b = commits of seed and file: Jaccard = co / (a + b - co); confidence = co / a (ROSE);
 * decayed = the same Jaccard over decayed commit weights, with {@link DECAY_SMOOTHING} in the denominator.
 * @param seed identity of the seed; -1 gives empty features
 * @param positionOf snapshot position of a file identity, or -1
 */
export function couplingOf(
  index: ChangeRows,
  ancestry: Ancestry,
  activity: Activity,
  seed: number,
  positionOf: Int32Array,
): Coupling {
  const co = new Map<number, { all: number; recent: number; decayed: number[] }>();
  if (seed >= 0) {
    for (const commit of index.commitsOf(seed)) {
      if (!ancestry.includes[commit]) continue;
      const files = index.touched(commit);
      if (files.length > MAX_COUPLING_FILES) continue;
      const age = ancestry.age[commit]!;
      for (const file of files) {
        if (file === seed || positionOf[file]! < 0) continue;
        let entry = co.get(file);
        if (!entry) co.set(file, entry = { all: 0, recent: 0, decayed: MEMORIES.map(() => 0) });
        entry.all++;
        if (age < RECENT_COMMITS) entry.recent++;
        MEMORIES.forEach((memory, m) => entry!.decayed[m]! += decayWeight(age, memory, files.length));
      }
    }
  }
  const files = [...co.keys()].sort((a, b) => positionOf[a]! - positionOf[b]!);
  const feature = (value: (file: number) => number): SparseFeature => {
    const kept = files.map((file) => [positionOf[file]!, Math.fround(value(file))] as const).filter(([, v]) =>
      v > 0
    );
    return { index: Uint32Array.from(kept, (k) => k[0]), values: Float32Array.from(kept, (k) => k[1]) };
  };
  const ratio = (common: number, a: number, b: number, smoothing = 0) =>
    common / (a + b - common + smoothing);
  const decayed = (m: number) =>
    feature((f) =>
      ratio(co.get(f)!.decayed[m]!, activity.decayed[m]![seed]!, activity.decayed[m]![f]!, DECAY_SMOOTHING)
    );
  return {
    jaccard: feature((f) => ratio(co.get(f)!.all, activity.coupling[seed]!, activity.coupling[f]!)),
    jaccard_500: feature((f) =>
      co.get(f)!.recent === 0
        ? 0
        : ratio(co.get(f)!.recent, activity.coupling_500[seed]!, activity.coupling_500[f]!)
    ),
    confidence: feature((f) => co.get(f)!.all / activity.coupling[seed]!),
    decayed_50: decayed(0),
    decayed_200: decayed(1),
    decayed_800: decayed(2),
  };
}

/** Newest commits the co-change layer is made from, its memory in commits, and edges kept a file. */
const LAYER_COMMITS = 1000;
const LAYER_MEMORY = 200;
const LAYER_DEGREE = 20;

/**
 * Builds the co-change layer: edge u to v weighs the decayed commits that touched both.
 *
 * Each file keeps its heaviest {@link LAYER_DEGREE} edges (ties: lower position), so the layer stays sparse.
 */
export function cochangeLayer(
  index: ChangeRows,
  ancestry: Ancestry,
  positionOf: Int32Array,
  n: number,
): EdgeLayer {
  const rows: Map<number, number>[] = Array.from({ length: n }, () => new Map());
  const line = ancestry.line;
  for (let i = Math.max(0, line.length - LAYER_COMMITS); i < line.length; i++) {
    const files = index.touched(line[i]!);
    if (files.length < 2 || files.length > MAX_COUPLING_FILES) continue;
    const weight = decayWeight(ancestry.age[line[i]!]!, LAYER_MEMORY, files.length);
    const present: number[] = [];
    for (const file of files) if (positionOf[file]! >= 0) present.push(positionOf[file]!);
    for (const u of present) {
      for (const v of present) if (u !== v) rows[u]!.set(v, (rows[u]!.get(v) ?? 0) + weight);
    }
  }
  return layerOf(rows.map((row) => {
    const edges = [...row];
    if (edges.length <= LAYER_DEGREE) return edges;
    return edges.sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, LAYER_DEGREE);
  }));
}

/** Packs rows of [target, weight] pairs into compressed rows, targets ascending. */
export function layerOf(rows: readonly (readonly (readonly [number, number])[])[]): EdgeLayer {
  const offsets = new Uint32Array(rows.length + 1);
  rows.forEach((row, i) => offsets[i + 1] = offsets[i]! + row.length);
  const targets = new Uint32Array(offsets[rows.length]!), weights = new Float32Array(targets.length);
  rows.forEach((row, i) => {
    row.slice().sort((a, b) => a[0] - b[0]).forEach(([target, weight], k) => {
      targets[offsets[i]! + k] = target;
      weights[offsets[i]! + k] = weight;
    });
  });
  return { offsets, targets, weights };
}
