/** Uniform random search: the floor that every other sampler must beat. */
import type { RandomSource } from "../base/random.ts";
import type { SearchMethod } from "./search_method.ts";
import { uniformPosition } from "./unit_cube.ts";

/** Independent uniform positions. Source: Bergstra and Bengio, "Random search for hyper-parameter optimization", JMLR 2012. */
export function randomSearch(dimensions: number, random: RandomSource): SearchMethod {
  return { propose: () => ({ position: uniformPosition(random, dimensions) }), observe() {} };
}
