import assert from "node:assert/strict";
import fc from "fast-check";
import { Engine, ndcgOf } from "../../lib/engine/engine.ts";
import { applyEdits } from "../../lib/formula/edits.ts";
import { DECAYED, SPEC } from "../../lib/formula/builtins.ts";
import type { Formula } from "../../lib/formula/document.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { fromUnit } from "../../lib/records/space.ts";
import { dealBlocks, Panel } from "../../lib/reasoning/panel.ts";
import { factorPlans, Scorer } from "../../lib/reasoning/scorer.ts";
import { syntheticArenas } from "./synthetic.ts";

const { train } = syntheticArenas({ repos: 2, commits: 12 });
const FUSED = applyEdits(SPEC, [{ edit: "replace_combinator", id: "score", op: "log_linear" }], {
  name: "fused",
  description: "a root that is no product",
});

Deno.test("a scorer gives the engine's nDCG at any point of any formula", () => {
  for (const formula of [SPEC, DECAYED, FUSED] as Formula[]) {
    const space = searchSpace(formula), engine = new Engine(train, formula), scorer = new Scorer(train);
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
          minLength: space.length,
          maxLength: space.length,
        }),
        (units) => {
          const point = Object.fromEntries(space.map((p, i) => [p.name, fromUnit(p, units[i]!)]));
          const wanted = engine.evaluate(point), found = scorer.evaluate(formula, point);
          found.forEach((value, i) =>
            assert.ok(Math.abs(value - wanted[i]!) < 1e-12, `${formula.name}: ${value} for ${wanted[i]}`)
          );
        },
      ),
      { seed: 3, numRuns: 40 },
    );
  }
});

Deno.test("what a scorer keeps is never seen: any order of questions gives the same answers", () => {
  const space = searchSpace(SPEC),
    at = (units: number) => Object.fromEntries(space.map((p) => [p.name, fromUnit(p, units)]));
  const warm = new Scorer(train);
  for (const unit of [0.2, 0.8, 0.2, 0.5, 0.8, 0.2]) {
    for (const formula of [SPEC, DECAYED]) {
      const point = { ...at(unit), boost_temporal_coupling: 40 };
      assert.deepEqual(warm.evaluate(formula, point), new Scorer(train).evaluate(formula, point));
    }
  }
});

Deno.test("factors of the root multiply to the score", () => {
  const point = Object.fromEntries(searchSpace(SPEC).map((p) => [p.name, p.default])),
    scorer = new Scorer(train);
  const plans = factorPlans(SPEC);
  assert.equal(plans.length, 8);
  scorer.visit(SPEC, point, (c, scores) => {
    scores.forEach((score, i) => {
      const product = plans.reduce(
        (p, plan) => p * scorer.factorAt(plan, point, c, i),
        1,
      );
      assert.ok(Math.abs(product - score) <= 1e-12 * score);
    });
  });
});

Deno.test("blocks hold every case once, whole commits, both repositories, and depend on the seed alone", () => {
  const blocks = dealBlocks(train, { cases: 8, seed: 5 });
  const ids = blocks.flatMap((b) => b.arena.cases.map((c) => c.case.case_id));
  assert.deepEqual(ids.toSorted(), train.cases.map((c) => c.case.case_id).toSorted());
  const homes = new Map<string, Set<number>>();
  blocks.forEach((b, i) =>
    b.arena.cases.forEach(({ case: c }) => {
      const key = `${c.repo} ${c.commit}`;
      homes.set(key, (homes.get(key) ?? new Set()).add(i));
    })
  );
  assert.ok([...homes.values()].every((set) => set.size === 1));
  for (const b of blocks) assert.equal(new Set(b.arena.cases.map((c) => c.case.repo)).size, 2);
  const again = dealBlocks(train, { cases: 8, seed: 5 });
  assert.deepEqual(
    again.map((b) => b.arena.cases.map((c) => c.case.case_id)),
    blocks.map((b) => b.arena.cases.map((c) => c.case.case_id)),
  );
  assert.notDeepEqual(
    dealBlocks(train, { cases: 8, seed: 6 })[0]!.arena.cases.map((c) => c.case.case_id),
    blocks[0]!.arena.cases.map((c) => c.case.case_id),
  );
});

Deno.test("a panel of all blocks has the arena's macro mean", () => {
  const panel = new Panel(dealBlocks(train, { cases: 8, seed: 5 }));
  const point = Object.fromEntries(searchSpace(SPEC).map((p) => [p.name, p.default]));
  const values = panel.evaluate(SPEC, point), engine = new Engine(train, SPEC);
  assert.ok(Math.abs(panel.mean(values) - engine.mean(point)) < 1e-12);
  panel.visit(SPEC, point, (c, scores) => assert.equal(ndcgOf(c.own, scores), values[c.place]));
});
