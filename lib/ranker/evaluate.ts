/** The reference evaluation of a formula: plain, slow, the definition every faster path is held to. */
import { mixLayers, undirectedLayer } from "../graph/layers.ts";
import { personalizedPageRank } from "../graph/pagerank.ts";
import {
  COMBINATORS,
  type Formula,
  LOG_FLOOR,
  type ResolvedNode,
  resolveNodes,
} from "../formula/document.ts";
import { numbersAt } from "../formula/parameters.ts";
import type { Point } from "../records/space.ts";
import type { EdgeLayer, QueryMode } from "../records/snapshot.ts";
import {
  DEPTH_COORDINATES,
  type ElementwiseSignal,
  type Feature,
  type SignalInput,
  type WalkSignal,
} from "../signals/signal.ts";

/** What the leaves of a formula are worth on one query. */
export interface Leaves {
  /** files x stationary probability of a walk leaf, one entry a file */
  walk(node: ResolvedNode, at: Readonly<Record<string, number>>, input: SignalInput): Float64Array;
  /** the feature of an elementwise leaf, where its signal is not silent */
  feature(node: ResolvedNode, input: SignalInput): Feature;
}

/** Leaves as their definitions say. */
const DEFINED: Leaves = {
  walk: definedWalk,
  feature: (node, input) => (node.signal as ElementwiseSignal).feature(input, node.options!),
};

/** Values of every node of a formula on one query, by node id; one entry a file of the snapshot, the seed included. */
export type NodeValues = ReadonlyMap<string, Float64Array>;

/**
 * Evaluates a formula on one query.
 *
 * @param mode "seed": signals that need the message are silent (value at feature 0)
 * @param leaves what leaves are worth; default: worked out by their definitions
 * @throws {RangeError} when the point lacks a parameter, or a value comes out non-finite or negative, with the node's path
 */
export function evaluateFormula(
  formula: Formula,
  point: Point,
  input: SignalInput,
  mode: QueryMode,
  leaves: Leaves = DEFINED,
): NodeValues {
  return evaluateNodes(resolveNodes(formula), point, input, mode, leaves);
}

/** As {@link evaluateFormula}, of a formula whose nodes were resolved before. */
export function evaluateNodes(
  root: ResolvedNode,
  point: Point,
  input: SignalInput,
  mode: QueryMode,
  leaves: Leaves = DEFINED,
): NodeValues {
  const values = new Map<string, Float64Array>();
  const visit = (node: ResolvedNode): Float64Array => {
    const result = evaluateNode(node, node.children.map(visit), point, input, mode, leaves);
    for (let i = 0; i < result.length; i++) {
      const v = result[i]!;
      if (!(v >= 0 && v < Infinity)) {
        throw new RangeError(
          `Cannot rank: ${node.path} (${node.id}) gives ${v}, a finite number of at least 0 is wanted`,
        );
      }
    }
    values.set(node.id, result);
    return result;
  };
  visit(root);
  return values;
}

function evaluateNode(
  node: ResolvedNode,
  terms: readonly Float64Array[],
  point: Point,
  input: SignalInput,
  mode: QueryMode,
  leaves: Leaves,
): Float64Array {
  const doc = node.node, n = input.snapshot.files.length;
  const at = numbersAt(node, point);
  const each = (f: (i: number) => number) => {
    const values = new Float64Array(n);
    for (let i = 0; i < n; i++) values[i] = f(i);
    return values;
  };
  switch (doc.op) {
    case "signal": {
      const signal = node.signal!;
      if (signal.kind === "walk") {
        const values = leaves.walk(node, at, input);
        return each((i) => roundWalk(values[i]!));
      }
      const silent = signal.needs === "message" && mode === "seed";
      const feature: Feature = silent
        ? { kind: "sparse", index: new Uint32Array(0), values: new Float32Array(0) }
        : leaves.feature(node, input);
      return elementwise(signal, feature, at, n);
    }
    case "boost":
      return each((i) => 1 + (at["peak"]! - 1) * terms[0]![i]!);
    case "gate":
      return each((i) => terms[0]![i]! >= at["threshold"]! ? at["on"]! : at["off"]!);
    default: {
      const weights = COMBINATORS[doc.op].weighted ? terms.map((_, j) => at[`weight[${j}]`]!) : [];
      switch (doc.op) {
        case "product": {
          const values = new Float64Array(n).fill(1);
          for (const term of terms) for (let i = 0; i < n; i++) values[i]! *= term[i]!;
          return values;
        }
        case "weighted_sum":
          return each((i) => terms.reduce((s, v, j) => s + weights[j]! * v[i]!, 0));
        case "noisy_or":
          return each((i) =>
            1 - terms.reduce((p, v, j) => p * (1 - Math.min(1, Math.max(0, weights[j]! * v[i]!))), 1)
          );
        case "max":
          return each((i) => terms.reduce((m, v, j) => Math.max(m, weights[j]! * v[i]!), 0));
        case "log_linear":
          return each((i) => terms.reduce((p, v, j) => p * Math.pow(v[i]! + LOG_FLOOR, weights[j]!), 1));
        case "reciprocal_rank_fusion": {
          const places = terms.map(meanRanks);
          return each((i) => places.reduce((s, place, j) => s + weights[j]! / (at["k"]! + place[i]!), 0));
        }
      }
    }
  }
}

