import assert from "node:assert/strict";
import fc from "fast-check";
import { randomStream } from "../../lib/base/random.ts";
import { Bounds } from "../../lib/formula/bounds.ts";
import { type Box, exactly, fullBox, halve } from "../../lib/formula/box.ts";
import { type Formula, parseFormula, resolveNodes, walkNodes } from "../../lib/formula/document.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { linearParameters, relax, transformed } from "../../lib/formula/relaxation.ts";
import { Scene } from "../../lib/formula/scene.ts";
import { evaluateFormula } from "../../lib/ranker/evaluate.ts";
import { fromUnit, parsePoint, type Point, type SearchSpace } from "../../lib/records/space.ts";
import { allSignals } from "../../lib/signals/registry.ts";
import type { ElementwiseSignal } from "../../lib/signals/signal.ts";
import { arbitraryFormula } from "../helpers/arbitrary_formula.ts";
import { arbitraryInput, blankInput, edgeLayer } from "../helpers/arbitrary_snapshot.ts";

/** A random sub-box and points of it; some ranges are the whole, some a single value. */
function boxAndPoints(formula: Formula, seed: number, count: number): { box: Box; points: Point[] } {
  const random = randomStream(seed, "box"), space = searchSpace(formula);
  const box: Box = new Map(space.map((p) => {
    const kind = random();
    if (kind < 0.3) return [p.name, { low: p.low, high: p.high }];
    const ends = [fromUnit(p, random()), fromUnit(p, random())].sort((a, b) => a - b) as [number, number];
    return [p.name, { low: ends[0], high: kind < 0.5 ? ends[0] : ends[1] }];
  }));
  const points = Array.from({ length: count }, () =>
    Object.fromEntries(space.map((p) => {
      const { low, high } = box.get(p.name)!, u = random() * 1.2 - 0.1;
      return [p.name, low === high ? low : fromUnit({ ...p, low, high }, u)];
    })));
  return { box, points };
}

const fixBox = (space: SearchSpace, point: Point): Box =>
  new Map(space.map((p) => [p.name, exactly(point[p.name]!)]));

const close = (value: number) => 1e-8 * Math.max(1, Math.abs(value));

Deno.test("no point of a box gives any node a value outside its bounds", () => {
  fc.assert(
    fc.property(arbitraryFormula(), arbitraryInput({ most: 7 }), fc.nat(1e6), (formula, input, seed) => {
      const { box, points } = boxAndPoints(formula, seed, 4);
      const scene = new Scene(input, "message"), bounds = new Bounds(scene, box);
      const nodes = [...walkNodes(resolveNodes(formula))];
      for (const point of points) {
        const values = evaluateFormula(formula, point, input, "message");
        for (const node of nodes) {
          values.get(node.id)!.forEach((value, file) => {
            const { low, high } = bounds.value(node, file);
            assert.ok(
              value >= low - close(low) && value <= high + close(high),
              `${node.id} of file ${file}: ${value} outside [${low}, ${high}]`,
            );
          });
        }
      }
    }),
    { seed: 11, numRuns: 200 },
  );
});

