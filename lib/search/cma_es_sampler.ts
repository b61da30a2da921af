/** CMA-ES in a box, restarted when it stalls, safe to feed with other people's points. */
import type { RandomSource } from "../base/random.ts";
import { cmaPopulationSize } from "./cma_constants.ts";
import { CmaState, type CmaStep } from "./cma_state.ts";
import type { Observation, Proposal, SearchMethod } from "./search_method.ts";
import { uniformPosition, type UnitCube } from "./unit_cube.ts";

/** First standard deviation as a share of each range: around the default, and after a restart anywhere. */
const FIRST_SIGMA = 0.2, RESTART_SIGMA = 0.3;
/** Scores of a stall differ by less than this share of their size. */
const STALL = 1e-12;

/** A candidate of the present generation. */
interface Candidate extends Proposal {
  readonly step: CmaStep;
}

/** A candidate that came back, or somebody else's point made into a step. */
interface Ranked {
  readonly step: CmaStep;
  readonly value: number | null;
}

/**
 * The covariance matrix adaptation evolution strategy with active update and IPOP restarts.
 *
 * Starts at `home` (the default's position) with sigma 0.2. A generation is complete when populationSize of its own
 * candidates have been told, in any order; failed ones rank last. Draws that are never told are simply missing.
 * **Bounds**: the box is folded: coordinate 1.1 is evaluated at 0.9 and -0.1 at 0.1, so the search sees a continuous function
 * without walls or penalties and its statistics stay those of its own unfolded draws.
 * **Whole numbers**: an axis never varies by less than a fifth of its cell, so it cannot freeze between two values.
 * **Injected and foreign points** wait for the end of the generation and join its ranking, their step clipped to the length
 * sqrt(n) + 2n/(n + 2); those in its better half take the places of the worst positively weighted ones, all others and
 * all failed ones leave no trace.
 * **Restart** with doubled population at a uniform point when the distribution is spent, when the best scores of
 * 10 + 30n/populationSize generations are all equal, or when two generations in a row failed entirely.
 * Source: N. Hansen, arXiv 1604.00772; injection: N. Hansen, "Injecting external solutions into CMA-ES", arXiv 1110.4181;
 * IPOP: Auger and Hansen, CEC 2005. Checked against pycma 4.5.
 */
export function cmaEvolution(cube: UnitCube, random: RandomSource, home: readonly number[]): SearchMethod {
  const n = cube.dimensions;
  const floors = home.map((_, axis) => cube.levels(axis) === Infinity ? 0 : 0.2 / cube.levels(axis));
  const longest = Math.sqrt(n) + 2 * n / (n + 2);
  let state = new CmaState(home, FIRST_SIGMA, cmaPopulationSize(n));
  let open = new Set<Proposal>();
  let told: Ranked[] = [];
  let foreign: Ranked[] = [];
  let bests: number[] = [];
  let nFailedGenerations = 0;

  function restart(): void {
    state = new CmaState(uniformPosition(random, n), RESTART_SIGMA, 2 * state.constants.populationSize);
    bests = [];
    nFailedGenerations = 0;
  }

  /** The step that would have led from the mean to a position, through the nearest of its mirror images. */
  function stepTo(position: readonly number[]): CmaStep {
    const step = position.map((u, k) => (nearestImage(u, state.mean[k]!) - state.mean[k]!) / state.sigma);
    const length = state.lengthOf(step);
    return length > longest ? step.map((y) => y * longest / length) : step;
  }

  function finishGeneration(): void {
    const { populationSize, mu } = state.constants;
    const own = told.toSorted(bestFirst), guests = foreign.toSorted(bestFirst).slice(0, mu);
    const finite = own.filter((c) => c.value !== null);
    told = [];
    foreign = [];
    open = new Set();
    if (finite.length === 0) {
      nFailedGenerations++;
      if (nFailedGenerations === 2) restart();
      return;
    }
    nFailedGenerations = 0;
    const better = [...own, ...guests].sort(bestFirst).slice(0, mu);
    const worse = own.filter((c) => !better.includes(c)).slice(-(populationSize - mu));
    const best = finite[0]!.value!,
      typical = finite[Math.min(finite.length - 1, Math.floor(0.7 * populationSize))]!.value!;
    state.update([...better, ...worse].map((c) => c.step), floors, best === typical);
    bests.push(best);
    const patience = 10 + Math.ceil(30 * n / populationSize);
    const recent = bests.slice(-patience);
    const spread = Math.max(...recent) - Math.min(...recent);
    if (state.isSpent || (bests.length >= patience && spread <= STALL * Math.abs(best))) restart();
  }

  return {
    propose(): Candidate {
      const step = state.draw(random);
      const candidate = { position: step.map((y, k) => fold(state.mean[k]! + state.sigma * y)), step };
      open.add(candidate);
      return candidate;
    },
    observe({ position, value, proposal }: Observation) {
      if (proposal !== undefined && open.delete(proposal)) {
        told.push({ step: (proposal as Candidate).step, value });
        if (told.length === state.constants.populationSize) finishGeneration();
      } else if (value !== null) {
        // A point at the mean itself, as the default is at first, carries no direction and would only brake.
        const step = stepTo(position);
        if (step.some((y) => Math.abs(y) > 1e-9)) foreign.push({ step, value });
      }
    },
  };
}

function bestFirst(a: Ranked, b: Ranked): number {
  return (b.value ?? -Infinity) === (a.value ?? -Infinity)
    ? 0
    : (b.value ?? -Infinity) - (a.value ?? -Infinity);
}

/** Reflects a coordinate into [0, 1] as often as needed: a wave of period 2. */
function fold(x: number): number {
  const phase = x - 2 * Math.floor(x / 2);
  return phase <= 1 ? phase : 2 - phase;
}

/** The unfolded coordinate nearest to `centre` that folds to `u`. */
function nearestImage(u: number, centre: number): number {
  const even = u + 2 * Math.round((centre - u) / 2), odd = -u + 2 * Math.round((centre + u) / 2);
  return Math.abs(even - centre) <= Math.abs(odd - centre) ? even : odd;
}
