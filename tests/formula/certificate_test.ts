import assert from "node:assert/strict";
import fc from "fast-check";
import { randomIndex, type RandomSource, randomStream } from "../../lib/base/random.ts";
import { SPEC } from "../../lib/formula/builtins.ts";
import { type CertificateOptions, certifyOrder, type PairConstraint } from "../../lib/formula/certificate.ts";
import { describeCertificate } from "../../lib/formula/describe_certificate.ts";
import { type Formula, type Node, parseFormula, resolveNodes } from "../../lib/formula/document.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { linearParameters } from "../../lib/formula/relaxation.ts";
import { evaluateFormula } from "../../lib/ranker/evaluate.ts";
import { fromUnit, parsePoint, type Point } from "../../lib/records/space.ts";
import { registerSignal } from "../../lib/signals/registry.ts";
import type { SignalInput } from "../../lib/signals/signal.ts";
import { arbitraryFormula, randomPoint } from "../helpers/arbitrary_formula.ts";
import { blankInput, edgeLayer, randomInput, withSparse } from "../helpers/arbitrary_snapshot.ts";

const OPTIONS: CertificateOptions = { mode: "message", evaluate: evaluateFormula };

function formula(root: Node): Formula {
  return parseFormula({ record: "formula/1", name: "made-up", description: "for this test", root });
}

const FILES = ["a.ts", "b.ts", "c.ts", "d.ts"];
const coupling: Node = { op: "signal", signal: "coupling", bind: { gamma: 1 } };
const confidence: Node = {
  op: "signal",
  id: "confidence",
  signal: "coupling",
  options: { measure: "confidence" },
  bind: { gamma: 1 },
};
const boosts = (a: Node, b: Node) =>
  formula({ op: "product", terms: [{ op: "boost", term: a }, { op: "boost", term: b }] });

function gapsAt(document: Formula, point: Point, pairs: readonly PairConstraint[]): number[] {
  return pairs.map(({ input, target, distractor }) => {
    const scores = [...evaluateFormula(document, point, input, "message").values()].at(-1)!;
    return scores[target]! / scores[distractor]!;
  });
}

Deno.test("two files that look the same are refuted by one bound, whatever the formula", () => {
  const input = blankInput(FILES);
  for (const [target, distractor] of [[1, 2], [2, 1]] as const) {
    const certificate = certifyOrder(SPEC, [{ input, target, distractor }], OPTIONS);
    assert.equal(certificate.verdict, "infeasible");
    assert.ok(certificate.verdict === "infeasible");
    assert.equal(certificate.method, "proof");
    assert.deepEqual(certificate.core, [0]);
    assert.deepEqual(certificate.shares, [1]);
    assert.ok(certificate.boxes <= 2);
  }
});

Deno.test("twins of a graph are refuted for every alpha, although their ranks move with it", () => {
  const references = edgeLayer(4, [[0, 1, 2], [0, 2, 2], [1, 3, 1], [2, 3, 1], [3, 0, 1]]);
  const { layers } = blankInput(FILES).snapshot;
  const input = blankInput(FILES, { snapshot: { layers: { ...layers, references } } });
  const certificate = certifyOrder(SPEC, [{ input, target: 1, distractor: 2 }], OPTIONS);
  assert.ok(certificate.verdict === "infeasible" && certificate.method === "proof");
});

Deno.test("a product of boosts cannot say OR, and noisy-or can: the pairs of it are a proof and a witness", () => {
  // One strong piece of evidence, either one, is to beat two halves.
  const input = withSparse(blankInput(FILES), {
    jaccard_500: { 1: 1, 3: 0.5 },
    confidence: { 2: 1, 3: 0.5 },
  });
  const pairs = [{ input, target: 1, distractor: 3 }, { input, target: 2, distractor: 3 }];
  const product = certifyOrder(boosts(coupling, confidence), pairs, OPTIONS);
  assert.ok(product.verdict === "infeasible", JSON.stringify(product));
  assert.equal(product.method, "proof");
  assert.deepEqual(product.core, [0, 1]);
  assert.equal(product.irreducible, "witnessed");
  for (const op of ["noisy_or", "max"] as const) {
    const either = formula({ op, terms: [coupling, confidence] });
    const certificate = certifyOrder(either, pairs, OPTIONS);
    assert.ok(certificate.verdict === "orderable", op);
    assert.ok(gapsAt(either, certificate.witness, pairs).every((gap) => gap > 1));
  }
});

Deno.test("a weighted sum cannot say OR either, and its contradiction is one inequality", () => {
  const input = withSparse(blankInput(FILES), {
    jaccard_500: { 1: 1, 3: 0.5 },
    confidence: { 2: 1, 3: 0.5 },
  });
  const pairs = [{ input, target: 1, distractor: 3 }, { input, target: 2, distractor: 3 }];
  const text = describeCertificate(certifyOrder(boosts(coupling, confidence), pairs, OPTIONS), pairs);
  assert.match(text, /^Proof: no point of the space orders all 2 pairs together.*rest can be ordered/);
  assert.ok(text.includes("\n- from a.ts: b.ts above d.ts"));
  const sum = formula({ op: "weighted_sum", terms: [coupling, confidence] });
  const certificate = certifyOrder(sum, pairs, OPTIONS);
  assert.ok(certificate.verdict === "infeasible" && certificate.method === "proof");
  assert.deepEqual(certificate.shares?.map((s) => Math.round(100 * s)), [50, 50]);
});

