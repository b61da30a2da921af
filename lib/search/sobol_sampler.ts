/** Scrambled Sobol search: space-filling at every length, without a budget in hand. */
import { randomIndex, type RandomSource } from "../base/random.ts";
import type { SearchMethod } from "./search_method.ts";
import { sobolSequence } from "./sobol_sequence.ts";

/** The points of one scrambled Sobol sequence. @throws {RangeError} for more dimensions than the sequence serves */
export function sobolSearch(dimensions: number, random: RandomSource): SearchMethod {
  const next = sobolSequence(dimensions, randomIndex(random, 2 ** 32));
  return { propose: () => ({ position: next() }), observe() {} };
}
