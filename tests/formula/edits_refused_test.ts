/** Edits that cannot be applied: which one, which member of it, and why. */
import assert from "node:assert/strict";
import { SPEC } from "../../lib/formula/builtins.ts";
import { type Formula, type Node, parseFormula } from "../../lib/formula/document.ts";
import { EditError } from "../../lib/formula/edit_schema.ts";
import { applyEdits } from "../../lib/formula/edits.ts";
import { printFormula } from "../../lib/formula/print.ts";

const TITLE = { name: "edited", description: "for this test" };
const made = (root: Node) => parseFormula({ record: "formula/1", name: "made-up", description: "", root });

function refusal(formula: Formula, edits: unknown): EditError {
  try {
    applyEdits(formula, edits, TITLE);
  } catch (error) {
    assert.ok(error instanceof EditError, String(error));
    return error;
  }
  return assert.fail("the edits were applied");
}

Deno.test("what cannot be applied names its index, its member and why", () => {
  const cases: [unknown, number, string, RegExp][] = [
    [[{ edit: "drop_term", id: "recncy" }], 0, "id", /did you mean recency/],
    [[{ edit: "unwrap", id: "git_churn_max_boost" }, { edit: "drop_term", id: "score" }], 1, "id", /whole/],
    [[{ edit: "drop_term", id: "recency" }], 0, "id", /wrap nothing/],
    [[{ edit: "add_term", at: "recency", term: { op: "signal", signal: "hub" } }], 0, "at", /wrap it first/],
    [
      [{ edit: "add_term", at: "score", term: { op: "signal", signal: "hub" }, weight: 1 }],
      0,
      "weight",
      /no weights/,
    ],
    [
      [{ edit: "add_term", at: "score", term: { op: "signal", signal: "hubb" } }],
      0,
      "term.signal",
      /unknown signal "hubb"; did you mean hub\?/,
    ],
    [
      [{ edit: "add_term", at: "score", term: { op: "signal", id: "recency", signal: "hub" } }],
      0,
      "",
      /taken/,
    ],
    [[{ edit: "replace_combinator", id: "score", op: "product" }], 0, "op", /already/],
    [[{ edit: "replace_combinator", id: "recency", op: "max" }], 0, "id", /no combinator/],
    [[{ edit: "swap_signal", id: "recency", signal: "recent" }], 0, "signal", /unknown signal/],
    [[{ edit: "swap_signal", id: "score", signal: "hub" }], 0, "id", /only a signal/],
    [[{ edit: "set_option", id: "coupling", option: "measure", value: "best" }], 0, "value", /decayed_200/],
    [
      [{ edit: "wrap", id: "recency", with: "gate", bind: { peak: 2 } }],
      0,
      "bind.peak",
      /threshold, on, off/,
    ],
    [[{ edit: "unwrap", id: "score" }], 0, "id", /8 terms/],
    [[{ edit: "unwrap", id: "recency" }], 0, "id", /wraps nothing/],
    [[{ edit: "untie", id: "recency", place: "half", param: "x" }], 0, "place", /half_life/],
    [[{ edit: "untie", id: "recency", place: "half_life", param: "focus_decay" }], 0, "param", /already/],
    [
      [{ edit: "tie", id: "recency", place: "half_life", to: 1e9 }],
      0,
      "to",
      /1000000000 lies outside \[0.5, 365\]/,
    ],
    [
      [{ edit: "tie", id: "recency", place: "half_life", to: "focus_decay" }],
      0,
      "to",
      /low 0.05 lies outside/,
    ],
    [[{ edit: "tie", id: "recency", place: "half_life", to: "nowhere" }], 0, "to", /no parameter/],
    [[{ edit: "set_bounds", param: "focus_decay", low: 0.6 }], 0, "", /default must lie/],
    [[{ edit: "set_bounds", param: "focus_decay" }], 0, "", /one of default/],
    [[{ edit: "paint", id: "recency" }], 0, "edit", /"paint" is no edit: one of add_term, /],
    [[{ id: "recency" }], 0, "edit", /it is missing: one of add_term, /],
    [["unwrap"], 0, "", /"unwrap" stands where an object is wanted/],
    [[{ edit: "unwrap", id: "recency", extra: 1 }], 0, "extra", /unknown member "extra"; there are edit, id/],
    [[{ edit: "tie", id: "recency", place: "half_life", to: NaN }], 0, "to", /NaN is not a finite number/],
    [
      [{ edit: "tie", id: "recency", place: "half_life", to: null }],
      0,
      "to",
      /null stands where a number or the name of a parameter is wanted/,
    ],
    [
      [{ edit: "tie", id: "focus_expansion", place: "max_hops", to: 1.5 }],
      0,
      "to",
      /1.5 is not whole: a whole number in \[1, 5\]/,
    ],
    [
      [{ edit: "untie", id: "recency", place: "half_life", param: "constructor" }],
      0,
      "param",
      /another name is wanted/,
    ],
    [[{ edit: "drop_term", id: "" }], 0, "id", /an empty text stands where the id of a node is wanted/],
    [[], 0, "", /at least one/],
    [{ edit: "unwrap" }, 0, "", /an object stands where a list is wanted/],
    [null, 0, "", /null stands where a list is wanted/],
  ];
  for (const [edits, index, path, reason] of cases) {
    const error = refusal(SPEC, edits);
    assert.deepEqual([error.index, error.path], [index, path], error.message);
    assert.match(error.reason, reason, JSON.stringify(edits));
  }
});

