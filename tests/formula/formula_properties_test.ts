import assert from "node:assert/strict";
import fc from "fast-check";
import { canonicalJson } from "../../lib/base/canonical.ts";
import { randomIndex, type RandomSource, randomStream } from "../../lib/base/random.ts";
import { carryPoint, neutralPoint } from "../../lib/formula/carry.ts";
import { diffFormulas } from "../../lib/formula/diff.ts";
import {
  type Formula,
  FormulaError,
  type Node,
  parseFormula,
  resolveNodes,
  walkNodes,
} from "../../lib/formula/document.ts";
import { closeDraft, openDraft } from "../../lib/formula/draft.ts";
import { drawMarkdown, drawSvg, drawText } from "../../lib/formula/draw.ts";
import { type Edit, EditError } from "../../lib/formula/edit_schema.ts";
import { applyEdits } from "../../lib/formula/edits.ts";
import { formulaHash } from "../../lib/formula/formula_hash.ts";
import { searchSpace, slotsOf } from "../../lib/formula/parameters.ts";
import { printFormula } from "../../lib/formula/print.ts";
import { evaluateFormula } from "../../lib/ranker/evaluate.ts";
import { rankFiles } from "../../lib/ranker/rank.ts";
import { checkSpace, parsePoint } from "../../lib/records/space.ts";
import { allSignals } from "../../lib/signals/registry.ts";
import { WALK_COORDINATES } from "../../lib/signals/signal.ts";
import {
  arbitraryFormula,
  arbitraryFormulaAndPoint,
  randomFormula,
  randomPoint,
} from "../helpers/arbitrary_formula.ts";
import { arbitraryInput } from "../helpers/arbitrary_snapshot.ts";

/** A random edit, most often one that can be applied. */
function randomEdit(formula: Formula, random: RandomSource): unknown {
  const pick = <T>(items: readonly T[]) => items[randomIndex(random, items.length)]!;
  const nodes = [...walkNodes(resolveNodes(formula))], space = searchSpace(formula);
  const node = pick(nodes), id = random() < 0.95 ? node.id : "nowhere";
  const slot = slotsOf(node)[0], signal = pick(allSignals());
  const leaf: Node = { op: "signal", signal: signal.name };
  const ops = ["product", "weighted_sum", "noisy_or", "max", "reciprocal_rank_fusion", "log_linear"] as const;
  const place = slot?.place ?? "weight";
  const parameter = space.length > 0 ? pick(space) : undefined;
  return pick([
    { edit: "add_term", at: id, term: random() < 0.5 ? leaf : { op: "boost", term: leaf } },
    { edit: "add_term", at: id, term: leaf, weight: random() },
    { edit: "drop_term", id },
    { edit: "replace_combinator", id, op: pick(ops) },
    { edit: "swap_signal", id, signal: signal.name },
    { edit: "set_option", id, option: "measure", value: "decayed_200" },
    { edit: "wrap", id, with: pick(["boost", "gate", ...ops] as const) },
    { edit: "unwrap", id },
    { edit: "untie", id, place, param: `free_${randomIndex(random, 3)}` },
    { edit: "tie", id, place, to: random() < 0.5 ? random() * 2 : parameter?.name ?? "nothing" },
    { edit: "set_bounds", param: parameter?.name ?? "nothing", low: random(), default: 1 },
  ]);
}

Deno.test("a formula survives JSON, a draft and its own canonical text", () => {
  fc.assert(
    fc.property(arbitraryFormula({ leaves: 8 }), (formula) => {
      assert.deepEqual(parseFormula(JSON.parse(JSON.stringify(formula))), formula);
      const copy = parseFormula(JSON.parse(canonicalJson(formula)));
      assert.equal(formulaHash(copy), formulaHash(formula));
      const rewritten = parseFormula({ ...formula, root: closeDraft(openDraft(resolveNodes(formula))) });
      assert.equal(formulaHash(rewritten), formulaHash(formula));
      assert.deepEqual(searchSpace(rewritten), searchSpace(formula));
      assert.deepEqual(diffFormulas(formula, rewritten), []);
    }),
    { seed: 31, numRuns: 150 },
  );
});

Deno.test("every search space is checked, holds every tunable number once, and its default is a point", () => {
  fc.assert(
    fc.property(arbitraryFormula({ leaves: 8 }), (formula) => {
      const space = searchSpace(formula);
      checkSpace(space);
      parsePoint(space, {});
      const bound = [...walkNodes(resolveNodes(formula))].flatMap((node) =>
        slotsOf(node).flatMap(({ binding }) => typeof binding === "number" ? [] : [binding.param])
      );
      assert.deepEqual(new Set(space.map((p) => p.name)), new Set(bound));
    }),
    { seed: 32, numRuns: 150 },
  );
});

