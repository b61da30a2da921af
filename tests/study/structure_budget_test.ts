import assert from "node:assert/strict";
import { Arena } from "../../lib/engine/arena.ts";
import { SPEC } from "../../lib/formula/builtins.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { defaultPoint } from "../../lib/records/space.ts";
import { searchStructure } from "../../lib/search/structure_search.ts";
import { structureMoves } from "../../lib/search/structure_moves.ts";
import { structureCost } from "../../lib/study/structure_budget.ts";
import { withSampleStudy } from "../helpers/sample_study.ts";

Deno.test("a search judges its first edits for about what that is said to cost", () =>
  withSampleStudy(async ({ corpora }) => {
    const load = (split: "train" | "selection") => Arena.load(corpora, { splits: [split], mode: "seed" });
    const { edits, start, round } = structureCost(SPEC, "seed");
    assert.equal(edits, structureMoves(SPEC, "seed").length);
    const spent: number[] = [];
    await searchStructure({
      train: load("train"),
      selection: load("selection"),
      start: SPEC,
      point: defaultPoint(searchSpace(SPEC)),
      budget: 2000,
      rounds: 2,
      seed: 1,
      onStep: (_, soFar) => spent.push(soFar),
    });
    const near = (cost: number, said: number) => cost <= 1.1 * said && cost >= 0.7 * said;
    assert.ok(near(spent[0]!, start + round), `${spent[0]} of ${start} + ${round}`);
    assert.ok(near(spent[1]! - spent[0]!, round), `${spent[1]! - spent[0]!} of ${round}`);
  }));
