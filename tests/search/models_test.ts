/** The parts under the model-based samplers, against scipy, scikit-learn, pycma and Optuna (values in testdata). */
import assert from "node:assert/strict";
import fc from "fast-check";
import { randomStream } from "../../lib/base/random.ts";
import { boundedScores } from "../../lib/search/bounded_scores.ts";
import { cmaConstants, cmaPopulationSize } from "../../lib/search/cma_constants.ts";
import { GaussianProcess } from "../../lib/search/gaussian_process.ts";
import {
  fitParameters,
  initialParameters,
  negativeLogPosterior,
} from "../../lib/search/gp_hyperparameters.ts";
import { minimizeInBox } from "../../lib/search/minimize_in_box.ts";
import { logExpectedImprovement, millsRatio, normalCdf } from "../../lib/search/normal.ts";
import { parzenMixture } from "../../lib/search/parzen_mixture.ts";
import type { Observation } from "../../lib/search/search_method.ts";
import { SortedAxes } from "../../lib/search/sorted_axes.ts";
import { unitCube } from "../../lib/search/unit_cube.ts";
import { parameter } from "./arms.ts";
import { REFERENCE } from "./reference.ts";

function assertClose(actual: number, wanted: number, relative: number, what = ""): void {
  const error = Math.abs(actual - wanted) / Math.max(Math.abs(wanted), Number.MIN_VALUE);
  assert.ok(error <= relative, `${what} ${actual} is ${error} away from ${wanted}`);
}

Deno.test("normalCdf() agrees with scipy to a millionth of itself, in the tails too", () => {
  for (const [x, wanted] of REFERENCE.normal.cdf) assertClose(normalCdf(x), wanted, 1e-6, `x = ${x}`);
});

Deno.test("millsRatio() agrees with scipy to ten digits", () => {
  for (const [x, wanted] of REFERENCE.normal.mills) assertClose(millsRatio(x), wanted, 1e-10, `x = ${x}`);
});

Deno.test("logExpectedImprovement() agrees with 60-digit arithmetic across all its branches", () => {
  for (const [z, wanted] of REFERENCE.normal.log_expected_improvement) {
    assertClose(logExpectedImprovement(z), wanted, 1e-9, `z = ${z}`);
  }
});

Deno.test("cmaConstants() gives pycma's weights and covariance rates in 17 dimensions", () => {
  const wanted = REFERENCE.cma_constants, ours = cmaConstants(17, cmaPopulationSize(17));
  assert.equal(ours.populationSize, wanted.population_size);
  assert.equal(ours.mu, wanted.mu);
  for (
    const [a, b] of [[ours.muEff, wanted.mu_eff], [ours.cc, wanted.cc], [ours.c1, wanted.c1], [
      ours.cMu,
      wanted.c_mu,
    ]]
  ) {
    assertClose(a!, b!, 1e-12);
  }
  ours.weights.forEach((w, i) => assertClose(w, wanted.weights[i]!, 1e-12, `weight ${i}`));
});

const MIXED = unitCube([
  parameter({ name: "x" }),
  parameter({ name: "y" }),
  parameter({ name: "k", default: 0, low: 0, high: 99, integer: true }),
]);

Deno.test("parzenMixture() gives the log densities of Optuna's multivariate Parzen estimator", () => {
  const { observed, at, log_density } = REFERENCE.parzen;
  const toPosition = ([x, y, k]: readonly number[]) => MIXED.toPosition({ x: x!, y: y!, k: k! });
  const axes = new SortedAxes(3);
  for (const point of observed) axes.add(toPosition(point));
  const n = observed.length;
  // Optuna's weights for 30 trials: five fading ones from 1/30 to 1, then 25 full ones.
  const weights = observed.map((_, i) => i < n - 25 ? 1 / n + (1 - 1 / n) * i / (n - 26) : 1);
  const mixture = parzenMixture(MIXED, axes, observed.map((_, i) => i), weights);
  at.forEach((point, i) =>
    assertClose(mixture.logDensity(toPosition(point)), log_density[i]!, 1e-8, `point ${i}`)
  );
});

