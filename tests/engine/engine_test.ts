/** The engine against the reference evaluation, on drawn formulas, points and graphs. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { randomStream } from "../../lib/base/random.ts";
import { Arena } from "../../lib/engine/arena.ts";
import { Engine, ParallelEngine, rankOf } from "../../lib/engine/engine.ts";
import { KernelMemory } from "../../lib/engine/kernel_memory.ts";
import { StreamingEngine } from "../../lib/engine/streaming_engine.ts";
import { DECAYED, SPEC } from "../../lib/formula/builtins.ts";
import { type Formula, parseFormula, resolveNodes, walkNodes } from "../../lib/formula/document.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { evaluateFormula } from "../../lib/ranker/evaluate.ts";
import { defaultPoint, type Point } from "../../lib/records/space.ts";
import {
  arbitraryFormulaAndPoint,
  arbitraryFormulaAndPoints,
  arbitraryPoint,
} from "../helpers/arbitrary_formula.ts";
import { arbitraryBlock, blankInput, edgeLayer, withSparse } from "../helpers/arbitrary_snapshot.ts";
import { arenaOf, corpusOf } from "./arenas.ts";

/** A value off by no more than this, relatively, is the reference's: walks are kept to a millionth of themselves. */
const CLOSE = 4e-6;

/** Two scores this close, relatively, are one on paper that rounding has split: either may come first. */
const SPLIT = 1e-10;

/** Holds every rank to the order of the reference's scores, equal ones in file order, and nDCG to the ranks. */
function assertRanks(arena: Arena, formula: Formula, point: Point, engine: Engine): void {
  const { offsets, ranks } = engine.ranks(point), values = engine.evaluate(point);
  const root = resolveNodes(formula).id;
  for (const group of arena.groups) {
    for (const c of group.cases) {
      const input = { snapshot: group.snapshot, query: c.query };
      const scores = evaluateFormula(formula, point, input, arena.mode).get(root)!;
      const own = ranks.subarray(offsets[c.index], offsets[c.index + 1]);
      c.targets.forEach((target, k) => {
        const score = scores[target]!, wanted = rankOf(target, scores, c.query.seed, Infinity);
        const split = scores.filter((s) => s !== score && Math.abs(s - score) <= SPLIT * score).length;
        const rank = own[k]!, off = Math.abs(rank - wanted);
        assert.ok(off <= split, `${engine.backend} ranks file ${target} ${rank}, the reference ${wanted}`);
      });
      const dcg = own.reduce((sum, r, k) => sum + (r <= 10 ? c.relevance[k]! / Math.log2(r + 1) : 0), 0);
      assert.ok(Math.abs(values[c.index]! - dcg / c.ideal) < 1e-9, "nDCG is that of the ranks");
    }
  }
}

const blocks = fc.array(arbitraryBlock({ least: 2, most: 40 }), { minLength: 1, maxLength: 3 });

Deno.test("ranks are the reference's on random formulas, points and graphs, on either path", () => {
  fc.assert(
    fc.property(blocks, arbitraryFormulaAndPoint(), (drawn, [formula, point]) => {
      const arena = arenaOf(drawn);
      for (const backend of ["auto", "plain"] as const) {
        assertRanks(arena, formula, point, new Engine(arena, formula, { backend }));
      }
    }),
    { seed: 31, numRuns: 120 },
  );
});

Deno.test("the specification's formulas run on the kernel, at every corner of their spaces", () => {
  for (const formula of [SPEC, DECAYED]) {
    fc.assert(
      fc.property(blocks, arbitraryPoint(formula), (drawn, point) => {
        const arena = arenaOf(drawn), engine = new Engine(arena, formula, { backend: "simd" });
        assertRanks(arena, formula, point, engine);
        assertRanks(arena, formula, defaultPoint(searchSpace(formula)), engine);
      }),
      { seed: 32, numRuns: 25 },
    );
  }
});

Deno.test("products, sums, maxima, powers, boosts and gates run on the kernel", () => {
  fc.assert(
    fc.property(
      blocks,
      arbitraryFormulaAndPoint({ ops: ["product", "log_linear", "weighted_sum", "max", "boost", "gate"] }),
      (drawn, [formula, point]) => {
        const arena = arenaOf(drawn);
        assertRanks(arena, formula, point, new Engine(arena, formula, { backend: "simd" }));
      },
    ),
    { seed: 33, numRuns: 80 },
  );
});

