/** Formula documents: the spec's parameters one by one, and what is refused, with the place of the fault. */
import assert from "node:assert/strict";
import { DECAYED, SPEC } from "../../lib/formula/builtins.ts";
import { FormulaError, MAX_DEPTH, parseFormula } from "../../lib/formula/document.ts";
import { numbersAt, searchSpace, silentParameters } from "../../lib/formula/parameters.ts";
import { resolveNodes } from "../../lib/formula/document.ts";
import { defaultPoint } from "../../lib/records/space.ts";

Deno.test("the spec's formula has exactly the spec's 17 parameters with the spec's defaults and layers", () => {
  const wanted: [string, number, string][] = [
    ["pagerank_alpha", 0.85, "Global"],
    ["pagerank_chat_multiplier", 100, "Global"],
    ["depth_weight_root", 1, "Global"],
    ["depth_weight_moderate", 0.5, "Global"],
    ["depth_weight_deep", 0.1, "Global"],
    ["depth_weight_vendor", 0.01, "Global"],
    ["boost_mentioned_ident", 10, "Short-range"],
    ["boost_mentioned_file", 5, "Short-range"],
    ["boost_chat_file", 20, "Short-range"],
    ["boost_temporal_coupling", 3, "Medium-range"],
    ["boost_focus_expansion", 5, "Medium-range"],
    ["git_recency_decay_days", 30, "Temporal"],
    ["git_recency_max_boost", 10, "Temporal"],
    ["git_churn_threshold", 10, "Temporal"],
    ["git_churn_max_boost", 5, "Temporal"],
    ["focus_decay", 0.5, "Expansion"],
    ["focus_max_hops", 2, "Expansion"],
  ];
  const byName = (a: readonly [string, ...unknown[]], b: readonly [string, ...unknown[]]) =>
    a[0] < b[0] ? -1 : 1;
  const found = searchSpace(SPEC).map((p): [string, number, string] => [p.name, p.default, p.layer]);
  assert.deepEqual(found.sort(byName), wanted.sort(byName));
});

Deno.test("the two mention boosts are silent without a message, and nothing else is; with one, nothing is", () => {
  assert.deepEqual(silentParameters(SPEC, "seed"), ["boost_mentioned_ident", "boost_mentioned_file"]);
  assert.deepEqual(silentParameters(SPEC, "message"), []);
});

Deno.test("every parameter of the built-in formulas has room on both sides of its default", () => {
  for (const p of [...searchSpace(SPEC), ...searchSpace(DECAYED)]) {
    assert.ok(p.low < p.default && p.default < p.high, `${p.name}: ${p.low} < ${p.default} < ${p.high}`);
  }
});

const formula = (root: unknown) => ({ record: "formula/1", name: "f", description: "", root });
const signal = (more: object = {}) => ({ op: "signal", signal: "recency", ...more });
const sum = (terms: unknown[], more: object = {}) => ({ op: "weighted_sum", terms, ...more });

