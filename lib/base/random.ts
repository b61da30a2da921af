/** Seeded randomness. One study seed names any number of independent streams; nothing else in the kit is random. */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { sha256 } from "./canonical.ts";

/** A source of uniforms in [0, 1) with 53 random bits each. Calling it advances it. */
export type RandomSource = () => number;

/**
 * Opens the stream called `name` of the study seeded with `seed`.
 *
 * Streams with different names are unrelated; the same pair always gives the same numbers, on every machine.
 * Source: xoroshiro128+ from pure-rand, seeded by the first 32 bits of SHA-256 of "seed/name".
 */
export function randomStream(seed: number | string, name: string): RandomSource {
  const generator = xoroshiro128plus(Number.parseInt(sha256(`${seed}/${name}`).slice(0, 8), 16) | 0);
  return () => {
    const high = generator.next() >>> 5;
    const low = generator.next() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  };
}

/** A uniform integer in [0, n). @throws {RangeError} unless n is a positive integer */
export function randomIndex(random: RandomSource, n: number): number {
  if (!Number.isInteger(n) || n < 1) {
    throw new RangeError(`Cannot draw an index below ${n}: a positive integer is wanted`);
  }
  return Math.floor(random() * n);
}

/** A shuffled copy (Fisher-Yates). The argument is left alone. */
export function shuffled<T>(random: RandomSource, items: readonly T[]): T[] {
  const copy = items.slice();
  for (let i = copy.length - 1; i > 0; i--) {
    const j = randomIndex(random, i + 1);
    [copy[i], copy[j]] = [copy[j]!, copy[i]!];
  }
  return copy;
}

/** A standard normal deviate by Box-Muller; the second of each pair is discarded so that draws stay independent of parity. */
export function randomNormal(random: RandomSource): number {
  const u = 1 - random();
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * random());
}
