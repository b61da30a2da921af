/** Sobol sequences with Owen scrambling, as sampler designs and for sensitivity indices. */
import { randomIndex, randomStream } from "../base/random.ts";
import { DIRECTION_NUMBERS } from "./direction_numbers.ts";

/** Most dimensions the table of direction numbers serves. */
export const SOBOL_DIMENSIONS = DIRECTION_NUMBERS.length + 1;

const BITS = 32;

/** A sequence of positions; calling it gives the next one. */
export type PositionSequence = () => number[];

/**
 * Opens a Sobol sequence in [0, 1)^dimensions.
 *
 * Without a seed it is the plain sequence in Gray-code order, beginning with the origin. With a seed every axis is scrambled
 * by nested uniform scrambling: the k-th binary digit is flipped by a fair coin that depends on the digits before it, so the
 * net keeps its balance (the first 2^m points put one in each of the 2^m strata of every axis), each point is uniform,
 * and seeds give independent replicates. Half of one unit in the last place is added then, so that 0 is never returned.
 * Period: 2^32 points.
 * Source: Antonov and Saleev 1979 (Gray code); Joe and Kuo 2008 (constants); Owen, "Randomly permuted (t,m,s)-nets", 1995.
 *
 * @param seed a 32-bit integer, or undefined for the unscrambled sequence
 * @throws {RangeError} unless 1 <= dimensions <= SOBOL_DIMENSIONS
 */
export function sobolSequence(dimensions: number, seed?: number): PositionSequence {
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > SOBOL_DIMENSIONS) {
    throw new RangeError(
      `Cannot make a Sobol sequence in ${dimensions} dimensions: 1 to ${SOBOL_DIMENSIONS} are wanted; use latin_hypercube beyond`,
    );
  }
  const directions = Array.from({ length: dimensions }, (_, axis) => directionIntegers(axis));
  const state = new Uint32Array(dimensions);
  let index = 0;
  return () => {
    if (index > 0) {
      // The Gray codes of index - 1 and index differ in the lowest zero digit of index - 1.
      const changed = 31 - Math.clz32(~(index - 1) & index);
      directions.forEach((v, axis) => state[axis] = state[axis]! ^ v[changed]!);
    }
    index++;
    return Array.from(
      state,
      (digits, axis) =>
        seed === undefined
          ? digits / 2 ** BITS
          : (scramble(digits, mix(mix(seed >>> 0) ^ (axis + 1))) + 0.5) / 2 ** BITS,
    );
  };
}

/** The first n points of the scrambled sequence that a study seed names, as a design for sensitivity indices. */
export function sobolDesign(n: number, dimensions: number, seed: number | string): number[][] {
  const next = sobolSequence(
    dimensions,
    randomIndex(randomStream(seed, `search/sobol-design/${dimensions}`), 2 ** 32),
  );
  return Array.from({ length: n }, next);
}

/** Direction integers v_1..v_32 of an axis, the binary point above bit 31. */
function directionIntegers(axis: number): Uint32Array {
  const v = new Uint32Array(BITS);
  if (axis === 0) return v.map((_, k) => 2 ** (31 - k));
  const [degree, inner, ...initial] = DIRECTION_NUMBERS[axis - 1] as [number, number, ...number[]];
  for (let k = 0; k < BITS; k++) {
    if (k < degree) {
      v[k] = initial[k]! * 2 ** (31 - k);
      continue;
    }
    let next = v[k - degree]! ^ (v[k - degree]! >>> degree);
    for (let j = 1; j < degree; j++) {
      if ((inner >>> (degree - 1 - j)) & 1) next ^= v[k - j]!;
    }
    v[k] = next;
  }
  return v;
}

/** Nested uniform scrambling of one 32-bit coordinate: the coin of a digit is a hash of all digits above it. */
function scramble(digits: number, key: number): number {
  let flipped = digits;
  for (let bit = BITS - 1; bit >= 0; bit--) {
    // Above the top digit there is nothing; a shift by 32 would be a shift by 0 in JavaScript.
    const above = bit === BITS - 1 ? 0 : digits >>> (bit + 1);
    const coin = mix(mix(above ^ key) + Math.imul(bit + 1, 0x9e3779b9)) & 1;
    flipped ^= coin << bit;
  }
  return flipped >>> 0;
}

/** A 32-bit integer hash that avalanches: murmur3's finaliser (Appleby, public domain). */
function mix(x: number): number {
  let h = x >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
