import assert from "node:assert/strict";
import { describeIssues } from "../../lib/base/artefacts.ts";
import { type Decision, DECISIONS, Episode, episodeId } from "../../lib/records/episode.ts";
import { episode, estimate, proposal } from "../scratchpad/scripted_study.ts";

const issues = (value: unknown) => {
  const parsed = Episode.safeParse(value);
  return parsed.success ? "" : describeIssues(parsed.error);
};
const of = (decision: Decision, extra: Partial<Episode>) =>
  issues({ ...episode(0, undefined, decision), ...extra });

Deno.test("an episode of every decision parses to itself", () => {
  for (const decision of DECISIONS) {
    const record = episode(0, undefined, decision);
    assert.deepEqual(Episode.parse(record), record);
  }
});

Deno.test("an accepted episode was confirmed on selection cases and ends at what it proposed", () => {
  assert.match(
    of("accepted", { measured: { race: estimate(0.1), selection: null } }),
    /measured: an accepted episode needs/,
  );
  assert.match(
    of("accepted", { params_after: { pagerank_alpha: 0.5 } }),
    /params_after: an accepted episode ends at/,
  );
  assert.match(of("accepted", { formula_after: "formula-9" }), /params_after: an accepted episode ends at/);
});

Deno.test("any other episode leaves the incumbent where it was", () => {
  for (const decision of ["lateral", "rejected", "invalid", "failed"] as const) {
    assert.match(
      of(decision, { params_after: { pagerank_alpha: 0.5 } }),
      /params_after: an episode that was/,
    );
  }
});

Deno.test("what was judged has a point, a formula and a proposal", () => {
  assert.match(
    of("rejected", { params_proposed: null, formula_proposed: null }),
    /params_proposed: .* needs the point it judged/,
  );
  assert.match(of("rejected", { formula_proposed: null }), /formula_proposed: .* stand together/);
  assert.match(of("rejected", { proposal: null }), /proposal: a judged point needs/);
  assert.match(of("failed", { proposal: proposal() }), /proposal: a failed episode has no proposal/);
});

Deno.test("an episode gives reasons and uses only insights it was shown", () => {
  assert.match(of("rejected", { reasons: [] }), /reasons: /);
  assert.match(of("rejected", { insights_used: ["i-1"] }), /insights_used: i-1 was used but not shown/);
});

Deno.test("episodeId() pads to four digits, grows beyond, and refuses what is no index", () => {
  assert.deepEqual([0, 42, 12345].map(episodeId), ["e0000", "e0042", "e12345"]);
  for (const index of [-1, 0.5, NaN]) {
    assert.throws(() => episodeId(index), /RangeError: .*whole number from 0/);
  }
});
