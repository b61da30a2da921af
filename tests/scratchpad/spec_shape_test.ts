import assert from "node:assert/strict";
import {
  foldScratchpad,
  openJournal,
  readFailures,
  readScratchpad,
  specScratchpad,
} from "../../lib/scratchpad/mod.ts";
import { Scratchpad } from "../../lib/records/scratchpad.ts";
import { episode, failure, runStudy } from "./scripted_study.ts";

const dir = Deno.makeTempDirSync();
{
  using journal = openJournal(dir);
  runStudy(journal, 7);
}

Deno.test("specScratchpad() has the spec's eight fields, episodes the spec's six and failures its eight", () => {
  const shape = specScratchpad(readScratchpad(dir), readFailures(dir));
  assert.deepEqual(Object.keys(shape).sort(), [
    "episodes",
    "failure_patterns",
    "heuristics",
    "param_interactions",
    "presets",
    "structural_proposals",
    "success_patterns",
    "warnings",
  ]);
  assert.deepEqual(Scratchpad.parse(JSON.parse(JSON.stringify(shape))), shape, "it survives JSON as it is");
  const first = shape.episodes[0]!;
  assert.deepEqual(Object.keys(first).sort(), [
    "confidence",
    "failures",
    "params",
    "proposed_changes",
    "reasoning",
    "structural_insights",
  ]);
  assert.deepEqual(Object.keys(first.failures[0]!).sort(), [
    "actual_top",
    "commit_context",
    "expected_top",
    "ndcg",
    "query",
    "repo_file_count",
    "repo_name",
    "seed_file",
  ]);
  assert.deepEqual(first.proposed_changes, {
    boost_chat_file: ["decrease", "small", "it outweighs structure"],
  });
  assert.deepEqual(first.failures[0]!.commit_context, failure(0).commit_context);
});

Deno.test("specScratchpad() leaves out an episode without a reply and says the status of each insight", () => {
  const state = readScratchpad(dir);
  const shape = specScratchpad(state, readFailures(dir));
  assert.equal(shape.episodes.length, 6, "the scripted study has 7 episodes, the fifth failed");
  const status = state.insights.find((insight) => insight.kind === "interaction")!.status;
  assert.deepEqual(shape.param_interactions, [
    `low pagerank_alpha + high boost_chat_file = tunnel vision [${status}]`,
  ]);
  assert.equal(shape.structural_proposals.length, 1);
});

Deno.test("specScratchpad() carries what was distilled", () => {
  const distilled = {
    presets: { monorepo: [{ pagerank_alpha: 0.8 }, "large trees"] as [Record<string, number>, string] },
    heuristics: ["if repo_file_count < 50: boost_chat_file *= 0.5"],
    warnings: ["high focus_decay + low focus_max_hops = tunnel vision"],
  };
  const { presets, heuristics, warnings } = specScratchpad(readScratchpad(dir), readFailures(dir), distilled);
  assert.deepEqual({ presets, heuristics, warnings }, distilled);
});

Deno.test("specScratchpad() stops at a failure that is not there rather than leave it out", () => {
  const state = foldScratchpad({ episodes: [episode(0, undefined)], insights: [] });
  assert.throws(
    () => specScratchpad(state, new Map()),
    /RangeError: .*e0000 shows failure f-.*restore failures\.jsonl/,
  );
});
