/** Factors over listed features: the values a kernel operation reads, and the line or step it puts them through. */
import { LOG_FLOOR } from "../formula/document.ts";
import { bend, type ElementwiseSignal } from "../signals/signal.ts";
import type { ListedFeature } from "./kernel_features.ts";
import type { KernelMemory, Region } from "./kernel_memory.ts";
import type { Spread } from "./kernel_tables.ts";
import type { At } from "./leaf.ts";
import { type Factor, factorFunction } from "./unary.ts";

/**
 * One factor over a listed feature.
 *
 * The leaf's own values change only with the leaf's numbers. Boosts above it are one line p + r v and a gate on the leaf is one step,
 * both done while the kernel reads the lists; an exponent over them is taken for all values at once. Anything else is worked out
 * value by value.
 */
export class ListedFactor {
  /** the factor of a file that is not listed */
  silent = 1;
  /** p + r v, or p where v is at least the threshold and r elsewhere */
  line = { p: 0, r: 1, threshold: 0 };
  /** largest factor and least positive one, over listed files */
  ends = { high: 1, low: 1 };
  /** whether `line` is a step */
  readonly steps: boolean;
  /**
   * address of the values the operation reads: the measurements themselves where the leaf changes nothing, so that points share them; of a
   * step, of where it ends in each list
   */
  values: number;
  /** address of what tells two listed files apart: their measurements, or what a signal that bends none makes of them */
  readonly marks: number;
  readonly #straight: boolean;
  /** where the leaf's values go, or where a step ends in each list */
  readonly #leaf: number;
  /** where values other than the leaf's go; 0 where an operation reads the leaf's */
  readonly #outcome: number;
  readonly #raw: Float32Array;
  #leafNumbers: readonly number[] | undefined;
  /** whether the leaf's values are the measurements */
  #bare = false;
  #leafEnds = { high: 0, low: 0, nothing: false };

  constructor(
    readonly memory: KernelMemory,
    region: Region,
    readonly factor: Factor,
    readonly feature: ListedFeature,
  ) {
    const { chain, power } = factor;
    const boosts = (from: number) => chain.slice(from).every((n) => n.node.op === "boost");
    this.#straight = boosts(0);
    const { value } = factor.inner.signal as ElementwiseSignal;
    this.steps = !power && chain[0]?.node.op === "gate" && boosts(1) && value === bend;
    const room = 4 * feature.count + 16;
    this.#raw = memory.f32(feature.values, feature.count);
    this.#leaf = region.take(this.steps ? 4 * feature.lists : room);
    this.#outcome = this.steps || (this.#straight && !power) ? 0 : region.take(room);
    this.values = this.#outcome || this.#leaf;
    this.marks = value === bend ? feature.values : this.#leaf;
  }

  /** Bytes an operation reads at most: of a step positions and ends, of a line measurements as well. */
  get bytes(): number {
    return this.steps ? 2 * this.feature.count + 8 * this.feature.lists : this.feature.bytes;
  }