Deno.test("no point of a box contradicts a relation or exceeds a gap or its linear bound", () => {
  fc.assert(
    fc.property(arbitraryFormula(), arbitraryInput({ most: 6 }), fc.nat(1e6), (formula, input, seed) => {
      const { box, points } = boxAndPoints(formula, seed, 3);
      const scene = new Scene(input, "message"), bounds = new Bounds(scene, box);
      const root = resolveNodes(formula), linear = linearParameters(root);
      const n = input.snapshot.files.length, margin = 1e-6;
      for (const point of points) {
        const values = evaluateFormula(formula, point, input, "message");
        for (let a = 0; a < n; a++) {
          for (let b = 0; b < n; b++) {
            if (a === b) continue;
            for (const node of walkNodes(root)) {
              const va = values.get(node.id)![a]!, vb = values.get(node.id)![b]!;
              const relation = bounds.relation(node, a, b);
              if (relation === "equal") assert.equal(va, vb, `${node.id} ${a} ${b}`);
              if (relation === "alike") assert.ok(Math.abs(va - vb) <= close(va), `${node.id} ${a} ${b}`);
              if (relation === "at_most") assert.ok(va <= vb + close(vb), `${node.id} ${a} ${b}`);
              const gap = bounds.gap(node, a, b);
              assert.ok(va === 0 || vb === 0 || Math.log(va / vb) <= gap + 1e-8, `${node.id} gap ${gap}`);
            }
            const va = values.get(root.id)![a]!, vb = values.get(root.id)![b]!;
            if (!(va > vb * (1 + margin))) continue;
            // The pair is ordered here, so its inequality must hold here.
            const row = relax(root, bounds, linear, a, b, margin);
            let most = row.constant - row.need;
            for (const [name, c] of row.coefficients) {
              most += c * transformed(linear.get(name)!, point[name]!);
            }
            assert.ok(most >= -1e-8, `the row of ${a} over ${b} is ${most} although the pair is ordered`);
          }
        }
      }
    }),
    { seed: 12, numRuns: 100 },
  );
});

Deno.test("the line over a boost of a continuous term holds wherever the peak is", () => {
  fc.assert(
    fc.property(
      arbitraryInput({ least: 4, most: 5 }),
      fc.constantFrom("path_proximity", "coupling", "recency", "pagerank"),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }),
      (input, signal, units) => {
        const formula = parseFormula({
          record: "formula/1",
          name: "boosted",
          description: "",
          root: { op: "product", terms: [{ op: "boost", id: "lift", term: { op: "signal", signal } }] },
        });
        const space = searchSpace(formula), { lift } = Object.fromEntries(space.map((p) => [p.name, p]));
        const ends = units.slice(0, 2).map((u) => fromUnit(lift!, u)).sort((a, b) => a - b) as [
          number,
          number,
        ];
        const fixed = parsePoint(space, {});
        const box: Box = new Map([...fixBox(space, fixed), ["lift", { low: ends[0], high: ends[1] }]]);
        const bounds = new Bounds(new Scene(input, "seed"), box), root = resolveNodes(formula);
        const linear = linearParameters(root), n = input.snapshot.files.length;
        for (const unit of units.slice(2)) {
          const peak = fromUnit({ ...lift!, low: ends[0], high: ends[1] }, unit);
          const scores = evaluateFormula(formula, { ...fixed, lift: peak }, input, "seed").get("product")!;
          for (let a = 0; a < n; a++) {
            for (let b = 0; b < n; b++) {
              if (!(scores[a]! > scores[b]! * (1 + 1e-6))) continue;
              const row = relax(root, bounds, linear, a, b, 1e-6);
              const most = row.constant + (row.coefficients.get("lift") ?? 0) * Math.log(peak);
              const gap = Math.log(scores[a]! / scores[b]!);
              assert.ok(gap <= most + 1e-8, `${signal} ${a} over ${b}: gap ${gap} above ${most}`);
            }
          }
        }
      },
    ),
    { seed: 14, numRuns: 150 },
  );
});

Deno.test("the halves of a box hold every legal point of it", () => {
  const spec = fc.record({ integer: fc.boolean(), log: fc.boolean() }).chain(({ integer, log }) =>
    fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 30 })).map(([low, width]) => ({
      name: "p",
      description: "",
      layer: "",
      default: low,
      low,
      high: low + width,
      scale: log ? "log" as const : "linear" as const,
      integer,
    }))
  );
  fc.assert(
    fc.property(spec, fc.double({ min: 0, max: 1, noNaN: true }), (p, unit) => {
      const halves = halve(fullBox([p]), p).map((box) => box.get("p")!);
      const value = fromUnit(p, unit);
      assert.ok(
        halves.some((r) => r.low <= value && value <= r.high),
        `${value} in ${JSON.stringify(halves)}`,
      );
      for (const r of halves) {
        assert.ok(r.low <= r.high && r.high - r.low < p.high - p.low, JSON.stringify(halves));
        if (p.integer) assert.ok(Number.isInteger(r.low) && Number.isInteger(r.high));
      }
    }),
    { seed: 15, numRuns: 300 },
  );
});

