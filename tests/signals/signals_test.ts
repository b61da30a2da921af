/** Every signal: finite, in [0, 1] unless it is a walk, on any block; and the exact values of the spec's own. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../lib/base/paths.ts";
import { parseFormula } from "../../lib/formula/document.ts";
import { elementwise, evaluateFormula } from "../../lib/ranker/evaluate.ts";
import { NEVER_DAYS } from "../../lib/records/snapshot.ts";
import { allSignals, findSignal, registerSignal, resolveChoices } from "../../lib/signals/registry.ts";
import {
  coordinate,
  type ElementwiseSignal,
  type Feature,
  type Signal,
  type SignalInput,
  WALK_COORDINATES,
} from "../../lib/signals/signal.ts";
import { randomBlock } from "../helpers/snapshots.ts";

const signals = allSignals();

/** Every combination of a signal's choices. */
function allChoices(signal: Signal): Record<string, string>[] {
  return Object.entries(signal.choices ?? {}).reduce<Record<string, string>[]>(
    (sets, [name, values]) => sets.flatMap((set) => values.map((value) => ({ ...set, [name]: value }))),
    [{}],
  );
}

const inputOf = (seed: number): SignalInput => {
  const { snapshot, queries } = randomBlock(seed, 12, 1);
  return { snapshot, query: queries[0]! };
};

Deno.test("every signal lies in [0, 1] for every file, choice and legal coordinate; walks are at least 0 and average 1", () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.infiniteStream(fc.integer({ min: 0, max: 4 })), (seed, stream) => {
      const input = inputOf(seed);
      for (const signal of signals) {
        for (const options of allChoices(signal)) {
          const bind = Object.fromEntries(signal.coordinates.map((c) => {
            const share = stream.next().value! / 4, value = c.low + share * (c.high - c.low);
            return [c.name, c.integer ? Math.round(value) : value];
          }));
          const formula = parseFormula({
            record: "formula/1",
            name: "one",
            description: "",
            root: { op: "signal", signal: signal.name, options, bind },
          });
          const values = evaluateFormula(formula, {}, input, "message").get(signal.name)!;
          assert.equal(values.length, input.snapshot.files.length);
          const where = `${signal.name} ${JSON.stringify({ options, bind })}`;
          for (const v of values) assert.ok(Number.isFinite(v) && v >= 0, `${where}: ${v}`);
          if (signal.kind === "walk") {
            const mean = values.reduce((s, v) => s + v, 0) / values.length;
            assert.ok(Math.abs(mean - 1) < 1e-9, `${where}: mean ${mean}`);
          } else {
            for (const v of values) {
              assert.ok(v <= 1, `${where}: ${v}; a number in [0, 1] is wanted (see CONTRIBUTING.md)`);
            }
          }
        }
      }
    }),
    { seed: 1, numRuns: 12 },
  );
});

Deno.test("a feature depends on no coordinate and is the same when asked again", () => {
  const input = inputOf(7);
  for (const signal of signals) {
    if (signal.kind !== "elementwise") continue;
    for (const options of allChoices(signal)) {
      assert.deepEqual(signal.feature(input, options), signal.feature(input, options), signal.name);
    }
  }
});

Deno.test("a snapshot-wide feature does not look at the query", () => {
  const { snapshot, queries } = randomBlock(9, 12, 2);
  for (const signal of signals) {
    if (signal.kind !== "elementwise" || signal.scope !== "snapshot") continue;
    for (const options of allChoices(signal)) {
      const [one, other] = queries.map((query): Feature => signal.feature({ snapshot, query }, options));
      assert.deepEqual(one, other, signal.name);
    }
  }
});

const value = (name: string, x: number, at: Record<string, number> = {}) =>
  (findSignal(name) as ElementwiseSignal).value(x, at);

