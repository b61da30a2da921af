/** Leaves of a compiled formula: features gathered once, values made anew at each point with look-up tables. */
import { mixLayers, undirectedLayer } from "../graph/layers.ts";
import type { EdgeLayer, QueryMode, Snapshot } from "../records/snapshot.ts";
import {
  DEPTH_COORDINATES,
  type ElementwiseSignal,
  type Feature,
  type WalkSignal,
} from "../signals/signal.ts";
import type { ResolvedNode } from "../formula/document.ts";
import type { Arena, ArenaCase, ArenaGroup } from "./arena.ts";
import { memo } from "./memo.ts";
import { DEEPEST_HOP, interpolation, NODES, Walker } from "./walk_basis.ts";

/** Values of a leaf's numbers at a point, by coordinate name. */
export type At = Readonly<Record<string, number>>;

const SILENT: Feature = { kind: "sparse", index: new Uint32Array(0), values: new Float32Array(0) };

/** An elementwise leaf over an arena: one feature a group (scope "snapshot") or a case. */
export class ElementwiseLeaf {
  readonly scope: "snapshot" | "query";
  readonly #features: readonly Feature[];
  /** largest code among all features of kind "codes", -1 without one */
  readonly #maxCode: number;
  readonly #scale: number;
  readonly #signal: ElementwiseSignal;

  constructor(arena: Arena, node: ResolvedNode) {
    const signal = this.#signal = node.signal as ElementwiseSignal;
    const silent = signal.needs === "message" && arena.mode === "seed";
    this.scope = silent ? "snapshot" : signal.scope;
    const key = `feature ${signal.name} ${JSON.stringify(node.options)}`;
    const measure = (group: ArenaGroup, c: ArenaCase): Feature => {
      if (silent) return SILENT;
      const owner = signal.scope === "snapshot" ? group.snapshot : c.query;
      return memo(
        owner,
        key,
        () => signal.feature({ snapshot: group.snapshot, query: c.query }, node.options!),
      );
    };
    this.#features = this.scope === "snapshot"
      ? arena.groups.map((g) => measure(g, g.cases[0]!))
      : arena.groups.flatMap((g) => g.cases.map((c) => measure(g, c)));
    let maxCode = -1, scale = 1;
    for (const f of this.#features) {
      if (f.kind !== "codes") continue;
      scale = f.scale ?? 1;
      for (const code of f.codes) if (code > maxCode) maxCode = code;
    }
    this.#maxCode = maxCode;
    this.#scale = scale;
  }

  /** The feature of a group or a case, by position. */
  feature(position: number): Feature {
    return this.#features[position]!;
  }

  /** Value by code at a point, through `wrap` (the unary nodes above the leaf). Empty when no feature is of kind "codes". */
  table(at: At, wrap: (v: number) => number): Float64Array {
    const table = new Float64Array(this.#maxCode + 1);
    for (let code = 0; code <= this.#maxCode; code++) {
      table[code] = wrap(this.#signal.value(code / this.#scale, at));
    }
    return table;
  }

  /** Value at one raw measurement. */
  value(x: number, at: At): number {
    return this.#signal.value(x, at);
  }
}

/** What the plain path asks of a walk leaf, whoever worked its vectors out. */
export interface WalkValues {
  /** Sets the point; cheap where alpha and the shares of layers stay. */
  moveTo(at: At): void;
  /** Sum of the class vectors: what all cases of a group share. Written to `out`; returns its total. */
  base(group: number, at: At, out: Float64Array): number;
  /** Values of one case: (base + chat) scaled to a mean of 1 over all files. `base` and `baseTotal` come from {@link base}. */
  values(
    group: number,
    position: number,
    at: At,
    base: Float64Array,
    baseTotal: number,
    out: Float64Array,
  ): void;
}

/** One restart vector: a depth class, or the chat files of a case that are of that class. */
interface WalkPart {
  readonly depthClass: number;
  /** node-major, without the factor alpha^hop */
  readonly nodes: Float32Array;
  /** steps from the restart to each file */
  readonly hops: Uint8Array;
  readonly sums: Float64Array;
}

interface Prepared {
  readonly classes: readonly WalkPart[];
  readonly chat: readonly (readonly WalkPart[])[];
}

/**
 * A walk leaf over an arena.
 *
 * A walk over one layer is prepared once for all alphas. A walk whose matrix changes with its shares is prepared again whenever the
 * shares change, which costs about as much as a thousand evaluations; see {@link WalkLeaf.prepared}.
 */
export class WalkLeaf implements WalkValues {
  readonly #arena: Arena;
  readonly #signal: WalkSignal;
  readonly #options: Readonly<Record<string, string>>;
  #groups: Prepared[] = [];
  #shares = "";
  #alpha = NaN;
  #coefficients: Float64Array = new Float64Array(0);
  #base: Float64Array[][] = [];
  #chat: Float64Array[][][] = [];
  /** how often matrices were prepared: 1 for a single-layer walk */
  prepared = 0;

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
      this.#prepare(layers, shares);
      this.#shares = key;
      this.#alpha = NaN;
    }
    if (at["alpha"] !== this.#alpha) {
      this.#alpha = at["alpha"]!;
      this.#coefficients = interpolation(this.#alpha);
      this.#base = [];
      this.#chat = [];
    }
  }