Deno.test("a point after another point gives what it gives first: nothing stays behind", () => {
  fc.assert(
    fc.property(
      blocks,
      arbitraryFormulaAndPoint().chain(([f, p]) =>
        fc.tuple(fc.constant(f), fc.constant(p), arbitraryPoint(f))
      ),
      (drawn, [formula, first, second]) => {
        const arena = arenaOf(drawn), engine = new Engine(arena, formula);
        const before = engine.evaluate(first);
        engine.evaluate(second);
        assert.deepEqual(engine.evaluate(first), before);
        assert.deepEqual(new Engine(arena, formula).evaluate(first), before);
      },
    ),
    { seed: 34, numRuns: 40 },
  );
});

Deno.test("part of an arena gives the same values as those cases had in the whole", () => {
  fc.assert(
    fc.property(
      fc.array(arbitraryBlock(), { minLength: 3, maxLength: 5 }),
      arbitraryFormulaAndPoint(),
      (drawn, [
        formula,
        point,
      ]) => {
        const arena = arenaOf(drawn), engine = new Engine(arena, formula);
        const part = arena.subset((g) => g !== arena.groups[1]).subset((g) => g.cases.length > 0);
        const kept = arena.groups.flatMap((g, i) => i === 1 ? [] : g.cases.map((c) => c.index));
        const whole = engine.evaluate(point), own = new Engine(part, formula);
        assert.deepEqual([...own.evaluate(point)], kept.map((i) => whole[i]));
        const all = engine.ranks(point), some = own.ranks(point);
        assert.deepEqual(
          [...some.ranks],
          kept.flatMap((i) => [...all.ranks.subarray(all.offsets[i], all.offsets[i + 1])]),
        );
      },
    ),
    { seed: 35, numRuns: 30 },
  );
});

Deno.test("scores handed out are the reference's, whichever path ranks", () => {
  fc.assert(
    fc.property(blocks, arbitraryFormulaAndPoint(), (drawn, [formula, point]) => {
      const arena = arenaOf(drawn, "seed"), root = resolveNodes(formula).id;
      new Engine(arena, formula).forEachCase(point, (c, scores, { snapshot }) => {
        const wanted = evaluateFormula(formula, point, { snapshot, query: c.query }, "seed").get(root)!;
        // A step turns the last digit of what it reads into all of what it gives.
        const stepped = [...walkNodes(resolveNodes(formula))].some(({ node: { op } }) =>
          op === "gate" || op === "reciprocal_rank_fusion"
        );
        if (stepped) return;
        scores.forEach((v, i) => {
          assert.ok(
            Math.abs(v - wanted[i]!) <= CLOSE * Math.abs(wanted[i]!) + 1e-9,
            `${v}, wanted ${wanted[i]}`,
          );
        });
      });
    }),
    { seed: 36, numRuns: 60 },
  );
});

const COUPLING = parseFormula({
  record: "formula/1",
  name: "coupling",
  description: "one signal",
  root: { op: "signal", signal: "coupling", options: { measure: "jaccard" }, bind: { gamma: 1 } },
});

Deno.test("of equal scores the earlier file ranks first, the seed never, silence included", () => {
  for (const n of [30, 1500]) {
    const files = Array.from({ length: n }, (_, i) => `f${String(i).padStart(4, "0")}.ts`);
    const input = withSparse(blankInput(files), { jaccard: { 7: 0.5, 20: 0.5, 29: 0.5 } });
    assert.equal(input.query.seed, 0);
    for (const backend of ["plain", "simd"] as const) {
      for (const [target, rank] of [[7, 1], [20, 2], [29, 3], [1, 4], [6, 9], [8, 10], [28, 29]] as const) {
        const arena = arenaOf([{ snapshot: input.snapshot, queries: [input.query] }]);
        Object.assign(arena.cases[0]!, {
          targets: Uint32Array.of(target),
          relevance: Float64Array.of(1),
          ideal: 1,
        });
        const { ranks } = new Engine(arena, COUPLING, { backend }).ranks({});
        assert.deepEqual([...ranks], [rank], `${backend}, ${n} files, file ${target}`);
      }
    }
  }
});

