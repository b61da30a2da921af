/** Search spaces and points: the rows a sampler, a reasoner or a person may move, and one full assignment of them. */
import { contentHash } from "../base/canonical.ts";

/** One tunable parameter. Both bounds belong to the range. */
export interface ParameterSpec {
  /** snake_case, unique in its space; the spec's names for the spec's formula */
  readonly name: string;
  readonly default: number;
  readonly low: number;
  readonly high: number;
  /** "log": searched and stepped in the logarithm; low must then be positive */
  readonly scale: "linear" | "log";
  readonly integer: boolean;
  /** One line: what it does, with its unit */
  readonly description: string;
  /** The spec's layer ("Global", "Short-range", ...) or the signal it belongs to */
  readonly layer: string;
}

/** Parameters in a fixed order; the order is part of the space. */
export type SearchSpace = readonly ParameterSpec[];

/** One value for every parameter of a space, by name. */
export type Point = Readonly<Record<string, number>>;

/** What a reasoner may say about a parameter, and by how much: the spec's vocabulary. */
export const DIRECTIONS = ["increase", "decrease"] as const;
export const MAGNITUDES = ["small", "medium", "large"] as const;
export type Direction = typeof DIRECTIONS[number];
export type Magnitude = typeof MAGNITUDES[number];

/** Factor of each magnitude. A decrease divides by it, so a step up and the same step down meet again. */
export const STEP_FACTORS: Readonly<Record<Magnitude, number>> = { small: 1.1, medium: 1.3, large: 2 };

/** Checks the rows of a space. @throws {RangeError} naming the row and the offending values */
export function checkSpace(space: SearchSpace): SearchSpace {
  const names = new Set<string>();
  for (const p of space) {
    const say = (what: string) =>
      new RangeError(
        `Bad search space: ${p.name} has low ${p.low}, default ${p.default}, high ${p.high}: ${what}`,
      );
    if (names.has(p.name)) throw new RangeError(`Bad search space: ${p.name} is declared twice`);
    names.add(p.name);
    if (![p.low, p.default, p.high].every(Number.isFinite)) throw say("finite numbers are wanted");
    if (p.low > p.high) throw say("low must not exceed high");
    if (p.default < p.low || p.default > p.high) throw say("the default must lie in the bounds");
    if (p.scale === "log" && p.low <= 0) throw say("a log scale needs low > 0");
    if (p.integer && !(Number.isInteger(p.low) && Number.isInteger(p.high) && Number.isInteger(p.default))) {
      throw say("an integer parameter needs integer bounds and default");
    }
  }
  return space;
}

/** Every parameter at its default. */
export function defaultPoint(space: SearchSpace): Point {
  return Object.fromEntries(space.map((p) => [p.name, p.default]));
}

/**
 * Reads a point for a space: unnamed parameters take their default.
 *
 * @throws {RangeError} for an unknown name, a value that is not a finite number, out of bounds, or not an integer where one is wanted
 */
export function parsePoint(space: SearchSpace, values: Readonly<Record<string, unknown>>): Point {
  const known = new Map(space.map((p) => [p.name, p]));
  for (const name of Object.keys(values)) {
    if (!known.has(name)) {
      throw new RangeError(
        `Unknown parameter ${JSON.stringify(name)}: this space has ${space.map((p) => p.name).join(", ")}`,
      );
    }
  }
  return Object.fromEntries(space.map((p) => {
    const value = values[p.name] === undefined ? p.default : values[p.name];
    if (typeof value !== "number" || !Number.isFinite(value)) {
      throw new RangeError(
        `${p.name} is ${String(value)}: a finite number in [${p.low}, ${p.high}] is wanted`,
      );
    }
    if (value < p.low || value > p.high) {
      throw new RangeError(`${p.name} is ${value}: it must lie in [${p.low}, ${p.high}]`);
    }
    if (p.integer && !Number.isInteger(value)) {
      throw new RangeError(`${p.name} is ${value}: a whole number is wanted`);
    }
    return [p.name, value];
  }));
}

/** Moves any value to the nearest legal one: clamped to the bounds, rounded where an integer is wanted. */
export function clampTo(p: ParameterSpec, value: number): number {
  const bounded = Math.min(p.high, Math.max(p.low, value));
  return p.integer ? Math.round(bounded) : bounded;
}

/**
 * Takes one of the spec's steps: small 10 %, medium 30 %, large x2, as symmetric log steps clamped to the bounds.
 *
 * An integer moves by at least 1; a value of 0 moves off it by the step's share of the range.
 */
export function stepParameter(
  p: ParameterSpec,
  value: number,
  direction: Direction,
  magnitude: Magnitude,
): number {
  const factor = STEP_FACTORS[magnitude];
  const up = direction === "increase";
  let next = up ? value * factor : value / factor;
  if (value === 0) next = (up ? 1 : -1) * (factor - 1) * (p.high - p.low);
  if (p.integer) next = up ? Math.max(value + 1, Math.round(next)) : Math.min(value - 1, Math.round(next));
  return clampTo(p, next);
}

/** Position of a value in its range, 0 at low and 1 at high, on the parameter's own scale. */
export function toUnit(p: ParameterSpec, value: number): number {
  if (p.high === p.low) return 0;
  return p.scale === "log"
    ? Math.log(value / p.low) / Math.log(p.high / p.low)
    : (value - p.low) / (p.high - p.low);
}

/** The legal value at a position in [0, 1]; the inverse of {@link toUnit} up to rounding of integers. */
export function fromUnit(p: ParameterSpec, unit: number): number {
  const u = Math.min(1, Math.max(0, unit));
  return clampTo(p, p.scale === "log" ? p.low * Math.pow(p.high / p.low, u) : p.low + u * (p.high - p.low));
}

/** Identity of a point: the hash of its canonical JSON. */
export function pointHash(point: Point): string {
  return contentHash(point);
}
