/** Memory of what was tried and not taken, so that the same dead end is not proposed again under a slightly other number. */
import type { ParameterSpec, Point, SearchSpace } from "../records/space.ts";
import type { ScratchpadState, TurnedDown } from "./fold.ts";

/** Two points closer than this are the same proposal: half the spec's small step, ln(1.1) / 2. */
export const SAME_PROPOSAL = Math.log(1.1) / 2;

/** Share of a range below which a value counts as zero where a logarithm would run away. */
const FLOOR_SHARE = 1e-3;

/**
 * Distance of two points of a space: the largest move of any one parameter in log-theta.
 *
 * A positive value on a log scale has coordinate ln x, so one small step is ln 1.1 wherever it is taken. On a linear scale, where
 * zero and negative values are legal, it is sign(x) ln(1 + |x| / s) with s a thousandth of the range: the same far from zero,
 * finite at it. Symmetric, 0 exactly for equal points, and obeys the triangle inequality.
 * @throws {RangeError} when a point lacks a parameter of the space
 */
export function logDistance(space: SearchSpace, a: Point, b: Point): number {
  return space.reduce((most, p) => Math.max(most, Math.abs(coordinate(p, a) - coordinate(p, b))), 0);
}

function coordinate(p: ParameterSpec, point: Point): number {
  const value = point[p.name];
  if (value === undefined) {
    throw new RangeError(
      `Cannot place a point: ${p.name} is missing, the space has ${p.low} to ${p.high} for it`,
    );
  }
  if (p.scale === "log") return Math.log(value);
  const unit = FLOOR_SHARE * (p.high - p.low);
  return unit === 0 ? 0 : Math.sign(value) * Math.log1p(Math.abs(value) / unit);
}

/** The nearest proposal of the same formula that was turned down, with its distance; undefined when there is none. */
export function nearestTurnedDown(
  state: ScratchpadState,
  space: SearchSpace,
  candidate: { readonly params: Point; readonly formula: string },
): { readonly turnedDown: TurnedDown; readonly distance: number } | undefined {
  let nearest: { turnedDown: TurnedDown; distance: number } | undefined;
  for (const turnedDown of state.turned_down) {
    if (turnedDown.formula !== candidate.formula) continue;
    const distance = logDistance(space, turnedDown.params, candidate.params);
    if (nearest === undefined || distance < nearest.distance) nearest = { turnedDown, distance };
  }
  return nearest;
}

/** The proposal this one repeats: turned down, of the same formula, and nearer than `within`. Undefined when it is new. */
export function findRepeated(
  state: ScratchpadState,
  space: SearchSpace,
  candidate: { readonly params: Point; readonly formula: string },
  within: number = SAME_PROPOSAL,
): TurnedDown | undefined {
  const nearest = nearestTurnedDown(state, space, candidate);
  return nearest !== undefined && nearest.distance < within ? nearest.turnedDown : undefined;
}