Deno.test("a combinator is never left empty", () => {
  const single = made({ op: "max", terms: [{ op: "signal", signal: "hub" }] });
  assert.match(refusal(single, [{ edit: "drop_term", id: "hub" }]).reason, /no terms/);
});

Deno.test("what is wrong with the whole list is not blamed on its first edit", () => {
  assert.equal(refusal(SPEC, []).message, "Cannot apply edits: at least one edit is wanted");
  assert.match(refusal(SPEC, {}).message, /^Cannot apply edits: an object stands where a list is wanted$/);
});

Deno.test("an added combinator needs a weight for each of its terms, or none", () => {
  const hub: Node = { op: "signal", signal: "hub" }, churn: Node = { op: "signal", signal: "churn" };
  const add = (term: unknown) => [{ edit: "add_term", at: "score", term }];
  const sum = { op: "weighted_sum", id: "sum" };
  const table: [unknown, string, RegExp][] = [
    [{ ...sum, weights: [3, 4, 5], terms: [hub] }, "term.weights", /3 weights for 1 terms: a weight a term/],
    [{ ...sum, weights: [3], terms: [hub, churn] }, "term.weights", /1 weights for 2 terms/],
    [{ ...sum, weights: [], terms: [hub] }, "term.weights", /0 weights for 1 terms/],
    [
      { op: "boost", term: { op: "max", weights: [1, 2], terms: [hub] } },
      "term.term.weights",
      /2 weights for 1 terms/,
    ],
    [
      { op: "product", id: "p", terms: [hub, { op: "product", weights: [1], terms: [churn] }] },
      "term.terms[1].weights",
      /product has no weights/,
    ],
    [{ op: "max", k: 3, terms: [hub] }, "term.k", /max has no k/],
    [{ ...hub, bind: { gamma: 99 } }, "term.bind.gamma", /99 lies outside \[0.2, 3\]/],
    [{ ...hub, bind: { gama: 1 } }, "term.bind.gama", /it has gamma/],
    [{ op: "boost", peak: null, term: hub }, "term.peak", /null stands where a number or a parameter/],
    [{ op: "boost", id: "constructor", term: hub }, "term.id", /every object has a member of that name/],
    ["hub", "term", /"hub" stands where a node/],
  ];
  for (const [term, path, reason] of table) {
    const error = refusal(SPEC, add(term));
    assert.equal(error.path, path, error.message);
    assert.match(error.reason, reason);
  }
  const edited = applyEdits(SPEC, add({ ...sum, weights: [3, 4], terms: [hub, churn] }), TITLE);
  assert.match(printFormula(edited), /\(3·hub\(hub_gamma\) \+ 4·churn_2\(churn_2_threshold\)\)|3·hub/);
});

Deno.test("a swapped signal and a set option are refused by the member at fault", () => {
  const swap = (json: string) => [
    JSON.parse(`{"edit":"swap_signal","id":"recency","signal":"coupling",${json}}`) as unknown,
  ];
  const set = (option: string) => [{ edit: "set_option", id: "coupling", option, value: "x" }];
  const table: [unknown, string, RegExp][] = [
    [swap('"bind":{"__proto__":3}'), "bind.__proto__", /no member has that name/],
    [swap('"bind":{"constructor":3}'), "bind.constructor", /no such coordinate: it has gamma/],
    [swap('"bind":{"gamma":99}'), "bind.gamma", /99 lies outside/],
    [swap('"options":{"__proto__":"x"}'), "options.__proto__", /no member has that name/],
    [swap('"options":{"toString":"x"}'), "options.toString", /no option "toString": it has measure/],
    [swap('"options":{"measure":"x"}'), "options.measure", /one of jaccard_500, /],
    [set("constructor"), "option", /coupling has no option "constructor": it has measure/],
    [set("__proto__"), "option", /coupling has no option "__proto__": it has measure/],
    [set("measure"), "value", /coupling.measure is "x": one of jaccard_500, /],
    [
      [{ edit: "wrap", id: "recency", with: "boost", as: "constructor" }],
      "as",
      /every object has a member of that name/,
    ],
    [
      [JSON.parse('{"edit":"wrap","id":"recency","with":"boost","bind":{"__proto__":3}}')],
      "bind.__proto__",
      /no member has that name/,
    ],
  ];
  for (const [edits, path, reason] of table) {
    const error = refusal(SPEC, edits);
    assert.equal(error.path, path, error.message);
    assert.match(error.reason, reason);
  }
});
