/** What a formula's leaves measure on one query, read once and kept for any number of boxes. */
import { mixLayers, rowSums, undirectedLayer } from "../graph/layers.ts";
import { personalizedPageRank } from "../graph/pagerank.ts";
import type { EdgeLayer, QueryMode } from "../records/snapshot.ts";
import type { Feature, SignalInput, WalkSignal } from "../signals/signal.ts";
import type { ResolvedNode } from "./document.ts";

/** Restart groups of a walk: four depth classes, each outside and inside the context (seed and chat files). */
export const RESTART_GROUPS = 8;

/** Responses of a walk at one alpha, before normalisation: entry [group][file] of (I - alpha P')^-1 applied to the group's files. */
export interface Responses {
  readonly columns: readonly Float64Array[];
  /** sum of each column */
  readonly totals: readonly number[];
}

/** One query as a formula's leaves see it. */
export class Scene {
  readonly files: number;
  readonly #features = new Map<string, Float64Array>();
  readonly #responses = new Map<string, Responses>();
  readonly #twins = new Map<string, boolean>();
  #groups: Uint8Array | undefined;

  constructor(readonly input: SignalInput, readonly mode: QueryMode) {
    this.files = input.snapshot.files.length;
  }

  /** The measurement x of every file; 0 everywhere where the signal is silent in this mode. */
  feature(node: ResolvedNode): Float64Array {
    let values = this.#features.get(node.id);
    if (!values) {
      const signal = node.signal!;
      if (signal.kind !== "elementwise") throw new TypeError(`${node.id} is a walk: it has no feature`);
      values = signal.needs === "message" && this.mode === "seed"
        ? new Float64Array(this.files)
        : spread(signal.feature(this.input, node.options!), this.files);
      this.#features.set(node.id, values);
    }
    return values;
  }

  /** The layer a walk steps on when its shares are these. */
  layer(node: ResolvedNode, shares: Readonly<Record<string, number>>): EdgeLayer {
    const parts = (node.signal as WalkSignal).layers(node.options!).map(({ layer, undirected, share }) => ({
      layer: undirected
        ? undirectedLayer(this.input.snapshot.layers[layer])
        : this.input.snapshot.layers[layer],
      share: share === undefined ? 1 : shares[share]!,
    }));
    return parts.length === 1 ? parts[0]!.layer : mixLayers(parts, true);
  }

  /** Restart group of every file: its depth class, plus 4 in the context. */
  groups(): Uint8Array {
    if (this.#groups) return this.#groups;
    const groups = Uint8Array.from(this.input.snapshot.depth_class);
    const { seed, sparse } = this.input.query;
    for (const i of new Set([seed, ...sparse.chat.index])) groups[i]! += 4;
    return this.#groups = groups;
  }

  /** How a walk answers to a restart at each group, at one alpha. Kept by alpha and shares. */
  responses(node: ResolvedNode, alpha: number, shares: Readonly<Record<string, number>>): Responses {
    const key = JSON.stringify([node.id, alpha, shares]);
    let found = this.#responses.get(key);
    if (!found) this.#responses.set(key, found = respond(this.layer(node, shares), this.groups(), alpha));
    return found;
  }

  /**
   * Whether two files are twins in every layer a walk may use: exchanging them changes neither edges nor restart groups, so that no
   * alpha, weight or share tells them apart.
   */
  areTwins(node: ResolvedNode, a: number, b: number): boolean {
    const key = `${node.id} ${a} ${b}`;
    let twins = this.#twins.get(key);
    if (twins === undefined) this.#twins.set(key, twins = this.#findTwins(node, a, b));
    return twins;
  }

  #findTwins(node: ResolvedNode, a: number, b: number): boolean {
    const groups = this.groups();
    if (groups[a] !== groups[b]) return false;
    const one = Object.fromEntries(node.signal!.coordinates.map((c) => [c.name, 1]));
    return (node.signal as WalkSignal).layers(node.options!).every((part) =>
      exchangeable(
        this.layer({ ...node, signal: { ...(node.signal as WalkSignal), layers: () => [part] } }, one),
        a,
        b,
      )
    );
  }
}

function spread(feature: Feature, n: number): Float64Array {
  const values = new Float64Array(n);
  if (feature.kind === "sparse") feature.index.forEach((i, k) => values[i] = feature.values[k]!);
  else if (feature.kind === "dense") values.set(feature.values.subarray(0, n));
  else for (let i = 0; i < n; i++) values[i] = feature.codes[i]! / (feature.scale ?? 1);
  return values;
}

function respond(layer: EdgeLayer, groups: Uint8Array, alpha: number): Responses {
  const n = groups.length, sums = rowSums(layer);
  const columns: Float64Array[] = [], totals: number[] = [];
  for (let g = 0; g < RESTART_GROUPS; g++) {
    const teleport = Float64Array.from(groups, (own) => own === g ? 1 : 0);
    const size = teleport.reduce((s, v) => s + v, 0);
    if (size === 0) {
      columns.push(new Float64Array(n));
      totals.push(0);
      continue;
    }
    const { ranks } = personalizedPageRank(layer, teleport, alpha);
    // The stationary distribution is the response to a restart of this strength: dangling mass restarts too.
    const dangling = ranks.reduce((s, r, i) => sums[i] === 0 ? s + r : s, 0);
    const scale = size / (1 - alpha + alpha * dangling);
    columns.push(ranks.map((r) => r * scale));
    totals.push(scale);
  }
  return { columns, totals };
}

function exchangeable(layer: EdgeLayer, a: number, b: number): boolean {
  const row = (i: number) => {
    const map = new Map<number, number>();
    for (let e = layer.offsets[i]!; e < layer.offsets[i + 1]!; e++) {
      map.set(layer.targets[e]!, layer.weights[e]!);
    }
    return map;
  };
  const other = (i: number) => i === a ? b : i === b ? a : i;
  const out = row(a), twin = row(b);
  if (out.size !== twin.size || [...out].some(([t, w]) => twin.get(other(t)) !== w)) return false;
  for (let i = 0; i < layer.offsets.length - 1; i++) {
    if (i === a || i === b) continue;
    const from = row(i);
    if (from.get(a) !== from.get(b)) return false;
  }
  return true;
}
