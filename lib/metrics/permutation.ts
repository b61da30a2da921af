/** Sign-flip permutation test: how often chance alone would give a mean paired difference this far from 0. */
import { randomStream } from "../base/random.ts";
import { type CaseScore, commitTable, type WeightOptions } from "./commits.ts";

/** Options of {@link signFlipTest}. */
export interface SignFlipOptions {
  /** The study's seed; read only when the test is not exact */
  readonly seed: number | string;
  /** Name of the random stream. Default "sign-flip" */
  readonly stream?: string;
  /** Sign patterns drawn when the test is not exact. Default 10,000, so that p is at least 1/10,001 */
  readonly resamples?: number;
}

/** Outcome of {@link signFlipTest}. */
export interface SignFlipResult {
  /** Two-sided p-value, in (0, 1] */
  readonly p: number;
  /** "exact": every sign pattern was counted; "monte-carlo": `resamples` patterns were drawn */
  readonly method: "exact" | "monte-carlo";
  /** Patterns counted or drawn */
  readonly resamples: number;
  /** Differences given */
  readonly n: number;
  /** Differences that are not 0. The others cannot change sign and carry no evidence. */
  readonly n_nonzero: number;
}

/** Up to this many non-zero differences all 2^n patterns are counted. */
const EXACT_LIMIT = 20;

/**
 * Two-sided sign-flip test of the hypothesis that paired differences are symmetric about 0.
 *
 * The statistic is the absolute sum, so scale does not matter: to test a weighted mean, pass weight x difference.
 * Exact when at most 20 differences are not 0; else p = (b + 1) / (m + 1) for b of m drawn patterns at least as far out.
 * Sums that differ from the observed one by rounding only count as equal. All differences 0 gives p = 1.
 *
 * @param differences one a commit (not one a seed: seeds of a commit are not independent)
 * @throws {RangeError} for no differences, one that is not finite, or resamples below 1
 * Source: Fisher 1935; the Monte Carlo correction is of Phipson & Smyth, SAGMB 2010.
 */
export function signFlipTest(differences: ArrayLike<number>, options: SignFlipOptions): SignFlipResult {
  const n = differences.length;
  const { resamples = 10_000 } = options;
  if (n === 0) {
    throw new RangeError("Cannot test no differences: at least one paired difference is wanted");
  }
  if (!Number.isSafeInteger(resamples) || resamples < 1) {
    throw new RangeError(`Cannot draw ${resamples} sign patterns: a whole number of at least 1 is wanted`);
  }
  const sizes: number[] = [];
  let observed = 0, reach = 0;
  for (let i = 0; i < n; i++) {
    const d = differences[i]!;
    if (!Number.isFinite(d)) {
      throw new RangeError(`Cannot test difference ${i}: it is ${d}, a finite number is wanted`);
    }
    observed += d;
    reach += Math.abs(d);
    if (d !== 0) sizes.push(d);
  }
  const bar = Math.abs(observed) - 1e-12 * reach;
  if (sizes.length <= EXACT_LIMIT) {
    const patterns = 2 ** sizes.length;
    const p = countExact(sizes, bar) / patterns;
    return { p, method: "exact", resamples: patterns, n, n_nonzero: sizes.length };
  }
  const b = countDrawn(Float64Array.from(sizes), bar, resamples, options);
  return { p: (b + 1) / (resamples + 1), method: "monte-carlo", resamples, n, n_nonzero: sizes.length };
}

/**
 * Sign-flip test of a macro mean of differences: flips whole commits, each with its share in the macro mean.
 *
 * @param differences cases made by `pairedDifferences`
 * @throws {RangeError} as {@link signFlipTest} and `aggregate` do; also when no case has a value
 */
export function signFlipTestOfMacroMean(
  differences: readonly CaseScore[],
  options: SignFlipOptions & WeightOptions,
): SignFlipResult {
  const { starts, values, weights } = commitTable(differences, options);
  const parts = new Float64Array(values.length);
  for (let r = 0; r + 1 < starts.length; r++) {
    const from = starts[r]!, to = starts[r + 1]!;
    const total = weights.subarray(from, to).reduce((sum, weight) => sum + weight, 0);
    for (let c = from; c < to; c++) parts[c] = weights[c]! / total * values[c]!;
  }
  return signFlipTest(parts, options);
}

/** Sign patterns whose absolute sum is at least `bar`. The two halves are summed apart: no running sum, no drift. */
function countExact(sizes: readonly number[], bar: number): number {
  const half = sizes.length >> 1;
  const left = signedSums(sizes.slice(0, half)), right = signedSums(sizes.slice(half));
  let count = 0;
  for (const a of left) for (const b of right) if (Math.abs(a + b) >= bar) count++;
  return count;
}

/** The 2^n sums of numbers under every sign pattern; [0] for none. */
function signedSums(sizes: readonly number[]): Float64Array {
  let sums = Float64Array.of(0);
  for (const size of sizes) {
    const next = new Float64Array(2 * sums.length);
    sums.forEach((sum, i) => {
      next[2 * i] = sum + size;
      next[2 * i + 1] = sum - size;
    });
    sums = next;
  }
  return sums;
}

/** Of m drawn sign patterns, those whose absolute sum is at least `bar`. Each uniform yields 32 signs. */
function countDrawn(sizes: Float64Array, bar: number, m: number, options: SignFlipOptions): number {
  const random = randomStream(options.seed, options.stream ?? "sign-flip");
  let count = 0;
  for (let b = 0; b < m; b++) {
    let sum = 0, bits = 0;
    for (let i = 0; i < sizes.length; i++) {
      if ((i & 31) === 0) bits = Math.floor(random() * 4294967296) | 0;
      sum += bits < 0 ? -sizes[i]! : sizes[i]!;
      bits <<= 1;
    }
    if (Math.abs(sum) >= bar) count++;
  }
  return count;
}