Deno.test("edits apply or are refused, and never leave anything broken behind", () => {
  let applied = 0, refused = 0;
  fc.assert(
    fc.property(arbitraryFormula({ leaves: 5 }), fc.nat(1e6), (start, seed) => {
      const random = randomStream(seed, "edits");
      let formula = start;
      for (let step = 0; step < 6; step++) {
        const before = JSON.stringify(formula), edit = randomEdit(formula, random);
        let edited: Formula;
        try {
          edited = applyEdits(formula, [edit], { name: "edited", description: "" });
        } catch (error) {
          assert.ok(error instanceof EditError, `${JSON.stringify(edit)}: ${String(error)}`);
          assert.equal(error.index, 0);
          assert.ok(error.reason.length > 0);
          refused++;
          continue;
        } finally {
          assert.equal(JSON.stringify(formula), before);
        }
        applied++;
        assert.deepEqual(parseFormula(JSON.parse(JSON.stringify(edited))), edited);
        checkSpace(searchSpace(edited));
        const point = randomPoint(formula, random);
        for (const carry of [carryPoint, neutralPoint]) {
          const carried = carry(formula, edited, point);
          assert.deepEqual(parsePoint(searchSpace(edited), carried), carried);
        }
        const changes = diffFormulas(formula, edited);
        assert.equal(
          changes.length === 0,
          formulaHash(formula) === formulaHash(edited),
          JSON.stringify(edit),
        );
        assert.ok(printFormula(edited) && drawText(edited) && drawMarkdown(edited) && drawSvg(edited));
        formula = edited;
      }
    }),
    { seed: 33, numRuns: 150 },
  );
  assert.ok(applied > 200 && refused > 100, `${applied} applied, ${refused} refused`);
});

Deno.test("a list of edits is the edits one after the other", () => {
  fc.assert(
    fc.property(arbitraryFormula(), fc.nat(1e6), (formula, seed) => {
      const random = randomStream(seed, "list"), edits: Edit[] = [];
      let step = formula;
      for (let i = 0; i < 8; i++) {
        const edit = randomEdit(step, random) as Edit;
        try {
          step = applyEdits(step, [edit], { name: "x", description: "" });
          edits.push(edit);
        } catch (error) {
          assert.ok(error instanceof EditError);
        }
      }
      fc.pre(edits.length > 0);
      assert.deepEqual(applyEdits(formula, edits, { name: "x", description: "" }), step);
    }),
    { seed: 34, numRuns: 60 },
  );
});

const WALKS = (s: { kind: string }) => s.kind === "walk";

Deno.test("a common factor of the depth weights changes no walk", () => {
  const depths = WALK_COORDINATES.map((c) => c.name).filter((name) => name.startsWith("depth_"));
  fc.assert(
    fc.property(
      fc.constantFrom("pagerank", "multi_layer_pagerank"),
      arbitraryInput(),
      fc.array(fc.double({ min: 0.3, max: 0.9, noNaN: true }), { minLength: 4, maxLength: 4 }),
      fc.double({ min: 0.2, max: 1, noNaN: true }),
      (signal, input, weights, factor) => {
        const at = (scale: number) =>
          parseFormula({
            record: "formula/1",
            name: "walk",
            description: "",
            root: {
              op: "signal",
              signal,
              bind: Object.fromEntries(depths.map((name, i) => [name, weights[i]! * scale])),
            },
          });
        const [one, other] = [at(1), at(factor)].map((formula) => {
          const point = parsePoint(searchSpace(formula), {});
          return evaluateFormula(formula, point, input, "seed").get(signal)!;
        }) as [Float64Array, Float64Array];
        one.forEach((v, i) => assert.ok(Math.abs(v - other[i]!) <= 1e-8 * v, `${v} and ${other[i]}`));
      },
    ),
    { seed: 35, numRuns: 60 },
  );
});

Deno.test("walks average 1 over the files", () => {
  fc.assert(
    fc.property(
      arbitraryFormulaAndPoint({ leaves: 1, ops: ["signal"], signals: WALKS }),
      arbitraryInput(),
      ([formula, point], input) => {
        const values = evaluateFormula(formula, point, input, "seed").get(resolveNodes(formula).id)!;
        assert.ok(Math.abs(values.reduce((s, v) => s + v, 0) / values.length - 1) < 1e-9);
      },
    ),
    { seed: 36, numRuns: 60 },
  );
});

