/** The reference ranker: who is ranked, how parts make the score, how equals stand. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { BUILTINS, SPEC } from "../../lib/formula/builtins.ts";
import { parseFormula } from "../../lib/formula/document.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { BASELINES } from "../../lib/ranker/baselines.ts";
import { evaluateFormula, meanRanks, teleportWeights } from "../../lib/ranker/evaluate.ts";
import { rankFiles } from "../../lib/ranker/rank.ts";
import { tieOrder } from "../../lib/records/run.ts";
import { QUERY_MODES } from "../../lib/records/snapshot.ts";
import { defaultPoint, fromUnit } from "../../lib/records/space.ts";
import type { SignalInput } from "../../lib/signals/signal.ts";
import { randomBlock } from "../helpers/snapshots.ts";

const inputOf = (seed: number, n = 12): SignalInput => {
  const { snapshot, queries } = randomBlock(seed, n, 1);
  return { snapshot, query: queries[0]! };
};

Deno.test("every candidate is ranked once and the seed never, by every built-in formula and baseline", () => {
  const formulas = [...BUILTINS.values(), ...BASELINES];
  fc.assert(
    fc.property(
      fc.nat(1000),
      fc.integer({ min: 1, max: 20 }),
      fc.constantFrom(...QUERY_MODES),
      (seed, n, mode) => {
        const input = inputOf(seed, n);
        for (const formula of formulas) {
          const run = rankFiles(formula, defaultPoint(searchSpace(formula)), input, mode);
          assert.equal(run.case_id, input.query.case_id);
          const wanted = input.snapshot.files.filter((_, i) => i !== input.query.seed).sort();
          assert.deepEqual(run.files.map((f) => f.file).sort(), wanted);
          run.files.forEach((f, i) => {
            assert.equal(f.rank, i + 1);
            assert.ok(i === 0 || f.score <= run.files[i - 1]!.score);
          });
        }
      },
    ),
    { seed: 1, numRuns: 25 },
  );
});

Deno.test("the parts of a file multiply to its score under the spec's formula, at any point", () => {
  fc.assert(
    fc.property(
      fc.nat(1000),
      fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 17, maxLength: 17 }),
      (seed, u) => {
        const point = Object.fromEntries(searchSpace(SPEC).map((p, i) => [p.name, fromUnit(p, u[i]! / 10)]));
        for (const { score, parts } of rankFiles(SPEC, point, inputOf(seed), "message").files) {
          assert.equal(Object.keys(parts).length, 8);
          assert.equal(Object.values(parts).reduce((product, v) => product * v, 1), score);
        }
      },
    ),
    { seed: 2, numRuns: 40 },
  );
});

Deno.test("equal scores stand in the snapshot's order, which is the fixed tie order, unrelated to names", () => {
  const nothing = parseFormula({
    record: "formula/1",
    name: "nothing",
    description: "",
    root: { op: "signal", signal: "mentioned_file" },
  });
  const input = inputOf(5, 40);
  const ranked = rankFiles(nothing, {}, input, "seed").files.map((f) => f.file);
  const all = [...input.snapshot.files];
  assert.deepEqual(ranked, all.filter((_, i) => i !== input.query.seed));
  assert.deepEqual([...tieOrder(all)], [...all.keys()]);
  assert.notDeepEqual(ranked, [...ranked].sort());
});

Deno.test("seed queries do not hear the message: signals that need it are silent", () => {
  const heard = parseFormula({
    record: "formula/1",
    name: "heard",
    description: "",
    root: { op: "signal", signal: "message_similarity", bind: { gamma: 1 } },
  });
  const input = inputOf(6);
  assert.ok(evaluateFormula(heard, {}, input, "seed").get("message_similarity")!.every((v) => v === 0));
  assert.ok(evaluateFormula(heard, {}, input, "message").get("message_similarity")!.some((v) => v > 0));
});

Deno.test("every combinator computes what its description says", () => {
  const input = inputOf(8);
  const leaf = (id: string, signal: string) => ({ op: "signal", id, signal, bind: { gamma: 1 } });
  const terms = [leaf("x", "path_proximity"), leaf("y", "popularity")];
  const at = (root: object) => {
    const values = evaluateFormula(
      parseFormula({ record: "formula/1", name: "f", description: "", root }),
      {},
      input,
      "seed",
    );
    return [...input.snapshot.files.keys()].map((i) => ({
      x: values.get("x")![i]!,
      y: values.get("y")?.[i] ?? NaN,
      v: values.get("root")![i]!,
    }));
  };
  const near = (root: object, wanted: (x: number, y: number) => number) => {
    for (const { x, y, v } of at({ id: "root", ...root })) {
      assert.ok(
        Math.abs(v - wanted(x, y)) <= 1e-12 * Math.max(1, v),
        `${JSON.stringify(root)}: ${v} at ${x}, ${y}`,
      );
    }
  };
  near({ op: "product", terms }, (x, y) => x * y);
  near({ op: "weighted_sum", terms, weights: [2, 3] }, (x, y) => 2 * x + 3 * y);
  near({ op: "noisy_or", terms, weights: [0.5, 1] }, (x, y) => 1 - (1 - 0.5 * x) * (1 - y));
  near({ op: "max", terms, weights: [1, 2] }, (x, y) => Math.max(x, 2 * y));
  near({ op: "log_linear", terms, weights: [1, -2] }, (x, y) => (x + 1e-6) * (y + 1e-6) ** -2);
  near({ op: "boost", peak: 10, term: terms[0] }, (x) => 1 + 9 * x);
  near({ op: "gate", threshold: 0.5, on: 3, off: 0.25, term: terms[0] }, (x) => x >= 0.5 ? 3 : 0.25);
  const rows = at({ id: "root", op: "reciprocal_rank_fusion", terms, weights: [1, 2], k: 60 });
  const places = (of: "x" | "y") => meanRanks(Float64Array.from(rows, (r) => r[of]));
  const [px, py] = [places("x"), places("y")];
  rows.forEach(({ v }, i) => assert.ok(Math.abs(v - 1 / (60 + px[i]!) - 2 / (60 + py[i]!)) < 1e-15));
});

Deno.test("meanRanks gives equal values the mean of their places", () => {
  assert.deepEqual([...meanRanks(Float64Array.of(0.5, 2, 0.5, 0, 0.5))], [3, 1, 3, 5, 3]);
  assert.deepEqual([...meanRanks(Float64Array.of(1, 1))], [1.5, 1.5]);
  assert.deepEqual([...meanRanks(new Float64Array(0))], []);
});

Deno.test("a walk restarts by depth class, and at the seed and chat files once the multiplier more", () => {
  const input = inputOf(9);
  const at = {
    depth_root: 1,
    depth_moderate: 0.5,
    depth_deep: 0.1,
    depth_vendor: 0.01,
    chat_multiplier: 100,
  };
  const chat = new Set([input.query.seed, ...input.query.sparse.chat.index]);
  const wanted = [...input.snapshot.depth_class].map((c, i) =>
    [1, 0.5, 0.1, 0.01][c]! * (chat.has(i) ? 100 : 1)
  );
  assert.deepEqual([...teleportWeights(at, input)], wanted);
});

Deno.test("a value that is not finite or negative is refused with its node's path", () => {
  const huge = parseFormula({
    record: "formula/1",
    name: "huge",
    description: "",
    root: {
      op: "log_linear",
      id: "top",
      terms: Array.from({ length: 60 }, (_, i) => ({ op: "signal", id: `s${i}`, signal: "mentioned_file" })),
      weights: Array.from({ length: 60 }, () => -2),
    },
  });
  assert.throws(
    () => evaluateFormula(huge, {}, inputOf(1), "seed"),
    /Cannot rank: root \(top\) gives Infinity/,
  );
});
