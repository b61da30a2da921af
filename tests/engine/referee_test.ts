/** The referee: the reference's scores of single cases, and when he is asked. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { Engine } from "../../lib/engine/engine.ts";
import { Referee } from "../../lib/engine/referee.ts";
import { isClose } from "../../lib/engine/target_ranks.ts";
import { SPEC } from "../../lib/formula/builtins.ts";
import { resolveNodes } from "../../lib/formula/document.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { evaluateFormula } from "../../lib/ranker/evaluate.ts";
import { defaultPoint } from "../../lib/records/space.ts";
import { arbitraryFormulaAndPoint, arbitraryPoint } from "../helpers/arbitrary_formula.ts";
import { arbitraryBlock, blankInput, edgeLayer } from "../helpers/arbitrary_snapshot.ts";
import { arenaOf } from "./arenas.ts";

const blocks = fc.array(arbitraryBlock({ least: 2, most: 40 }), { minLength: 1, maxLength: 2 });

Deno.test("the referee's scores are the reference's, whatever he starts from", () => {
  fc.assert(
    fc.property(
      blocks,
      arbitraryPoint(SPEC),
      fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
      (drawn, point, size) => {
        const arena = arenaOf(drawn), referee = new Referee(arena, SPEC), root = resolveNodes(SPEC).id;
        for (const group of arena.groups) {
          for (const c of group.cases) {
            const n = group.snapshot.files.length, input = { snapshot: group.snapshot, query: c.query };
            const wanted = evaluateFormula(SPEC, point, input, arena.mode).get(root)!;
            const odd = () => Float64Array.from({ length: n }, (_, i) => size * (1 + i % 3));
            for (const scores of [referee.scores(point, c, group), referee.scores(point, c, group, odd)]) {
              scores.forEach((v, i) => {
                assert.ok(Math.abs(v - wanted[i]!) <= 1e-9 * wanted[i]!, `${v}, wanted ${wanted[i]}`);
              });
            }
          }
        }
      },
    ),
    { seed: 61, numRuns: 40 },
  );
});

Deno.test("any formula's scores come out as the reference has them, silent signals and fusions included", () => {
  fc.assert(
    fc.property(blocks, arbitraryFormulaAndPoint(), (drawn, [formula, point]) => {
      const arena = arenaOf(drawn, "seed"),
        referee = new Referee(arena, formula),
        root = resolveNodes(formula).id;
      const group = arena.groups[0]!, c = group.cases[0]!;
      const wanted = evaluateFormula(formula, point, { snapshot: group.snapshot, query: c.query }, "seed")
        .get(root)!;
      referee.scores(point, c, group).forEach((v, i) => {
        assert.ok(Math.abs(v - wanted[i]!) <= 1e-8 * wanted[i]! + 1e-300, `${v}, wanted ${wanted[i]}`);
      });
    }),
    { seed: 62, numRuns: 60 },
  );
});

/** A star: a hub refers to n leaves, which are alike to the walk; the seed refers to the hub. */
function star(n: number, days: readonly number[]) {
  const files = ["hub.ts", ...Array.from({ length: n }, (_, i) => `leaf${i}.ts`), "seed.ts"].sort();
  const at = (name: string) => files.indexOf(name);
  const edges = [
    [at("seed.ts"), at("hub.ts"), 1] as const,
    ...Array.from({ length: n }, (_, i) => [at("hub.ts"), at(`leaf${i}.ts`), 1] as const),
  ];
  const blank = blankInput(files), references = edgeLayer(files.length, edges);
  const own = Uint16Array.from(files, () => 60_000);
  days.forEach((d, i) => own[at(`leaf${i}.ts`)] = d);
  const { snapshot, query } = blankInput(files, {
    snapshot: { days: own, layers: { ...blank.snapshot.layers, references } },
  });
  return { snapshot, query: { ...query, seed: at("seed.ts") }, at };
}

/** Ranks of all leaves, the hub before them, and how many cases the referee settled. */
function leafRanks(n: number, days: readonly number[], halfLife: number, backend: "simd" | "plain") {
  const { snapshot, query, at } = star(n, days);
  const arena = arenaOf([{ snapshot, queries: [query] }], "seed"), c = arena.cases[0]!;
  const targets = Uint32Array.from({ length: n }, (_, i) => at(`leaf${i}.ts`));
  Object.assign(c, { targets, relevance: new Float64Array(n).fill(1), ideal: 1 });
  const engine = new Engine(arena, SPEC, { backend });
  const point = { ...defaultPoint(searchSpace(SPEC)), git_recency_decay_days: halfLife };
  const { ranks } = engine.ranks(point), settled = engine.settled;
  return { ranks: [...ranks], settled };
}

Deno.test("files alike in everything tie, and file order decides without the referee", () => {
  for (const backend of ["simd", "plain"] as const) {
    const { ranks, settled } = leafRanks(9, [7, 7, 7, 7, 7, 7, 7, 7, 7], 30, backend);
    assert.deepEqual(ranks, [2, 3, 4, 5, 6, 7, 8, 9, 10], backend);
    assert.equal(settled, 0, backend);
  }
});

Deno.test("a hair that no Float32 holds still decides: the referee is asked, and sees it", () => {
  // 2^-(1500/30) is 9e-16 of a boost of 10: leaf 2 is ahead by the last digit of a Float64, leaf 1 by a little more.
  for (const backend of ["simd", "plain"] as const) {
    const { ranks, settled } = leafRanks(4, [60_000, 1440, 1500, 60_000], 30, backend);
    assert.deepEqual(ranks, [4, 2, 3, 5], backend);
    assert.equal(settled, backend === "simd" ? 1 : settled, backend);
  }
});

Deno.test("scores are close where another's differs by no more than the blur, within the cutoff", () => {
  const { snapshot, query } = star(4, []);
  const arena = arenaOf([{ snapshot, queries: [query] }], "seed"), c = arena.cases[0]!;
  Object.assign(c, { targets: Uint32Array.of(1), relevance: Float64Array.of(1), ideal: 1 });
  const close = (scores: number[], cutoff = 10) => isClose(c, Float64Array.from(scores), 1e-6, cutoff);
  assert.equal(close([3, 2, 1, 1, 1, 9]), false);
  assert.equal(close([3, 2, 2, 1, 1, 9]), false, "equal scores are not close");
  assert.equal(close([3, 2, 2 + 1e-6, 1, 1, 9]), true);
  assert.equal(close([3, 2, 2 - 1e-6, 1, 1, 9]), true);
  assert.equal(close([3, 2, 2 + 5e-6, 1, 1, 9]), false);
  assert.equal(close([3, 2, 2 + 1e-6, 1, 1, 9], 1), false, "one above is enough to settle a cutoff of one");
  assert.equal(close([3, 2, 1, 1, 1, 2 + 1e-6]), false, "the seed competes with nobody");
});
