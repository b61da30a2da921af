import assert from "node:assert/strict";
import { describeIssues } from "../../lib/base/artefacts.ts";
import { Estimate, Evaluation, evaluationId } from "../../lib/records/evaluation.ts";
import { Manifest, manifestId } from "../../lib/records/manifest.ts";
import { estimate, evaluation, manifest } from "../scratchpad/scripted_study.ts";

Deno.test("an estimate has finite bounds in order and a coverage inside (0, 1)", () => {
  assert.deepEqual(Estimate.parse(estimate(0.3)), estimate(0.3));
  for (const wrong of [{ low: 0.9 }, { mean: NaN }, { high: Infinity }, { level: 1 }, { n_cases: 1.5 }]) {
    assert.equal(Estimate.safeParse({ ...estimate(0.3), ...wrong }).success, false, JSON.stringify(wrong));
  }
});

Deno.test("an evaluation has its point and the point's hash, or, for a baseline, neither", () => {
  const record = evaluation({ pagerank_alpha: 0.85 });
  assert.deepEqual(Evaluation.parse(record), record);
  const half = Evaluation.safeParse({ ...record, params: null });
  assert.match(describeIssues(half.error!), /point_hash: params and point_hash stand together/);
  assert.ok(Evaluation.safeParse({ ...record, ranker: "random", params: null, point_hash: null }).success);
});

Deno.test("evaluationId() tells splits apart: a train score never answers for selection", () => {
  const record = evaluation({ pagerank_alpha: 0.85 });
  assert.equal(evaluationId(record), record.id);
  assert.notEqual(evaluationId({ ...record, split: "train" }), record.id);
  assert.notEqual(evaluationId({ ...record, case_set_hash: "cases-1" }), record.id);
});

Deno.test("a manifest parses to itself and its id names run and state", () => {
  assert.deepEqual(Manifest.parse(manifest("started", 0)), manifest("started", 0));
  assert.equal(manifestId("reason-1", "started"), manifest("started", 0).id);
  assert.equal(Manifest.safeParse({ ...manifest("started", 0), command: [] }).success, false);
});
