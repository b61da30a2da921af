/** Several tests at once: p-values adjusted so that "p <= 0.05" keeps its promise over all of them. */

/**
 * Holm's adjusted p-values: the chance of even one false rejection stays below the level, whatever the dependence.
 *
 * In ascending order p_(i) becomes the running maximum of (m - i + 1) p_(i), at most 1. For the declared comparisons of
 * a study; never for the steps of an optimiser.
 *
 * @param p p-values in [0, 1], in any order
 * @returns adjusted p-values in the order given; empty for none
 * @throws {RangeError} for a p-value out of range
 * Source: Holm, Scandinavian Journal of Statistics 1979.
 */
export function holm(p: readonly number[]): number[] {
  const order = ascending(p), m = p.length;
  const adjusted = new Array<number>(m);
  let running = 0;
  order.forEach((index, i) => {
    running = Math.max(running, Math.min(1, (m - i) * p[index]!));
    adjusted[index] = running;
  });
  return adjusted;
}

/**
 * Benjamini and Hochberg's adjusted p-values: the expected share of false ones among the rejected stays below the level.
 *
 * In descending order p_(i) becomes the running minimum of m p_(i) / i. Holds for independent or positively dependent
 * tests. For screening many candidates, not for a claim.
 *
 * @param p p-values in [0, 1], in any order
 * @returns adjusted p-values in the order given; empty for none
 * @throws {RangeError} for a p-value out of range
 * Source: Benjamini & Hochberg, JRSS B 1995.
 */
export function benjaminiHochberg(p: readonly number[]): number[] {
  const order = ascending(p), m = p.length;
  const adjusted = new Array<number>(m);
  let running = 1;
  for (let i = m - 1; i >= 0; i--) {
    const index = order[i]!;
    running = Math.min(running, m * p[index]! / (i + 1));
    adjusted[index] = running;
  }
  return adjusted;
}

/** Indices of p-values in ascending order, after checking them. */
function ascending(p: readonly number[]): number[] {
  p.forEach((value, i) => {
    if (!(value >= 0 && value <= 1)) {
      throw new RangeError(`Cannot adjust p-value ${i}: it is ${value}, a number in [0, 1] is wanted`);
    }
  });
  return p.map((_, i) => i).sort((i, j) => p[i]! - p[j]!);
}
