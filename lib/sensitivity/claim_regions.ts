/** From the words of a claim to a part of a parameter's range. */
import { type ParameterSpec, type Point, type SearchSpace, toUnit } from "../records/space.ts";
import type { ClaimRegion } from "./claim.ts";
import type { Region, UnitRange } from "./factorial.ts";

/**
 * The unit ranges of a region on the parameter's own scale, ends included.
 *
 * On a continuous parameter `<` and `<=` are the same range; on a whole-number one the ends are the outermost legal
 * values inside.
 *
 * @throws {RangeError} for a value outside the bounds, a region without a whole number (or, of a
 *   continuous parameter, without width), and one that leaves nothing outside
 */
export function regionRanges(spec: ParameterSpec, region: ClaimRegion): UnitRange[] {
  const ranges = spec.integer ? integerRanges(spec, region) : realRanges(spec, region);
  const bounds = `${spec.name} lies in [${spec.low}, ${spec.high}]${spec.integer ? ", whole numbers" : ""}`;
  // A single value of a continuous parameter has no width: no design would draw it, none could leave it.
  const isLegal = ([low, high]: ValueRange) =>
    (spec.integer ? low <= high : low < high) && low >= spec.low && high <= spec.high;
  if (!ranges.every(isLegal)) {
    throw new RangeError(`${bounds}: nothing of that is in this region, or its ends are outside`);
  }
  const covered = spec.integer
    ? ranges.reduce((sum, [low, high]) => sum + high - low + 1, 0) > spec.high - spec.low
    : ranges.reduce((sum, [low, high]) => sum + high - low, 0) >= spec.high - spec.low;
  if (covered) throw new RangeError(`${bounds}: this region leaves nothing outside to compare with`);
  if (region.kind === "level" && !spec.integer) return LEVEL_RANGES[region.level];
  return ranges.map(([low, high]) => [toUnit(spec, low), toUnit(spec, high)]);
}

const LEVEL_RANGES = {
  low: [[0, 1 / 3]],
  mid: [[1 / 3, 2 / 3]],
  high: [[2 / 3, 1]],
  extreme: [[0, 1 / 3], [2 / 3, 1]],
} satisfies Record<string, UnitRange[]>;

type ValueRange = readonly [low: number, high: number];

function realRanges({ low, high }: ParameterSpec, region: ClaimRegion): ValueRange[] {
  if (region.kind === "between") return [[region.low, region.high]];
  if (region.kind === "compare") {
    return [region.op === "<" || region.op === "<=" ? [low, region.value] : [region.value, high]];
  }
  // Thirds are taken in unit positions; here only a range of no width has to be noticed.
  return low === high ? [[low, high]] : [];
}

function integerRanges({ low, high }: ParameterSpec, region: ClaimRegion): ValueRange[] {
  if (region.kind === "between") return [[Math.ceil(region.low), Math.floor(region.high)]];
  if (region.kind === "compare") {
    const { op, value } = region;
    if (op === "<") return [[low, Math.ceil(value) - 1]];
    if (op === "<=") return [[low, Math.floor(value)]];
    return [[op === ">" ? Math.floor(value) + 1 : Math.ceil(value), high]];
  }
  const third = Math.max(1, Math.floor((high - low + 1) / 3));
  const lowest: ValueRange = [low, low + third - 1], highest: ValueRange = [high - third + 1, high];
  return {
    low: [lowest],
    mid: [[low + third, high - third] as const],
    high: [highest],
    extreme: [lowest, highest],
  }[
    region.level
  ];
}

/** A value and its way to a unit position and back differ by less than this on a log scale. */
const ROUNDING = 1e-9;

/** Whether a point lies inside all regions, up to the rounding of log scales. @throws {RangeError} for a region whose parameter the space does not have */
export function insideRegions(space: SearchSpace, regions: readonly Region[], point: Point): boolean {
  return regions.every(({ parameter, ranges }) => {
    const spec = space.find(({ name }) => name === parameter);
    if (spec === undefined) throw new RangeError(`Cannot place ${parameter}: the space does not have it`);
    const position = toUnit(spec, point[parameter] ?? spec.default);
    return ranges.some(([low, high]) => position >= low - ROUNDING && position <= high + ROUNDING);
  });
}
