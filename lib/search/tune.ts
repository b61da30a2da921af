/** Coordinate ascent on an engine: the workhorse that fills in a formula's numbers. Deterministic; keeps the best point seen. */
import { fromUnit, type ParameterSpec, type Point, type SearchSpace, toUnit } from "../records/space.ts";

/** Scores to maximise, one a point: the values tried for one parameter are asked for together. */
export type Scores = (points: readonly Point[]) => readonly number[];

/** Options of {@link ascend}. */
export interface AscendOptions {
  /** parameters to move, by name; default all */
  readonly only?: ReadonlySet<string>;
  /** passes over the parameters; default 3 */
  readonly sweeps?: number;
  /** first-pass positions tried in [0, 1]; later passes try steps around the value held. Default 11 even ones; empty: steps from the start */
  readonly grid?: readonly number[];
  /** score evaluations allowed; default no limit */
  readonly budget?: number;
  /** least gain of a pass that earns another; default 5e-4 */
  readonly worthwhile?: number;
  readonly signal?: AbortSignal;
}

/** Where an ascent ended. */
export interface Ascent {
  readonly point: Point;
  readonly value: number;
  readonly evaluations: number;
}

const EVEN = Array.from({ length: 11 }, (_, i) => i / 10);
const STEPS = [0.2, 0.1, 0.05];

/**
 * Maximises a score one parameter at a time, on each parameter's own scale.
 *
 * The first pass tries a grid over the whole range, later ones ever smaller steps around the value held. A move needs to gain at least 1e-6,
 * so that ties keep the simpler, earlier value.
 */
export function ascend(
  scores: Scores,
  space: SearchSpace,
  start: Point,
  options: AscendOptions = {},
): Ascent {
  const { sweeps = 3, grid = EVEN, budget = Infinity, worthwhile = 5e-4 } = options;
  const moved = space.filter((p) => p.low < p.high && (options.only?.has(p.name) ?? true));
  let point = start, value = scores([start])[0]!, evaluations = 1;
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const before = value;
    for (const p of moved) {
      let best = point[p.name]!;
      options.signal?.throwIfAborted();
      const all = candidates(p, best, grid.length === 0 ? sweep + 1 : sweep, grid);
      const tried = all.slice(0, Math.max(0, Math.ceil(budget - evaluations)));
      const found = scores(tried.map((candidate) => ({ ...point, [p.name]: candidate })));
      evaluations += tried.length;
      tried.forEach((candidate, i) => {
        if (found[i]! > value + 1e-6) {
          value = found[i]!;
          best = candidate;
        }
      });
      point = { ...point, [p.name]: best };
      if (tried.length < all.length) return { point, value, evaluations };
    }
    if (value - before < worthwhile) break;
  }
  return { point, value, evaluations };
}

function candidates(p: ParameterSpec, value: number, sweep: number, grid: readonly number[]): number[] {
  const at = toUnit(p, value);
  const units = sweep === 0
    ? grid
    : STEPS.flatMap((s) => [at - s / sweep, at + s / sweep]).filter((u) => u >= 0 && u <= 1);
  return [...new Set(units.map((u) => fromUnit(p, u)))].filter((v) => v !== value);
}