Deno.test("G24: after one half-life of 30 days a boost of at most 10 is 5.5, as the spec's word half-life has it", () => {
  const input = inputOf(3);
  const days = Uint16Array.from(input.snapshot.files, (_, i) => [30, 0, 60, NEVER_DAYS][i % 4]!);
  const formula = parseFormula({
    record: "formula/1",
    name: "recent",
    description: "",
    root: {
      op: "boost",
      id: "b",
      peak: 10,
      term: { op: "signal", signal: "recency", bind: { half_life: 30 } },
    },
  });
  const at = { ...input, snapshot: { ...input.snapshot, days } };
  assert.deepEqual([...evaluateFormula(formula, {}, at, "seed").get("b")!].slice(0, 4), [5.5, 10, 3.25, 1]);
});

Deno.test("recency halves with each half-life and is 0 for a file never touched", () => {
  assert.equal(value("recency", 0, { half_life: 30 }), 1);
  assert.equal(value("recency", 90, { half_life: 30 }), 0.125);
  assert.equal(value("recency", NEVER_DAYS, { half_life: 365 }), 0);
});

Deno.test("recency is the same double as the power it stands for, where that vanishes too", () => {
  for (const half_life of [0.5, 3.7, 30, 59.9, 365]) {
    for (let days = 0; days < NEVER_DAYS; days += 7) {
      assert.equal(value("recency", days, { half_life }), Math.pow(2, -days / half_life));
    }
  }
});

Deno.test("what a signal says of many measurements is what it says of each", () => {
  const many = signals.filter((s) => s.kind === "elementwise" && s.values) as ElementwiseSignal[];
  assert.ok(many.some((s) => s.name === "recency"));
  fc.assert(
    fc.property(
      fc.constantFrom(...many),
      fc.uniqueArray(fc.integer({ min: 0, max: NEVER_DAYS }), { minLength: 1 }),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      (signal, measurements, stream) => {
        const xs = Float64Array.from(measurements), into = new Float64Array(xs.length).fill(NaN);
        const at = Object.fromEntries(
          signal.coordinates.map((c) => [c.name, c.low + stream.next().value! * (c.high - c.low)]),
        );
        signal.values!(xs, at, into);
        xs.forEach((x, i) => {
          const one = signal.value(x, at);
          assert.ok(
            Math.abs(into[i]! - one) <= 1e-13 * one + 1e-300,
            `${signal.name} of ${x}: ${into[i]}, ${one}`,
          );
        });
      },
    ),
  );
});

Deno.test("churn starts above its threshold, and its maximum is one", () => {
  assert.equal(value("churn", 10, { threshold: 10 }), 0);
  assert.equal(value("churn", 3, { threshold: 10 }), 0);
  // G24: at 20 commits the original's boost of 5 is 1 + 4 ln(11) / 5.
  assert.ok(Math.abs(1 + 4 * value("churn", 20, { threshold: 10 }) - 2.9183162182) < 1e-10);
  assert.equal(value("churn", 1000, { threshold: 10 }), 1, "the original goes on to 6.52 here");
});

Deno.test("focus_expansion decays by hops inside its radius only, and gives the seed and strangers nothing", () => {
  const at = { decay: 0.5, max_hops: 2 };
  assert.deepEqual([0, 1, 2, 3, 255].map((hops) => value("focus_expansion", hops, at)), [0, 0.5, 0.25, 0, 0]);
});

Deno.test("mentions, chat and test pairs are 1 or 0, however strong the feature", () => {
  for (const name of ["mentioned_identifier", "mentioned_file", "chat_file", "test_pair"]) {
    assert.deepEqual([0, 0.2, 1, 3].map((x) => value(name, x)), [0, 1, 1, 1], name);
  }
  assert.equal(value("mention_weight", 3, { gamma: 1 }), 1);
});

Deno.test("elementwise applies the value function to dense, sparse and coded features alike", () => {
  const signal = { value: (x: number) => 2 * x + 1 } as unknown as ElementwiseSignal;
  const dense = elementwise(signal, { kind: "dense", values: Float32Array.of(0, 0.5, 0) }, {}, 3);
  const sparse = elementwise(
    signal,
    { kind: "sparse", index: Uint32Array.of(1), values: Float32Array.of(0.5) },
    {},
    3,
  );
  const codes = elementwise(signal, { kind: "codes", codes: Uint8Array.of(0, 1, 0), scale: 2 }, {}, 3);
  for (const found of [dense, sparse, codes]) assert.deepEqual([...found], [1, 2, 1]);
});

