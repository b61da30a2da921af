/** Leaves of a compiled formula: features gathered once, values made anew at each point with look-up tables. */
import type { QueryMode } from "../records/snapshot.ts";
import type { ElementwiseSignal, Feature } from "../signals/signal.ts";
import type { ResolvedNode } from "../formula/document.ts";
import type { Arena, ArenaCase, ArenaGroup } from "./arena.ts";
import { memo } from "./memo.ts";

/** Values of a leaf's numbers at a point, by coordinate name. */
export type At = Readonly<Record<string, number>>;

/** Which codes were met while a leaf is made; all 0 otherwise. */
const OCCURS = new Uint8Array(1 << 16);

const SILENT: Feature = { kind: "sparse", index: new Uint32Array(0), values: new Float32Array(0) };

/** An elementwise leaf over an arena: one feature a group (scope "snapshot") or a case. */
export class ElementwiseLeaf {
  readonly scope: "snapshot" | "query";
  readonly #features: readonly Feature[];
  /** codes that occur among all features of kind "codes", ascending; few of those a table has room for */
  readonly #codes: Uint16Array;
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
    const codes: number[] = [];
    let scale = 1;
    for (const f of this.#features) {
      if (f.kind !== "codes") continue;
      scale = f.scale ?? 1;
      for (let i = 0; i < f.codes.length; i++) {
        const code = f.codes[i]!;
        if (OCCURS[code] === 1) continue;
        OCCURS[code] = 1;
        codes.push(code);
      }
    }
    for (const code of codes) OCCURS[code] = 0;
    this.#codes = Uint16Array.from(codes).sort();
    this.#scale = scale;
  }

  /** The feature of a group or a case, by position. */
  feature(position: number): Feature {
    return this.#features[position]!;
  }

  /**
   * Value by code at a point, through `wrap` (the unary nodes above the leaf); 0 for codes that do not occur. Empty when no feature is of
   * kind "codes".
   */
  table(at: At, wrap: (v: number) => number): Float64Array {
    const codes = this.#codes, table = new Float64Array(codes.length === 0 ? 0 : codes.at(-1)! + 1);
    for (const code of codes) table[code] = wrap(this.#signal.value(code / this.#scale, at));
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
  /** Whether the values of a case may be further off than the path allows for. */
  unsure(group: number, position: number, at: At): boolean;
}

/** Whether a signal needs the message and the arena has none: its leaf is a constant. */
export function isSilent(node: ResolvedNode, mode: QueryMode): boolean {
  return node.signal?.needs === "message" && mode === "seed";
}
