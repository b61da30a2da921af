/** Boxes of a search space: a range for every parameter, to be bounded over, halved and sampled. */
import {
  clampTo,
  fromUnit,
  type ParameterSpec,
  type Point,
  type SearchSpace,
  toUnit,
} from "../records/space.ts";

/** A closed range of numbers; `high` may be infinite. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A range for every parameter of a space. Ranges of integers end at integers. */
export type Box = ReadonlyMap<string, Interval>;

/** The range of one number. */
export function exactly(value: number): Interval {
  return { low: value, high: value };
}

/** The whole space. */
export function fullBox(space: SearchSpace): Box {
  return new Map(space.map((p) => [p.name, { low: p.low, high: p.high }]));
}

/** A box with some parameters fixed. */
export function fixIn(box: Box, values: Readonly<Record<string, number>>): Box {
  return new Map([...box].map(([name, range]) => {
    const value = values[name];
    return [name, value === undefined ? range : exactly(value)];
  }));
}

/** The legal value in the middle of a parameter's range in a box, on the parameter's own scale. */
export function middleOf(p: ParameterSpec, range: Interval): number {
  if (range.low === range.high) return range.low;
  const middle = fromUnit(p, (toUnit(p, range.low) + toUnit(p, range.high)) / 2);
  return Math.min(range.high, Math.max(range.low, middle));
}

/** The point in the middle of a box. */
export function middlePoint(space: SearchSpace, box: Box): Point {
  return Object.fromEntries(space.map((p) => [p.name, middleOf(p, box.get(p.name)!)]));
}

/** A legal point of the box near the values given; parameters not given stand in the middle. */
export function pointIn(space: SearchSpace, box: Box, values: ReadonlyMap<string, number>): Point {
  return Object.fromEntries(space.map((p) => {
    const range = box.get(p.name)!, value = values.get(p.name);
    const inside = value === undefined
      ? middleOf(p, range)
      : clampTo(p, Math.min(range.high, Math.max(range.low, value)));
    return [p.name, Math.min(range.high, Math.max(range.low, inside))];
  }));
}

/** The two halves of a box along one parameter; together they hold every legal point of it. */
export function halve(box: Box, p: ParameterSpec): [Box, Box] {
  const range = box.get(p.name)!, middle = middleOf(p, range);
  const cut = p.integer ? Math.min(range.high - 1, Math.floor(middle)) : middle;
  const part = (low: number, high: number): Box => new Map([...box, [p.name, { low, high }]]);
  return [part(range.low, cut), part(p.integer ? cut + 1 : cut, range.high)];
}

/** Every combination of the ends of some ranges: 2 to the number of ranges that are more than a number. */
export function* corners(
  ranges: readonly (readonly [string, Interval])[],
): Generator<Record<string, number>> {
  const open = ranges.filter(([, r]) => r.low < r.high);
  for (let pick = 0; pick < 2 ** open.length; pick++) {
    const corner = Object.fromEntries(ranges.map(([name, r]) => [name, r.low]));
    open.forEach(([name, r], bit) => {
      if (pick >> bit & 1) corner[name] = r.high;
    });
    yield corner;
  }
}
