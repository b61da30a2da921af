/** A walk leaf of the plain path: restart vectors prepared for every alpha, contracted at the one in force. */
import type { ResolvedNode } from "../formula/document.ts";
import { mixLayers, undirectedLayer } from "../graph/layers.ts";
import type { EdgeLayer, Snapshot } from "../records/snapshot.ts";
import { DEPTH_COORDINATES, type WalkSignal } from "../signals/signal.ts";
import type { Arena } from "./arena.ts";
import type { At, WalkValues } from "./leaf.ts";
import { Shelf } from "./shelf.ts";
import { DEEPEST_HOP, interpolation, NODES, Walker, type WalkVectors } from "./walk_basis.ts";

/** One restart vector: a depth class, or the chat files of a case that are of that class. */
interface WalkPart extends WalkVectors {
  readonly depthClass: number;
}

/**
 * Parts of snapshots and queries, shared by engines over the same cases. A leaf holds those it uses besides, so that an arena larger than
 * the shelf is not worked out again at each alpha.
 */
const PARTS = new Shelf<readonly WalkPart[]>(
  4 << 20,
  (parts) => parts.reduce((n, p) => n + p.reached.byteLength + p.nodes.byteLength + p.hops.byteLength, 0),
);

interface Prepared {
  readonly classes: readonly WalkPart[];
  readonly chat: readonly (readonly WalkPart[])[];
}

/**
 * A walk leaf over an arena.
 *
 * A walk over one layer is prepared once for all alphas. A walk whose matrix changes with its shares is prepared again whenever the
 * shares change, which costs about as much as a thousand evaluations.
 */
export class WalkLeaf implements WalkValues {
  readonly #arena: Arena;
  readonly #signal: WalkSignal;
  readonly #options: Readonly<Record<string, string>>;
  #groups: Prepared[] = [];
  #shares = "";
  #alpha = NaN;
  #coefficients: Float64Array = new Float64Array(0);
  /** alpha^hop by hop */
  #powers: Float64Array = new Float64Array(0);
  /** vectors by part as contracted at an alpha, and that alpha; written over at another */
  readonly #contracted = new Map<WalkPart, { alpha: number; readonly values: Float64Array }>();

  constructor(arena: Arena, node: ResolvedNode) {
    this.#arena = arena;
    this.#signal = node.signal as WalkSignal;
    this.#options = node.options!;
  }

  /** Sets the point; cheap where alpha and the shares stay. */
  moveTo(at: At): void {
    const layers = this.#signal.layers(this.#options);
    const shares = layers.map(({ share }) => share === undefined ? 1 : at[share]!);
    const total = shares.reduce((a, b) => a + b, 0);
    const key = layers.length === 1 ? "one" : shares.map((s) => s / total).join(" ");
    if (key !== this.#shares) {
      this.#prepare(layers, shares, key);
      this.#shares = key;
      this.#contracted.clear();
    }
    if (at["alpha"] !== this.#alpha) {
      this.#alpha = at["alpha"]!;
      this.#coefficients = interpolation(this.#alpha);
      this.#powers = Float64Array.from({ length: DEEPEST_HOP + 1 }, (_, h) => Math.pow(this.#alpha, h));
    }
  }