  #prepare(layers: ReturnType<WalkSignal["layers"]>, shares: readonly number[]): void {
    this.prepared++;
    const single = layers.length === 1;
    const key = `walk ${JSON.stringify(layers)}`;
    const keep = <T>(owner: object, make: () => T): T => single ? memo(owner, key, make) : make();
    this.#groups = this.#arena.groups.map(({ snapshot, cases }) => {
      let walker: Walker | undefined;
      const n = snapshot.files.length;
      const solve = (files: Iterable<number>) => {
        walker ??= new Walker(walkedLayer(snapshot, layers, shares));
        const nodes = new Float32Array(NODES * n);
        const hops = new Uint8Array(n);
        const sums = walker.solve([...files].map((i) => [i, 1] as const), nodes, 0, hops);
        return { nodes, hops, sums };
      };
      const classes = keep(snapshot, () =>
        [0, 1, 2, 3].flatMap((depthClass) => {
          const files = [...snapshot.depth_class.keys()].filter((i) =>
            snapshot.depth_class[i] === depthClass
          );
          return files.length === 0 ? [] : [{ depthClass, ...solve(files) }];
        }));
      const chat = cases.map(({ query }) =>
        keep(query, () => {
          const files = [...new Set([query.seed, ...query.sparse.chat.index])];
          const byClass = Map.groupBy(files, (i) => snapshot.depth_class[i]!);
          return [...byClass].map(([depthClass, group]) => ({ depthClass, ...solve(group) }));
        })
      );
      return { classes, chat };
    });
  }

  #contract({ nodes, hops }: WalkPart): Float64Array {
    const n = hops.length, out = new Float64Array(n), c = this.#coefficients;
    for (let k = 0; k < NODES; k++) {
      const factor = c[k]!, offset = k * n;
      if (factor === 0) continue;
      for (let i = 0; i < n; i++) out[i]! += factor * nodes[offset + i]!;
    }
    const powers = Float64Array.from({ length: DEEPEST_HOP + 1 }, (_, h) => Math.pow(this.#alpha, h));
    for (let i = 0; i < n; i++) out[i]! *= powers[hops[i]!]!;
    return out;
  }

  #sum(sums: Float64Array): number {
    let total = 0;
    for (let k = 0; k < NODES; k++) total += this.#coefficients[k]! * sums[k]!;
    return total;
  }

  /** Sum of the class vectors at the point: what all cases of a group share. Written to `out`; returns its total. */
  base(group: number, at: At, out: Float64Array): number {
    const { classes } = this.#groups[group]!;
    const n = out.length;
    const vectors = this.#base[group] ??= classes.map((part) => this.#contract(part));
    out.fill(0);
    let total = 0;
    classes.forEach(({ depthClass, sums }, j) => {
      const weight = at[DEPTH_COORDINATES[depthClass]!]!, vector = vectors[j]!;
      for (let i = 0; i < n; i++) out[i]! += weight * vector[i]!;
      total += weight * this.#sum(sums);
    });
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
    const vectors = (this.#chat[group] ??= [])[position] ??= parts.map((part) => this.#contract(part));
    const extra = at["chat_multiplier"]! - 1;
    let total = baseTotal;
    for (const { depthClass, sums } of parts) {
      total += extra * at[DEPTH_COORDINATES[depthClass]!]! * this.#sum(sums);
    }
    const scale = n / total;
    if (parts.length === 1) {
      const weight = extra * at[DEPTH_COORDINATES[parts[0]!.depthClass]!]! * scale, vector = vectors[0]!;
      for (let i = 0; i < n; i++) out[i] = base[i]! * scale + weight * vector[i]!;
      return;
    }
    for (let i = 0; i < n; i++) out[i] = base[i]! * scale;
    parts.forEach(({ depthClass }, j) => {
      const weight = extra * at[DEPTH_COORDINATES[depthClass]!]! * scale, vector = vectors[j]!;
      for (let i = 0; i < n; i++) out[i]! += weight * vector[i]!;
    });
  }
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

/** Whether a signal needs the message and the arena has none: its leaf is a constant. */
export function isSilent(node: ResolvedNode, mode: QueryMode): boolean {
  return node.signal?.needs === "message" && mode === "seed";
}