Deno.test("a Parzen mixture's density integrates to 1 over the cube and its cells", () => {
  const cube = unitCube([
    parameter({ name: "x" }),
    parameter({ name: "k", low: 0, high: 2, default: 0, integer: true }),
  ]);
  const axes = new SortedAxes(2);
  for (const position of [[0.02, 1 / 6], [0.3, 0.5], [0.35, 5 / 6], [0.99, 0.5]]) axes.add(position);
  const mixture = parzenMixture(cube, axes, [0, 1, 3], [1, 2, 0.5]);
  let integral = 0;
  for (const k of [1 / 6, 0.5, 5 / 6]) {
    for (let i = 0; i < 2000; i++) integral += Math.exp(mixture.logDensity([(i + 0.5) / 2000, k])) / 2000;
  }
  assertClose(integral, 1, 1e-6);
});

Deno.test("a Parzen mixture samples what its density says", () => {
  const cube = unitCube([parameter({ name: "x" })]);
  const axes = new SortedAxes(1);
  for (const u of [0.1, 0.15, 0.8]) axes.add([u]);
  const mixture = parzenMixture(cube, axes, [0, 1, 2], [1, 1, 1]);
  const random = randomStream(7, "test"), n = 20_000;
  let below = 0, wanted = 0;
  for (let i = 0; i < n; i++) if (mixture.sample(random)[0]! < 0.4) below++;
  for (let i = 0; i < 400; i++) wanted += Math.exp(mixture.logDensity([(i + 0.5) / 1000])) / 1000;
  // Four standard errors of a share from 20,000 draws.
  assert.ok(Math.abs(below / n - wanted) < 4 * 0.5 / Math.sqrt(n), `${below / n} against ${wanted}`);
});

Deno.test("SortedAxes gives each member its larger gap among members only", () => {
  const axes = new SortedAxes(1);
  for (const u of [0.5, 0.1, 0.9, 0.2]) axes.add([u]);
  const gaps = (members: number[]) =>
    [...axes.neighbourGaps(0, members)].map((gap) => Number(gap.toFixed(9)));
  assert.deepEqual(gaps([0, 1, 2, 3]), [0.4, 0.1, 0.4, 0.3]);
  assert.deepEqual(gaps([2, 1]), [0.8, 0.8]);
  assert.deepEqual(gaps([3]), [0.8]);
});

const GP = REFERENCE.gaussian_process;
const PARAMETERS = {
  logLengths: GP.lengths.map(Math.log),
  logSignal: Math.log(GP.signal),
  logNoise: Math.log(GP.noise),
};

function conditioned(): GaussianProcess {
  const process = new GaussianProcess(PARAMETERS);
  for (const x of GP.xs) process.add(x);
  process.condition(GP.ys);
  return process;
}

Deno.test("GaussianProcess predicts scikit-learn's means and variances", () => {
  const process = conditioned();
  GP.at.forEach((x, i) => {
    const { mean, variance } = process.predict(x);
    assertClose(mean, GP.mean[i]!, 1e-9);
    assertClose(variance, GP.variance[i]!, 1e-8);
  });
});

Deno.test("GaussianProcess gives the gradients of its own predictions", () => {
  const process = conditioned(), h = 1e-6;
  for (const x of GP.at) {
    const { mean, variance } = process.predict(x).gradients();
    x.forEach((_, a) => {
      const up = process.predict(x.with(a, x[a]! + h)), down = process.predict(x.with(a, x[a]! - h));
      assert.ok(Math.abs((up.mean - down.mean) / (2 * h) - mean[a]!) < 1e-6);
      assert.ok(Math.abs((up.variance - down.variance) / (2 * h) - variance[a]!) < 1e-6);
    });
  }
});

