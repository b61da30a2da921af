import assert from "node:assert/strict";
import { describeIssues } from "../../lib/base/artefacts.ts";
import { Failure, failureId } from "../../lib/records/failure.ts";
import { failure } from "../scratchpad/scripted_study.ts";

const issues = (value: unknown) => {
  const parsed = Failure.safeParse(value);
  return parsed.success ? "" : describeIssues(parsed.error);
};
const pair = failure(0).pairs[0]!;

Deno.test("a failure parses to itself", () => {
  assert.deepEqual(Failure.parse(failure(0)), failure(0));
});

Deno.test("a pair's distractor stands above the missed file, which may be no candidate at all", () => {
  assert.equal(issues({ ...failure(0), pairs: [{ ...pair, missed_rank: null }] }), "");
  for (const missed_rank of [1, 0]) {
    assert.match(issues({ ...failure(0), pairs: [{ ...pair, missed_rank }] }), /^pairs\.0/);
  }
});

Deno.test("a failure has a kind, and below_distractor a pair", () => {
  assert.match(issues({ ...failure(0), kinds: [] }), /kinds: /);
  assert.match(issues({ ...failure(0), pairs: [] }), /pairs: .*at least one pair/);
  assert.equal(issues({ ...failure(0), kinds: ["low_ndcg"], pairs: [] }), "");
});

Deno.test("failureId() tells points, formulas and cases apart and nothing else", () => {
  const key = { formula_hash: "f", point_hash: "p", case_id: "c" };
  const ids = [key, { ...key, formula_hash: "g" }, { ...key, point_hash: "q" }, { ...key, case_id: "d" }].map(
    failureId,
  );
  assert.equal(new Set(ids).size, 4);
  const other = { ...failure(0), query: "another" };
  assert.equal(failureId(other), failure(0).id);
});
