/** Gaussian process regression in the unit cube: Matern 5/2 with one length scale an axis. */

/** Hyperparameters in natural logarithms: length scales of the axes, signal variance, noise variance. */
export interface GpParameters {
  readonly logLengths: readonly number[];
  readonly logSignal: number;
  readonly logNoise: number;
}

/** Prediction at a position, in standardised units. */
export interface GpPrediction {
  readonly mean: number;
  readonly variance: number;
  /** The gradients of both by position; costs about as much again */
  gradients(): { mean: number[]; variance: number[] };
}

const SQRT5 = Math.sqrt(5);
/** The covariance of two positions at scaled squared distance `r2` with unit variance, and its derivative by r2. */
export function matern52(r2: number): { value: number; slope: number } {
  const a = SQRT5 * Math.sqrt(r2), decay = Math.exp(-a);
  return { value: (1 + a + a * a / 3) * decay, slope: -5 / 6 * (1 + a) * decay };
}

/** A process conditioned on points. Points are added at O(n^2) each, without a new factorisation. */
export class GaussianProcess {
  readonly #xs: (readonly number[])[] = [];
  readonly #rows: Float64Array[] = [];
  readonly #inverse2: number[];
  readonly #signal: number;
  readonly #noise: number;
  #alpha: Float64Array = new Float64Array(0);

  constructor(parameters: GpParameters) {
    this.#inverse2 = parameters.logLengths.map((l) => Math.exp(-2 * l));
    this.#signal = Math.exp(parameters.logSignal);
    this.#noise = Math.exp(parameters.logNoise);
  }

  /** Number of points conditioned on. */
  get size(): number {
    return this.#xs.length;
  }

  /** Adds a position: one more row of the Cholesky factor. Call {@link condition} before predicting. */
  add(x: readonly number[]): void {
    const row = new Float64Array(this.size + 1);
    let rest = this.#signal + this.#noise;
    this.#xs.forEach((other, i) => {
      const above = this.#rows[i]!;
      let v = this.#signal * matern52(this.#distance(x, other)).value;
      for (let j = 0; j < i; j++) v -= row[j]! * above[j]!;
      row[i] = v / above[i]!;
      rest -= row[i]! ** 2;
    });
    // Two nearly equal points leave a pivot of rounding noise; the floor is a jitter of 1e-10 of the signal.
    row[this.size] = Math.sqrt(Math.max(rest, 1e-10 * this.#signal));
    this.#xs.push(x);
    this.#rows.push(row);
  }

  /** Sets the standardised scores of all points, in the order they were added. */
  condition(ys: readonly number[]): void {
    this.#alpha = this.#solveUpper(this.#solveLower(Float64Array.from(ys)));
  }

  /** Mean and variance of the noise-free function at a position, in O(n^2). */
  predict(x: readonly number[]): GpPrediction {
    const n = this.size, d = x.length;
    const k = new Float64Array(n), slopes = new Float64Array(n);
    let mean = 0;
    for (let i = 0; i < n; i++) {
      const { value, slope } = matern52(this.#distance(x, this.#xs[i]!));
      k[i] = this.#signal * value;
      slopes[i] = this.#signal * slope;
      mean += k[i]! * this.#alpha[i]!;
    }
    const half = this.#solveLower(k.slice());
    let explained = 0;
    for (const v of half) explained += v * v;
    return {
      mean,
      variance: Math.max(this.#signal - explained, 1e-12 * this.#signal),
      gradients: () => {
        const weights = this.#solveUpper(half.slice());
        const meanBy = new Array<number>(d).fill(0), varianceBy = new Array<number>(d).fill(0);
        for (let i = 0; i < n; i++) {
          const other = this.#xs[i]!;
          for (let a = 0; a < d; a++) {
            const dk = slopes[i]! * 2 * (x[a]! - other[a]!) * this.#inverse2[a]!;
            meanBy[a]! += dk * this.#alpha[i]!;
            varianceBy[a]! -= 2 * dk * weights[i]!;
          }
        }
        return { mean: meanBy, variance: varianceBy };
      },
    };
  }

  #distance(a: readonly number[], b: readonly number[]): number {
    let r2 = 0;
    for (let k = 0; k < a.length; k++) r2 += (a[k]! - b[k]!) ** 2 * this.#inverse2[k]!;
    return r2;
  }

  /** L^-1 v, in place. */
  #solveLower(v: Float64Array): Float64Array {
    for (let i = 0; i < v.length; i++) {
      const row = this.#rows[i]!;
      let value = v[i]!;
      for (let j = 0; j < i; j++) value -= row[j]! * v[j]!;
      v[i] = value / row[i]!;
    }
    return v;
  }

  /** L^-T v, in place. */
  #solveUpper(v: Float64Array): Float64Array {
    for (let i = v.length - 1; i >= 0; i--) {
      const row = this.#rows[i]!, value = v[i]! / row[i]!;
      v[i] = value;
      for (let j = 0; j < i; j++) v[j]! -= row[j]! * value;
    }
    return v;
  }
}