  moveTo(ats: ReadonlyMap<string, At>): void {
    const { factor, feature, memory } = this, at = ats.get(factor.inner.id)!;
    const signal = factor.inner.signal as ElementwiseSignal;
    if (this.steps) {
      this.#step(ats);
      return;
    }
    const numbers = Object.values(at);
    if (!this.#leafNumbers || numbers.some((v, i) => v !== this.#leafNumbers![i])) {
      this.#leafNumbers = numbers;
      this.#evaluateLeaf(signal, at);
    }
    if (this.#outcome === 0) this.values = this.#bare ? feature.values : this.#leaf;
    const f = factorFunction(factor, ats), { high, low, nothing } = this.#leafEnds;
    this.silent = f(signal.value(0, at));
    this.line = { p: 0, r: 1, threshold: 0 };
    // An exponent makes something even of nothing.
    this.ends = ordered([f(high), f(low), ...nothing ? [f(0)] : []]);
    if (this.#straight) {
      const line = factorFunction({ ...factor, power: undefined }, ats), p = line(0), r = line(1) - p;
      if (!factor.power) this.line = { p, r, threshold: 0 };
      else {
        const exponent = ats.get(factor.power.of.id)![factor.power.place]!;
        memory.kernel.powers(this.#leaf, this.values, feature.count, p, r, LOG_FLOOR, exponent);
      }
    } else {
      const raw = this.#raw, values = memory.f32(this.values, feature.count);
      let most = 0, least = Infinity;
      for (let k = 0; k < raw.length; k++) {
        const v = f(signal.value(raw[k]!, at));
        if (v > most) most = v;
        if (v > 0 && v < least) least = v;
        values[k] = v;
      }
      this.ends = ordered([most, least]);
    }
  }

  /** A step on a bent measurement is a step on the measurement: where the bent one comes to the threshold, as double precision has it. */
  #step(ats: ReadonlyMap<string, At>): void {
    const { factor, feature } = this, at = ats.get(factor.inner.id)!, gate = ats.get(factor.chain[0]!.id)!;
    const { value } = factor.inner.signal as ElementwiseSignal;
    const outer = factorFunction({ ...factor, chain: factor.chain.slice(1) }, ats);
    this.silent = factorFunction(factor, ats)(value(0, at));
    const numbers = [...Object.values(at), gate["threshold"]!];
    let { threshold } = this.line;
    if (!this.#leafNumbers || numbers.some((v, i) => v !== this.#leafNumbers![i])) {
      this.#leafNumbers = numbers;
      threshold = leastReaching((x) => value(x, at) >= gate["threshold"]!);
      const { starts, lists, values } = feature;
      this.memory.kernel.findStops(starts, lists, values, threshold, this.#leaf);
    }
    this.line = { p: outer(gate["on"]!), r: outer(gate["off"]!), threshold };
    this.ends = ordered([this.line.p, this.line.r]);
  }

  /**
   * Writes the numbers of an operation on the lists, and adds the spread of its factors.
   *
   * @param at address of the operation
   * @param scale of all factors
   * @param silent the factor of files not listed, where that is for the operation to say; else 0
   */
  write(at: number, scale: number, spread: Spread, silent = 0): void {
    const { memory, line, ends } = this;
    memory.u32(at + 12, 1)[0] = this.values;
    memory.f32(at + 16, 3).set([line.p * scale, line.r * scale, line.threshold]);
    const high = Math.max(ends.high * scale, silent, Number.MIN_VALUE);
    const low = silent > 0 ? Math.min(ends.low * scale, silent) : ends.low * scale;
    spread.high += Math.max(0, Math.log10(high));
    spread.low += Math.min(0, Math.log10(Math.max(low, Number.MIN_VALUE)));
  }

  #evaluateLeaf(signal: ElementwiseSignal, at: At): void {
    const { memory, feature } = this, raw = this.#raw;
    const bent = signal.value === bend, unbent = bent && at["gamma"] === 1;
    this.#bare = unbent && this.#outcome === 0;
    const leaf = this.#bare ? raw : memory.f32(this.#leaf, feature.count);
    if (unbent) {
      if (leaf !== raw) leaf.set(raw);
    } else if (bent) {
      memory.kernel.powers(feature.values, this.#leaf, feature.count, 0, 1, 0, at["gamma"]!);
    } else for (let k = 0; k < raw.length; k++) leaf[k] = signal.value(raw[k]!, at);
    let high = 0, low = Infinity, nothing = false;
    for (const v of leaf) {
      if (v > high) high = v;
      if (v > 0 && v < low) low = v;
      nothing ||= v === 0;
    }
    this.#leafEnds = { ...ordered([high, low]), nothing };
  }
}

/** The ends of what is positive and finite; 1 where nothing is. */
function ordered(values: readonly number[]): { high: number; low: number } {
  const positive = values.filter((v) => v > 0 && v < Infinity);
  return positive.length === 0
    ? { high: 1, low: 1 }
    : { high: Math.max(...positive), low: Math.min(...positive) };
}

/** The least Float32 from 0 on that has a property all larger ones have as well; infinity where none has. */
function leastReaching(reaches: (x: number) => boolean): number {
  const bits = new Uint32Array(1), value = new Float32Array(bits.buffer);
  let low = 0, high = 0x7f80_0000;
  while (low < high) {
    const middle = bits[0] = (low + high) >>> 1;
    if (reaches(value[0]!)) high = middle;
    else low = middle + 1;
  }
  bits[0] = low;
  return value[0]!;
}

/** The least Float32 not below a number, so that comparing Float32 values with it decides as comparing with the number would. */
export function atLeast(x: number): number {
  const near = Math.fround(x);
  if (near >= x) return near;
  const bits = new Int32Array(new Float32Array([near]).buffer);
  bits[0]! += near >= 0 ? 1 : -1;
  return new Float32Array(bits.buffer)[0]!;
}