Deno.test("a factor common to all weights of a sum, a maximum or a fusion changes no ranking", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("weighted_sum" as const, "max" as const, "reciprocal_rank_fusion" as const),
      arbitraryFormula({ leaves: 3 }),
      arbitraryFormula({ leaves: 3, letter: "m" }),
      arbitraryInput(),
      fc.nat(1e6),
      (op, a, b, input, seed) => {
        const random = randomStream(seed, "weights");
        const terms = [a.root, b.root];
        const [v, w] = [0.1 + random(), 0.1 + random()];
        const ranked = (factor: number) => {
          const formula = parseFormula({
            record: "formula/1",
            name: "sum",
            description: "",
            root: { op, id: "sum", weights: [v * factor, w * factor], terms },
          });
          const point = randomPoint(formula, randomStream(seed, "point"));
          return rankFiles(formula, point, input, "message").files.map((f) => f.file);
        };
        // A power of two scales without rounding, so ties stay ties.
        assert.deepEqual(ranked(1), ranked(8));
      },
    ),
    { seed: 37, numRuns: 80 },
  );
});

Deno.test("raising a peak never lowers a file relative to one whose term is not larger", () => {
  fc.assert(
    fc.property(
      arbitraryFormula({ leaves: 3 }),
      arbitraryFormula({ leaves: 2, letter: "m" }),
      arbitraryInput(),
      fc.nat(1e6),
      fc.double({ min: 1, max: 100, noNaN: true }),
      fc.double({ min: 1, max: 100, noNaN: true }),
      (base, term, input, seed, p, q) => {
        const at = (peak: number) => {
          const formula = parseFormula({
            record: "formula/1",
            name: "boosted",
            description: "",
            root: {
              op: "product",
              id: "score",
              terms: [base.root, { op: "boost", id: "lift", peak, term: term.root }],
            },
          });
          const values = evaluateFormula(
            formula,
            randomPoint(formula, randomStream(seed, "p")),
            input,
            "message",
          );
          return { score: values.get("score")!, term: values.get(resolveNodes(term).id)! };
        };
        const low = at(Math.min(p, q)), high = at(Math.max(p, q)), n = low.score.length;
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            if (low.term[i]! < low.term[j]! || low.score[j] === 0) continue;
            const before = low.score[i]! / low.score[j]!, after = high.score[i]! / high.score[j]!;
            assert.ok(after >= before * (1 - 1e-12), `file ${i} against ${j}: ${before} to ${after}`);
          }
        }
      },
    ),
    { seed: 38, numRuns: 120 },
  );
});

Deno.test("every value of every formula is finite and at least 0, at every corner of its space", () => {
  fc.assert(
    fc.property(arbitraryFormulaAndPoint({ leaves: 8 }), arbitraryInput(), ([formula, point], input) => {
      for (const values of evaluateFormula(formula, point, input, "message").values()) {
        assert.ok(values.every((v) => v >= 0 && v < Infinity));
      }
    }),
    { seed: 39, numRuns: 150 },
  );
});

Deno.test("a damaged document is refused with the place of the damage", () => {
  const damages: [(node: Record<string, unknown>) => void, RegExp][] = [
    [(node) => node["op"] = "sum", /\.op$|^root\.op$/],
    [(node) => delete node["op"], /\.op$|^root\.op$/],
    [(node) => node["id"] = "Not An Id", /\.id$/],
    [(node) => node["surprise"] = 1, /^root|^formula/],
    [(node) => node["signal"] = "no_such_signal", /^root/],
    [(node) => node["bind"] = { nothing: 1 }, /^root/],
    [(node) => node["peak"] = NaN, /peak$/],
    [(node) => node["terms"] = [], /^root/],
    [(node) => node["term"] = node, /^root/],
  ];
  fc.assert(
    fc.property(fc.nat(1e6), fc.nat(1e6), fc.constantFrom(...damages), (size, seed, [damage, path]) => {
      const formula = structuredClone(randomFormula(1 + size % 6, seed)) as unknown as {
        root: Record<string, unknown>;
      };
      const nodes: Record<string, unknown>[] = [];
      const collect = (node: Record<string, unknown>) => {
        nodes.push(node);
        for (const below of [node["term"], ...(node["terms"] as unknown[] ?? [])]) {
          if (below) collect(below as Record<string, unknown>);
        }
      };
      collect(formula.root);
      damage(nodes[seed % nodes.length]!);
      assert.throws(
        () => searchSpace(parseFormula(formula)),
        (error) =>
          error instanceof FormulaError && path.test(error.path) && error.message.includes(error.path),
      );
    }),
    { seed: 40, numRuns: 200 },
  );
});
