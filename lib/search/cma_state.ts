/** The normal distribution that CMA-ES moves: one run from its start to its stop. */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { randomNormal, type RandomSource } from "../base/random.ts";
import { type CmaConstants, cmaConstants } from "./cma_constants.ts";

/** Largest standard deviation on any axis, as a share of the range: beyond it a folded normal is as good as uniform. */
const WIDEST = 1;
/** A run ends when no axis varies by more than this share of its range ... */
const NARROWEST = 1e-11;
/** ... or its axes differ by this factor (a condition number of 1e14, as in the tutorial). */
const MOST_ELONGATED = 1e7;

/** One step y = (x - mean) / sigma of a generation, best first. */
export type CmaStep = readonly number[];

/** Mean, step size, covariance and evolution paths. */
export class CmaState {
  readonly constants: CmaConstants;
  mean: number[];
  sigma: number;
  #covariance: Matrix;
  #pathSigma: number[];
  #pathC: number[];
  #generation = 0;
  /** Columns are the axes of the ellipsoid; roots are their lengths. */
  #axes: Matrix;
  #roots: number[];

  constructor(mean: readonly number[], sigma: number, populationSize: number) {
    const n = mean.length;
    this.constants = cmaConstants(n, populationSize);
    this.mean = mean.slice();
    this.sigma = sigma;
    this.#covariance = Matrix.eye(n);
    this.#pathSigma = new Array(n).fill(0);
    this.#pathC = new Array(n).fill(0);
    this.#axes = Matrix.eye(n);
    this.#roots = new Array(n).fill(1);
  }

  /** Draws a step: N(0, C). */
  draw(random: RandomSource): number[] {
    const z = this.#roots.map((root) => root * randomNormal(random));
    return this.#rotate(z);
  }

  /** Length of a step in units of the distribution: |C^(-1/2) y|. */
  lengthOf(step: CmaStep): number {
    return Math.hypot(...this.#whiten(step));
  }

  /** Standard deviation on one axis of the cube. */
  deviation(axis: number): number {
    return this.sigma * Math.sqrt(this.#covariance.get(axis, axis));
  }

  /** True when the distribution has become too small or too thin to search on. */
  get isSpent(): boolean {
    const largest = Math.max(...this.#roots), smallest = Math.min(...this.#roots);
    return this.sigma * largest < NARROWEST || largest > MOST_ELONGATED * smallest;
  }

  /**
   * Takes one generation: populationSize steps ranked best first.
   *
   * @param floors least standard deviation of each axis (0 for none): keeps a whole-number axis from freezing
   * @param isFlat true when the scores say nothing, which widens the step size
   */
  update(ranked: readonly CmaStep[], floors: readonly number[], isFlat: boolean): void {
    const { weights, mu, muEff, cSigma, dSigma, cc, c1, cMu, chiN } = this.constants;
    const n = this.mean.length;
    const drift = new Array<number>(n).fill(0);
    for (let i = 0; i < mu; i++) ranked[i]!.forEach((y, k) => drift[k]! += weights[i]! * y);
    const lengths = ranked.map((y, i) => weights[i]! < 0 ? this.lengthOf(y) : 1);
    const whitened = this.#rotate(this.#whiten(drift));
    this.#generation++;
    this.mean = this.mean.map((m, k) => m + this.sigma * drift[k]!);
    this.#pathSigma = this.#pathSigma.map((p, k) =>
      (1 - cSigma) * p + Math.sqrt(cSigma * (2 - cSigma) * muEff) * whitened[k]!
    );
    const pathLength = Math.hypot(...this.#pathSigma);
    // The step size has grown so fast that the covariance path would only repeat it: the path pauses.
    const settled = Math.sqrt(1 - (1 - cSigma) ** (2 * this.#generation));
    const isPathOn = pathLength / settled < (1.4 + 2 / (n + 1)) * chiN ? 1 : 0;
    this.#pathC = this.#pathC.map((p, k) =>
      (1 - cc) * p + isPathOn * Math.sqrt(cc * (2 - cc) * muEff) * drift[k]!
    );

    const C = this.#covariance;
    const kept = 1 + c1 * (1 - isPathOn) * cc * (2 - cc) - c1 - cMu * weights.reduce((a, b) => a + b, 0);
    const pull = ranked.map((_, i) =>
      cMu * weights[i]! * (weights[i]! < 0 ? n / (lengths[i]! ** 2 + 1e-12) : 1)
    );
    for (let a = 0; a < n; a++) {
      for (let b = 0; b <= a; b++) {
        let value = kept * C.get(a, b) + c1 * this.#pathC[a]! * this.#pathC[b]!;
        ranked.forEach((y, i) => value += pull[i]! * y[a]! * y[b]!);
        C.set(a, b, value);
        C.set(b, a, value);
      }
    }
    this.sigma *= Math.exp(Math.min(1, (cSigma / dSigma) * (pathLength / chiN - 1)));
    if (isFlat) this.sigma *= Math.exp(0.2 + cSigma / dSigma);
    this.#decompose();
    // After the cap on sigma, which would undercut a floor set before it.
    let isRaised = false;
    floors.forEach((floor, axis) => {
      const least = (floor / this.sigma) ** 2;
      if (C.get(axis, axis) >= least) return;
      C.set(axis, axis, least);
      isRaised = true;
    });
    if (isRaised) this.#decompose();
  }

  #decompose(): void {
    const evd = new EigenvalueDecomposition(this.#covariance, { assumeSymmetric: true });
    this.#axes = evd.eigenvectorMatrix;
    this.#roots = evd.realEigenvalues.map((value) => Math.sqrt(Math.max(value, 1e-20)));
    this.sigma = Math.min(this.sigma, WIDEST / Math.max(...this.#roots));
  }

  /** C^(-1/2) y in the coordinates of the ellipsoid's axes. */
  #whiten(y: CmaStep): number[] {
    return this.#roots.map((root, j) =>
      y.reduce((sum, value, k) => sum + this.#axes.get(k, j) * value, 0) / root
    );
  }

  #rotate(z: readonly number[]): number[] {
    return z.map((_, k) => z.reduce((sum, value, j) => sum + this.#axes.get(k, j) * value, 0));
  }
}
