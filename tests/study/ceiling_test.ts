import assert from "node:assert/strict";
import { Arena } from "../../lib/engine/arena.ts";
import { featureMatrix, matrixColumns } from "../../lib/engine/feature_matrix.ts";
import { aggregate } from "../../lib/metrics/mod.ts";
import { evaluateFormula } from "../../lib/ranker/evaluate.ts";
import { learnCeiling, learnedScores } from "../../lib/study/ceiling.ts";
import { NEVER_COCHANGED } from "../../lib/study/rankers.ts";
import { withSampleStudy } from "../helpers/sample_study.ts";

Deno.test("the matrix holds what the reference evaluation gives each candidate, the seed left out, case by case", () =>
  withSampleStudy(({ corpora }) => {
    const asked = { splits: ["selection"], mode: "seed" } as const;
    const arena = Arena.load(corpora, asked), columns = matrixColumns("seed");
    assert.equal(new Set(columns.map((c) => c.name)).size, columns.length);
    assert.ok(!columns.some((c) => c.name.startsWith("message")));
    assert.ok(matrixColumns("message").length > columns.length);
    const { values, offsets } = featureMatrix(corpora, asked, columns);
    assert.equal(values.length, columns.length * offsets.at(-1)!);
    for (const group of arena.groups.slice(0, 3)) {
      for (const c of group.cases.slice(0, 2)) {
        columns.forEach(({ formula, point, logarithm, name }, j) => {
          const wanted = evaluateFormula(formula, point, { snapshot: group.snapshot, query: c.query }, "seed")
            .get("leaf")!;
          let row = offsets[c.index]!;
          wanted.forEach((value, file) => {
            if (file === c.query.seed) return;
            const found = values[columns.length * row++ + j]!;
            const expected = logarithm ? Math.log(value + 1e-6) : value;
            assert.ok(Math.abs(found - expected) < 1e-3, `${name}: ${found}, ${expected}`);
          });
          assert.equal(row, offsets[c.index + 1]!);
        });
      }
    }
  }));

Deno.test("without LightGBM the linear rankers stand alone, say so, and are judged as the table judges formulas", () =>
  withSampleStudy(async ({ config, corpora }) => {
    const ceiling = await learnCeiling(config, corpora, { python: "no-such-python" });
    assert.match(ceiling.skipped!, /no-such-python/);
    assert.deepEqual(ceiling.learned.map((l) => [l.name, l.fitted_to]), [
      ["listwise_linear", "all"],
      ["listwise_linear_never_cochanged", "never_cochanged"],
    ]);
    const selection = Arena.load(corpora, {
      splits: ["selection"],
      mode: config.query,
      labels: config.labels,
    });
    for (const learned of ceiling.learned) {
      const measure = learned.fitted_to === "all" ? "ndcg@10" : NEVER_COCHANGED;
      const { mean } = aggregate(learnedScores(selection, learned).scores.get(measure)!);
      assert.ok(Math.abs(mean! - learned.selection) < 1e-9, `${learned.name}: ${mean}, ${learned.selection}`);
    }
  }));
