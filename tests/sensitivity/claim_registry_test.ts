import assert from "node:assert/strict";
import fc from "fast-check";
import { LanguageError } from "../../lib/base/language_error.ts";
import { Hypothesis } from "../../lib/records/hypothesis.ts";
import { defaultPoint, fromUnit, type SearchSpace } from "../../lib/records/space.ts";
import { insideRegions } from "../../lib/sensitivity/claim_regions.ts";
import {
  compileClaim,
  knownInteractions,
  registerClaim,
  spaceHash,
} from "../../lib/sensitivity/claim_registry.ts";
import { factorialDesign } from "../../lib/sensitivity/factorial.ts";
import { claims, SPACE } from "./claim_cases.ts";

const ranges = (region: string) =>
  compileClaim(`${region} & low pagerank_alpha => worse`, SPACE).regions[0]!.ranges;

Deno.test("levels are thirds on the parameter's own scale", () => {
  assert.deepEqual(ranges("low boost_chat_file"), [[0, 1 / 3]]);
  assert.deepEqual(ranges("mid boost_chat_file"), [[1 / 3, 2 / 3]]);
  assert.deepEqual(ranges("extreme boost_chat_file"), [[0, 1 / 3], [2 / 3, 1]]);
});

Deno.test("levels of a whole-number parameter are thirds of its values", () => {
  assert.deepEqual(ranges("low focus_max_hops"), [[0, 0]]);
  assert.deepEqual(ranges("mid focus_max_hops"), [[1 / 3, 2 / 3]]);
  assert.deepEqual(ranges("extreme focus_max_hops"), [[0, 0], [1, 1]]);
});

Deno.test("bounds are placed on the parameter's own scale, and strictness counts for whole numbers only", () => {
  assert.deepEqual(ranges("depth_weight_deep < 0.1"), [[0, 0.5]]);
  assert.deepEqual(ranges("depth_weight_deep <= 0.1"), [[0, 0.5]]);
  assert.deepEqual(ranges("focus_max_hops < 2"), [[0, 0]]);
  assert.deepEqual(ranges("focus_max_hops <= 2"), [[0, 1 / 3]]);
  assert.deepEqual(ranges("focus_max_hops > 3.5"), [[1, 1]]);
  assert.deepEqual(ranges("focus_max_hops in [1.5, 3.5]"), [[1 / 3, 2 / 3]]);
});

Deno.test("regions that cannot be entered or left are refused", () => {
  const pinned: SearchSpace = [
    { ...SPACE[0]!, low: 0.85, high: 0.85 },
    { ...SPACE.at(-1)!, low: 1, high: 2 },
    SPACE[8]!,
  ];
  for (const region of ["low pagerank_alpha", "mid focus_max_hops", "extreme focus_max_hops"]) {
    assert.throws(
      () => compileClaim(`${region} & low boost_chat_file => worse`, pinned),
      LanguageError,
      region,
    );
  }
  assert.deepEqual(
    compileClaim("low focus_max_hops & low boost_chat_file => worse", pinned).regions[1]!.ranges,
    [[0, 0]],
  );
});

Deno.test("every claim that compiles has ranges in order, inside the unit interval, that a factorial can be built on", () => {
  let compiled = 0;
  fc.assert(
    fc.property(claims, (claim) => {
      let result;
      try {
        result = compileClaim(claim, SPACE);
      } catch (error) {
        if (!(error instanceof LanguageError)) throw error;
        return;
      }
      compiled++;
      const edges = result.regions.map((region) => region.ranges.flat());
      for (const list of edges) assert.deepEqual(list, list.toSorted((a, b) => a - b));
      const [block] = factorialDesign(SPACE, result.regions, 1, 7);
      assert.ok(insideRegions(SPACE, result.regions, block!.all));
      assert.ok(result.regions.every((region) => !insideRegions(SPACE, [region], block!.none)));
    }),
    { seed: 7, numRuns: 500 },
  );
  assert.ok(compiled > 30, `${compiled}`);
});

Deno.test("a point is inside when every region holds it", () => {
  const { regions } = compileClaim("low focus_max_hops & high focus_decay => worse", SPACE);
  const at = (focus_max_hops: number, decay: number) => ({
    ...defaultPoint(SPACE),
    focus_max_hops,
    focus_decay: fromUnit(SPACE[15]!, decay),
  });
  assert.equal(insideRegions(SPACE, regions, at(1, 0.9)), true);
  assert.equal(insideRegions(SPACE, regions, at(2, 0.9)), false);
  assert.equal(insideRegions(SPACE, regions, at(1, 0.5)), false);
  assert.throws(() => insideRegions([], regions, {}), /the space does not have it/);
});

Deno.test("the specification's four interactions are registered as they were said", () => {
  const known = knownInteractions(SPACE);
  assert.deepEqual(known.map((h) => [h.parameters, h.sign, h.stratum]), [
    [["boost_chat_file", "pagerank_alpha"], "worse", {}],
    [["depth_weight_deep", "pagerank_alpha"], "worse", {}],
    [["boost_temporal_coupling", "git_recency_max_boost"], "redundant", { history: "young" }],
    [["focus_decay", "focus_max_hops"], "worse", {}],
  ]);
  assert.equal(new Set(known.map((h) => h.id)).size, 4);
  for (const hypothesis of known) {
    assert.deepEqual(Hypothesis.parse(JSON.parse(JSON.stringify(hypothesis))), hypothesis);
    assert.equal(hypothesis.origin, "spec");
    assert.equal(compileClaim(hypothesis.text, SPACE).id, hypothesis.id);
  }
});

Deno.test("a registered claim says who made it, and its id depends on the text alone", () => {
  const one = registerClaim("low focus_decay & mid focus_max_hops => better by 0.02", SPACE, {
    origin: "reasoner",
    source: "study a",
    episode: "e-1",
    note: "why",
  });
  assert.deepEqual([one.threshold, one.episode, one.note, one.metric], [0.02, "e-1", "why", "ndcg@10"]);
  const narrow = SPACE.map((p) => p.name === "focus_decay" ? { ...p, high: 0.8 } : p);
  const other = registerClaim(one.text, narrow, { origin: "person", source: "b" });
  assert.equal(other.id, one.id);
  assert.notEqual(other.space_hash, one.space_hash);
  assert.equal(spaceHash(SPACE.map((p) => ({ ...p, description: "other" }))), one.space_hash);
});