Deno.test("a step cannot put 0.29 above 0.31, and with a mention on top it can", () => {
  const bare = withSparse(blankInput(FILES), { jaccard_500: { 1: 0.29, 2: 0.31 } });
  const certificate = certifyOrder(SPEC, [{ input: bare, target: 1, distractor: 2 }], OPTIONS);
  assert.ok(certificate.verdict === "infeasible" && certificate.method === "proof");
  const mentioned = withSparse(bare, { message_files: { 1: 1 } });
  const pair = { input: mentioned, target: 1, distractor: 2 };
  const orderable = certifyOrder(SPEC, [pair], OPTIONS);
  assert.ok(orderable.verdict === "orderable");
  assert.doesNotThrow(() => parsePoint(searchSpace(SPEC), orderable.witness));
  assert.ok(gapsAt(SPEC, orderable.witness, [pair])[0]! > 1);
  assert.equal(certifyOrder(SPEC, [pair], { ...OPTIONS, mode: "seed" }).verdict, "infeasible");
});

Deno.test("of many pairs only those that clash stand in the core, and without any of them the rest is orderable", () => {
  const input = withSparse(blankInput(FILES), { chat: { 1: 1 }, test_pair: { 2: 1 } });
  const both = boosts({ op: "signal", signal: "chat_file" }, { op: "signal", signal: "test_pair" });
  const pairs = [
    { input, target: 1, distractor: 3 },
    { input, target: 1, distractor: 2 },
    { input, target: 2, distractor: 3 },
    { input, target: 2, distractor: 1 },
  ];
  const certificate = certifyOrder(both, pairs, OPTIONS);
  assert.ok(certificate.verdict === "infeasible");
  assert.deepEqual(certificate.core, [1, 3]);
  assert.equal(certificate.irreducible, "witnessed");
  assert.deepEqual(certificate.shares?.map((s) => Math.round(100 * s)), [50, 50]);
});

/** A signal of one coordinate, "turn" from 0 to 3, that makes no claim about its shape. */
function registerUnshaped(name: string, value: (x: number, turn: number) => number): void {
  registerSignal({
    kind: "elementwise",
    name,
    description: "a signal that says nothing of its shape",
    layer: "Extension",
    scope: "query",
    coordinates: [{
      name: "turn",
      description: "no unit",
      default: 1,
      low: 0,
      high: 3,
      scale: "linear",
      integer: false,
    }],
    feature: ({ query }) => ({ kind: "sparse", ...query.sparse.jaccard }),
    value: (x, at) => value(x, at["turn"]!),
  });
}

Deno.test("where nothing is known of a signal's shape the verdict is a grid's, with its resolution", () => {
  registerUnshaped("unshaped", (x, turn) => x * (1 + Math.sin(turn)));
  const input = withSparse(blankInput(FILES), { jaccard: { 1: 0.4, 2: 0.5 } });
  const unshaped = formula({ op: "product", terms: [{ op: "signal", signal: "unshaped" }] });
  const certificate = certifyOrder(unshaped, [{ input, target: 1, distractor: 2 }], {
    ...OPTIONS,
    boxes: 20,
    points: 9,
  });
  assert.ok(certificate.verdict === "infeasible");
  assert.equal(certificate.method, "grid");
  assert.deepEqual(certificate.resolution, { points: 9, parameters: ["unshaped_turn"] });
  const text = describeCertificate(certificate, [{ input, target: 1, distractor: 2 }]);
  assert.match(text, /^Not proven: nowhere on a grid of 9 points over unshaped_turn/);
  const survived = certifyOrder(unshaped, [{ input, target: 1, distractor: 2 }], {
    ...OPTIONS,
    boxes: 20,
    points: 9,
    draws: 64,
  });
  assert.match(
    describeCertificate(survived, [{ input, target: 1, distractor: 2 }]),
    /^Not proven: nowhere on a grid .*, nor does any of 64 points drawn from the whole space\./,
  );
  const back = certifyOrder(unshaped, [{ input, target: 2, distractor: 1 }], { ...OPTIONS, boxes: 20 });
  assert.equal(back.verdict, "orderable");
});

Deno.test("an order that holds between the points of a grid is found by points drawn from the whole space", () => {
  // It turns round in a fiftieth of its range.
  registerUnshaped("narrow", (x, turn) => turn > 1.4 && turn < 1.46 ? 1 - x : x);
  const input = withSparse(blankInput(FILES), { jaccard: { 1: 0.4, 2: 0.5 } });
  const narrow = formula({ op: "product", terms: [{ op: "signal", signal: "narrow" }] });
  const pairs = [{ input, target: 1, distractor: 2 }], few = { ...OPTIONS, boxes: 5, points: 9 };
  const grid = certifyOrder(narrow, pairs, few);
  assert.ok(grid.verdict === "infeasible" && grid.method === "grid");
  const drawn = certifyOrder(narrow, pairs, { ...few, draws: 256 });
  assert.ok(drawn.verdict === "orderable");
  assert.ok(gapsAt(narrow, drawn.witness, pairs)[0]! > 1);
});

