/** Points across an edit: what a tuned point of the old formula is in the new one. */
import { clampTo, type ParameterSpec, type Point } from "../records/space.ts";
import { type Formula, resolveNodes, walkNodes } from "./document.ts";
import { searchSpace, slotsOf } from "./parameters.ts";

/**
 * The point of the new formula that keeps every shared parameter: moved into the new bounds where it lies outside, new ones at their
 * defaults. Values of parameters the new formula lacks are left behind.
 * @throws {RangeError} when the point lacks a parameter of the old formula
 */
export function carryPoint(from: Formula, to: Formula, point: Point): Point {
  return carry(from, to, point, (p) => p.default);
}

/**
 * As {@link carryPoint}, with what is new switched off as far as it can be, so that tuning starts from the old ranking.
 *
 * New peaks and gate values start at 1, new exponents at 0, new weights at the least they may be. A new boost, gate or log-linear
 * term then changes no score; a new term of a sum, maximum, noisy-or or fusion changes it by its least weight; a bare signal that became
 * a factor of a product has no neutral point and starts at its defaults.
 */
export function neutralPoint(from: Formula, to: Formula, point: Point): Point {
  const neutral = new Map<string, number>();
  for (const node of walkNodes(resolveNodes(to))) {
    for (const { place, binding } of slotsOf(node)) {
      if (typeof binding === "number" || neutral.has(binding.param)) continue;
      if (place === "peak" || place === "on" || place === "off") neutral.set(binding.param, 1);
      else if (place.startsWith("weight[")) {
        neutral.set(binding.param, node.node.op === "log_linear" ? 0 : -Infinity);
      }
    }
  }
  return carry(from, to, point, (p) => neutral.get(p.name) ?? p.default);
}

function carry(from: Formula, to: Formula, point: Point, fresh: (p: ParameterSpec) => number): Point {
  const known = new Set(searchSpace(from).map((p) => p.name));
  return Object.fromEntries(
    searchSpace(to).map((p) => {
      if (!known.has(p.name)) return [p.name, clampTo(p, fresh(p))];
      const value = point[p.name];
      if (value === undefined || !Number.isFinite(value)) {
        throw new RangeError(`Cannot carry the point over: ${p.name} is ${value}, a finite number is wanted`);
      }
      return [p.name, clampTo(p, value)];
    }),
  );
}
