/** Hyperparameters of a Gaussian process by the marginal likelihood (ML-II), kept sane by weak priors. */
import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { type GpParameters, matern52 } from "./gaussian_process.ts";
import { type Differentiable, minimizeInBox } from "./minimize_in_box.ts";

/** Bounds of the logarithms: lengths 0.01 to 100 ranges, signal 0.05 to 1000, noise 1e-7 to 0.3 of the scores' variance. */
const LOG_LENGTH = [Math.log(0.01), Math.log(100)] as const;
const LOG_SIGNAL = [Math.log(0.05), Math.log(1000)] as const;
const LOG_NOISE = [Math.log(1e-7), Math.log(0.3)] as const;

/** Strength of the prior that keeps length scales near one range. */
const LENGTH_PRIOR = 0.2;

/** Where a fit starts that has no predecessor: lengths of half a range times sqrt(d), unit signal, hardly any noise. */
export function initialParameters(dimensions: number): GpParameters {
  return {
    logLengths: new Array(dimensions).fill(Math.log(0.5 * Math.sqrt(dimensions))),
    logSignal: 0,
    logNoise: Math.log(1e-5),
  };
}

/**
 * Minus the log marginal likelihood (up to a constant) minus the log prior, with the gradient by (lengths, signal, noise).
 *
 * Priors keep few points in many dimensions from being overfitted. A length scale l has the density exp(-0.1 (l^2 + l^-2)),
 * nearly flat between a third and three ranges and steep beyond, the form that Optuna's GPSampler uses; signal variance
 * is log-normal (0, 3), noise log-normal (log 1e-5, 3).
 * Infinity where the covariance is numerically not positive definite.
 */
export function negativeLogPosterior(
  xs: readonly (readonly number[])[],
  ys: readonly number[],
): Differentiable {
  const n = xs.length, d = xs[0]!.length;
  return (theta) => {
    const inverse2 = Array.from({ length: d }, (_, k) => Math.exp(-2 * theta[k]!));
    const signal = Math.exp(theta[d]!), noise = Math.exp(theta[d + 1]!);
    const K = new Matrix(n, n), slopes = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      K.set(i, i, signal + noise);
      for (let j = 0; j < i; j++) {
        let r2 = 0;
        for (let k = 0; k < d; k++) r2 += (xs[i]![k]! - xs[j]![k]!) ** 2 * inverse2[k]!;
        const { value, slope } = matern52(r2);
        K.set(i, j, signal * value);
        K.set(j, i, signal * value);
        slopes[i * n + j] = signal * slope;
      }
    }
    const cholesky = new CholeskyDecomposition(K);
    if (!cholesky.isPositiveDefinite()) return { value: Infinity, gradient: () => new Array(d + 2).fill(0) };
    const L = lowerTriangle(cholesky.lowerTriangularMatrix, n);
    const inverseL = invertLower(L, n);
    const alpha = timesTransposed(inverseL, timesLower(inverseL, ys, n), n);
    let value = 0;
    for (let i = 0; i < n; i++) value += 0.5 * ys[i]! * alpha[i]! + Math.log(L[i * n + i]!);

    value += logPriors(theta).reduce((sum, prior) => sum - prior.value, 0);
    return { value, gradient };

    function gradient(): number[] {
      // d value / d K_ij = (K^-1 - alpha alpha')_ij / 2; K^-1 = L^-T L^-1, needed on and below the diagonal only.
      const slope = new Array<number>(d + 2).fill(0);
      const row = new Float64Array(n);
      for (let i = 0; i < n; i++) {
        row.fill(0);
        for (let k = i; k < n; k++) {
          const factor = inverseL[k * n + i]!;
          for (let j = 0; j <= i; j++) row[j]! += factor * inverseL[k * n + j]!;
        }
        const diagonal = 0.5 * (row[i]! - alpha[i]! * alpha[i]!);
        slope[d]! += diagonal * signal;
        slope[d + 1]! += diagonal * noise;
        for (let j = 0; j < i; j++) {
          // Twice one half: the matrix is symmetric.
          const weight = row[j]! - alpha[i]! * alpha[j]!;
          slope[d]! += weight * K.get(i, j);
          const pull = weight * slopes[i * n + j]!;
          for (let k = 0; k < d; k++) slope[k]! += pull * -2 * (xs[i]![k]! - xs[j]![k]!) ** 2 * inverse2[k]!;
        }
      }
      return logPriors(theta).map((prior, i) => slope[i]! - prior.slope);
    }
  };
}

/** Logarithms of the prior densities, up to constants, and their derivatives, in the order of the parameters. */
function logPriors(theta: readonly number[]): { value: number; slope: number }[] {
  const d = theta.length - 2;
  const normal = (x: number, centre: number, sd: number) => ({
    value: -((x - centre) ** 2) / (2 * sd * sd),
    slope: -(x - centre) / (sd * sd),
  });
  return theta.map((x, i) => {
    if (i === d) return normal(x, 0, 3);
    if (i > d) return normal(x, Math.log(1e-5), 3);
    return { value: -LENGTH_PRIOR * Math.cosh(2 * x), slope: -2 * LENGTH_PRIOR * Math.sinh(2 * x) };
  });
}

/** Fits hyperparameters by ML-II (maximum a posteriori) from each start, keeping the best. ys are standardised. */
export function fitParameters(
  xs: readonly (readonly number[])[],
  ys: readonly number[],
  starts: readonly GpParameters[],
  maxSteps: number,
): GpParameters {
  const d = xs[0]!.length, f = negativeLogPosterior(xs, ys);
  const bounds = [...new Array(d).fill(LOG_LENGTH), LOG_SIGNAL, LOG_NOISE] as (readonly [number, number])[];
  const box = { low: bounds.map((b) => b[0]), high: bounds.map((b) => b[1]), maxSteps };
  const ends = starts.map((s) => minimizeInBox(f, [...s.logLengths, s.logSignal, s.logNoise], box));
  const { x } = ends.reduce((best, end) => end.value < best.value ? end : best);
  return { logLengths: x.slice(0, d), logSignal: x[d]!, logNoise: x[d + 1]! };
}

function lowerTriangle(L: Matrix, n: number): Float64Array {
  const flat = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) flat[i * n + j] = L.get(i, j);
  return flat;
}

function invertLower(L: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const pivot = 1 / L[i * n + i]!;
    inverse[i * n + i] = pivot;
    for (let k = 0; k < i; k++) {
      const factor = -L[i * n + k]! * pivot;
      for (let j = 0; j <= k; j++) inverse[i * n + j]! += factor * inverse[k * n + j]!;
    }
  }
  return inverse;
}

function timesLower(M: Float64Array, v: readonly number[], n: number): Float64Array {
  return Float64Array.from(v, (_, i) => {
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += M[i * n + j]! * v[j]!;
    return sum;
  });
}

function timesTransposed(M: Float64Array, v: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) out[j]! += M[i * n + j]! * v[i]!;
  return out;
}
