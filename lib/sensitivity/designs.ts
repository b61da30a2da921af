/** Where to evaluate: space-filling points, and the crossed matrices of variance-based indices. */
import { randomStream, shuffled } from "../base/random.ts";
import { fromUnit, type Point, type SearchSpace } from "../records/space.ts";

/**
 * A seeded design of n rows in [0, 1)^d. Every design of this room takes one, so that Latin hypercube, Sobol points or
 * plain draws may stand behind the same statistics. A search log may not: it over-samples where the search went.
 */
export type UnitDesign = (n: number, d: number, seed: number | string) => readonly ArrayLike<number>[];

/**
 * Latin hypercube: in each column every one of the n equal cells holds exactly one row, at a uniform place in its cell.
 * Source: McKay, Beckman and Conover, Technometrics 21 (1979).
 */
export const latinHypercubeDesign: UnitDesign = (n, d, seed) => {
  checkCount("rows", n);
  const random = randomStream(seed, `sensitivity/latin-hypercube/${n}x${d}`);
  const rows = Array.from({ length: n }, () => new Float64Array(d));
  const cells = rows.map((_, i) => i);
  for (let j = 0; j < d; j++) {
    shuffled(random, cells).forEach((cell, i) => rows[i]![j] = (cell + random()) / n);
  }
  return rows;
};

/**
 * The legal point at a unit position. Uniform positions weigh a parameter evenly on its own scale; an integer takes the
 * nearest whole number, which gives its two ends half the weight of an inner value.
 */
export function pointAt(space: SearchSpace, unit: ArrayLike<number>): Point {
  if (unit.length !== space.length) {
    throw new RangeError(
      `A row of ${unit.length} positions does not fit a space of ${space.length} parameters`,
    );
  }
  return Object.fromEntries(space.map((p, j) => [p.name, fromUnit(p, unit[j]!)]));
}

/** n points that fill the space. */
export function spaceFillingPoints(
  space: SearchSpace,
  n: number,
  seed: number | string,
  unitDesign: UnitDesign = latinHypercubeDesign,
): Point[] {
  return unitDesign(n, space.length, seed).map((row) => pointAt(space, row));
}

/** Rows of two independent designs and their crossings; each inner array has one entry a row. */
export interface CrossedDesign {
  readonly a: readonly Float64Array[];
  readonly b: readonly Float64Array[];
  /** `ab[i]` is a with column i taken from b */
  readonly ab: readonly (readonly Float64Array[])[];
  /** `ba[i]` is b with column i taken from a; empty unless second order was asked for */
  readonly ba: readonly (readonly Float64Array[])[];
}

/**
 * The matrices A, B, AB_i and, for second-order indices, BA_i: n (d + 2) rows, or n (2d + 2).
 *
 * A and B are the two halves of one 2d-column design. Source: Saltelli, Computer Physics Communications 145 (2002).
 */
export function crossedDesign(
  n: number,
  d: number,
  seed: number | string,
  options: { secondOrder?: boolean; unitDesign?: UnitDesign } = {},
): CrossedDesign {
  const both = (options.unitDesign ?? latinHypercubeDesign)(n, 2 * d, seed).map((row) =>
    Float64Array.from(row)
  );
  const a = both.map((row) => row.slice(0, d)), b = both.map((row) => row.slice(d));
  const cross = (to: Float64Array[], from: Float64Array[]) =>
    Array.from({ length: d }, (_, i) =>
      to.map((row, r) => {
        const copy = row.slice();
        copy[i] = from[r]![i]!;
        return copy;
      }));
  return { a, b, ab: cross(a, b), ba: options.secondOrder ? cross(b, a) : [] };
}

function checkCount(what: string, n: number): void {
  if (!Number.isInteger(n) || n < 1) {
    throw new RangeError(`A design of ${n} ${what} is impossible: a positive integer is wanted`);
  }
}
