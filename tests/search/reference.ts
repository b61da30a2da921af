/** The single values of trusted implementations that `tests/testdata/search/make_reference.py` wrote. */
import { join } from "node:path";
import { PROJECT_ROOT } from "../../lib/base/paths.ts";

/** Shape of `reference.json`. */
export interface Reference {
  readonly sobol: Readonly<Record<string, readonly number[]>>;
  readonly normal: Readonly<
    Record<"cdf" | "mills" | "log_expected_improvement", readonly [number, number][]>
  >;
  readonly gaussian_process: {
    readonly xs: number[][];
    readonly ys: number[];
    readonly lengths: number[];
    readonly signal: number;
    readonly noise: number;
    readonly at: number[][];
    readonly mean: number[];
    readonly variance: number[];
    readonly log_marginal_likelihood: number;
  };
  readonly cma_constants: {
    readonly n: number;
    readonly population_size: number;
    readonly mu: number;
    readonly mu_eff: number;
    readonly cc: number;
    readonly c1: number;
    readonly c_mu: number;
    readonly weights: readonly number[];
  };
  readonly parzen: { readonly observed: number[][]; readonly at: number[][]; readonly log_density: number[] };
}

export const REFERENCE: Reference = JSON.parse(
  Deno.readTextFileSync(join(PROJECT_ROOT, "tests", "testdata", "search", "reference.json")),
);
