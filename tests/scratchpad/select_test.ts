import assert from "node:assert/strict";
import fc from "fast-check";
import { INSIGHT_STATUSES } from "../../lib/records/insight.ts";
import {
  estimateTokens,
  foldScratchpad,
  type InsightState,
  type ScratchpadState,
  selectInsights,
} from "../../lib/scratchpad/mod.ts";

function insight(id: string, overrides: Partial<InsightState> = {}): InsightState {
  return {
    id,
    kind: "interaction",
    text: `claim ${id}`,
    params: [],
    source: "reasoner",
    provenance: ["e0000"],
    paraphrases: [],
    times_claimed: 1,
    tests: [],
    status: "untested",
    helpful: 0,
    harmful: 0,
    superseded_by: null,
    retired: null,
    made_at: 0,
    last_at: 0,
    ...overrides,
  };
}

const withInsights = (insights: readonly InsightState[]): ScratchpadState => ({
  ...foldScratchpad({ episodes: [], insights: [] }),
  insights,
});
const order = (...insights: InsightState[]) =>
  selectInsights(withInsights(insights), 1e6).chosen.map((chosen) => chosen.insight.id);

Deno.test("selectInsights() puts supported first, then helpful - 2 harmful, then the more recent, then the id", () => {
  assert.deepEqual(
    order(
      insight("refuted", { status: "refuted", helpful: 9 }),
      insight("b"),
      insight("a"),
      insight("recent", { last_at: 5 }),
      insight("harmed", { helpful: 1, harmful: 1, last_at: 9 }),
      insight("helped", { helpful: 1 }),
      insight("torn", { status: "undetermined" }),
      insight("true", { status: "supported", harmful: 3 }),
    ),
    ["true", "helped", "recent", "a", "b", "harmed", "torn", "refuted"],
  );
});

Deno.test("selectInsights() leaves out what was superseded or retired", () => {
  assert.deepEqual(
    order(insight("a", { retired: "wrong" }), insight("b", { superseded_by: "c" }), insight("c")),
    ["c"],
  );
});

Deno.test("selectInsights() says status and record in each line, and lets a smaller one in behind one that does not fit", () => {
  const state = withInsights([
    insight("long", { status: "supported", text: "x".repeat(4000) }),
    insight("short"),
  ]);
  const { chosen, left, tokens } = selectInsights(state, 100);
  assert.deepEqual(left, ["long"]);
  assert.equal(
    chosen[0]!.line,
    "- [interaction; untested; 0 tests, claimed 1x, helpful 0, harmful 0] claim short",
  );
  assert.equal(tokens, estimateTokens(chosen[0]!.line + "\n"));
});

Deno.test("selectInsights() refuses a budget that is no number of tokens", () => {
  for (const budget of [-1, NaN, Infinity]) {
    assert.throws(() => selectInsights(withInsights([]), budget), /RangeError: .*at least 0 is wanted/);
  }
});

const anyInsights = fc.uniqueArray(
  fc.record({
    id: fc.stringMatching(/^[a-z]{1,4}$/),
    status: fc.constantFrom(...INSIGHT_STATUSES),
    text: fc.string({ maxLength: 200 }),
    helpful: fc.nat(3),
    harmful: fc.nat(3),
    last_at: fc.nat(5),
  }).map(({ id, ...rest }) => insight(id, rest)),
  { selector: (i) => i.id, maxLength: 12 },
);

Deno.test("selectInsights() keeps to its budget, keeps all when it can, and does not care in which order insights stand", () => {
  fc.assert(
    fc.property(anyInsights, fc.nat(400), (insights, budget) => {
      const selection = selectInsights(withInsights(insights), budget);
      assert.ok(selection.tokens <= budget);
      assert.equal(selection.chosen.length + selection.left.length, insights.length);
      assert.deepEqual(selectInsights(withInsights(insights.toReversed()), budget), selection);
      const all = selectInsights(withInsights(insights), 1e6);
      assert.deepEqual(all.left, []);
      if (all.tokens <= budget) assert.deepEqual(selection, all);
    }),
    { seed: 7 },
  );
});
