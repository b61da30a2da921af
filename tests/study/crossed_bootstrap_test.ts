import assert from "node:assert/strict";
import { randomNormal, randomStream } from "../../lib/base/random.ts";
import { bootstrapMean } from "../../lib/metrics/bootstrap.ts";
import { crossedBootstrap, type SeedTable, tableMean } from "../../lib/study/crossed_bootstrap.ts";
import {
  interquartileInterval,
  interquartileMean,
  performanceProfile,
  probabilityOfImprovement,
} from "../../lib/study/robust_summaries.ts";

function noisy(seeds: number, name: string, shift = 0, seedSd = 0.02): SeedTable {
  const random = randomStream(3, name), commits = randomStream(3, "commits");
  const repos = Array.from({ length: 60 }, (_, c) => `r${Math.floor(c / 20)}`);
  const base = repos.map(() => 0.4 + 0.1 * randomNormal(commits));
  return {
    repos,
    rows: Array.from({ length: seeds }, () => {
      const own = shift + seedSd * randomNormal(random);
      return Float64Array.from(base, (b) => b + own);
    }),
  };
}

Deno.test("with one seed the crossed interval is the cluster bootstrap of commits", () => {
  const table = noisy(1, "one");
  const own = crossedBootstrap(table, undefined, { seed: 1, resamples: 8000 });
  const scores = [...table.rows[0]!].map((value, c) => ({
    repo: table.repos[c]!,
    commit: `c${c}`,
    case_id: String(c),
    value,
  }));
  const plain = bootstrapMean(scores, { seed: 2, resamples: 8000 });
  assert.ok(Math.abs(own.estimate - plain.estimate) < 1e-12);
  assert.ok(Math.abs((own.high - own.low) / (plain.high - plain.low) - 1) < 0.04);
});

Deno.test("a difference is paired by commit: what all commits share falls out, what seeds add stays", () => {
  const still = crossedBootstrap(noisy(8, "a", 0.05, 0), noisy(8, "b", 0, 0), { seed: 1 });
  assert.ok(Math.abs(still.low - 0.05) < 1e-9 && Math.abs(still.high - 0.05) < 1e-9);
  const moved = crossedBootstrap(noisy(8, "a", 0.05), noisy(8, "b"), { seed: 1 });
  assert.ok(moved.high - moved.low > 0.02, "eight seeds that scatter leave doubt");
});

Deno.test("the interval is the same for the same seed, and does not depend on the order of seeds", () => {
  const a = noisy(5, "a", 0.05), b = noisy(5, "b");
  const one = crossedBootstrap(a, b, { seed: 1 });
  assert.deepEqual(one, crossedBootstrap(a, b, { seed: 1 }));
  assert.ok(Math.abs(tableMean({ ...a, rows: a.rows.toReversed() }) - tableMean(a)) < 1e-12);
});

Deno.test("tables of other commits, and tables without a seed, are not compared", () => {
  const a = noisy(2, "a");
  assert.throws(
    () => crossedBootstrap(a, { ...a, repos: a.repos.toReversed() }, { seed: 1 }),
    /same commits/,
  );
  assert.throws(() => crossedBootstrap(a, { repos: a.repos, rows: [] }, { seed: 1 }), /with a seed at least/);
});

Deno.test("the interquartile mean cuts a quarter at each end and parts of runs in part", () => {
  assert.equal(interquartileMean([[100, 2], [3, -50]]), 2.5);
  assert.equal(interquartileMean([[1, 2, 3, 4, 5]]), 3);
  assert.equal(interquartileMean([[7]]), 7);
  const { low, high, estimate } = interquartileInterval([[1, 2], [2, 3], [3, 4]], { seed: 1 });
  assert.ok(low <= estimate && estimate <= high && low >= 1 && high <= 4);
});

Deno.test("a profile counts runs that reach a threshold; improvement counts ties as halves", () => {
  assert.deepEqual(performanceProfile([[0, 0.1], [0.2, 0.3]], [-1, 0.1, 0.25, 1]), [1, 0.75, 0.25, 0]);
  assert.equal(probabilityOfImprovement([[1, 1]], [[1, 0]]), 0.75);
  assert.equal(probabilityOfImprovement([[1], [3]], [[2], [2]]), 0.5);
});