Deno.test("a budget that is too small is said to be so", () => {
  const input = withSparse(blankInput(FILES), {
    jaccard_500: { 1: 1, 3: 0.5 },
    confidence: { 2: 1, 3: 0.5 },
  });
  const pairs = [{ input, target: 1, distractor: 3 }, { input, target: 2, distractor: 3 }];
  const certificate = certifyOrder(boosts(coupling, confidence), pairs, {
    ...OPTIONS,
    boxes: 2,
    points: 1,
    boxes_a_point: 2,
  });
  assert.equal(certificate.verdict, "undetermined");
  assert.match(describeCertificate(certificate, pairs), /^Undetermined: .* all 2 pairs/);
});

Deno.test("a pair with the seed, with itself or outside the snapshot is refused", () => {
  const input = blankInput(FILES);
  for (const [target, distractor] of [[0, 1], [1, 1], [1, 4], [-1, 1], [1.5, 1]] as const) {
    assert.throws(() => certifyOrder(SPEC, [{ input, target, distractor }], OPTIONS), RangeError);
  }
  assert.equal(certifyOrder(SPEC, [], OPTIONS).verdict, "orderable");
});

/** Pairs of one or two random inputs; half of the time they all hold at a hidden point. */
function randomPairs(document: Formula, seed: number): { pairs: PairConstraint[]; hidden: boolean } {
  const random = randomStream(seed, "pairs"), hidden = random() < 0.5;
  const inputs: SignalInput[] = [randomInput(4 + randomIndex(random, 3), seed), randomInput(5, seed + 1)];
  const point = randomPoint(document, random);
  const pairs: PairConstraint[] = [];
  for (let draw = 0; draw < 4; draw++) {
    const input = inputs[randomIndex(random, inputs.length)]!, n = input.snapshot.files.length;
    const [a, b] = [randomIndex(random, n), randomIndex(random, n)];
    if (a === b || a === input.query.seed || b === input.query.seed) continue;
    const [gap] = gapsAt(document, point, [{ input, target: a, distractor: b }]);
    if (hidden && !(gap! > 1.01 || gap! < 0.99)) continue;
    const turned = hidden && gap! < 1;
    pairs.push({ input, target: turned ? b : a, distractor: turned ? a : b });
  }
  return { pairs, hidden };
}

/** A point at the grid's first place, the defaults of whatever is not linear, with random values of the rest. */
function atDefaults(document: Formula, random: RandomSource): Point {
  const linear = linearParameters(resolveNodes(document));
  return Object.fromEntries(
    searchSpace(document).map((p) => [p.name, linear.has(p.name) ? fromUnit(p, random()) : p.default]),
  );
}

Deno.test("a witness orders its pairs, no random point orders a proven core, and hardly any one that a grid refuted", () => {
  const seen = { orderable: 0, proof: 0, grid: 0, undetermined: 0 }, draws = 2000;
  fc.assert(
    fc.property(
      arbitraryFormula({ leaves: 4, signals: (s) => s.name !== "multi_layer_pagerank" }),
      fc.nat(1e6),
      (document, seed) => {
        const { pairs, hidden } = randomPairs(document, seed);
        const certificate = certifyOrder(document, pairs, {
          ...OPTIONS,
          boxes: 40,
          points: 6,
          boxes_a_point: 6,
          draws: 256,
        });
        if (certificate.verdict === "orderable") {
          seen.orderable++;
          assert.ok(gapsAt(document, certificate.witness, pairs).every((gap) => gap > 1));
          parsePoint(searchSpace(document), certificate.witness);
          return;
        }
        if (certificate.verdict === "undetermined") {
          seen.undetermined++;
          return;
        }
        seen[certificate.method]++;
        const core = certificate.core.map((p) => pairs[p]!), random = randomStream(seed, "contradiction");
        assert.ok(core.length > 0);
        const ordered = (point: Point) => gapsAt(document, point, core).every((gap) => gap > 1 + 2e-6);
        const found =
          Array.from({ length: draws }, () => randomPoint(document, random)).filter(ordered).length;
        if (certificate.method === "grid") {
          // Between its points a grid knows nothing; what its draws did not meet is rare. At its own points it is exact.
          assert.ok(found <= draws / 100, `${found} of ${draws} random points order what the grid ruled out`);
          for (let draw = 0; draw < 300; draw++) assert.ok(!ordered(atDefaults(document, random)));
          return;
        }
        assert.ok(!hidden, "the pairs were taken from a point that orders them");
        assert.equal(found, 0, "a proof is contradicted");
      },
    ),
    { seed: 21, numRuns: 100 },
  );
  assert.ok(seen.orderable >= 10 && seen.proof >= 10 && seen.grid >= 4, JSON.stringify(seen));
});
