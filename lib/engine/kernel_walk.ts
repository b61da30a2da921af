/** The kernel's walk vectors for readers in TypeScript. */
import { DEPTH_COORDINATES } from "../signals/signal.ts";
import type { KernelMemory } from "./kernel_memory.ts";
import type { At, WalkValues } from "./leaf.ts";
import type { WalkCurves } from "./walk_curves.ts";

/** One vector as contracted to the point in force. */
interface Vector {
  readonly depthClass: number;
  /** as far as it is not 0 */
  readonly values: Float32Array;
  readonly total: number;
}

/** Reads vectors that {@link KernelEngine.contract} brought to a point. */
export class KernelWalk implements WalkValues {
  /** where the files of the group asked for last stand */
  #placed: { readonly group: number; readonly places: Uint16Array } | undefined;

  /** @param groups of the origin arena, in the order of the reader's */
  constructor(
    readonly memory: KernelMemory,
    readonly curves: WalkCurves,
    readonly groups: Uint32Array,
  ) {}

  moveTo(): void {}

  base(group: number, at: At, out: Float64Array): number {
    const [, , , first, count] = this.memory.u32(this.curves.groupRecord(this.groups[group]!), 5);
    return out.fill(0) && this.#add(group, first!, count!, at, 1, out);
  }

  values(group: number, position: number, at: At, base: Float64Array, baseTotal: number, out: Float64Array) {
    const n = base.length;
    out.set(base);
    const scale = n / (baseTotal + this.#addCase(group, position, at, out.subarray(0, n)));
    for (let i = 0; i < n; i++) out[i]! *= scale;
  }

  unsure(group: number, _position: number, at: At): boolean {
    return !this.curves.fits(this.groups[group]!, at["alpha"]!);
  }

  /** y of a case's whole restart vector, before it is scaled. */
  solution(group: number, position: number, at: At, n: number): Float64Array {
    const out = new Float64Array(n);
    this.base(group, at, out);
    this.#addCase(group, position, at, out);
    return out;
  }

  #addCase(group: number, position: number, at: At, out: Float64Array): number {
    const pairs = this.memory.u32(this.curves.groupRecord(this.groups[group]!), 6)[5]!;
    const [first, count] = this.memory.u32(pairs + 8 * position, 2);
    return this.#add(group, first!, count!, at, at["chat_multiplier"]! - 1, out);
  }

  /** out += factor x class weight x vector, for several vectors; returns what that adds to the total. */
  #add(group: number, first: number, count: number, at: At, factor: number, out: Float64Array): number {
    if (this.#placed?.group !== group) {
      this.#placed = { group, places: this.memory.places(this.groups[group]!) };
    }
    const { places } = this.#placed;
    let total = 0;
    for (let v = 0; v < count; v++) {
      const { depthClass, values, total: own } = this.#vector(first + 32 * v);
      const weight = factor * at[DEPTH_COORDINATES[depthClass]!]!;
      for (let i = 0; i < out.length; i++) out[i]! += weight * (values[places[i]!] ?? 0);
      total += weight * own;
    }
    return total;
  }

  #vector(record: number): Vector {
    const [depthClass, , , bytes, , dense] = this.memory.u32(record, 6);
    return {
      depthClass: depthClass!,
      values: this.memory.f32(dense!, bytes! / 4),
      total: this.memory.f64(record + 24, 1)[0]!,
    };
  }
}
