/** Look-up tables of coded features: written when a number they depend on has moved. */
import type { ElementwiseSignal } from "../signals/signal.ts";
import type { CodedFeature, JointFeature } from "./kernel_features.ts";
import { type KernelMemory, LANES, type Region } from "./kernel_memory.ts";
import type { At } from "./leaf.ts";
import { type Factor, factorFunction, factorNumbers } from "./unary.ts";

/** Numbers of all nodes at a point, by node id. */
export type Ats = ReadonlyMap<string, At>;

/** Powers of ten of the largest and least positive values something may have. */
export interface Spread {
  high: number;
  low: number;
}

/** Takes positive numbers that values may be multiplied by, one or the other, into a spread. */
export function widen(spread: Spread, ...numbers: readonly number[]): void {
  const powers = numbers.filter((x) => x > 0).map(Math.log10);
  spread.high += Math.max(0, ...powers);
  spread.low += Math.min(0, ...powers);
}

/** A factor and the feature under it. */
export interface CodedPart {
  readonly factor: Factor;
  readonly feature: CodedFeature;
}

/** Dictionaries up to this size are looked up 16 at a time. */
const SWIZZLE_MOST = 64;

/** Whether the codes of a feature are so few that 16 of them are looked up by one instruction. */
export const isSmall = (feature: CodedFeature) => feature.width === 1 && feature.levels.length <= 16;

/** Factor by code, in double precision, made anew when its numbers move. Free of scale, the largest is 1. */
class FactorValues {
  /** address of the values */
  readonly at: number;
  readonly values: Float64Array;
  readonly #spread: Spread = { high: 0, low: 0 };
  #numbers: readonly number[] | undefined;

  constructor(memory: KernelMemory, region: Region, readonly part: CodedPart, readonly free: boolean) {
    const size = part.feature.levels.length;
    this.at = region.take(8 * size);
    this.values = memory.f64(this.at, size);
  }

  /** Whether the values changed; adds their spread in either case. */
  moveTo(ats: Ats, spread: Spread): boolean {
    const { factor, feature } = this.part, numbers = factorNumbers(factor, ats), last = this.#numbers;
    const moved = last === undefined || numbers.some((v, i) => v !== last[i]);
    this.#numbers = numbers;
    if (moved) {
      const f = factorFunction(factor, ats), at = ats.get(factor.inner.id)!;
      const signal = factor.inner.signal as ElementwiseSignal, { values } = this;
      if (signal.values) {
        signal.values(feature.levels, at, values);
        for (let code = 0; code < values.length; code++) values[code] = f(values[code]!);
      } else {
        for (let code = 0; code < values.length; code++) {
          values[code] = f(signal.value(feature.levels[code]!, at));
        }
      }
      this.#scale();
    }
    spread.high += Math.max(0, this.#spread.high);
    spread.low += Math.min(0, this.#spread.low);
    return moved;
  }

  #scale(): void {
    const { values } = this;
    let high = 0, low = Infinity;
    for (let code = 0; code < values.length; code++) {
      const v = values[code]!;
      if (v > high) high = v;
      if (v > 0 && v < low) low = v;
    }
    if (high === 0) high = low = 1;
    else if (this.free) {
      for (let i = 0; i < values.length; i++) values[i]! /= high;
      [high, low] = [1, low / high];
    }
    this.#spread.high = Math.log10(high);
    this.#spread.low = Math.log10(low);
  }
}

/** Codes by group or case, as an operation finds them. */
interface Codes {
  readonly pointers: number;
  readonly width: 1 | 2;
}

/**
 * Tables of a formula in which the numbers of eight points stand side by side, shared by its lanes.
 *
 * Points that share a pass look up the same codes: a file's code is read once, and what it finds for all points is one line of the cache.
 */
export class LaneTables {
  /** by place in a program: addresses of the record the kernel reads, and of the table */
  readonly #made: { readonly record: number; readonly table: number }[] = [];

  constructor(readonly memory: KernelMemory, readonly region: Region) {}

  /** The table of what a program looks up in its `k`-th place; `kernel/quad_run.as` reads the record. */
  of(
    k: number,
    { pointers, width }: Codes,
    size: number,
  ): { readonly record: number; readonly table: number } {
    return this.#made[k] ??= this.#make(pointers, width, size);
  }

  #make(pointers: number, width: number, size: number) {
    const table = this.region.take(4 * LANES * size), record = this.region.take(12);
    this.memory.u32(record, 3).set([pointers, width, table]);
    return { record, table };
  }
}

