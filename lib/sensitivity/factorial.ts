/** Two-level factorials of a claim's region over background points. */
import { fromUnit, type ParameterSpec, type Point, type SearchSpace, toUnit } from "../records/space.ts";
import { latinHypercubeDesign, pointAt, type UnitDesign } from "./designs.ts";

/** A part of one parameter's range, in unit positions on the parameter's own scale. */
export interface Region {
  readonly parameter: string;
  /** One or more ascending, disjoint [low, high] ranges within [0, 1], ends included; they must leave something outside */
  readonly ranges: readonly UnitRange[];
}

/** [low, high] in unit positions, both ends included. */
export type UnitRange = readonly [number, number];

/** The cells of one background point. */
export interface FactorialBlock {
  /** Every factor outside its region */
  readonly none: Point;
  /** `alone[k]` has only the k-th factor inside its region */
  readonly alone: readonly Point[];
  /** Every factor inside */
  readonly all: Point;
}

/** Integer ranges up to this many values are drawn value by value, so that rounding never crosses a region's edge. */
const MOST_LEVELS = 10_000;

/**
 * n blocks: in each, parameters without a region keep one position, and each factor has one position drawn evenly from
 * inside its region and one from outside it. For two factors the four cells of a difference in differences; for k
 * factors the k + 2 cells that tell a joint effect from the sum of the single ones.
 *
 * The unit design has one column a parameter and one more a factor, so that regions, complements and background are
 * filled together.
 * @throws {RangeError} for fewer than two factors, an unknown or repeated parameter, ranges out of order or out of
 * [0, 1], and regions with nothing (or no whole number) inside or outside
 */
export function factorialDesign(
  space: SearchSpace,
  regions: readonly Region[],
  n: number,
  seed: number | string,
  unitDesign: UnitDesign = latinHypercubeDesign,
): FactorialBlock[] {
  if (regions.length < 2) {
    throw new RangeError(`A factorial needs at least 2 factors, this one has ${regions.length}`);
  }
  const factors = regions.map((region) => factorOf(space, region));
  if (new Set(factors.map((f) => f.index)).size < factors.length) {
    throw new RangeError(
      `A factorial of ${
        regions.map((r) => r.parameter).join(", ")
      } names a parameter twice: give each one region`,
    );
  }
  const d = space.length;
  return unitDesign(n, d + factors.length, seed).map((row) => {
    const background = pointAt(space, Array.from(row).slice(0, d));
    const cell = (inside: (k: number) => boolean): Point => ({
      ...background,
      ...Object.fromEntries(factors.map(({ spec, index, ...draw }, k) => {
        const position = inside(k) ? draw.inside(row[d + k]!) : draw.outside(row[index]!);
        return [spec.name, fromUnit(spec, position)];
      })),
    });
    return {
      none: cell(() => false),
      alone: factors.map((_, k) => cell((j) => j === k)),
      all: cell(() => true),
    };
  });
}

/** What is left of [0, 1] outside ascending disjoint ranges. */
export function complement(ranges: readonly UnitRange[]): UnitRange[] {
  const edges = [0, ...ranges.flat(), 1];
  return Array.from({ length: ranges.length + 1 }, (_, k) => [edges[2 * k]!, edges[2 * k + 1]!] as const)
    .filter(([low, high]) => high > low);
}

interface Factor {
  spec: ParameterSpec;
  index: number;
  /** Both map a share in [0, 1) evenly onto unit positions */
  inside: (share: number) => number;
  outside: (share: number) => number;
}

function factorOf(space: SearchSpace, region: Region): Factor {
  const index = space.findIndex((p) => p.name === region.parameter);
  const spec = space[index];
  const bad = (what: string) =>
    new RangeError(`Bad region of ${region.parameter}, ${JSON.stringify(region.ranges)}: ${what}`);
  if (spec === undefined) throw bad(`this space has ${space.map((p) => p.name).join(", ")}`);
  const edges = region.ranges.flat();
  if (!edges.every((edge, i) => edge >= (i === 0 ? 0 : edges[i - 1]!) && edge <= 1)) {
    throw bad("ascending [low, high] ranges within [0, 1] are wanted");
  }
  const levels = wholePositions(spec);
  if (levels !== undefined) {
    const isInside = (u: number) => region.ranges.some(([low, high]) => u >= low && u <= high);
    const inside = levels.filter(isInside), outside = levels.filter((u) => !isInside(u));
    if (inside.length === 0 || outside.length === 0) {
      throw bad(
        `${inside.length} whole numbers of [${spec.low}, ${spec.high}] lie inside and ${outside.length} outside, at least one of each is wanted`,
      );
    }
    const pick = (from: readonly number[]) => (share: number) => from[Math.floor(share * from.length)]!;
    return { spec, index, inside: pick(inside), outside: pick(outside) };
  }
  const rest = complement(region.ranges);
  if (!(spanOf(region.ranges) > 0) || !(spanOf(rest) > 0) || spec.low === spec.high) {
    throw bad("something of the parameter's range must lie inside and something outside");
  }
  return { spec, index, inside: placement(region.ranges), outside: placement(rest) };
}

/** Unit positions of an integer parameter's values, or undefined where values are (as good as) continuous. */
function wholePositions(spec: ParameterSpec): number[] | undefined {
  if (!spec.integer || spec.high - spec.low >= MOST_LEVELS) return undefined;
  return Array.from({ length: spec.high - spec.low + 1 }, (_, k) => toUnit(spec, spec.low + k));
}

const spanOf = (ranges: readonly UnitRange[]) => ranges.reduce((sum, [low, high]) => sum + high - low, 0);

/** Maps [0, 1) evenly onto ranges laid end to end. */
function placement(ranges: readonly UnitRange[]): (share: number) => number {
  const total = spanOf(ranges);
  return (share) => {
    let left = share * total;
    for (const [low, high] of ranges) {
      if (left <= high - low) return low + left;
      left -= high - low;
    }
    return ranges.at(-1)![1];
  };
}
