/** Learned rankers on lists whose best order is known. */
import assert from "node:assert/strict";
import { randomNormal, randomStream } from "../../lib/base/random.ts";
import { fitLambdaMart, LightgbmUnavailable } from "../../lib/search/lightgbm_bridge.ts";
import { fitListwise, type RankingData } from "../../lib/search/listwise_softmax.ts";
import { pythonOf } from "../../lib/search/python_link.ts";

/** Lists of 20 items of which the one with the largest x1 + bend(x0) is relevant; x2 is noise, x3 never moves. */
function drawn(seed: number, lists = 120): RankingData {
  const random = randomStream(seed, "lists"), size = 20, width = 4;
  const values = new Float32Array(lists * size * width), relevance = new Float32Array(lists * size);
  for (let l = 0; l < lists; l++) {
    let best = -Infinity, which = 0;
    for (let i = 0; i < size; i++) {
      const row = l * size + i, bent = random() ** 4, plain = randomNormal(random);
      values.set([bent, plain, randomNormal(random), 7], row * width);
      const truth = plain + Math.log1p(100 * bent);
      if (truth > best) [best, which] = [truth, row];
    }
    relevance[which] = 1;
  }
  return {
    width,
    values,
    relevance,
    offsets: Uint32Array.from({ length: lists + 1 }, (_, l) => l * size),
    weights: new Float64Array(lists).fill(1),
  };
}

/** Share of lists whose relevant item comes first. */
function firsts({ relevance, offsets, weights }: RankingData, scores: Float64Array): number {
  let hits = 0;
  for (let l = 0; l < weights.length; l++) {
    let top = offsets[l]!;
    for (let i = top; i < offsets[l + 1]!; i++) if (scores[i]! > scores[top]!) top = i;
    hits += relevance[top]!;
  }
  return hits / weights.length;
}

Deno.test("the linear ranker finds weights and the bend of a column, ignores noise, and fits alike each time", () => {
  const train = drawn(1), held = drawn(2);
  const fit = () =>
    fitListwise(train, { seed: 1, judge: (m) => firsts(held, m.scores(held.values, held.width)) });
  const model = fit(), other = drawn(3);
  assert.ok(firsts(other, model.scores(other.values, other.width)) > 0.85);
  const [, plain, noise, still] = model.weights;
  assert.ok(plain! > 5 * Math.abs(noise!), "what carries outweighs noise");
  assert.equal(
    model.scores(Float32Array.of(0.5, 1, 0, 7), 4)[0],
    model.scores(Float32Array.of(0.5, 1, 0, 99), 4)[0],
  );
  assert.ok(Number.isFinite(still!));
  assert.deepEqual(fit().weights, model.weights);
});

Deno.test("lists of weight 0 say nothing, and data without a pair to order is refused", () => {
  const train = drawn(1, 40), judge = () => 0;
  const more = drawn(9, 10);
  const joined: RankingData = {
    width: 4,
    values: Float32Array.of(...train.values, ...more.values),
    relevance: Float32Array.of(...train.relevance, ...more.relevance),
    offsets: Uint32Array.from({ length: 51 }, (_, l) => 20 * l),
    weights: Float64Array.from({ length: 50 }, (_, l) => l < 40 ? 1 : 0),
  };
  const options = { seed: 1, judge, negatives: 100, steps: 20 };
  assert.deepEqual(fitListwise(joined, options).weights, fitListwise(train, options).weights);
  assert.throws(
    () => fitListwise({ ...train, relevance: new Float32Array(train.relevance.length) }, options),
    /no list has both/,
  );
});

Deno.test("a Python that is not there is named with what to install", async () => {
  await assert.rejects(
    () => fitLambdaMart(drawn(1, 5), { seed: 1, rounds: 5, python: "no-such-python" }),
    (error) =>
      error instanceof LightgbmUnavailable && /no-such-python.*pip install lightgbm/s.test(error.message),
  );
});

const missing = (() => {
  try {
    const { success } = new Deno.Command(pythonOf(undefined), { args: ["-c", "import lightgbm"] })
      .outputSync();
    return !success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    throw error;
  }
})();
if (missing) {
  console.log(`skipped against the real LightGBM: ${pythonOf(undefined)} lacks it (pip install lightgbm)`);
}

Deno.test({
  name: "trees order lists better than chance, alike each time, and score after any number of rounds",
  ignore: missing,
  fn: async () => {
    const train = drawn(1), other = drawn(3);
    const fit = async () => {
      const trees = await fitLambdaMart(train, { seed: 1, rounds: 40 });
      try {
        return { gain: trees.gain, scores: await trees.scores(other.values, [10, 40]) };
      } finally {
        await trees.close();
      }
    };
    const { gain, scores } = await fit();
    assert.equal(scores.length, 2);
    assert.ok(firsts(other, scores[1]!) > 0.4);
    assert.ok(gain[1]! > gain[2]! && gain[3] === 0);
    assert.deepEqual(await fit(), { gain, scores });
  },
});
