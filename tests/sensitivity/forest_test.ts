import assert from "node:assert/strict";
import { randomStream } from "../../lib/base/random.ts";
import { latinHypercubeDesign } from "../../lib/sensitivity/designs.ts";
import { fitForest, leafBoxes, predictForest, predictTree } from "../../lib/sensitivity/forest.ts";

const x = latinHypercubeDesign(200, 3, 1);
const smooth = x.map((row) => Math.sin(3 * row[0]!) + row[1]! ** 2);

Deno.test("leaf boxes tile the cube: volumes sum to 1 and each row's box predicts what its tree predicts", () => {
  const forest = fitForest(x, smooth, { seed: 1, trees: 4 });
  const random = randomStream(2, "rows");
  for (const tree of forest.trees) {
    const boxes = leafBoxes(tree, 3);
    const volume = boxes.reduce((sum, b) => sum + b.low.reduce((v, low, j) => v * (b.high[j]! - low), 1), 0);
    assert.ok(Math.abs(volume - 1) < 1e-12);
    for (let r = 0; r < 50; r++) {
      const row = [random(), random(), random()];
      const holding = boxes.filter((b) => row.every((u, j) => u > b.low[j]! && u <= b.high[j]!));
      assert.deepEqual(holding.map((b) => b.value), [predictTree(tree, row)]);
    }
  }
});

Deno.test("a forest foretells a smooth function and not pure noise", () => {
  assert.ok(fitForest(x, smooth, { seed: 1 }).r_squared > 0.9);
  const random = randomStream(3, "noise");
  assert.ok(fitForest(x, x.map(() => random()), { seed: 1 }).r_squared < 0.1);
});

Deno.test("one split finds a step between two neighbouring values, half-way", () => {
  const column = [0.1, 0.2, 0.3, 0.4, 0.7, 0.8, 0.9, 1].map((u) => [u]);
  const forest = fitForest(column, column.map(([u]) => u! < 0.5 ? 0 : 1), { seed: 5, trees: 20, minLeaf: 1 });
  for (const tree of forest.trees) {
    const splits = [...tree.feature].filter((f) => f >= 0).length;
    assert.ok(splits <= 1);
    if (splits === 1) assert.ok(tree.threshold[0]! >= 0.25 && tree.threshold[0]! < 0.9);
  }
  assert.ok(predictForest(forest, [0.05]) < 0.1 && predictForest(forest, [0.95]) > 0.9);
});

Deno.test("responses without variation give a forest of single leaves and no R^2", () => {
  const forest = fitForest(x, x.map(() => 0.1 + 0.2), { seed: 1, trees: 3 });
  assert.ok(forest.trees.every((tree) => tree.feature.length === 1));
  assert.ok(Number.isNaN(forest.r_squared));
});

Deno.test("the same seed grows the same forest, another seed another", () => {
  assert.deepEqual(fitForest(x, smooth, { seed: 1, trees: 3 }), fitForest(x, smooth, { seed: 1, trees: 3 }));
  assert.notDeepEqual(
    fitForest(x, smooth, { seed: 1, trees: 3 }),
    fitForest(x, smooth, { seed: 2, trees: 3 }),
  );
});

Deno.test("holes in the responses are refused", () => {
  assert.throws(() => fitForest(x, smooth.with(3, NaN), { seed: 1 }), /Response 3 is NaN/);
  assert.throws(() => fitForest(x, [1], { seed: 1 }), /200 rows of 3 parameters with 1 responses/);
});
