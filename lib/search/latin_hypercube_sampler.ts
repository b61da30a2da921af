/** Latin hypercube designs, and the sampler that walks through them. */
import { type RandomSource, shuffled } from "../base/random.ts";
import type { SearchMethod } from "./search_method.ts";

/**
 * A Latin hypercube of `n` positions: on every axis each of the n equal strata holds exactly one, at a random place.
 *
 * Shape: n rows of `dimensions` coordinates in [0, 1).
 * Source: McKay, Beckman and Conover, "A comparison of three methods...", Technometrics 21 (1979).
 */
export function latinHypercube(n: number, dimensions: number, random: RandomSource): number[][] {
  const strata = Array.from({ length: n }, (_, i) => i);
  const axes = Array.from({ length: dimensions }, () => shuffled(random, strata));
  return strata.map((i) => axes.map((axis) => (axis[i]! + random()) / n));
}

/** Hypercubes of `budget` positions, one after another: a study that ends early has a random subset of one. */
export function latinHypercubeSearch(dimensions: number, random: RandomSource, budget: number): SearchMethod {
  let design: number[][] = [];
  return {
    propose() {
      if (design.length === 0) design = latinHypercube(budget, dimensions, random).reverse();
      return { position: design.pop()! };
    },
    observe() {},
  };
}
