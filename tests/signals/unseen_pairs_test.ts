/** Signals for files that never changed with the seed, on a tree small enough to reckon by hand. */
import assert from "node:assert/strict";
import fc from "fast-check";
import folderCoupling from "../../lib/signals/folder_coupling.signal.ts";
import neverCochanged from "../../lib/signals/never_cochanged.signal.ts";
import secondOrder from "../../lib/signals/second_order.signal.ts";
import type { Feature } from "../../lib/signals/signal.ts";
import { arbitraryBlock, blankInput, edgeLayer, withSparse } from "../helpers/arbitrary_snapshot.ts";

/** A feature as one number a file. */
function dense(feature: Feature, n: number): number[] {
  if (feature.kind === "sparse") {
    const out = Array<number>(n).fill(0);
    feature.index.forEach((file, k) => out[file] = feature.values[k]!);
    return out;
  }
  return feature.kind === "codes"
    ? [...feature.codes].map((c) => c / (feature.scale ?? 1))
    : [...feature.values];
}

Deno.test("two steps reach what the seed's companions changed with, in proportion to both steps", () => {
  const blank = blankInput(["seed", "a", "b", "c", "far"]);
  // The seed changed with a (weight 3) and b (1); a with c (1); b with c (1).
  const cochange = edgeLayer(5, [
    [0, 1, 3],
    [1, 0, 3],
    [0, 2, 1],
    [2, 0, 1],
    [1, 3, 1],
    [3, 1, 1],
    [2, 3, 1],
    [
      3,
      2,
      1,
    ],
  ]);
  const input = {
    ...blank,
    snapshot: { ...blank.snapshot, layers: { ...blank.snapshot.layers, cochange } },
    query: { ...blank.query, seed: 0 },
  };
  const values = dense(secondOrder.feature(input, { layer: "cochange" }), 5);
  // Only c: 3/4 x 1/4 + 1/4 x 1/2, the likeliest there is; the way back to the seed does not count.
  assert.deepEqual(values, [0, 0, 0, 1, 0]);
});

Deno.test("a folder speaks for a file by its other files, the file itself and the seed left out", () => {
  const files = ["x/seed", "x/a", "y/b", "y/c", "z/d"];
  const input = withSparse(blankInput(files), { confidence: { 2: 0.5 } });
  const at = { ...input, query: { ...input.query, seed: 0 } };
  const mean = dense(folderCoupling.feature(at, { over: "mean", measure: "confidence" }), 5);
  assert.deepEqual(mean, [0, 0, 0, 0.5, 0], "b's own co-change counts for c, not for b");
  const sum = dense(folderCoupling.feature(at, { over: "sum", measure: "confidence" }), 5);
  assert.deepEqual(sum, [0, 0, 0, 1, 0]);
});

Deno.test("on any snapshot they are finite, in [0, 1], and silent on the seed", () => {
  fc.assert(
    fc.property(arbitraryBlock({ least: 2, most: 30 }), ({ snapshot, queries }) => {
      for (const query of queries) {
        for (const over of folderCoupling.choices.over) {
          for (const measure of folderCoupling.choices.measure) {
            const values = dense(
              folderCoupling.feature({ snapshot, query }, { over, measure }),
              snapshot.files.length,
            );
            assert.ok(values.every((v) => v >= 0 && v <= 1) && values[query.seed] === 0);
          }
        }
        for (const layer of secondOrder.choices.layer) {
          const values = dense(secondOrder.feature({ snapshot, query }, { layer }), snapshot.files.length);
          assert.ok(values.every((v) => v >= 0 && v <= 1) && values[query.seed] === 0);
        }
        const known = new Set(query.sparse.jaccard.index);
        dense(neverCochanged.feature({ snapshot, query }), snapshot.files.length).forEach((x, i) =>
          assert.equal(neverCochanged.value(x), known.has(i) ? 0 : 1)
        );
      }
    }),
    { seed: 71, numRuns: 80 },
  );
});
