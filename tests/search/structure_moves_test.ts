import assert from "node:assert/strict";
import fc from "fast-check";
import { Arena } from "../../lib/engine/arena.ts";
import { Engine } from "../../lib/engine/engine.ts";
import { DECAYED, SPEC } from "../../lib/formula/builtins.ts";
import { type Formula, type Node, parseFormula, resolveNodes } from "../../lib/formula/document.ts";
import { applyEdits } from "../../lib/formula/edits.ts";
import { EDIT_KINDS } from "../../lib/formula/edit_schema.ts";
import { formulaHash } from "../../lib/formula/formula_hash.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { defaultPoint } from "../../lib/records/space.ts";
import { structureMoves } from "../../lib/search/structure_moves.ts";
import { freshOf, searchStructure, startOf } from "../../lib/search/structure_search.ts";
import { arbitraryFormula } from "../helpers/arbitrary_formula.ts";
import { withSampleStudy } from "../helpers/sample_study.ts";

const formulaOf = (root: Node): Formula =>
  parseFormula({ record: "formula/1", name: "tried", description: "", root });

Deno.test("what is added, freed or raised to a power changes no ranking where it starts", () =>
  withSampleStudy(({ corpora }) => {
    const arena = Arena.load(corpora, { splits: ["selection"], mode: "message" });
    for (const formula of [SPEC, DECAYED]) {
      const point = defaultPoint(searchSpace(formula));
      const before = [...new Engine(arena, formula).ranks(point).ranks];
      const moves = structureMoves(formula, "message");
      const neutral = moves.filter((m) => m.kind === "add" || /^free |^pagerank to a power/.test(m.name));
      assert.ok(neutral.length > 50, `${neutral.length}`);
      for (const move of neutral) {
        const engine = new Engine(arena, move.formula);
        assert.deepEqual([...engine.ranks(startOf(move, formula, point)).ranks], before, move.name);
      }
    }
  }));

Deno.test("weights that another combinator reads otherwise start over and are tuned, those it reads alike stay", () => {
  const sum = formulaOf({
    op: "weighted_sum",
    id: "score",
    terms: [{ op: "signal", signal: "recency" }, { op: "signal", signal: "hub" }],
  });
  const point = { ...defaultPoint(searchSpace(sum)), recency_weight: 40, hub_weight: 0.02 };
  const named = (name: string) => structureMoves(sum, "seed").find((m) => m.name === name)!;
  const startAt = (name: string) => {
    const { recency_weight, hub_weight } = startOf(named(name), sum, point);
    return [recency_weight, hub_weight];
  };
  assert.deepEqual(startAt("score as noisy or"), [0.5, 0.5]);
  assert.deepEqual(startAt("score as log linear"), [1, 1]);
  assert.deepEqual(startAt("score as max"), [40, 0.02]);
  const weights = ["recency_weight", "hub_weight"];
  assert.deepEqual(weights.map((w) => freshOf(named("score as noisy or"), sum).has(w)), [true, true]);
  assert.deepEqual(weights.map((w) => freshOf(named("score as max"), sum).has(w)), [false, false]);
});

Deno.test("a start has the parameters of the move's formula, no more and no less, wherever weights are written out", () => {
  const sum = formulaOf({
    op: "weighted_sum",
    id: "score",
    terms: [{ op: "signal", signal: "recency" }, { op: "signal", signal: "hub" }],
    weights: [{ param: "a" }, 2],
  });
  const point = defaultPoint(searchSpace(sum));
  for (const move of structureMoves(sum, "seed")) {
    const wanted = searchSpace(move.formula).map((p) => p.name).sort();
    assert.deepEqual(Object.keys(startOf(move, sum, point)).sort(), wanted, move.name);
  }
});

