/** Functional ANOVA of a table of evaluations: variance shares of parameters and pairs, by way of a regression forest. */
import { type SearchSpace, toUnit } from "../records/space.ts";
import type { EvaluatedPoint } from "./evaluation.ts";
import { fitForest, type Forest, type ForestOptions, leafBoxes } from "./forest.ts";
import { DEFAULT_LEVEL, type Estimate, percentileInterval } from "./resampling.ts";
import { pairsOf } from "./sobol_indices.ts";
import { boxVariances } from "./variance_shares.ts";

/** Shares of the forest's variance over the space; all of them, higher orders included, sum to 1. */
export interface Fanova {
  readonly parameters: readonly { readonly name: string; readonly first: Estimate }[];
  /** The share of a pair beyond its two main effects, pairs in the space's order */
  readonly pairs: readonly { readonly names: readonly [string, string]; readonly second: Estimate }[];
  /** What three and more parameters share */
  readonly higher: Estimate;
  /** How well the forest foretells unseen rows; shares describe the forest, and the objective only as far as this goes */
  readonly r_squared: number;
  readonly rows: number;
  readonly trees: number;
}

/** Options of {@link fanova}. */
export interface FanovaOptions extends ForestOptions {
  /** Nominal coverage of the intervals; default 0.95 */
  readonly level?: number;
}

/**
 * Fits a forest to the table and decomposes the variance of each tree exactly; parameters count as independent and
 * uniform on their own scales. Estimates are means over trees, intervals percentiles over trees, each tree being fitted
 * to its own bootstrap sample of the rows.
 *
 * Use a space-filling table: a search log over-samples where the search went and bends the shares. Trees blur: they
 * give a smooth interaction less than its share and spread the rest, the less so the more rows (3/8 is found as 0.30 of
 * 1000 rows and 0.35 of 3000). A share cannot be negative, so an interval above 0 proves no interaction; `additiveNull`
 * tests one. A forest of a constant has shares of 0.
 * Source: Hutter, Hoos and Leyton-Brown, ICML 2014.
 * @throws {RangeError} as {@link fitForest} does
 */
export function fanova(space: SearchSpace, table: readonly EvaluatedPoint[], options: FanovaOptions): Fanova {
  const forest = fitForest(unitRows(space, table), table.map((row) => row.value), options);
  const shares = treeShares(forest), d = space.length, level = options.level ?? DEFAULT_LEVEL;
  const estimate = (of: (shares: Float64Array) => number): Estimate => {
    const values = shares.map(of);
    return {
      value: values.reduce((a, b) => a + b) / values.length,
      interval: percentileInterval(values, level),
    };
  };
  return {
    parameters: space.map((p, j) => ({ name: p.name, first: estimate((s) => s[j]!) })),
    pairs: pairsOf(d).map(([i, j], k) => ({
      names: [space[i]!.name, space[j]!.name] as const,
      second: estimate((s) => s[d + k]!),
    })),
    higher: estimate((s) => s.some((v) => v > 0) ? 1 - s.reduce((a, b) => a + b) : 0),
    r_squared: forest.r_squared,
    rows: table.length,
    trees: forest.trees.length,
  };
}

/** The rows of a table as unit positions, in the space's order. @throws {RangeError} for a point that lacks a parameter */
export function unitRows(space: SearchSpace, table: readonly EvaluatedPoint[]): Float64Array[] {
  return table.map(({ point }) =>
    Float64Array.from(space, (p) => {
      const value = point[p.name];
      if (value === undefined) {
        throw new RangeError(
          `A row of the table lacks ${p.name}: evaluate points of this space, it has ${
            JSON.stringify(point)
          }`,
        );
      }
      return toUnit(p, value);
    })
  );
}

/** Shares of each tree in the order first (d), second (pairs); zeros for a tree that does not vary. */
export function treeShares(forest: Forest): Float64Array[] {
  return forest.trees.map((tree) => {
    const { total, first, second } = boxVariances(leafBoxes(tree, forest.dimensions), forest.dimensions);
    return Float64Array.from([...first, ...second], (variance) => total > 0 ? variance / total : 0);
  });
}