Deno.test("parseFormula refuses what is no formula, and names the place", () => {
  const cyclic: Record<string, unknown> = { op: "boost" };
  cyclic["term"] = cyclic;
  let deep: object = signal();
  for (let i = 0; i < MAX_DEPTH; i++) deep = { op: "boost", id: `b${i}`, term: deep };
  const table: [unknown, string, RegExp][] = [
    [42, "formula", /./],
    [{ ...formula(signal()), record: "formula/2" }, "record", /./],
    [{ ...formula(signal()), name: "Not A Name" }, "name", /lower-case name/],
    [{ ...formula(signal()), extra: 1 }, "formula", /extra/],
    [formula({ op: "sum", terms: [] }), "root.op", /"sum" is no operation: one of signal, boost/],
    [formula({ op: "toString", terms: [signal()] }), "root.op", /./],
    [formula(sum([signal(), { op: "signal" }])), "root.terms[1].signal", /./],
    [formula(sum([])), "root.terms", /./],
    [formula(signal({ signal: "gravity" })), "root.signal", /unknown signal "gravity"/],
    [formula(signal({ options: { by: "nobody" } })), "root.options", /one of anyone, author/],
    [formula(signal({ bind: { halflife: 3 } })), "root.bind.halflife", /it has half_life/],
    [formula(signal({ bind: { half_life: 9999 } })), "root.bind.half_life", /9999 lies outside \[0.5, 365\]/],
    [
      formula(signal({ bind: { half_life: { param: "h", low: 0.1 } } })),
      "root.bind.half_life",
      /low 0.1 lies outside/,
    ],
    [formula(signal({ bind: { half_life: { param: "Bad Name" } } })), "root.bind.half_life", /./],
    [formula(signal({ bind: { half_life: NaN } })), "root.bind.half_life", /NaN is not a finite number/],
    [formula(sum([signal()], { weights: [Infinity] })), "root.weights[0]", /Infinity is not a finite number/],
    [formula(sum([signal()], { weights: [1, 1] })), "root.weights", /2 weights for 1 terms/],
    [formula({ op: "product", terms: [signal()], weights: [1] }), "root.weights", /product has no weights/],
    [formula({ op: "product", terms: [signal()], k: 60 }), "root.k", /product has no k/],
    [formula(sum([signal(), signal()])), "root.terms[1].id", /"recency" is taken by root.terms\[0\]/],
    [
      formula(sum([signal({ id: "a" }), signal({ id: "a" })])),
      "root.terms[1].id",
      /give one of them another id/,
    ],
    [formula(deep), `root${".term".repeat(MAX_DEPTH)}`, /nested deeper than 24 nodes/],
  ];
  for (const [value, path, message] of table) {
    assert.throws(() => parseFormula(value), (error) => {
      assert.ok(error instanceof FormulaError, String(error));
      assert.match(error.message, message, path);
      assert.ok(error.path.startsWith(path), `${error.path}, wanted ${path}: ${error.message}`);
      return true;
    });
  }
  assert.throws(() => parseFormula(formula(cyclic)), /nested deeper than 24 nodes, or contains itself/);
});

Deno.test("searchSpace refuses numbers outside their place and one name with two meanings, and names the place", () => {
  const boosted = (peak: unknown) => formula({ op: "boost", id: "b", peak, term: signal() });
  const shared = (a: object, b: object) =>
    formula(sum([
      signal({ id: "a", bind: { half_life: { param: "h", ...a } } }),
      signal({ id: "b", bind: { half_life: { param: "h", ...b } } }),
    ]));
  const table: [unknown, string, RegExp][] = [
    [boosted(0.5), "root.peak", /the constant 0.5 lies outside \[1, 10000\]/],
    [boosted({ param: "p", low: 0.2, default: 2 }), "root.peak", /low 0.2 lies outside/],
    [boosted({ param: "p", high: 20_000 }), "root.peak", /high 20000 lies outside/],
    [boosted({ param: "p", low: 9, high: 3, default: 4 }), "root.peak", /low must not exceed high/],
    [
      shared({ default: 10 }, { default: 20 }),
      "root.terms[1].half_life",
      /declared differently at root.terms\[0\]/,
    ],
    [shared({}, { scale: "linear" }), "root.terms[1].half_life", /same range and default/],
  ];
  for (const [value, path, message] of table) {
    assert.throws(() => searchSpace(parseFormula(value)), (error) => {
      assert.ok(error instanceof FormulaError, String(error));
      assert.equal(error.path, path);
      assert.match(error.message, message);
      return true;
    });
  }
  assert.deepEqual(searchSpace(parseFormula(shared({ default: 10 }, { default: 10 }))).map((p) => p.name), [
    "a_weight",
    "b_weight",
    "h",
  ]);
});

Deno.test("numbersAt wants a finite number for every parameter of its node", () => {
  const parsed = parseFormula(formula(signal({ bind: { half_life: { param: "h" } } })));
  const root = resolveNodes(parsed);
  assert.deepEqual(numbersAt(root, defaultPoint(searchSpace(parsed))), { half_life: 30 });
  for (const h of [undefined, NaN, Infinity]) {
    assert.throws(
      () => numbersAt(root, h === undefined ? {} : { h }),
      /Cannot evaluate root.half_life: its parameter is .*, a finite number is wanted/,
    );
  }
});
