/** The ask/tell contract that every sampler keeps. */
import type { Point, SearchSpace } from "../records/space.ts";

/** A finished trial as a sampler hears of it. */
export interface ToldTrial {
  readonly point: Point;
  /** The score, larger is better; null when the trial failed. NaN and infinities are taken as null. */
  readonly value: number | null;
  /** True when somebody else chose the point (a reasoner, a person): see {@link Sampler}. Default false. */
  readonly injected?: boolean;
}

/**
 * Chooses points one at a time and learns from what became of them. Scores are maximised.
 *
 * **Life of a trial.** `ask` gives a point; the caller evaluates it and hands it back through `tell`, in any order, once.
 * A point may be told that was never asked (the space's default, another arm's find, a recorded trial): it is an
 * observation like any other, but no sampler takes it for its own draw. A point may be asked and never told.
 *
 * **Start.** No sampler proposes the default on purpose: the runner evaluates and tells it as trial 0 of every arm.
 *
 * **Points.** Legal for the space (bounds, whole numbers), frozen, all parameters named. A sampler never asks for a point
 * that it has asked for or was told before; where its method would, it draws another. When a finite space has no new
 * point left, `ask` throws {@link SpaceExhausted}.
 *
 * **Failures.** A failed trial (null, NaN, infinite) is remembered and never proposed again. Rank-based methods put it last;
 * value-based methods see it at a bounded penalty, the 10th percentile of the scores so far, so that one failure cannot
 * bend the model. A told score is never changed; equal histories give equal states.
 *
 * **Injected points** enter as observations only: their score is lifted to the same bounded penalty if it is lower, and
 * they move no statistic that assumes the sampler's own distribution (CMA-ES takes a good one as a clipped step and
 * ignores a bad one).
 *
 * **Determinism.** The same name, space, seed, budget and sequence of calls give the same points on every machine.
 * Arguments are never changed and never kept by reference where a later change could show.
 *
 * **Cost.** `ask` and `tell` never evaluate anything.
 */
export interface Sampler {
  readonly name: string;
  /** @throws {SpaceExhausted} when every point of a finite space is known */
  ask(): Point;
  /** @throws {RangeError} for a point that is not of the space, naming the parameter */
  tell(trial: ToldTrial): void;
}

/** Who chose a point: the sampler by its own method, or a proposer through it. */
export type PointOrigin = "sampler" | "injected";

/**
 * A sampler whose next point may need waiting for: a reasoner's reply, another process. Every {@link Sampler} is one.
 *
 * `ask` rejects with {@link ProposalError} when the proposer gave nothing usable; the caller records that as a failed trial,
 * so it costs its turn and is seen. There is no silent fallback to another method.
 */
export interface AsyncSampler {
  readonly name: string;
  ask(): Point | Promise<Point>;
  tell(trial: ToldTrial): void;
  /** Who chose the point asked last; absent means "sampler" always. */
  readonly lastOrigin?: PointOrigin;
  /** Ends child processes; the sampler is not used afterwards. */
  close?(): Promise<void>;
}

/** Options of every sampler. */
export interface SamplerOptions {
  readonly space: SearchSpace;
  /** Seed of the sampler's random stream; one stream a sampler name. */
  readonly seed: number | string;
  /** How many points will be asked for. Designs of a fixed size (grid, Latin hypercube) need it; default 100. */
  readonly budget?: number;
}

/** Every point of a finite space has been asked for or told. A runner catches it to end the arm. */
export class SpaceExhausted extends RangeError {
  override name = "SpaceExhausted";
}

/** A proposer failed or gave a proposal that the space does not allow. A runner catches it to record a failed trial. */
export class ProposalError extends Error {
  override name = "ProposalError";
}