/** Where a lane finds its tables: those of its formula, which of the lanes it is, and which of the look-ups comes next. */
export interface LaneCursor {
  readonly tables: LaneTables;
  readonly lane: number;
  next: number;
}

/** A product of factors looked up: a table for the point alone, and a column in a table shared with other points. */
abstract class LookUp {
  /** address of the record of the shared table */
  readonly record: number;
  /** address of what the numbers are products of: how many factors, codes of each (0: its own), values of each; see `kernel/alike.as` */
  abstract readonly members: number;
  /** address of the lane's first number in it */
  protected readonly column: number;
  protected readonly parts: readonly FactorValues[];
  /** which of the two stands at the last point */
  readonly #current = { alone: false, together: false };

  constructor(
    readonly memory: KernelMemory,
    region: Region,
    parts: readonly CodedPart[],
    codes: Codes,
    size: number,
    free: boolean,
    cursor: LaneCursor,
  ) {
    this.parts = parts.map((part) => new FactorValues(memory, region, part, free));
    const { record, table } = cursor.tables.of(cursor.next++, codes, size);
    this.record = record;
    this.column = table + 4 * cursor.lane;
  }

  /** @param together whether the shared table is to be written, and not the lane's own */
  moveTo(ats: Ats, spread: Spread, together: boolean): void {
    // Every part has to look, so no short cut.
    const moved = this.parts.map((part) => part.moveTo(ats, spread)).includes(true), current = this.#current;
    if (moved) current.alone = current.together = false;
    const which = together ? "together" : "alone";
    if (current[which]) return;
    this.write(together);
    current[which] = true;
  }

  protected abstract write(together: boolean): void;
}

/** Table of one factor: Float32 by code, or byte planes of 16 codes each where the dictionary is small. */
export class CodedTable extends LookUp {
  /** address of the table for the point alone */
  readonly at: number;
  readonly quick: boolean;
  readonly members: number;

  constructor(memory: KernelMemory, region: Region, part: CodedPart, free: boolean, cursor: LaneCursor) {
    const { feature } = part, size = feature.levels.length;
    super(memory, region, [part], feature, size, free, cursor);
    this.quick = feature.width === 1 && size <= SWIZZLE_MOST;
    this.at = region.take(this.quick ? 64 * Math.ceil(size / 16) : 4 * size);
    const values = region.take(4);
    memory.u32(values, 1)[0] = this.parts[0]!.at;
    this.members = region.take(12);
    memory.u32(this.members, 3).set([1, 0, values]);
  }

  protected override write(together: boolean): void {
    const { memory, at } = this, { values } = this.parts[0]!, size = values.length;
    if (together) {
      const column = memory.f32(this.column, Math.max(0, LANES * (size - 1) + 1));
      for (let code = 0; code < size; code++) column[LANES * code] = values[code]!;
    } else if (!this.quick) memory.f32(at, size).set(values);
    else {
      const bytes = new Uint8Array(Float32Array.from(values).buffer);
      const planes = memory.u8(at, 64 * Math.ceil(size / 16));
      for (let code = 0; code < size; code++) {
        for (let b = 0; b < 4; b++) planes[64 * (code >> 4) + 16 * b + (code & 15)] = bytes[4 * code + b]!;
      }
    }
  }
}

/** Table of several factors of a snapshot multiplied: one entry a combination of their codes that occurs. */
export class JointTable extends LookUp {
  /** address of the table for the point alone */
  readonly at: number;
  /** addresses of what the kernel multiplies: codes of each part, values of each part */
  readonly #codes: number;
  readonly #values: number;
  readonly members: number;

  constructor(
    memory: KernelMemory,
    region: Region,
    parts: readonly CodedPart[],
    readonly joint: JointFeature,
    free: boolean,
    cursor: LaneCursor,
  ) {
    super(memory, region, parts, joint, joint.size, free, cursor);
    this.at = region.take(4 * joint.size);
    this.#codes = region.take(4 * parts.length);
    this.#values = region.take(4 * parts.length);
    memory.u32(this.#codes, parts.length).set(joint.parts);
    memory.u32(this.#values, parts.length).set(this.parts.map((part) => part.at));
    this.members = region.take(12);
    memory.u32(this.members, 3).set([parts.length, this.#codes, this.#values]);
  }

  protected override write(together: boolean): void {
    const { memory, joint, parts } = this, [out, step] = together ? [this.column, 4 * LANES] : [this.at, 4];
    memory.kernel.multiply(this.#codes, this.#values, parts.length, joint.size, out, step);
  }
}
