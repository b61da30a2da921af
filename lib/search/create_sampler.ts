/** The samplers by name. */
import { randomStream } from "../base/random.ts";
import { checkSpace, defaultPoint } from "../records/space.ts";
import { cmaEvolution } from "./cma_es_sampler.ts";
import { coordinateAscent } from "./coordinate_ascent_sampler.ts";
import { gpExpectedImprovement } from "./gp_ei_sampler.ts";
import { gridSearch } from "./grid_sampler.ts";
import { guardedSampler } from "./guarded_sampler.ts";
import { latinHypercubeSearch } from "./latin_hypercube_sampler.ts";
import { randomSearch } from "./random_sampler.ts";
import type { Sampler, SamplerOptions } from "./sampler.ts";
import type { SearchMethod } from "./search_method.ts";
import { sobolSearch } from "./sobol_sampler.ts";
import { treeParzenSearch } from "./tpe_sampler.ts";
import { type UnitCube, unitCube } from "./unit_cube.ts";

/** Every name that {@link createSampler} knows. "bayesian" is "gp_ei" under the spec's name. */
export const SAMPLER_NAMES = [
  "grid",
  "latin_hypercube",
  "random",
  "sobol",
  "bayesian",
  "coordinate_ascent",
  "tpe",
  "cma_es",
  "gp_ei",
] as const;
export type SamplerName = typeof SAMPLER_NAMES[number];

/** Points a design is made for when the caller names no budget. */
const USUAL_BUDGET = 100;

/**
 * Makes a sampler. See {@link Sampler} for what all of them promise.
 *
 * @throws {RangeError} for an unknown name, a bad or empty space, or a budget that is not a positive integer
 */
export function createSampler(name: SamplerName, options: SamplerOptions): Sampler {
  const { space, seed, budget = USUAL_BUDGET } = options;
  if (!SAMPLER_NAMES.includes(name)) {
    throw new RangeError(
      `Unknown sampler ${JSON.stringify(name)}: one of ${SAMPLER_NAMES.join(", ")} is wanted`,
    );
  }
  if (space.length === 0) throw new RangeError("Cannot search a space without parameters: name at least one");
  if (!Number.isInteger(budget) || budget < 1) {
    throw new RangeError(`Cannot plan ${name} for a budget of ${budget}: a positive whole number is wanted`);
  }
  const own = checkSpace(space).map((p) => ({ ...p }));
  const cube = unitCube(own);
  const random = randomStream(seed, `search/${name === "bayesian" ? "gp_ei" : name}`);
  const home = cube.toPosition(defaultPoint(own));
  const method = cube.dimensions === 0 ? undefined : methodOf(name, { cube, random, budget, home });
  return guardedSampler({ name, space: own, cube, method, random: randomStream(seed, "search/stand-ins") });
}

interface MethodInput {
  readonly cube: UnitCube;
  readonly random: () => number;
  readonly budget: number;
  readonly home: readonly number[];
}

function methodOf(name: SamplerName, { cube, random, budget, home }: MethodInput): SearchMethod {
  switch (name) {
    case "grid":
      return gridSearch(cube, random, { budget, home });
    case "latin_hypercube":
      return latinHypercubeSearch(cube.dimensions, random, budget);
    case "random":
      return randomSearch(cube.dimensions, random);
    case "sobol":
      return sobolSearch(cube.dimensions, random);
    case "coordinate_ascent":
      return coordinateAscent(cube, random, home);
    case "tpe":
      return treeParzenSearch(cube, random);
    case "cma_es":
      return cmaEvolution(cube, random, home);
    case "bayesian":
    case "gp_ei":
      return gpExpectedImprovement(cube, random);
  }
}
