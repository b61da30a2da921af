/** Makes a sampler out of a search method: legal points, no repeats, exhaustion, and checks of what is told. */
import { randomIndex, type RandomSource } from "../base/random.ts";
import { parsePoint, type Point, pointHash, type SearchSpace } from "../records/space.ts";
import { type Sampler, SpaceExhausted } from "./sampler.ts";
import type { Proposal, SearchMethod } from "./search_method.ts";
import { uniformPosition, type UnitCube } from "./unit_cube.ts";

/** How often a method may repeat itself before a uniform point stands in for its choice. */
const REDRAWS = 8;

/** What {@link guardedSampler} wraps. */
export interface GuardedOptions {
  readonly name: string;
  readonly space: SearchSpace;
  readonly cube: UnitCube;
  /** Undefined when the space has no free parameter: its only point is asked for once */
  readonly method: SearchMethod | undefined;
  /** Used only for stand-ins of repeated points */
  readonly random: RandomSource;
}

/** Wraps a method so that it keeps the contract of {@link Sampler}. The space has been checked. */
export function guardedSampler({ name, space, cube, method, random }: GuardedOptions): Sampler {
  const known = new Set<string>();
  const open = new Map<string, Proposal>();

  function fresh(point: Point): string | undefined {
    const key = pointHash(point);
    return known.has(key) ? undefined : key;
  }

  function standIn(): Point {
    for (let i = 0; i < REDRAWS; i++) {
      const point = cube.toPoint(uniformPosition(random, cube.dimensions));
      if (fresh(point) !== undefined) return point;
    }
    if (cube.size === Infinity) return cube.toPoint(uniformPosition(random, cube.dimensions));
    // `known` holds only points of the space, so a finite space that is not exhausted has one within known.size steps.
    const start = randomIndex(random, cube.size);
    for (let i = 0; i < cube.size; i++) {
      const point = cube.pointAt((start + i) % cube.size);
      if (fresh(point) !== undefined) return point;
    }
    throw new Error(`Cannot find a new point: ${known.size} of ${cube.size} points are known`);
  }

  return {
    name,
    ask() {
      if (known.size >= cube.size) {
        throw new SpaceExhausted(
          `Cannot ask ${name} for a new point: all ${cube.size} points of the space are known; widen a bound or lower the budget`,
        );
      }
      for (let i = 0; method !== undefined && i < REDRAWS; i++) {
        const proposal = method.propose();
        const point = cube.toPoint(proposal.position);
        const key = fresh(point);
        if (key === undefined) continue;
        known.add(key);
        open.set(key, proposal);
        return point;
      }
      const point = standIn();
      known.add(pointHash(point));
      return point;
    },
    tell({ point, value, injected = false }) {
      const own = parsePoint(space, point);
      const key = pointHash(own);
      const proposal = injected ? undefined : open.get(key);
      if (proposal !== undefined) open.delete(key);
      known.add(key);
      method?.observe({
        point: own,
        position: cube.toPosition(own),
        value: value !== null && Number.isFinite(value) ? value : null,
        injected,
        proposal,
      });
    },
  };
}