  #prepare(layers: ReturnType<WalkSignal["layers"]>, shares: readonly number[], sharesKey: string): void {
    const key = `${JSON.stringify(layers)} ${sharesKey}`;
    this.#groups = this.#arena.groups.map(({ snapshot, cases }) => {
      let walker: Walker | undefined;
      const solve = (depthClass: number, files: readonly number[]): WalkPart => {
        walker ??= new Walker(walkedLayer(snapshot, layers, shares));
        return { depthClass, ...walker.solve(files.map((i) => [i, 1] as const)) };
      };
      const classes = PARTS.get(snapshot, key, () =>
        [0, 1, 2, 3].flatMap((depthClass) => {
          const files = [...snapshot.depth_class.keys()].filter((i) =>
            snapshot.depth_class[i] === depthClass
          );
          return files.length === 0 ? [] : [solve(depthClass, files)];
        }));
      const chat = cases.map(({ query }) =>
        PARTS.get(query, key, () => {
          const files = [...new Set([query.seed, ...query.sparse.chat.index])];
          const byClass = Map.groupBy(files, (i) => snapshot.depth_class[i]!);
          return [...byClass].map(([depthClass, group]) => solve(depthClass, group));
        })
      );
      return { classes, chat };
    });
  }

  /** Values of the reached files at the point. */
  #contract(part: WalkPart): Float64Array {
    const { nodes, hops } = part, n = hops.length, c = this.#coefficients;
    let known = this.#contracted.get(part);
    if (known === undefined) {
      this.#contracted.set(part, known = { alpha: NaN, values: new Float64Array(n) });
    }
    const out = known.values;
    if (known.alpha === this.#alpha) return out;
    known.alpha = this.#alpha;
    out.fill(0);
    for (let k = 0; k < NODES; k++) {
      const factor = c[k]!, offset = k * n;
      if (factor === 0) continue;
      for (let i = 0; i < n; i++) out[i]! += factor * nodes[offset + i]!;
    }
    const powers = this.#powers;
    for (let i = 0; i < n; i++) out[i]! *= powers[hops[i]!]!;
    return out;
  }

  unsure(group: number, position: number): boolean {
    const { classes, chat } = this.#groups[group]!;
    return !classes.every((part) => part.settled) || !chat[position]!.every((part) => part.settled);
  }

  #sum(sums: Float64Array): number {
    let total = 0;
    for (let k = 0; k < NODES; k++) total += this.#coefficients[k]! * sums[k]!;
    return total;
  }

  /** Sum of the class vectors at the point: what all cases of a group share. Written to `out`; returns its total. */
  base(group: number, at: At, out: Float64Array): number {
    const { classes } = this.#groups[group]!;
    out.fill(0);
    let total = 0;
    for (const part of classes) {
      const weight = at[DEPTH_COORDINATES[part.depthClass]!]!;
      addReached(out, part.reached, this.#contract(part), weight);
      total += weight * this.#sum(part.sums);
    }
    return total;
  }

  /** Values of one case: (base + chat) scaled to a mean of 1 over all files. `base` and `baseTotal` come from {@link base}. */
  values(
    group: number,
    position: number,
    at: At,
    base: Float64Array,
    baseTotal: number,
    out: Float64Array,
  ): void {
    const n = out.length;
    const parts = this.#groups[group]!.chat[position]!;
    const extra = at["chat_multiplier"]! - 1;
    let total = baseTotal;
    for (const { depthClass, sums } of parts) {
      total += extra * at[DEPTH_COORDINATES[depthClass]!]! * this.#sum(sums);
    }
    const scale = n / total;
    for (let i = 0; i < n; i++) out[i] = base[i]! * scale;
    for (const part of parts) {
      const weight = extra * at[DEPTH_COORDINATES[part.depthClass]!]! * scale;
      addReached(out, part.reached, this.#contract(part), weight);
    }
  }
}

/** out += weight x values at the reached files. */
function addReached(out: Float64Array, reached: Uint32Array, values: Float64Array, weight: number): void {
  for (let i = 0; i < reached.length; i++) out[reached[i]!]! += weight * values[i]!;
}

/** The matrix a walk steps on: its one layer, or several mixed by their shares. */
function walkedLayer(
  snapshot: Snapshot,
  layers: ReturnType<WalkSignal["layers"]>,
  shares: readonly number[],
): EdgeLayer {
  const parts = layers.map(({ layer, undirected }, i) => ({
    layer: undirected ? undirectedLayer(snapshot.layers[layer]) : snapshot.layers[layer],
    share: shares[i]!,
  }));
  return parts.length === 1 ? parts[0]!.layer : mixLayers(parts, true);
}
