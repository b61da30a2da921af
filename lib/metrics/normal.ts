/** The standard normal distribution, to the last few digits of a double. */

/** Where the series loses digits and the continued fraction converges fast enough. */
const TAIL = 2;
const ROOT_TWO_PI = Math.sqrt(2 * Math.PI);

/** Density at x. */
export function normalDensity(x: number): number {
  return Math.exp(-x * x / 2) / ROOT_TWO_PI;
}

/**
 * P(Z <= x), in [0, 1]. Relative error below 1e-13, in the lower tail too; from x = -37 on denormals take their digits.
 *
 * Within 2 of 0 by the power series x + x^3/3 + x^5/(3 x 5) + ... times the density; beyond by the continued fraction of
 * the Mills ratio. Source: Marsaglia, J. Stat. Softw. 11(4), 2004; Abramowitz & Stegun 26.2.14.
 * @throws {RangeError} for NaN
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) throw new RangeError("Cannot take the normal CDF at NaN: a number is wanted");
  if (x > TAIL) return 1 - upperTail(x);
  if (x < -TAIL) return upperTail(-x);
  let term = x, sum = x;
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) sum += term *= x * x / odd;
  return 0.5 + sum * normalDensity(x);
}

/** P(Z > x) for x beyond the tail limit. */
function upperTail(x: number): number {
  return x === Infinity ? 0 : normalDensity(x) / hazard(x);
}

/** Density over P(Z > x) for x beyond the tail limit: x + 1/(x + 2/(x + 3/(x + ....))), from the inside out. */
function hazard(x: number): number {
  let inner = x;
  for (let depth = 150; depth >= 1; depth--) inner = x + depth / inner;
  return inner;
}

/**
 * The x with P(Z <= x) = p. Absolute error below 1e-12; -Infinity and Infinity at 0 and 1.
 *
 * Newton steps in the lower half, where {@link normalCdf} has full relative accuracy: on its logarithm in the tail, which
 * does not underflow, on itself nearer 0. p near 1 carries the rounding of p itself.
 * @throws {RangeError} for p outside [0, 1]
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) {
    throw new RangeError(`Cannot take the normal quantile of ${p}: a number in [0, 1] is wanted`);
  }
  if (p > 0.5) return 0 - normalQuantile(1 - p);
  if (p === 0) return -Infinity;
  if (p === 0.5) return 0;
  const logP = Math.log(p);
  // The leading term of the tail expansion lies below the root, and both functions climb from there without overshoot.
  let x = -Math.sqrt(-2 * logP);
  for (let i = 0; i < 50; i++) {
    const rate = x < -TAIL ? hazard(-x) : 0;
    const step = x < -TAIL
      ? (logP - Math.log(1 / (ROOT_TWO_PI * rate)) + x * x / 2) / rate
      : (p - normalCdf(x)) / normalDensity(x);
    x += step;
    if (Math.abs(step) <= 1e-15 * Math.max(1, Math.abs(x))) break;
  }
  return x;
}