Deno.test("a new factor never takes a parameter that is there for its own", () => {
  const taken = formulaOf({
    op: "product",
    id: "score",
    terms: [
      { op: "signal", signal: "pagerank" },
      { op: "boost", id: "b", peak: { param: "recency_author" }, term: { op: "signal", signal: "churn" } },
      { op: "boost", id: "c", peak: { param: "hub_damping" }, term: { op: "signal", signal: "test_pair" } },
    ],
  });
  const before = searchSpace(taken).length;
  for (const move of structureMoves(taken, "seed").filter((m) => m.kind === "add")) {
    assert.ok(searchSpace(move.formula).length > before, move.name);
    assert.ok(freshOf(move, taken).size > 0, move.name);
  }
  const names = structureMoves(taken, "seed").flatMap((m) => [...freshOf(m, taken)]);
  assert.ok(!names.includes("recency_author") && !names.includes("hub_damping"));
});

Deno.test("without the message no move is about what needs it, but to drop it", () => {
  const silent = /mention|message/;
  const moves = structureMoves(SPEC, "seed").filter((m) => m.kind !== "drop");
  assert.deepEqual(moves.map((m) => m.name).filter((name) => silent.test(name)), []);
});

Deno.test("every kind of edit is tried somewhere, bar the two that take freedom away or only move bounds", () => {
  const rootIsSum = formulaOf({
    op: "weighted_sum",
    terms: [{ op: "signal", signal: "recency" }, { op: "signal", signal: "churn" }],
  });
  const tried = new Set(
    [SPEC, rootIsSum].flatMap((f) => structureMoves(f, "seed")).flatMap((m) => m.edits.map((e) => e.edit)),
  );
  assert.deepEqual(EDIT_KINDS.filter((kind) => !tried.has(kind)), ["tie", "set_bounds"]);
});

Deno.test("walks over several layers, dampings, powers and larger-of-two terms are among the moves", () => {
  const names = structureMoves(SPEC, "seed").map((m) => m.name);
  for (
    const name of [
      "multi layer pagerank in place of pagerank",
      "add multi layer pagerank to a power",
      "add hub damping",
      "pagerank to a power",
      "boost temporal coupling as a boost of coupling decayed 200",
      "boost focus expansion or git churn max boost, whichever is more",
      "free threshold of boost temporal coupling",
      "score as reciprocal rank fusion",
      "recency with by author",
      "drop git churn max boost",
    ]
  ) assert.ok(names.includes(name), name);
});

Deno.test("every move of any formula applies, makes another formula, and is named once", () =>
  fc.assert(
    fc.property(arbitraryFormula({ leaves: 5 }), (formula) => {
      const moves = structureMoves(formula, "message"), own = formulaHash(formula);
      assert.ok(moves.some((m) => m.kind === "add"));
      assert.deepEqual(new Set(moves.map((m) => m.name)).size, moves.length);
      for (const move of moves) {
        const { name, description } = formula;
        assert.deepEqual(applyEdits(formula, move.edits, { name, description }), move.formula);
        assert.notEqual(formulaHash(move.formula), own, move.name);
        resolveNodes(move.formula);
        const start = startOf(move, formula, defaultPoint(searchSpace(formula)));
        for (const p of searchSpace(move.formula)) {
          const value = start[p.name]!;
          assert.ok(value >= p.low && value <= p.high, `${move.name}: ${p.name} = ${value}`);
        }
      }
    }),
    { numRuns: 25 },
  ));

Deno.test("a search goes on from a signal by itself, a boost, and a sum", () =>
  withSampleStudy(async ({ corpora }) => {
    const load = (split: "train" | "selection") => Arena.load(corpora, { splits: [split], mode: "seed" });
    const train = load("train"), selection = load("selection");
    const roots: Node[] = [
      { op: "signal", signal: "recency" },
      { op: "boost", term: { op: "signal", signal: "churn" } },
      { op: "weighted_sum", terms: [{ op: "signal", signal: "recency" }, { op: "signal", signal: "churn" }] },
    ];
    for (const root of roots) {
      const start = formulaOf(root), point = defaultPoint(searchSpace(start));
      const result = await searchStructure({
        train,
        selection,
        start,
        point,
        budget: 1500,
        seed: 1,
        rounds: 1,
      });
      assert.ok(result.steps.length > 0, root.op);
    }
  }));
