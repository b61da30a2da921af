/** The small contract that a search method is written against; `createSampler` makes a sampler out of it. */
import type { Point } from "../records/space.ts";

/** One position chosen by a method, in the unit cube of the free parameters. Identity matters: see {@link Observation}. */
export interface Proposal {
  readonly position: readonly number[];
}

/** A finished trial as a method hears of it. */
export interface Observation {
  /** The point itself. Two observations of one point are equal here; positions come back from points with rounding noise */
  readonly point: Point;
  /** Position in the unit cube, whole numbers at their cell's centre */
  readonly position: readonly number[];
  /** Finite, or null for a failed trial */
  readonly value: number | null;
  readonly injected: boolean;
  /** The very object that `propose` returned for this point; undefined for a point the method did not choose */
  readonly proposal: Proposal | undefined;
}

/**
 * A search method without its chores. It works in [0, 1)^d, d >= 1, maximises, and is never told a position outside.
 *
 * `propose` may return known positions and may be called again without an answer; `createSampler` turns a method into a
 * {@link Sampler} by mapping, checking, and redrawing what is known already.
 */
export interface SearchMethod {
  propose(): Proposal;
  observe(observation: Observation): void;
}
