import assert from "node:assert/strict";
import { SPEC } from "../../lib/formula/builtins.ts";
import { formulaHash } from "../../lib/formula/formula_hash.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { defaultPoint } from "../../lib/records/space.ts";
import { recall } from "../../lib/reasoning/memory.ts";
import { foldScratchpad } from "../../lib/scratchpad/fold.ts";
import { episode, estimate, proposal } from "../scratchpad/scripted_study.ts";

const point = defaultPoint(searchSpace(SPEC)), hash = formulaHash(SPEC);
const from = { params_before: point, params_after: point, formula_before: hash, formula_after: hash };

Deno.test("memory tells of each proposal the difference that decided it: selection before race, and nothing where nothing was measured", () => {
  const race = estimate(-0.03), selection = estimate(-0.02);
  const episodes = [
    episode(0, undefined, "rejected", { ...from, measured: { race, selection } }),
    episode(1, undefined, "rejected", { ...from, measured: { race, selection: null } }),
    episode(2, undefined, "invalid", from),
    episode(3, undefined, "failed", from),
  ];
  const { tried } = recall(foldScratchpad({ episodes, insights: [] }), SPEC, point).view;
  assert.deepEqual(tried.map((t) => [t.episode, t.decision, t.delta, t.forecast, t.reason]), [
    ["e0000", "rejected", -0.02, 0.01, "scripted: rejected"],
    ["e0001", "rejected", -0.03, 0.01, "scripted: rejected"],
    ["e0002", "invalid", null, 0.01, "scripted: invalid"],
  ]);
  const { changes } = proposal();
  assert.deepEqual(tried[0]!.steps, changes.map(({ rationale: _, ...step }) => step));
});

Deno.test("a proposal started from here only if formula and point are the present ones, and only the latest are told", () => {
  const other = { ...point, boost_chat_file: 30 };
  const episodes = [
    episode(0, undefined, "rejected", from),
    episode(1, undefined, "rejected", { ...from, params_before: other, params_after: other }),
    episode(2, undefined, "rejected", { ...from, formula_before: "another", formula_after: "another" }),
  ];
  const state = foldScratchpad({ episodes, insights: [] });
  assert.deepEqual(recall(state, SPEC, point).view.tried.map((t) => t.same_start), [true, false, false]);
  assert.deepEqual(recall(state, SPEC, point, { episodes: 2 }).view.tried.map((t) => t.episode), [
    "e0001",
    "e0002",
  ]);
});