/** Names of n files, each of which refers to one other. */
function ringOf(n: number) {
  const files = Array.from({ length: n }, (_, i) => `f${String(i).padStart(4, "0")}.ts`);
  const edges = files.slice(1).map((_, i) => [i, (7 * i + 3) % n, 1 + i % 3] as const);
  return { files, references: edgeLayer(n, edges) };
}

Deno.test("among many files ranks are what they are among few, whatever the number of targets", () => {
  for (const n of [40, 1020, 1500]) {
    const { files, references } = ringOf(n);
    const { snapshot, query } = blankInput(files, {
      snapshot: {
        days: Uint16Array.from(files, (_, i) => i * 37 % 400),
        churn: Uint16Array.from(files, (_, i) => i * 11 % 30),
        layers: { ...blankInput(files).snapshot.layers, references },
      },
    });
    const queries = [0, 1, 2, 3].map((seed) => ({ ...query, case_id: `seed ${seed}`, seed }));
    const arena = arenaOf([{ snapshot, queries }], "seed");
    arena.cases.forEach((c, k) => {
      const targets = Uint32Array.from({ length: 2 * k + 1 }, (_, t) => (c.query.seed + 1 + 5 * t) % n);
      Object.assign(c, { targets, relevance: new Float64Array(targets.length).fill(1), ideal: 1 });
    });
    for (const formula of [SPEC, COUPLING]) {
      const point = defaultPoint(searchSpace(formula));
      assertRanks(arena, formula, point, new Engine(arena, formula, { backend: "simd" }));
    }
  }
});

Deno.test("two files, no edges, nothing listed: the one candidate ranks first", () => {
  const input = blankInput(["a.ts", "b.ts"]);
  const arena = arenaOf([{ snapshot: input.snapshot, queries: [input.query] }], "seed");
  for (const formula of [SPEC, COUPLING]) {
    const point = defaultPoint(searchSpace(formula));
    for (const backend of ["plain", "simd"] as const) {
      assert.deepEqual([...new Engine(arena, formula, { backend }).evaluate(point)], [1]);
    }
  }
});

Deno.test("scores too far apart for a Float32 are left to double precision", () => {
  const files = Array.from({ length: 12 }, (_, i) => `f${String(i).padStart(2, "0")}.ts`);
  const far = Object.fromEntries(files.map((_, i) => [i, i === 0 ? 0 : Math.pow(10, -i / 3)]));
  const input = withSparse(blankInput(files), {
    jaccard: far,
    jaccard_500: far,
    confidence: far,
    decayed_50: far,
  });
  const arena = arenaOf([{ snapshot: input.snapshot, queries: [input.query] }]);
  const formula = parseFormula({
    record: "formula/1",
    name: "steep",
    description: "powers of powers of ten",
    root: {
      op: "log_linear",
      id: "score",
      terms: ["jaccard", "jaccard_500", "confidence", "decayed_50"].map((measure) => ({
        op: "signal",
        id: measure,
        signal: "coupling",
        options: { measure },
        bind: { gamma: 3 },
      })),
      weights: [5, 5, 5, 5],
    },
  });
  assertRanks(arena, formula, {}, new Engine(arena, formula));
});

Deno.test("a file that no list names keeps its place though its factors are tiny", () => {
  const files = Array.from({ length: 12 }, (_, i) => `f${String(i).padStart(2, "0")}.ts`);
  const listed = { jaccard: { 3: 0.5 }, jaccard_500: { 4: 0.5 } };
  const days = Uint16Array.from(files, (_, i) => 120 - 10 * i);
  const input = withSparse(blankInput(files, { snapshot: { days } }), listed);
  const arena = arenaOf([{ snapshot: input.snapshot, queries: [input.query] }]);
  Object.assign(arena.cases[0]!, {
    targets: Uint32Array.of(1, 11),
    relevance: Float64Array.of(1, 1),
    ideal: 2,
  });
  const coupling = (measure: string) => ({
    op: "signal",
    id: measure,
    signal: "coupling",
    options: { measure },
    bind: { gamma: 1 },
  });
  const formula = parseFormula({
    record: "formula/1",
    name: "faint",
    description: "powers of what most files have nothing of",
    root: {
      op: "weighted_sum",
      id: "score",
      terms: [{
        op: "log_linear",
        id: "steep",
        terms: [
          { op: "signal", id: "recency", signal: "recency", bind: { half_life: 30 } },
          coupling("jaccard"),
          coupling("jaccard_500"),
        ],
        weights: [1, 5, 5],
      }],
      weights: [1],
    },
  });
  assertRanks(arena, formula, {}, new Engine(arena, formula));
});