/** Applies a signal's value function to its feature. */
export function elementwise(
  signal: ElementwiseSignal,
  feature: Feature,
  at: Readonly<Record<string, number>>,
  n: number,
): Float64Array {
  const values = new Float64Array(n);
  switch (feature.kind) {
    case "dense":
      for (let i = 0; i < n; i++) values[i] = signal.value(feature.values[i]!, at);
      break;
    case "sparse":
      values.fill(signal.value(0, at));
      feature.index.forEach((i, k) => values[i] = signal.value(feature.values[k]!, at));
      break;
    case "codes":
      for (let i = 0; i < n; i++) values[i] = signal.value(feature.codes[i]! / (feature.scale ?? 1), at);
  }
  return values;
}

/** The matrix a walk signal steps on at a point. */
export function walkLayer(
  signal: WalkSignal,
  options: Readonly<Record<string, string>>,
  at: Readonly<Record<string, number>>,
  input: SignalInput,
): EdgeLayer {
  const parts = signal.layers(options).map(({ layer, undirected, share }) => ({
    layer: undirected ? undirectedLayer(input.snapshot.layers[layer]) : input.snapshot.layers[layer],
    share: share === undefined ? 1 : at[share]!,
  }));
  return parts.length === 1 ? parts[0]!.layer : mixLayers(parts, true);
}

/** Restart weights of a walk: the depth class's weight, times the multiplier for the seed and chat files. */
export function teleportWeights(
  at: Readonly<Record<string, number>>,
  { snapshot, query }: SignalInput,
): Float64Array {
  const classes = DEPTH_COORDINATES.map((name) => at[name]!),
    weights = new Float64Array(snapshot.files.length);
  for (let i = 0; i < weights.length; i++) weights[i] = classes[snapshot.depth_class[i]!]!;
  for (const i of new Set([query.seed, ...query.sparse.chat.index])) weights[i]! *= at["chat_multiplier"]!;
  return weights;
}

/** Change of a sweep, in L1, at which the reference stops: about what rounding lets a sweep settle to. */
const TOLERANCE = 1e-15;

function definedWalk(
  node: ResolvedNode,
  at: Readonly<Record<string, number>>,
  input: SignalInput,
): Float64Array {
  const layer = walkLayer(node.signal as WalkSignal, node.options!, at, input);
  const { ranks } = personalizedPageRank(layer, teleportWeights(at, input), at["alpha"]!, {
    tolerance: TOLERANCE,
  });
  return ranks.map((r) => r * ranks.length);
}

/** Significant bits that two ways of working a walk out agree on. */
const WALK_BITS = 36;
const SPLIT = 2 ** (53 - WALK_BITS) + 1;

/**
 * A walk's value to WALK_BITS significant bits.
 *
 * Files that a graph treats alike have equal values on paper, and values a few units of the last place apart once summed in some order.
 * Rounded they are equal again, and the tie is decided by the order of files, as ties are, instead of by the order of sums.
 * Source: Veltkamp's splitting.
 */
function roundWalk(value: number): number {
  const scaled = SPLIT * value;
  return scaled - (scaled - value);
}

/** 1-based places by value, highest first; equal values share the mean of their places. */
export function meanRanks(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => values[b]! - values[a]!);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    const mean = (from + 1 + to) / 2;
    for (let k = from; k < to; k++) ranks[order[k]!] = mean;
    from = to;
  }
  return ranks;
}
