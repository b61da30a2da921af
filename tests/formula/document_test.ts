/** Formula documents: the spec's parameters one by one, and what is refused, with the place of the fault. */
import assert from "node:assert/strict";
import { DECAYED, SPEC } from "../../lib/formula/builtins.ts";
import { FormulaError, parseFormula } from "../../lib/formula/document.ts";
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
  const table: [unknown, string, RegExp][] = [
    [42, "formula", /42 stands where an object is wanted/],
    [[], "formula", /a list stands where an object is wanted/],
    [
      { ...formula(signal()), record: "formula/2" },
      "record",
      /"formula\/2" stands where "formula\/1" is wanted/,
    ],
    [{ ...formula(signal()), name: "Not A Name" }, "name", /"Not A Name" stands where a lower-case name is/],
    [{ ...formula(signal()), extra: 1 }, "extra", /unknown member "extra"; there are record, name, /],
    [{ ...formula(signal()), description: undefined }, "description", /it is missing: a text is wanted/],
    [formula("x"), "root", /"x" stands where a node, an object whose op is one of signal, boost, /],
    [formula(null), "root", /null stands where a node/],
    [formula([signal()]), "root", /a list stands where a node/],
    [formula({ signal: "recency" }), "root.op", /it is missing: one of signal, boost/],
    [formula({ op: { a: 1 } }), "root.op", /an object is no operation/],
    [formula({ op: "boost" }), "root.term", /it is missing: a node/],
    [formula(signal({ bnd: {} })), "root.bnd", /unknown member "bnd"; did you mean bind\?/],
    [formula({ op: "sum", terms: [] }), "root.op", /"sum" is no operation: one of signal, boost/],
    [formula({ op: "toString", terms: [signal()] }), "root.op", /"toString" is no operation/],
    [formula(sum([signal(), { op: "signal" }])), "root.terms[1].signal", /it is missing: a text is wanted/],
    [formula(sum([])), "root.terms", /at least one term is wanted/],
    [formula(signal({ signal: "gravity" })), "root.signal", /unknown signal "gravity"/],
    [formula(signal({ options: { by: "nobody" } })), "root.options.by", /one of anyone, author/],
    [formula(signal({ bind: { halflife: 3 } })), "root.bind.halflife", /it has half_life/],
    [formula(signal({ bind: { half_life: 9999 } })), "root.bind.half_life", /9999 lies outside \[0.5, 365\]/],
    [
      formula(signal({ bind: { half_life: { param: "h", low: 0.1 } } })),
      "root.bind.half_life",
      /low 0.1 lies outside/,
    ],
    [
      formula(signal({ bind: { half_life: { param: "Bad Name" } } })),
      "root.bind.half_life.param",
      /"Bad Name": a snake_case name/,
    ],
    [
      formula(signal({ bind: { half_life: { param: "h", low: "1" } } })),
      "root.bind.half_life.low",
      /"1" stands where a number is wanted/,
    ],
    [
      formula(signal({ bind: { half_life: { param: "h", lowest: 1 } } })),
      "root.bind.half_life.lowest",
      /unknown member "lowest"/,
    ],
    [formula(signal({ bind: { half_life: NaN } })), "root.bind.half_life", /NaN is not a finite number/],
    [
      formula(signal({ bind: { half_life: "NaN" } })),
      "root.bind.half_life",
      /"NaN" stands where a number or a parameter such as \{"param":"name"\} is wanted/,
    ],
    [formula({ op: "boost", peak: null, term: signal() }), "root.peak", /null stands where a number or/],
    [formula(sum([signal()], { weights: [[1]] })), "root.weights[0]", /a list stands where a number or/],
    [formula(sum([signal()], { weights: [Infinity] })), "root.weights[0]", /Infinity is not a finite number/],
    [formula(sum([signal()], { weights: [1, 1] })), "root.weights", /2 weights for 1 terms/],
    [formula({ op: "product", terms: [signal()], weights: [1] }), "root.weights", /product has no weights/],
    [formula({ op: "product", terms: [signal()], k: 60 }), "root.k", /product has no k/],
    [
      formula(sum([signal(), signal()])),
      "root.terms[1]",
      /the implied id "recency" is taken by root.terms\[0\]/,
    ],
    [
      formula(sum([signal({ id: "a" }), signal({ id: "a" })])),
      "root.terms[1].id",
      /give one of them another id/,
    ],
  ];
  for (const [value, path, message] of table) {
    assert.throws(() => parseFormula(value), (error) => {
      assert.ok(error instanceof FormulaError, String(error));
      assert.match(error.message, message, path);
      assert.equal(error.path, path, error.message);
      return true;
    });
  }
});

