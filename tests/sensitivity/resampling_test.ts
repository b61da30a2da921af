import assert from "node:assert/strict";
import { randomStream } from "../../lib/base/random.ts";
import { percentileInterval, resampleCounts, resampledValues } from "../../lib/sensitivity/resampling.ts";

Deno.test("percentiles interpolate between order statistics, whatever the order of the replicates", () => {
  assert.deepEqual(percentileInterval([4, 0, 2, 1, 3], 0.5), { low: 1, high: 3, level: 0.5 });
  assert.deepEqual(percentileInterval([1, 0], 0.5), { low: 0.25, high: 0.75, level: 0.5 });
  assert.throws(() => percentileInterval([], 0.5), RangeError);
  assert.throws(() => percentileInterval([1], 1), /must lie in \(0, 1\)/);
});

Deno.test("resampled counts sum to the number of items", () => {
  const counts = resampleCounts(randomStream(1, "test"), 50);
  assert.equal(counts.reduce((a, b) => a + b), 50);
});

Deno.test("resampling clusters shifts the mean as the clusters' own mean shifts, and leaves it when each is drawn once", () => {
  const outcomes = [{ mean: 10, perCluster: Float64Array.of(1, 2, 6) }, { mean: 5 }];
  assert.deepEqual([...resampledValues(outcomes, Float64Array.of(1, 1, 1))], [10, 5]);
  assert.deepEqual([...resampledValues(outcomes, Float64Array.of(0, 0, 3))], [13, 5]);
});
