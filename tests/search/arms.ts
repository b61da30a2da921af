/** Spaces and short studies that several tests of this room use. */
import { createSampler, type SamplerName } from "../../lib/search/create_sampler.ts";
import { defaultPoint, type ParameterSpec, type Point, type SearchSpace } from "../../lib/records/space.ts";
import type { StandardFunction } from "./standard_functions.ts";

/** A row with the given fields over a linear [0, 1] with default 0.5. */
export function parameter(fields: Partial<ParameterSpec> & { name: string }): ParameterSpec {
  const row = {
    default: 0.5,
    low: 0,
    high: 1,
    scale: "linear",
    integer: false,
    description: "test",
    layer: "test",
  };
  return { ...row, ...fields } as ParameterSpec;
}

/** Every kind of row: linear, log, integer, log integer, fixed. */
export const MIXED_SPACE: SearchSpace = [
  parameter({ name: "alpha", default: 0.85 }),
  parameter({ name: "boost", default: 10, low: 0.1, high: 100, scale: "log" }),
  parameter({ name: "hops", default: 2, low: 0, high: 4, integer: true }),
  parameter({ name: "fanout", default: 8, low: 1, high: 64, integer: true, scale: "log" }),
  parameter({ name: "fixed", default: 3, low: 3, high: 3 }),
];

/** A smooth score over the mixed space, largest at alpha 0.3, boost 2, hops 3, fanout 20. */
export function mixedScore(point: Point): number {
  const { alpha, boost, hops, fanout } = point as {
    alpha: number;
    boost: number;
    hops: number;
    fanout: number;
  };
  return -((alpha - 0.3) ** 2) - Math.log(boost / 2) ** 2 / 20 - (hops - 3) ** 2 / 20 -
    Math.log(fanout / 20) ** 2 / 20;
}

/** The points a fresh sampler asks for when each is told `score` (default first, as a runner does). */
export function askedPoints(
  name: SamplerName,
  space: SearchSpace,
  n: number,
  { seed = 1, score = mixedScore }: { seed?: number; score?: (point: Point) => number | null } = {},
): Point[] {
  const sampler = createSampler(name, { space, seed, budget: n });
  sampler.tell({ point: defaultPoint(space), value: score(defaultPoint(space)) });
  return Array.from({ length: n }, () => {
    const point = sampler.ask();
    sampler.tell({ point, value: score(point) });
    return point;
  });
}

/** Smallest regret after each evaluation of one seeded run; the default is the first. */
export function regretCurve(name: SamplerName, f: StandardFunction, budget: number, seed: number): number[] {
  const sampler = createSampler(name, { space: f.space, seed, budget });
  let least = Infinity;
  return Array.from({ length: budget }, (_, i) => {
    const point = i === 0 ? defaultPoint(f.space) : sampler.ask();
    const value = f.score(point);
    sampler.tell({ point, value });
    return least = Math.min(least, f.optimum - value);
  });
}