Deno.test("a walk over several layers is prepared anew for other shares and not for equal ones", () => {
  const formula = parseFormula({
    record: "formula/1",
    name: "layers",
    description: "one walk",
    root: { op: "signal", signal: "multi_layer_pagerank" },
  });
  fc.assert(
    fc.property(blocks, arbitraryPoint(formula), arbitraryPoint(formula), (drawn, a, b) => {
      const arena = arenaOf(drawn), engine = new Engine(arena, formula, { backend: "simd" });
      assertRanks(arena, formula, a, engine);
      assertRanks(arena, formula, b, engine);
      assertRanks(arena, formula, a, engine);
    }),
    { seed: 37, numRuns: 15 },
  );
});

Deno.test("a walk over several layers with constant shares is prepared once for all engines of an arena", () => {
  const layered = (beta_temporal: number) =>
    parseFormula({
      record: "formula/1",
      name: "mixed",
      description: "one walk",
      root: {
        op: "signal",
        signal: "multi_layer_pagerank",
        bind: { beta_reference: 0.2, beta_temporal, beta_semantic: 0.1, beta_import: 0.1 },
      },
    });
  fc.assert(
    fc.property(blocks, arbitraryPoint(layered(0.6)), (drawn, point) => {
      const arena = arenaOf(drawn), memory = KernelMemory.of(arena);
      const kept = (...betas: number[]) => {
        for (const beta of betas) {
          using engine = new Engine(arena, layered(beta), { backend: "simd" });
          assertRanks(arena, layered(beta), point, engine);
        }
        return [...memory.cache.keys()].filter((key) => key.startsWith("walk ")).length;
      };
      assert.equal(kept(0.6, 0.01, 0.6), 2);
      assert.equal(kept(0.1, 0.2, 0.3, 0.4, 0.5, 0.01), 4, "ever new mixes are not kept for ever");
    }),
    { seed: 39, numRuns: 10 },
  );
});

Deno.test("parts are the reference's values of every node, on either path", () => {
  fc.assert(
    fc.property(blocks, arbitraryFormulaAndPoint(), (drawn, [formula, point]) => {
      const arena = arenaOf(drawn);
      for (const backend of ["auto", "plain"] as const) {
        using engine = new Engine(arena, formula, { backend });
        for (const { snapshot, cases } of arena.groups) {
          for (const c of cases) {
            const wanted = evaluateFormula(formula, point, { snapshot, query: c.query }, arena.mode);
            const parts = engine.parts(point, c.index);
            assert.deepEqual([...parts.keys()], [...wanted.keys()]);
            for (const [id, values] of wanted) {
              const off = values.findIndex((v, i) => Math.abs(v - parts.get(id)![i]!) > 1e-9 * v);
              assert.equal(off, -1, `${id} of file ${off}`);
            }
          }
        }
        assert.throws(() => engine.parts(point, arena.cases.length), /arena has \d+ cases/);
      }
    }),
    { seed: 40, numRuns: 30 },
  );
});

