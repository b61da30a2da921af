/** The unit cube that search methods work in: the free parameters of a space, each on [0, 1] of its own scale. */
import type { RandomSource } from "../base/random.ts";
import {
  clampTo,
  fromUnit,
  type ParameterSpec,
  type Point,
  type SearchSpace,
  toUnit,
} from "../records/space.ts";

/** A mapping between the points of a space and the positions of its free parameters. */
export interface UnitCube {
  /** Number of free parameters: those with low < high. Fixed ones have no axis. */
  readonly dimensions: number;
  /** Number of distinct points; Infinity as soon as one free parameter is not an integer */
  readonly size: number;
  /** Position of a point, whole numbers at the centre of their cell */
  toPosition(point: Point): number[];
  /** The legal point at a position; coordinates outside [0, 1] are clamped. Frozen, in the order of the space. */
  toPoint(position: readonly number[]): Point;
  /** The point number `index` of a finite space, 0 <= index < size */
  pointAt(index: number): Point;
  /** Ends of the whole-number cell that holds coordinate `u` of axis `axis`, or undefined on a continuous axis */
  cell(axis: number, u: number): readonly [number, number] | undefined;
  /** Number of values on an axis; Infinity on a continuous one */
  levels(axis: number): number;
}

/**
 * Lays the cube over a space.
 *
 * A continuous parameter is placed as `toUnit` does, log scale in the logarithm. An integer parameter gets one cell for
 * each value, spread over [low - 1/2, high + 1/2] on its scale, so that a uniform position gives both ends their fair share,
 * which rounding alone would halve.
 */
export function unitCube(space: SearchSpace): UnitCube {
  const free = space.filter((p) => p.low < p.high);
  const count = (p: ParameterSpec) => p.integer ? p.high - p.low + 1 : Infinity;
  const size = free.reduce((product, p) => product * count(p), 1);
  const assemble = (valueOf: (p: ParameterSpec, axis: number) => number): Point => {
    let axis = 0;
    const entries = space.map((p) => [p.name, p.low < p.high ? valueOf(p, axis++) : p.low] as const);
    return Object.freeze(Object.fromEntries(entries));
  };
  return {
    dimensions: free.length,
    size: size <= Number.MAX_SAFE_INTEGER ? size : Infinity,
    toPosition: (point) => free.map((p) => positionOf(p, point[p.name]!)),
    toPoint: (position) => assemble((p, axis) => valueAt(p, position[axis]!)),
    pointAt(index) {
      let rest = index;
      return assemble((p) => {
        const digit = rest % count(p);
        rest = Math.floor(rest / count(p));
        return p.low + digit;
      });
    },
    cell(axis, u) {
      const p = free[axis]!;
      if (!p.integer) return undefined;
      const value = valueAt(p, u);
      return [edge(p, value - 0.5), edge(p, value + 0.5)];
    },
    levels: (axis) => count(free[axis]!),
  };
}

/** A uniform position. */
export function uniformPosition(random: RandomSource, dimensions: number): number[] {
  return Array.from({ length: dimensions }, () => random());
}

function positionOf(p: ParameterSpec, value: number): number {
  return p.integer ? (edge(p, value - 0.5) + edge(p, value + 0.5)) / 2 : toUnit(p, value);
}

function valueAt(p: ParameterSpec, u: number): number {
  if (!p.integer) return fromUnit(p, u);
  const low = p.low - 0.5, high = p.high + 0.5, bounded = Math.min(1, Math.max(0, u));
  const value = p.scale === "log" ? low * Math.pow(high / low, bounded) : low + bounded * (high - low);
  return clampTo(p, value);
}

/** Where a half-integer value lies on the widened scale. */
function edge(p: ParameterSpec, value: number): number {
  const low = p.low - 0.5, high = p.high + 0.5;
  return p.scale === "log" ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}
