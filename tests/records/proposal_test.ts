import assert from "node:assert/strict";
import { describeIssues } from "../../lib/base/artefacts.ts";
import { Proposal } from "../../lib/records/proposal.ts";
import { proposal } from "../scratchpad/scripted_study.ts";

/** What the schema says against a value; "" when it parses. */
const issues = (value: unknown) => {
  const parsed = Proposal.safeParse(value);
  return parsed.success ? "" : describeIssues(parsed.error);
};
const change = proposal().changes[0]!;

Deno.test("a proposal parses to itself", () => {
  assert.deepEqual(Proposal.parse(proposal()), proposal());
});

Deno.test("a proposal's changes keep to the spec's vocabulary: no sign, no number, no third word", () => {
  for (const direction of ["+", "up", "maintain", 1]) {
    assert.match(issues({ ...proposal(), changes: [{ ...change, direction }] }), /^changes\.0\.direction: /);
  }
  for (const magnitude of ["huge", 0.3, "30%"]) {
    assert.match(issues({ ...proposal(), changes: [{ ...change, magnitude }] }), /^changes\.0\.magnitude: /);
  }
});

Deno.test("a proposal moves a parameter once", () => {
  assert.match(
    issues(proposal({ changes: [change, change] })),
    /changes\.1\.param: boost_chat_file is changed twice/,
  );
});

Deno.test("a proposal that proposes nothing says why, and one that proposes has no such reason", () => {
  assert.match(issues(proposal({ changes: [] })), /no_change_reason: a reason is wanted/);
  assert.equal(issues(proposal({ changes: [], no_change_reason: "no parameter reaches these pairs" })), "");
  assert.match(issues(proposal({ no_change_reason: "none" })), /no_change_reason: null is wanted/);
  const structural_edits = {
    edits: [{ op: "replace", path: "/combine", value: "sum" }],
    rationale: "OR needs a sum",
  };
  assert.equal(issues(proposal({ changes: [], structural_edits })), "");
  assert.match(
    issues(proposal({ structural_edits: { edits: [], rationale: "?" } })),
    /structural_edits\.edits: /,
  );
});

Deno.test("a forecast's size has its sign, and confidence is a share", () => {
  const { forecast } = proposal();
  assert.match(
    issues(proposal({ forecast: { ...forecast, sign: -1 } })),
    /forecast\.delta_ndcg: the size must have/,
  );
  assert.equal(issues(proposal({ forecast: { ...forecast, sign: -1, delta_ndcg: -0.01 } })), "");
  assert.match(issues(proposal({ confidence: 1.1 })), /confidence: /);
  assert.match(issues(proposal({ confidence: NaN })), /confidence: /);
});