Deno.test("where values leave a Float64 every path does as the reference: it refuses in its words, or ranks", () => {
  const files = Array.from({ length: 12 }, (_, i) => `f${String(i).padStart(2, "0")}.ts`);
  const jaccard = Object.fromEntries(files.map((_, i) => [i, i === 0 ? 0 : 1 - i / 20]));
  const churn = Uint16Array.from(files, (_, i) => (5 * i) % 12 * 10);
  const input = withSparse(blankInput(files, { snapshot: { churn } }), { jaccard });
  const arena = arenaOf([{ snapshot: input.snapshot, queries: [input.query] }]);
  let made = 0;
  const listed = () => ({
    op: "signal",
    id: `n${made++}`,
    signal: "coupling",
    options: { measure: "jaccard" },
    bind: { gamma: 1 },
  });
  const coded = () => ({ op: "signal", id: `n${made++}`, signal: "churn", bind: { threshold: 10 } });
  const boosts = (times: number, leaf: () => object) =>
    Array.from({ length: times }, () => ({ op: "boost", id: `n${made++}`, peak: 10_000, term: leaf() }));
  const shut = (times: number, leaf: () => object) =>
    Array.from(
      { length: times },
      () => ({ op: "gate", id: `n${made++}`, threshold: 1, on: 1, off: 1e-60, term: leaf() }),
    );
  const node = (op: string, terms: object[], more = {}) => ({ op, id: `n${made++}`, terms, ...more });
  const roots: Record<string, object> = {
    "just inside": node("product", boosts(70, listed)),
    "listed boosts": node("product", boosts(100, listed)),
    "coded boosts": node("product", boosts(100, coded)),
    "below a gate": { op: "gate", threshold: 0.5, on: 3, off: 1, term: node("product", boosts(100, listed)) },
    "below a negative exponent": node("log_linear", [
      node("product", boosts(100, coded)),
      ...boosts(1, listed),
    ], {
      weights: [-1, 1],
    }),
    "any one is enough": node("noisy_or", [node("product", boosts(100, listed)), listed()], {
      weights: [0.5, 0.5],
    }),
    "ranks of infinities": node("reciprocal_rank_fusion", [node("product", boosts(100, coded)), listed()], {
      weights: [1, 1],
      k: 60,
    }),
    "too much, then too little": node("product", [...boosts(85, listed), ...shut(3, coded)]),
    "too little, then too much": node("product", [...shut(6, listed), ...boosts(85, coded)]),
    "nothing left": node("product", [...shut(6, coded), ...boosts(1, listed)]),
    "a steep fall": node("log_linear", boosts(20, coded), { weights: Array(20).fill(-4) }),
  };
  const outcome = (ask: () => unknown) => {
    try {
      return ask();
    } catch (error) {
      assert.ok(error instanceof RangeError);
      return error.message;
    }
  };
  let refused = 0;
  for (const [what, root] of Object.entries(roots)) {
    const formula = parseFormula({ record: "formula/1", name: "steep", description: what, root });
    const wanted = outcome(() => {
      const query = { snapshot: input.snapshot, query: input.query };
      return void evaluateFormula(formula, {}, query, arena.mode);
    });
    if (wanted !== undefined) refused++;
    for (const backend of ["auto", "plain"] as const) {
      const engine = new Engine(arena, formula, { backend });
      assert.equal(outcome(() => void engine.ranks({})), wanted, `${what}, ${backend}`);
      assert.equal(outcome(() => void engine.evaluateAll([{}, {}, {}])), wanted, `${what}, ${backend}`);
      assert.equal(outcome(() => void engine.forEachCase({}, () => {})), wanted, `${what}, ${backend}`);
      if (wanted === undefined) assertRanks(arena, formula, {}, engine);
    }
  }
  assert.equal(refused, 7);
});

Deno.test("two walks of one signal stand at their own alphas", () => {
  const walk = (id: string, alpha: number) => ({ op: "signal", id, signal: "pagerank", bind: { alpha } });
  const formula = parseFormula({
    record: "formula/1",
    name: "pair",
    description: "two walks",
    root: { op: "product", id: "score", terms: [walk("near", 0.1), walk("far", 0.95)] },
  });
  fc.assert(
    fc.property(blocks, arbitraryPoint(formula), (drawn, point) => {
      const arena = arenaOf(drawn);
      assertRanks(arena, formula, point, new Engine(arena, formula, { backend: "simd" }));
    }),
    { seed: 38, numRuns: 15 },
  );
});

Deno.test("several cores give the same bytes as one, and end when told", async () => {
  const drawn = fc.sample(arbitraryBlock({ least: 20, most: 60 }), { seed: 39, numRuns: 40 });
  const arena = arenaOf(drawn), one = new Engine(arena, SPEC);
  using two = new ParallelEngine(arena, SPEC, { cores: 2 });
  const points = fc.sample(arbitraryPoint(SPEC), { seed: 40, numRuns: 20 });
  for (const [i, point] of points.entries()) {
    if (i === 5) await two.ready;
    assert.deepEqual(two.evaluate(point), one.evaluate(point));
    assert.deepEqual(two.ranks(point), one.ranks(point));
  }
});

