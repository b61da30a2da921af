/** A reasoner in front of a sampler: it names points and regions, a sampler fills in the values. */
import { randomStream } from "../base/random.ts";
import { defaultPoint, parsePoint, type Point, pointHash, type SearchSpace } from "../records/space.ts";
import { createSampler, type SamplerName } from "./create_sampler.ts";
import { type Region, regionSpace } from "./region.ts";
import {
  type AsyncSampler,
  type PointOrigin,
  ProposalError,
  SpaceExhausted,
  type ToldTrial,
} from "./sampler.ts";

/** What a proposer knows when it is asked: a copy, in the order of telling. */
export interface ProposalContext {
  readonly space: SearchSpace;
  readonly trials: readonly ToldTrial[];
  /** The best point told so far, or the default */
  readonly incumbent: Point;
  /** How often the proposer was asked before */
  readonly turn: number;
}

/** What a proposer may answer. */
export interface PointProposal {
  /** Points to try as they are; parameters that are not named take the incumbent's values */
  readonly points?: readonly Readonly<Record<string, number>>[];
  /** Regions to try `draws` points of (default 1 each), chosen by a sampler inside the region */
  readonly regions?: readonly (Region & { readonly draws?: number })[];
}

/** Proposes; may take its time. Rejecting, and proposing nothing new, are failures. */
export type Proposer = (context: ProposalContext) => PointProposal | Promise<PointProposal>;

/** Options of {@link proposalSampler}. */
export interface ProposalSamplerOptions {
  readonly name: string;
  readonly space: SearchSpace;
  readonly seed: number | string;
  readonly budget?: number;
  readonly proposer: Proposer;
  /** Sampler of the whole space between proposals; also fills regions. Default "cma_es" */
  readonly base?: SamplerName;
  /** Probability that a turn is the proposer's, in [0, 1]. Default 0.3; 1 is a reasoner alone */
  readonly share?: number;
  /** Trials told before the proposer is first asked, the default among them. Default 10 */
  readonly warmup?: number;
}

/**
 * Wraps a proposer and a base sampler into one arm.
 *
 * A turn is the base sampler's or, after the warm-up and with probability `share`, the proposer's. A proposal is worked off
 * point by point on the proposer's turns before it is asked again. Regions are searched by a Sobol sampler of their own
 * (too few draws for a model), told nothing but never repeating a known point.
 * Whatever the proposer chose reaches the base sampler as an injected observation (see {@link Sampler}), so a bad proposer
 * cannot bend its model; the trials' `origin` tells the two apart.
 * No silent fallback: when the proposer fails, `ask` rejects with {@link ProposalError} and that turn is lost.
 * Source of share and warm-up: Centaur, arXiv 2603.24647, where more turns of the model hurt.
 *
 * @throws {RangeError} for a bad space, an unknown base, or a share outside [0, 1]
 */
export function proposalSampler(options: ProposalSamplerOptions): AsyncSampler {
  const { name, space, seed, proposer, base = "cma_es", share = 0.3, warmup = 10 } = options;
  if (!(share >= 0 && share <= 1)) {
    throw new RangeError(`Cannot give the proposer ${share} of the turns: a share in [0, 1] is wanted`);
  }
  const budget = options.budget === undefined ? {} : { budget: options.budget };
  const sampler = createSampler(base, { space, seed, ...budget });
  const coin = randomStream(seed, `search/${name}/turns`);
  const trials: ToldTrial[] = [];
  const known = new Set<string>(), injected = new Set<string>();
  let waiting: Point[] = [], turn = 0, lastOrigin: PointOrigin = "sampler";

  function incumbent(): Point {
    let best: ToldTrial | undefined;
    for (const trial of trials) {
      if (trial.value !== null && (best === undefined || trial.value > best.value!)) best = trial;
    }
    return best?.point ?? defaultPoint(space);
  }

  function draw(region: Region & { readonly draws?: number }, index: number): Point[] {
    const { space: inner, widen } = regionSpace(space, region, incumbent());
    const filler = createSampler("sobol", { space: inner, seed: `${seed}/${name}/${turn}/${index}` });
    const points: Point[] = [];
    try {
      for (let tries = 0; points.length < (region.draws ?? 1) && tries < 100; tries++) {
        const point = widen(filler.ask());
        if (!known.has(pointHash(point))) points.push(point);
      }
    } catch (error) {
      // A small region may hold fewer new points than were asked for: those it holds are taken.
      if (!(error instanceof SpaceExhausted)) throw error;
    }
    return points;
  }

  async function consult(): Promise<Point[]> {
    const context = { space, trials: trials.slice(), incumbent: incumbent(), turn };
    try {
      const { points = [], regions = [] } = await proposer(context);
      const exact = points.map((point) => parsePoint(space, { ...context.incumbent, ...point }));
      const all = [...exact, ...regions.flatMap(draw)].map((point) => [pointHash(point), point] as const);
      const fresh = [...new Map(all)].filter(([key]) => !known.has(key)).map(([, point]) => point);
      if (fresh.length === 0) throw new RangeError("it holds no point that is not known already");
      return fresh;
    } catch (cause) {
      if (cause instanceof ProposalError || (cause as Error)?.name === "AbortError") throw cause;
      throw new ProposalError(`Cannot use proposal ${turn} of ${name}: ${(cause as Error).message}`, {
        cause,
      });
    } finally {
      turn++;
    }
  }

  return {
    name,
    get lastOrigin() {
      return lastOrigin;
    },
    async ask() {
      if (trials.length >= warmup && coin() < share) {
        waiting = waiting.filter((point) => !known.has(pointHash(point)));
        if (waiting.length === 0) waiting = await consult();
        const point = Object.freeze(waiting.shift()!);
        lastOrigin = "injected";
        known.add(pointHash(point));
        injected.add(pointHash(point));
        return point;
      }
      for (;;) {
        const point = sampler.ask();
        if (known.has(pointHash(point))) continue;
        lastOrigin = "sampler";
        known.add(pointHash(point));
        return point;
      }
    },
    tell(trial) {
      const own = Object.freeze({ ...trial.point }), key = pointHash(own);
      const foreign = trial.injected === true || injected.has(key);
      sampler.tell({ point: own, value: trial.value, injected: foreign });
      trials.push({ point: own, value: trial.value, injected: foreign });
      known.add(key);
    },
  };
}
