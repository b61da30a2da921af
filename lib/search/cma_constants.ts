/** The strategy parameters of CMA-ES: what follows from the dimension and the population size alone. */

/** Weights and learning rates; the names are those of the tutorial. */
export interface CmaConstants {
  readonly populationSize: number;
  /** Number of positive weights */
  readonly mu: number;
  /** One weight a rank, best first: mu positive ones that sum to 1, then negative ones */
  readonly weights: readonly number[];
  readonly muEff: number;
  readonly cSigma: number;
  readonly dSigma: number;
  readonly cc: number;
  readonly c1: number;
  readonly cMu: number;
  /** Expected length of a standard normal vector */
  readonly chiN: number;
}

/** The population size for n parameters: 4 + floor(3 ln n). */
export function cmaPopulationSize(n: number): number {
  return 4 + Math.floor(3 * Math.log(n));
}

/**
 * The default strategy parameters.
 *
 * Source: N. Hansen, "The CMA evolution strategy: a tutorial", arXiv 1604.00772v2, table 1 (with active update: the worse
 * half of a generation has negative weights, scaled so that the covariance stays positive definite).
 */
export function cmaConstants(n: number, populationSize: number): CmaConstants {
  const mu = Math.floor(populationSize / 2);
  const raw = Array.from(
    { length: populationSize },
    (_, i) => Math.log((populationSize + 1) / 2) - Math.log(i + 1),
  );
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const effective = (values: readonly number[]) => sum(values) ** 2 / sum(values.map((w) => w * w));
  const muEff = effective(raw.slice(0, mu)), muEffNegative = effective(raw.slice(mu));
  const c1 = 2 / ((n + 1.3) ** 2 + muEff);
  const cMu = Math.min(1 - c1, 2 * (0.25 + muEff + 1 / muEff - 2) / ((n + 2) ** 2 + muEff));
  const negativeSum = Math.min(
    1 + c1 / cMu,
    1 + 2 * muEffNegative / (muEff + 2),
    (1 - c1 - cMu) / (n * cMu),
  );
  const positive = sum(raw.filter((w) => w > 0)), negative = -sum(raw.filter((w) => w < 0));
  const cSigma = (muEff + 2) / (n + muEff + 5);
  return {
    populationSize,
    mu,
    weights: raw.map((w) => w >= 0 ? w / positive : negativeSum * w / negative),
    muEff,
    cSigma,
    dSigma: 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (n + 1)) - 1) + cSigma,
    cc: (4 + muEff / n) / (n + 4 + 2 * muEff / n),
    c1,
    cMu,
    chiN: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}