Deno.test("points evaluated together have the values they have alone, on any path and number of cores", async () => {
  const drawn = fc.sample(arbitraryBlock({ least: 20, most: 40 }), { seed: 41, numRuns: 6 });
  for (const [formula, points] of fc.sample(arbitraryFormulaAndPoints(11), { seed: 42, numRuns: 25 })) {
    const arena = arenaOf(drawn), some = arena.subset((g) => g.cases[0]!.index % 2 === 0);
    using both = new ParallelEngine(arena, formula);
    await both.ready;
    for (const engine of [new Engine(arena, formula), new Engine(some, formula), both]) {
      const together = engine.evaluateAll(points), alone = new Engine(engine.arena, formula);
      points.forEach((point, p) => assert.deepEqual(together[p], alone.evaluate(point)));
      assert.equal(engine.caseEvaluations, points.length * engine.arena.cases.length);
    }
  }
});

Deno.test("any number of points together, of one alpha or several, with ties, silence and many files, has the values each has alone", () => {
  for (const n of [3, 40, 1500]) {
    const { files, references } = ringOf(n);
    const { snapshot, query } = blankInput(files, {
      snapshot: {
        // Half of the files share an age and have ties to be ordered.
        days: Uint16Array.from(files, (_, i) => i % 2 ? 30 : i * 37 % 400),
        churn: Uint16Array.from(files, (_, i) => i * 11 % 30),
        layers: { ...blankInput(files).snapshot.layers, references },
      },
    });
    const queries = [0, 1, 2].map((seed) => ({ ...query, case_id: `seed ${seed}`, seed }));
    const arena = arenaOf([{ snapshot, queries }], "seed");
    arena.cases.forEach((c, k) => {
      const others = Uint32Array.from(snapshot.files.keys()).filter((i) => i !== c.query.seed);
      const targets = others.filter((_, i) => i % (k + 2) === 0).slice(0, 7);
      Object.assign(c, { targets, relevance: new Float64Array(targets.length).fill(1), ideal: 3 });
    });
    for (const formula of [SPEC, COUPLING]) {
      const space = searchSpace(formula), start = defaultPoint(space);
      const drawn = space.length ? fc.sample(arbitraryPoint(formula), { seed: 7, numRuns: 9 }) : [];
      const alike = drawn.map((point) => ({ ...point, pagerank_alpha: start["pagerank_alpha"]! }));
      for (const points of space.length ? [drawn, alike] : [Array(9).fill(start) as Point[]]) {
        const alone = points.map((point) => new Engine(arena, formula).evaluate(point));
        const engine = new Engine(arena, formula);
        for (let count = 1; count <= points.length; count++) {
          assert.deepEqual(engine.evaluateAll(points.slice(0, count)), alone.slice(0, count));
        }
      }
    }
  }
});

/** A formula around one node. */
const formulaOf = (root: unknown) =>
  parseFormula({ record: "formula/1", name: "one", description: "drawn by hand", root });
const bentCoupling = (measure: string, gamma: number, id = measure) => ({
  op: "signal",
  id,
  signal: "coupling",
  options: { measure },
  bind: { gamma },
});

Deno.test("where every candidate is relevant nDCG is 1, however close the scores are", () => {
  const files = Array.from({ length: 12 }, (_, i) => `f${String(i).padStart(2, "0")}.ts`);
  const random = randomStream(7, "close");
  const base = blankInput(files),
    queries = Array.from({ length: 600 }, (_, k) => {
      const jaccard = Object.fromEntries(
        files.slice(1).map((_, i) => [i + 1, Math.fround(0.5 + 4e-6 * random())]),
      );
      return { ...withSparse(base, { jaccard }).query, case_id: `case ${k}` };
    });
  const arena = arenaOf([{ snapshot: base.snapshot, queries }]);
  const ideal = Array.from({ length: 10 }, (_, k) => 1 / Math.log2(k + 2)).reduce((a, b) => a + b);
  for (const c of arena.cases) {
    const targets = Uint32Array.from({ length: 11 }, (_, i) => i + 1);
    Object.assign(c, { targets, relevance: new Float64Array(11).fill(1), ideal });
  }
  const formula = formulaOf({ op: "boost", id: "b", peak: 5, term: bentCoupling("jaccard", 1) });
  for (const backend of ["simd", "plain"] as const) {
    const engine = new Engine(arena, formula, { backend });
    for (const values of [engine.evaluate({}), ...engine.evaluateAll([{}, {}, {}, {}])]) {
      values.forEach((value) => assert.ok(Math.abs(value - 1) < 1e-12, `${backend}: ${value}`));
    }
  }
});

