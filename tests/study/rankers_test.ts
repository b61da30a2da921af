/** The two columns on never-co-changed pairs, on drawn cases. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { BASELINES } from "../../lib/ranker/baselines.ts";
import type { Query, SnapshotBlock } from "../../lib/records/snapshot.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { defaultPoint } from "../../lib/records/space.ts";
import { measureNamed, randomRanking } from "../../lib/metrics/mod.ts";
import {
  NEVER_COCHANGED,
  NEVER_COCHANGED_AMONG_ALL,
  RANDOM,
  type RankerScores,
  scoreOnArena,
  scoreRankers,
} from "../../lib/study/rankers.ts";
import { Arena } from "../../lib/engine/arena.ts";
import { type LearnedRanker, learnedScores } from "../../lib/study/ceiling.ts";
import { Engine } from "../../lib/engine/engine.ts";
import { amongNeverCochanged } from "../../lib/engine/never_cochanged.ts";
import { SPEC } from "../../lib/formula/builtins.ts";
import { arenaOf, corpusOf } from "../engine/arenas.ts";
import { arbitraryBlock } from "../helpers/arbitrary_snapshot.ts";

const RUNS = { seed: 20260312, numRuns: 60 };
const drawn = fc.array(arbitraryBlock({ least: 2, most: 30 }), { minLength: 1, maxLength: 3 });
const rankerNamed = (name: string) => {
  const formula = BASELINES.find((f) => f.name === name)!;
  return { name, formula, point: defaultPoint(searchSpace(formula)) };
};
const valuesOf = (scores: readonly RankerScores[], ranker: string, measure: string) =>
  scores.find((s) => s.name === ranker)!.scores.get(measure)!.map((s) => s.value);

function withSparse(block: SnapshotBlock, change: (q: Query) => Query["sparse"]): SnapshotBlock {
  return { ...block, queries: block.queries.map((q) => ({ ...q, sparse: change(q) })) };
}
const NOTHING = { index: new Uint32Array(0), values: new Float32Array(0) };

Deno.test("where nothing has changed with the seed, never co-changed is plain nDCG, for a random order too", () => {
  fc.assert(
    fc.property(drawn, (blocks) => {
      const fresh = blocks.map((b) => withSparse(b, (q) => ({ ...q.sparse, jaccard: NOTHING })));
      const scores = scoreOnArena(arenaOf(fresh), [rankerNamed("recency"), rankerNamed("bm25_paths")]);
      for (const { name } of scores) {
        const plain = valuesOf(scores, name, "ndcg@10");
        for (const measure of [NEVER_COCHANGED, NEVER_COCHANGED_AMONG_ALL]) {
          assert.deepEqual(valuesOf(scores, name, measure), plain, `${name}, ${measure}`);
        }
      }
    }),
    RUNS,
  );
});

Deno.test("a ranker that reads co-change alone gets what the tie rule gives it among never-co-changed files", () => {
  const ndcg = measureNamed("ndcg@10");
  fc.assert(
    fc.property(drawn, (blocks) => {
      const arena = arenaOf(blocks);
      const scores = scoreOnArena(arena, [rankerNamed("jaccard")]);
      const values = valuesOf(scores, "jaccard", NEVER_COCHANGED);
      const random = valuesOf(scores, RANDOM, NEVER_COCHANGED);
      for (const c of arena.cases) {
        const known = new Set([c.query.seed, ...c.query.sparse.jaccard.index]);
        const left = [...c.query.hops.keys()].filter((i) => !known.has(i));
        const targets = [...c.targets].filter((t) => !known.has(t));
        const relevance = targets.map(() => 1);
        assert.equal(
          values[c.index],
          targets.length === 0 ? null : ndcg.ofRanks(targets.map((t) => left.indexOf(t) + 1), relevance),
        );
        assert.equal(random[c.index], ndcg.ofTies(randomRanking(left.length, relevance)));
      }
    }),
    RUNS,
  );
});

Deno.test("a ranker gains among never-co-changed files, never loses, when those that changed with the seed are struck", () => {
  fc.assert(
    fc.property(drawn, (blocks) => {
      const scores = scoreOnArena(arenaOf(blocks), [
        rankerNamed("popularity"),
        rankerNamed("decayed_cochange"),
      ]);
      for (const { name } of scores) {
        const among = valuesOf(scores, name, NEVER_COCHANGED_AMONG_ALL);
        valuesOf(scores, name, NEVER_COCHANGED).forEach((value, i) => {
          assert.equal(value === null, among[i] === null);
          if (value !== null) assert.ok(value >= among[i]! - 1e-12, name);
        });
      }
    }),
    RUNS,
  );
});

Deno.test("a search for never-co-changed pairs maximises exactly what the table's column reports", () => {
  const point = defaultPoint(searchSpace(SPEC));
  fc.assert(
    fc.property(drawn, (blocks) => {
      const corpora = [corpusOf(blocks)], asked = { splits: ["train"], mode: "message" } as const;
      const whole = Arena.load(corpora, asked);
      const pairs = Arena.load(corpora, { ...asked, relevant: "never_cochanged" });
      const column = scoreOnArena(whole, [{ name: "spec", formula: SPEC, point }])[1]!.scores.get(
        NEVER_COCHANGED,
      )!;
      const wanted = new Map(
        column.flatMap(({ case_id, value }) => value === null ? [] : [[case_id, value]]),
      );
      assert.deepEqual(pairs.cases.map((c) => c.case.case_id).sort(), [...wanted.keys()].sort());
      if (pairs.cases.length === 0) return;
      const values = new Engine(pairs, amongNeverCochanged(SPEC)).evaluate(point);
      pairs.cases.forEach((c, i) => assert.ok(Math.abs(values[i]! - wanted.get(c.case.case_id)!) < 1e-9));
    }),
    RUNS,
  );
});

Deno.test("held a few commits at a time, cases have the values they have all at once, in the same order, learned rankers too", () => {
  fc.assert(
    fc.property(fc.array(arbitraryBlock({ least: 3, most: 20 }), { minLength: 2, maxLength: 4 }), (drawn) => {
      const corpora = [corpusOf(drawn, "r"), corpusOf(drawn.slice(1), "s")];
      const options = { splits: ["train"], mode: "seed" } as const, { cases } = Arena.load(corpora, options);
      // Gives every relevant file a 1 and every other candidate a 0, one number a candidate, case by case.
      const known = cases.flatMap((c) =>
        [...c.query.hops.keys()].filter((i) => i !== c.query.seed).map((i) => c.targets.includes(i) ? 1 : 0)
      );
      const oracle = { name: "oracle", pairs: "all", scores: new Map([["train", Float64Array.from(known)]]) };
      const rankers = [rankerNamed("recency"), {
        name: "spec",
        formula: SPEC,
        point: defaultPoint(searchSpace(SPEC)),
      }];
      const score = (most?: number) =>
        scoreRankers(
          corpora,
          rankers,
          options,
          (arena, before) => [learnedScores(arena, oracle as unknown as LearnedRanker, before)],
          most,
        );
      const parts = score(1);
      assert.deepEqual(parts, score());
      assert.deepEqual(parts.map(({ name }) => name), ["random", "recency", "spec", "oracle"]);
      assert.deepEqual(valuesOf(parts, "oracle", "ndcg@10"), cases.map(() => 1));
    }),
    { numRuns: 10 },
  );
});

Deno.test("without a case every ranker has an empty list", () => {
  const scores = scoreRankers([corpusOf([])], [rankerNamed("recency")], { splits: ["train"], mode: "seed" });
  assert.deepEqual(scores.map(({ name }) => [name, valuesOf(scores, name, "ndcg@10")]), [["random", []], [
    "recency",
    [],
  ]]);
});
