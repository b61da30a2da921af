/**
 * What a number of cases can show, before anything is scored: smallest detectable difference, cases needed, and how
 * often a rule "accept when the mean improved" is fooled. Normal approximation; below about 20 cases it is optimistic.
 *
 * `n` counts independent observations. Cases that share a commit or a repository are not; divide by the design effect.
 */
import { normalCdf, normalQuantile } from "./normal.ts";

/** What a two-sided paired test is asked to do. */
export interface PowerOptions {
  /** Standard deviation of the paired differences of single cases, above 0 */
  readonly sd: number;
  /** Confidence level, in (0, 1); the test rejects at p < 1 - level. Default 0.95 */
  readonly level?: number;
  /** Wanted chance to find a real difference, in (0, 1). Default 0.8 */
  readonly power?: number;
  /** Variance inflation by clusters, at least 1, from {@link designEffect}. Default 1 */
  readonly design_effect?: number;
}

/**
 * Smallest true mean difference that a two-sided paired test on n cases finds with the wanted power:
 * (z of the level + z of the power) x sd x sqrt(design effect / n).
 *
 * @param n cases, at least 1
 * @returns a positive number in the unit of sd
 * @throws {RangeError} for an argument out of range
 */
export function minimalDetectableDifference(n: number, options: PowerOptions): number {
  checkAbove("n", n, 1, true);
  return reach(options) * options.sd * Math.sqrt((options.design_effect ?? 1) / n);
}

/**
 * Fewest cases with which a two-sided paired test finds a mean difference with the wanted power, rounded up.
 *
 * @param difference true mean difference, not 0, in the unit of sd; its sign does not matter
 * @throws {RangeError} for an argument out of range
 */
export function casesNeeded(difference: number, options: PowerOptions): number {
  checkAbove("difference", Math.abs(difference), 0, false);
  const ratio = reach(options) * options.sd / difference;
  return Math.ceil(ratio * ratio * (options.design_effect ?? 1));
}

/**
 * Design effect 1 + (m - 1) icc of clusters of m cases: n clustered cases tell as much as n / effect independent ones.
 *
 * @param cluster_size mean cases a cluster, at least 1
 * @param icc intraclass correlation in [0, 1]; see {@link intraclassCorrelation}
 * @throws {RangeError} for an argument out of range
 * Source: Kish, "Survey Sampling", 1965.
 */
export function designEffect(cluster_size: number, icc: number): number {
  checkAbove("cluster_size", cluster_size, 1, true);
  if (!(icc >= 0 && icc <= 1)) {
    throw new RangeError(`icc is ${icc}: a number in [0, 1] is wanted; take a negative estimate as 0`);
  }
  return 1 + (cluster_size - 1) * icc;
}

/**
 * Intraclass correlation of clustered values, by one-way analysis of variance: the share of variance that lies between
 * clusters. The estimate may be negative when clusters are more alike than chance.
 *
 * @param clusters values by cluster; sizes may differ
 * @returns at most 1; 0 when all values are equal
 * @throws {RangeError} with fewer than two clusters, an empty cluster, no cluster of two values, or a value not finite
 * Source: Donner, International Statistical Review 1986.
 */
export function intraclassCorrelation(clusters: readonly (readonly number[])[]): number {
  const groups = clusters.length;
  const n = clusters.reduce((sum, cluster) => sum + cluster.length, 0);
  if (groups < 2 || n === groups || clusters.some((cluster) => cluster.length === 0)) {
    throw new RangeError(
      `Cannot estimate a correlation from ${n} values in ${groups} clusters: ` +
        `two clusters or more, none empty and one of at least two values, are wanted`,
    );
  }
  if (!clusters.flat().every(Number.isFinite)) {
    throw new RangeError("Cannot estimate a correlation from values that are not all finite");
  }
  const grand = clusters.flat().reduce((sum, value) => sum + value, 0) / n;
  let between = 0, within = 0, squares = 0;
  for (const cluster of clusters) {
    const mean = cluster.reduce((sum, value) => sum + value, 0) / cluster.length;
    between += cluster.length * (mean - grand) ** 2;
    for (const value of cluster) within += (value - mean) ** 2;
    squares += cluster.length ** 2;
  }
  const size = (n - squares / n) / (groups - 1);
  const msb = between / (groups - 1), msw = within / (n - groups);
  const total = msb + (size - 1) * msw;
  return total === 0 ? 0 : (msb - msw) / total;
}

/**
 * Chance that the mean of n paired differences comes out above 0: how often the rule "keep what improved" keeps a
 * change whose true mean difference is `difference`. 0.5 for a change that does nothing, whatever n.
 *
 * @throws {RangeError} for n below 1 or sd not above 0
 */
export function chanceOfImprovement(difference: number, sd: number, n: number): number {
  checkAbove("sd", sd, 0, false);
  checkAbove("n", n, 1, true);
  return normalCdf(difference * Math.sqrt(n) / sd);
}

/** Distance, in standard errors, at which a true difference is found with the wanted power. */
function reach({ sd, level = 0.95, power = 0.8, design_effect = 1 }: PowerOptions): number {
  checkAbove("sd", sd, 0, false);
  checkAbove("design_effect", design_effect, 1, true);
  for (const [name, value] of [["level", level], ["power", power]] as const) {
    if (!(value > 0 && value < 1)) {
      throw new RangeError(`${name} is ${value}: a number between 0 and 1 is wanted`);
    }
  }
  const sum = normalQuantile((1 + level) / 2) + normalQuantile(power);
  if (sum <= 0) {
    throw new RangeError(
      `power ${power} at level ${level} is less than the test's own error rate: ask for more power`,
    );
  }
  return sum;
}

function checkAbove(name: string, value: number, bound: number, inclusive: boolean): void {
  if ((inclusive ? value >= bound : value > bound) && value < Infinity) return;
  throw new RangeError(
    `${name} is ${value}: a finite number ${inclusive ? "of at least" : "above"} ${bound} is wanted`,
  );
}