Deno.test("walks longer than any basis are ranked as the reference does, for the engine knows that it does not know", () => {
  for (const [n, back] of [[40, 0], [100, 0], [100, 1], [130, 2]] as const) {
    const files = Array.from({ length: n }, (_, i) => `f${String(i).padStart(3, "0")}.ts`);
    const along = files.slice(1).map((_, i) => [i, i + 1, 1] as const);
    const backwards = back === 1
      ? [[n - 1, 0, 1] as const]
      : back === 2
      ? files.slice(1).map((_, i) => [i + 1, i, 1] as const)
      : [];
    const blank = blankInput(files), references = edgeLayer(n, [...along, ...backwards]);
    const { snapshot, query } = blankInput(files, {
      snapshot: { layers: { ...blank.snapshot.layers, references } },
    });
    const arena = arenaOf([{ snapshot, queries: [query] }], "seed");
    Object.assign(arena.cases[0]!, {
      targets: Uint32Array.from({ length: n - 1 }, (_, i) => i + 1),
      relevance: new Float64Array(n - 1).fill(1),
      ideal: 1,
    });
    for (const alpha of [0.5, 0.9, 0.96, 0.99]) {
      const point = {
        ...defaultPoint(searchSpace(SPEC)),
        pagerank_alpha: alpha,
        pagerank_chat_multiplier: 1000,
      };
      for (const backend of ["simd", "plain"] as const) {
        assertRanks(arena, SPEC, point, new Engine(arena, SPEC, { backend }));
      }
    }
  }
});

Deno.test("bent measurements one digit apart are told apart, and steps on them stand where double precision has them", () => {
  const files = Array.from({ length: 20 }, (_, i) => `f${String(i).padStart(2, "0")}.ts`);
  const arenaWith = (listed: Record<number, number>) => {
    const input = withSparse(blankInput(files), { jaccard: listed });
    const arena = arenaOf([{ snapshot: input.snapshot, queries: [input.query] }]);
    const targets = Uint32Array.from({ length: 19 }, (_, i) => i + 1);
    Object.assign(arena.cases[0]!, { targets, relevance: new Float64Array(19).fill(1), ideal: 1 });
    return arena;
  };
  const check = (arena: Arena, root: unknown) =>
    assertRanks(arena, formulaOf(root), {}, new Engine(arena, formulaOf(root), { backend: "simd" }));
  check(arenaWith({ 3: 0.5, 9: 0.5 + 2 ** -24 }), bentCoupling("jaccard", 0.2));
  for (const x of [0.3, 0.5, 0.7]) {
    const bent = Math.pow(Math.fround(x), 0.5);
    for (const threshold of [bent - 1e-9, bent, bent + 1e-9]) {
      check(arenaWith({ 9: x }), {
        op: "gate",
        id: "g",
        threshold,
        on: 3,
        off: 0.5,
        term: bentCoupling("jaccard", 0.5),
      });
    }
  }
});

Deno.test("products of many small weights are not taken for nothing", () => {
  const files = Array.from({ length: 24 }, (_, i) => `f${String(i).padStart(2, "0")}.ts`);
  const churn = Uint16Array.from(files, (_, i) => 1 + (i * 7) % 30);
  const { snapshot, query } = blankInput(files, { snapshot: { churn } });
  const arena = arenaOf([{ snapshot, queries: [query] }]);
  const targets = Uint32Array.from({ length: 23 }, (_, i) => i + 1);
  Object.assign(arena.cases[0]!, { targets, relevance: new Float64Array(23).fill(1), ideal: 1 });
  const terms = Array.from({ length: 14 }, (_, k) => ({
    op: "weighted_sum",
    id: `sum${k}`,
    terms: [{ op: "signal", id: `p${k}`, signal: "popularity", bind: { gamma: 1 } }],
    weights: [0.001],
  }));
  const formula = formulaOf({ op: "product", id: "p", terms });
  assertRanks(arena, formula, {}, new Engine(arena, formula));
});