Deno.test("twins are files that may be exchanged: the same neighbours, each other included, and the same restarts", () => {
  const files = ["a.ts", "b.ts", "c.ts", "d.ts"];
  const twins = (edges: [number, number, number][], depth = [0, 0, 0, 0]) => {
    const blank = blankInput(files), layers = { ...blank.snapshot.layers, references: edgeLayer(4, edges) };
    const input = blankInput(files, { snapshot: { layers, depth_class: Uint8Array.from(depth) } });
    return new Scene(input, "seed").areTwins(resolveNodes(walk), 1, 2);
  };
  const walk = parseFormula({
    record: "formula/1",
    name: "walk",
    description: "",
    root: { op: "signal", signal: "pagerank" },
  });
  assert.ok(twins([]));
  assert.ok(twins([[0, 1, 2], [0, 2, 2], [1, 3, 1], [2, 3, 1]]));
  assert.ok(twins([[1, 2, 1], [2, 1, 1]]));
  assert.ok(!twins([[1, 2, 1]]));
  assert.ok(!twins([[1, 2, 1], [2, 1, 2]]));
  assert.ok(!twins([[0, 1, 2], [0, 2, 3]]));
  assert.ok(!twins([[1, 3, 1], [2, 0, 1]]));
  assert.ok(!twins([], [0, 0, 1, 0]));
});

Deno.test("a box that is one point has bounds that meet", () => {
  fc.assert(
    fc.property(
      arbitraryFormula({
        ops: ["signal", "boost", "product", "weighted_sum"],
        signals: (s) => s.kind !== "walk",
      }),
      arbitraryInput(),
      (formula, input) => {
        const box: Box = new Map(
          [...fullBox(searchSpace(formula))].map(([name, { low }]) => [name, { low, high: low }]),
        );
        const bounds = new Bounds(new Scene(input, "message"), box), root = resolveNodes(formula);
        input.snapshot.files.forEach((_, file) => {
          const { low, high } = bounds.value(root, file);
          assert.equal(low, high);
        });
      },
    ),
    { seed: 13, numRuns: 60 },
  );
});

Deno.test("every claim about the shape of a value function holds on samples", () => {
  const shaped = allSignals().filter((s): s is ElementwiseSignal => s.kind === "elementwise" && !!s.shape);
  assert.ok(shaped.length >= 10);
  const random = randomStream(5, "shapes");
  const features = [0, 1e-3, 0.2, 0.5, 0.99, 1, 2, 3, 5, 9, 11, 40, 255, 499, 65534, 65535];
  for (const signal of shaped) {
    const unitary = !["recency", "churn", "popularity", "focus_expansion", "mention_weight"].includes(
      signal.name,
    );
    const xs = features.filter((x) => !unitary || x <= 1);
    for (let draw = 0; draw < 60; draw++) {
      const at = Object.fromEntries(
        signal.coordinates.map((c) => [c.name, fromUnit({ ...c, layer: "" }, random())]),
      );
      const values = xs.map((x) => signal.value(x, at));
      const rises = (of: number[]) => of.every((v, i) => i === 0 || v >= of[i - 1]! - 1e-12);
      if (signal.shape!.feature === "rising") assert.ok(rises(values), signal.name);
      if (signal.shape!.feature === "falling") assert.ok(rises(values.toReversed()), signal.name);
      for (const c of signal.coordinates) {
        for (const x of xs) {
          const along = Array.from(
            { length: 9 },
            (_, i) => signal.value(x, { ...at, [c.name]: fromUnit({ ...c, layer: "" }, i / 8) }),
          );
          assert.ok(rises(along) || rises(along.toReversed()), `${signal.name} in ${c.name} at ${x}`);
        }
      }
    }
  }
});