Deno.test("negativeLogPosterior() is minus scikit-learn's marginal likelihood and the log priors, up to a constant", () => {
  const f = negativeLogPosterior(GP.xs, GP.ys), n = GP.xs.length;
  const theta = [...PARAMETERS.logLengths, PARAMETERS.logSignal, PARAMETERS.logNoise];
  const priors =
    PARAMETERS.logLengths.reduce((sum, l) => sum + 0.1 * (Math.exp(2 * l) + Math.exp(-2 * l)), 0) +
    PARAMETERS.logSignal ** 2 / 18 + (PARAMETERS.logNoise - Math.log(1e-5)) ** 2 / 18;
  assertClose(f(theta).value, -GP.log_marginal_likelihood - n / 2 * Math.log(2 * Math.PI) + priors, 1e-9);
});

Deno.test("negativeLogPosterior() gives its own gradient, and infinity for a singular covariance", () => {
  const f = negativeLogPosterior(GP.xs, GP.ys), h = 1e-6;
  const theta = [...PARAMETERS.logLengths, PARAMETERS.logSignal, PARAMETERS.logNoise];
  f(theta).gradient().forEach((slope, i) => {
    const numeric = (f(theta.with(i, theta[i]! + h)).value - f(theta.with(i, theta[i]! - h)).value) / (2 * h);
    assert.ok(
      Math.abs(numeric - slope) < 1e-4 * (1 + Math.abs(slope)),
      `slope ${i}: ${slope} against ${numeric}`,
    );
  });
  const twins = negativeLogPosterior([[0.5], [0.5]], [1, 2]);
  assert.equal(twins([0, 0, -60]).value, Infinity);
});

Deno.test("fitParameters() raises the posterior of its start and finds the axis that matters", () => {
  const random = randomStream(1, "fit"), xs = Array.from({ length: 30 }, () => [random(), random()]);
  const ys = xs.map(([a]) => Math.SQRT2 * Math.sin(9 * a!)),
    f = negativeLogPosterior(xs, ys),
    start = initialParameters(2);
  const { logLengths, logSignal, logNoise } = fitParameters(xs, ys, [start], 40);
  const value = (p: typeof start) => f([...p.logLengths, p.logSignal, p.logNoise]).value;
  assert.ok(value({ logLengths, logSignal, logNoise }) < value(start));
  assert.ok(logLengths[1]! > logLengths[0]! + Math.log(3));
});

Deno.test("minimizeInBox() finds the corner or the interior that minimises a convex quadratic, whatever the start", () => {
  const coordinate = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.double({ min: -2, max: 3, noNaN: true }), coordinate), {
        minLength: 1,
        maxLength: 5,
      }),
      (rows) => {
        const centre = rows.map(([c]) => c), low = centre.map(() => 0), high = centre.map(() => 1);
        const f = (x: readonly number[]) => ({
          value: x.reduce((sum, v, i) => sum + (i + 1) * (v - centre[i]!) ** 2, 0),
          gradient: () => x.map((v, i) => 2 * (i + 1) * (v - centre[i]!)),
        });
        const { x } = minimizeInBox(f, rows.map(([, s]) => s), { low, high, maxSteps: 100 });
        x.forEach((v, i) =>
          assert.ok(Math.abs(v - Math.min(1, Math.max(0, centre[i]!))) < 1e-3, `${x} for ${centre}`)
        );
      },
    ),
    { seed: 5, numRuns: 200 },
  );
});

const observation = (value: number | null, injected = false): Observation => ({
  point: { x: 0 },
  position: [0],
  value,
  injected,
  proposal: undefined,
});

Deno.test("boundedScores() lifts failures and bad injected points to the 10th percentile of the sampler's own scores", () => {
  const own = Array.from({ length: 11 }, (_, i) => observation(i));
  const scores = boundedScores([...own, observation(null), observation(-1e12, true), observation(7, true)]);
  assert.deepEqual(scores.slice(0, 11), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.deepEqual(scores.slice(11), [1, 1, 7]);
  assert.deepEqual(boundedScores([observation(null)]), [0]);
});