Deno.test("who adds a signal is told the range that signals are held to", () => {
  const guide = Deno.readTextFileSync(join(PROJECT_ROOT, "CONTRIBUTING.md"));
  assert.match(guide, /`value` turns the measurement into a number in \[0, 1\]/);
  const contract = Deno.readTextFileSync(join(PROJECT_ROOT, "lib", "signals", "signal.ts"));
  assert.match(contract, /Must lie in \[0, 1\] for every feature value[^/]*\*\/\s*value\(x: number/);
});

const plain: ElementwiseSignal = {
  kind: "elementwise",
  name: "made_up",
  description: "",
  layer: "Extension",
  scope: "query",
  coordinates: [coordinate("gain", "", { default: 1, low: 0, high: 2 })],
  feature: () => ({ kind: "dense", values: new Float32Array(0) }),
  value: (x) => x,
};

Deno.test("registerSignal refuses what formulas could not use, and says why", () => {
  const gain = plain.coordinates[0]!;
  const table: [Partial<ElementwiseSignal>, RegExp][] = [
    [{ name: "Made Up" }, /"Made Up": a snake_case name is wanted/],
    [{ name: "recency" }, /recency: the name is taken/],
    [{ coordinates: [{ ...gain, name: "Gain" }] }, /coordinate "Gain": a snake_case name/],
    [{ coordinates: [gain, gain] }, /coordinate gain is declared twice/],
    [{ coordinates: [{ ...gain, default: 3 }] }, /default 3.*the default must lie in the bounds/],
    [{ coordinates: [{ ...gain, high: Infinity }] }, /finite numbers are wanted/],
    [{ coordinates: [{ ...gain, scale: "log" }] }, /a log scale needs low > 0/],
    [{ choices: { of: [] } }, /the option of has no value to choose/],
    [{ choices: { constructor: ["x"] } }, /option "constructor": every object has a member of that name/],
    [{ coordinates: [{ ...gain, name: "constructor" }] }, /coordinate "constructor": every object has/],
    [{ name: "constructor" }, /"constructor": every object has a member of that name/],
    [{ name: undefined } as never, /signal undefined: a snake_case name is wanted/],
    [{ coordinates: undefined } as never, /made_up: it lacks coordinates/],
    [{ kind: undefined, value: undefined } as never, /made_up: it lacks kind, value/],
  ];
  for (const [wrong, message] of table) {
    assert.throws(() => registerSignal({ ...plain, ...wrong }), (error) => {
      assert.ok(error instanceof TypeError);
      assert.match(error.message, message);
      return true;
    });
  }
  const walk = {
    ...plain,
    kind: "walk",
    layers: () => [],
    coordinates: WALK_COORDINATES.slice(1),
  } as unknown as Signal;
  assert.throws(() => registerSignal(walk), /a walk needs the coordinates alpha/);
  assert.equal(findSignal("made_up"), undefined, "nothing refused was kept");
});

Deno.test("resolveChoices takes the first value of what is not said and refuses unknown options and values", () => {
  const coupling = findSignal("coupling")!;
  assert.deepEqual(resolveChoices(coupling), { measure: "jaccard_500" });
  assert.deepEqual(resolveChoices(coupling, { measure: "confidence" }), { measure: "confidence" });
  assert.throws(
    () => resolveChoices(coupling, { measures: "x" }),
    /coupling has no option "measures": it has measure/,
  );
  for (const name of ["constructor", "toString"]) {
    assert.throws(
      () => resolveChoices(coupling, { [name]: "x" }),
      /coupling has no option ".*": it has measure/,
    );
  }
  assert.throws(
    () => resolveChoices(coupling, { measure: "x" }),
    /coupling.measure is "x": one of jaccard_500, /,
  );
});