Deno.test("where a walk comes close to a cut or to another term, ranks are the reference's on the plain path too", () => {
  const { files, references } = ringOf(40);
  const blank = blankInput(files), days = Uint16Array.from(files, (_, i) => 17 * i % 300);
  const { snapshot, query } = blankInput(files, {
    snapshot: { days, layers: { ...blank.snapshot.layers, references } },
  });
  const arena = arenaOf([{ snapshot, queries: [query] }], "seed");
  const targets = Uint32Array.from({ length: 39 }, (_, i) => i + 1);
  Object.assign(arena.cases[0]!, { targets, relevance: new Float64Array(39).fill(1), ideal: 1 });
  const walk = { op: "signal", id: "walk", signal: "pagerank", bind: { alpha: 0.85 } };
  const one = formulaOf(walk), at = defaultPoint(searchSpace(one));
  const values = evaluateFormula(one, at, { snapshot, query }, "seed").get(resolveNodes(one).id)!;
  const recency = { op: "signal", id: "recency", signal: "recency", bind: { half_life: 30 } };
  for (const file of [3, 11, 24]) {
    for (const off of [-3e-8, 3e-8]) {
      const weight = (1 + off) / values[file]!;
      for (
        const node of [
          { op: "noisy_or", id: "or", terms: [walk], weights: [weight] },
          {
            op: "max",
            id: "most",
            terms: [walk, { op: "gate", id: "g", threshold: 0, on: 1, off: 1, term: recency }],
            weights: [weight, 1],
          },
        ]
      ) {
        const formula = formulaOf(node), point = { ...defaultPoint(searchSpace(formula)), ...at };
        for (const backend of ["auto", "plain"] as const) {
          assertRanks(arena, formula, point, new Engine(arena, formula, { backend }));
        }
      }
    }
  }
});

Deno.test("a disposed engine gives its memory to the next and says that it is gone", () => {
  const formula = parseFormula({
    record: "formula/1",
    name: "layers",
    description: "a walk nobody shares, times what all share",
    root: {
      op: "product",
      id: "score",
      terms: [{ op: "signal", signal: "multi_layer_pagerank" }, { op: "signal", signal: "pagerank" }],
    },
  });
  const arena = arenaOf(fc.sample(arbitraryBlock({ least: 20, most: 40 }), { seed: 43, numRuns: 4 }));
  const points = fc.sample(arbitraryPoint(formula), { seed: 44, numRuns: 3 });
  const evaluate = (point: Point) => {
    using engine = new Engine(arena, formula);
    return engine.evaluate(point);
  };
  const first = points.map(evaluate), held = KernelMemory.of(arena).size;
  for (let k = 0; k < 5; k++) assert.deepEqual(points.map(evaluate), first);
  assert.equal(KernelMemory.of(arena).size, held);
  const gone = new Engine(arena, formula);
  gone[Symbol.dispose]();
  assert.throws(() => gone.evaluate(points[0]!), /the engine was disposed/);
  assert.throws(() => gone.ranks(points[0]!), /the engine was disposed/);
});

Deno.test("a backend that cannot run the formula is refused by name", () => {
  const input = blankInput(["a.ts", "b.ts"]);
  const arena = arenaOf([{ snapshot: input.snapshot, queries: [input.query] }]);
  const formula = parseFormula({
    record: "formula/1",
    name: "fused",
    description: "ranks",
    root: { op: "reciprocal_rank_fusion", terms: [{ op: "signal", signal: "recency" }] },
  });
  assert.throws(() => new Engine(arena, formula, { backend: "simd" }), /fused.*use "auto"/);
  assert.equal(new Engine(arena, formula).backend, "plain");
});

Deno.test("streamed in parts, cases have the values they have in one arena", () => {
  const drawn = fc.sample(arbitraryBlock({ least: 5, most: 30 }), { seed: 41, numRuns: 12 });
  const corpora = [corpusOf(drawn.slice(0, 7)), corpusOf(drawn.slice(7), "s")];
  const options = { splits: ["train"], mode: "seed" } as const;
  const arena = Arena.load(corpora, options), whole = new Engine(arena, DECAYED);
  const points = fc.sample(arbitraryPoint(DECAYED), { seed: 42, numRuns: 4 });
  for (const mostCaseFiles of [1, 150, 1e9]) {
    const streamed = new StreamingEngine(corpora, options, DECAYED, { mostCaseFiles });
    assert.deepEqual(streamed.evaluate(points), points.map((p) => whole.evaluate(p)));
    assert.deepEqual(streamed.means(points), points.map((p) => whole.mean(p)));
  }
});