Deno.test("names that every object has a member of are refused wherever a formula keeps something by name", () => {
  const own = (json: string) => JSON.parse(json) as object;
  const table: [unknown, string, RegExp][] = [
    [
      formula({ op: "boost", id: "constructor", term: signal() }),
      "root.id",
      /"constructor": every object has/,
    ],
    [
      formula(signal({ bind: { half_life: { param: "constructor" } } })),
      "root.bind.half_life.param",
      /"constructor": every object has/,
    ],
    [
      formula({ op: "boost", peak: { param: "constructor" }, term: signal() }),
      "root.peak.param",
      /another name is wanted/,
    ],
    [formula(signal({ id: "__proto__" })), "root.id", /"__proto__": a snake_case name is wanted/],
    ...["constructor", "toString"].map((name): [unknown, string, RegExp] => [
      formula(signal({ options: { [name]: "x" } })),
      `root.options.${name}`,
      new RegExp(`recency has no option "${name}": it has by`),
    ]),
    [
      formula(signal({ bind: { constructor: 1 } })),
      "root.bind.constructor",
      /no such coordinate: it has half_life/,
    ],
    [formula(signal(own('{"bind":{"__proto__":3}}'))), "root.bind.__proto__", /no member has that name/],
    [formula(signal(own('{"options":{"__proto__":"x"}}'))), "root.options.__proto__", /leave it out/],
    [formula(signal(own('{"__proto__":{}}'))), "root.__proto__", /unknown member "__proto__"/],
  ];
  for (const [value, path, message] of table) {
    assert.throws(() => parseFormula(value), (error) => {
      assert.ok(error instanceof FormulaError, String(error));
      assert.equal(error.path, path, error.message);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("a coordinate that counts takes whole numbers only, fixed or tunable", () => {
  const hops = (max_hops: unknown) =>
    formula({ op: "signal", signal: "focus_expansion", bind: { max_hops } });
  assert.deepEqual(searchSpace(parseFormula(hops(3))).map((p) => p.name), ["focus_expansion_decay"]);
  const refused = (value: unknown, message: RegExp) =>
    assert.throws(() => searchSpace(parseFormula(hops(value))), message);
  refused(
    1.5,
    /at root\.bind\.max_hops: the constant 1\.5 is not whole: a whole number in \[1, 5\] is wanted/,
  );
  refused({ param: "h", default: 1.5 }, /at root\.bind\.max_hops: .* needs integer bounds and default/);
  refused(
    { param: "h", default: 1.5, integer: false },
    /at root\.bind\.max_hops\.integer: max_hops is a whole/,
  );
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
      "root.terms[1].bind.half_life",
      /declared differently at root\.terms\[0\]\.bind\.half_life/,
    ],
    [shared({}, { scale: "linear" }), "root.terms[1].bind.half_life", /same range and default/],
    [formula(sum([signal()], { weights: [5000] })), "root.weights[0]", /5000 lies outside \[0\.001, 1000\]/],
    [
      formula(sum([signal()], { weights: [{ param: "w", low: 0 }] })),
      "root.weights[0]",
      /low 0 lies outside/,
    ],
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
      /Cannot evaluate root\.bind\.half_life: its parameter is .*, a finite number is wanted/,
    );
  }
});
