/** Look-up tables of coded features: written when a number they depend on has moved. */
import type { ElementwiseSignal } from "../signals/signal.ts";
import type { CodedFeature, JointFeature } from "./kernel_features.ts";
import type { KernelMemory, Region } from "./kernel_memory.ts";
import type { At } from "./leaf.ts";
import { type Factor, factorFunction, factorNumbers } from "./unary.ts";

/** Numbers of all nodes at a point, by node id. */
export type Ats = ReadonlyMap<string, At>;

/** Powers of ten of the largest and least positive values something may have. */
export interface Spread {
  high: number;
  low: number;
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
  values: Float64Array = new Float64Array(0);
  readonly #spread: Spread = { high: 0, low: 0 };
  #numbers: readonly number[] | undefined;

  constructor(readonly part: CodedPart, readonly free: boolean) {}

  /** Whether the values changed; adds their spread in either case. */
  moveTo(ats: Ats, spread: Spread): boolean {
    const { factor, feature } = this.part, numbers = factorNumbers(factor, ats), last = this.#numbers;
    const moved = last === undefined || numbers.some((v, i) => v !== last[i]);
    this.#numbers = numbers;
    if (moved) {
      const f = factorFunction(factor, ats), at = ats.get(factor.inner.id)!;
      const signal = factor.inner.signal as ElementwiseSignal;
      this.values = feature.levels.map((x) => f(signal.value(x, at)));
      this.#scale();
    }
    spread.high += Math.max(0, this.#spread.high);
    spread.low += Math.min(0, this.#spread.low);
    return moved;
  }

  #scale(): void {
    let high = 0, low = Infinity;
    for (const v of this.values) {
      if (v > high) high = v;
      if (v > 0 && v < low) low = v;
    }
    if (high === 0) high = low = 1;
    else if (this.free) {
      for (let i = 0; i < this.values.length; i++) this.values[i]! /= high;
      [high, low] = [1, low / high];
    }
    this.#spread.high = Math.log10(high);
    this.#spread.low = Math.log10(low);
  }
}

/** Table of one factor: Float32 by code, or byte planes of 16 codes each where the dictionary is small. */
export class CodedTable {
  readonly at: number;
  readonly quick: boolean;
  readonly #values: FactorValues;

  constructor(
    readonly memory: KernelMemory,
    region: Region,
    factor: Factor,
    readonly feature: CodedFeature,
    free: boolean,
  ) {
    const size = feature.levels.length;
    this.quick = feature.width === 1 && size <= SWIZZLE_MOST;
    this.at = region.take(this.quick ? 64 * Math.ceil(size / 16) : 4 * size);
    this.#values = new FactorValues({ factor, feature }, free);
  }

  moveTo(ats: Ats, spread: Spread): void {
    if (!this.#values.moveTo(ats, spread)) return;
    const { values } = this.#values, size = values.length;
    if (!this.quick) return this.memory.f32(this.at, size).set(values);
    const bytes = new Uint8Array(Float32Array.from(values).buffer);
    const planes = this.memory.u8(this.at, 64 * Math.ceil(size / 16));
    for (let code = 0; code < size; code++) {
      for (let b = 0; b < 4; b++) planes[64 * (code >> 4) + 16 * b + (code & 15)] = bytes[4 * code + b]!;
    }
  }
}

/** Table of several factors of a snapshot multiplied: one entry a combination of their codes that occurs. */
export class JointTable {
  readonly at: number;
  readonly #parts: readonly FactorValues[];

  constructor(
    readonly memory: KernelMemory,
    region: Region,
    parts: readonly CodedPart[],
    readonly joint: JointFeature,
    free: boolean,
  ) {
    this.at = region.take(4 * joint.size);
    this.#parts = parts.map((part) => new FactorValues(part, free));
  }

  moveTo(ats: Ats, spread: Spread): void {
    // Every part has to look, so no short cut.
    const moved = this.#parts.map((part) => part.moveTo(ats, spread));
    if (!moved.includes(true)) return;
    const target = this.memory.f32(this.at, this.joint.size);
    const [first, second, ...rest] = this.#parts.map((part) => part.values);
    const [a, b, ...codes] = this.joint.parts;
    for (let code = 0; code < target.length; code++) {
      let value = first![a![code]!]! * second![b![code]!]!;
      for (let j = 0; j < rest.length; j++) value *= rest[j]![codes[j]![code]!]!;
      target[code] = value;
    }
  }
}
