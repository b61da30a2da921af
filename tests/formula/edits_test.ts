import assert from "node:assert/strict";
import { DECAYED, SPEC } from "../../lib/formula/builtins.ts";
import { carryPoint, neutralPoint } from "../../lib/formula/carry.ts";
import {
  type Formula,
  type Node,
  parseFormula,
  resolveNodes,
  walkNodes,
} from "../../lib/formula/document.ts";
import type { Edit } from "../../lib/formula/edit_schema.ts";
import { applyEdits } from "../../lib/formula/edits.ts";
import { formulaHash } from "../../lib/formula/formula_hash.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { printFormula } from "../../lib/formula/print.ts";
import { rankFiles } from "../../lib/ranker/rank.ts";
import { defaultPoint } from "../../lib/records/space.ts";
import { randomInput } from "../helpers/arbitrary_snapshot.ts";

const TITLE = { name: "edited", description: "for this test" };
const edit = (formula: Formula, ...edits: Edit[]) => applyEdits(formula, edits, TITLE);
const names = (formula: Formula) => searchSpace(formula).map((p) => p.name);
const spec = (formula: Formula, name: string) => searchSpace(formula).find((p) => p.name === name)!;
const made = (root: Node) => parseFormula({ record: "formula/1", name: "made-up", description: "", root });
const nodeOf = (formula: Formula, id: string) =>
  [...walkNodes(resolveNodes(formula))].find((node) => node.id === id);

const SUM = made({
  op: "weighted_sum",
  terms: [{ op: "signal", signal: "coupling" }, { op: "signal", signal: "recency" }, {
    op: "signal",
    signal: "chat_file",
  }],
});

Deno.test("the spec's gate becomes the decayed boost by three edits", () => {
  const edited = edit(
    SPEC,
    { edit: "unwrap", id: "boost_temporal_coupling" },
    { edit: "set_option", id: "coupling", option: "measure", value: "decayed_200" },
    {
      edit: "wrap",
      id: "coupling",
      with: "boost",
      as: "boost_temporal_coupling",
      bind: { peak: { param: "boost_temporal_coupling", default: 100 } },
    },
  );
  assert.equal(printFormula(edited), printFormula(DECAYED));
  assert.equal(formulaHash(edited), formulaHash(DECAYED));
});

Deno.test("edits leave the old formula alone and go through JSON", () => {
  const before = JSON.stringify(SPEC);
  const edits: Edit[] = [{ edit: "drop_term", id: "git_churn_max_boost" }, {
    edit: "wrap",
    id: "score",
    with: "max",
  }];
  const direct = edit(SPEC, ...edits);
  assert.equal(JSON.stringify(SPEC), before);
  assert.deepEqual(applyEdits(SPEC, JSON.parse(JSON.stringify(edits)), TITLE), direct);
  assert.deepEqual(parseFormula(JSON.parse(JSON.stringify(direct))), direct);
});

Deno.test("a term that is added brings its parameters, and a second one of a kind gets a number", () => {
  const author: Node = { op: "boost", term: { op: "signal", signal: "recency", options: { by: "author" } } };
  const edited = edit(SPEC, { edit: "add_term", at: "score", term: author }, {
    edit: "add_term",
    at: "score",
    term: author,
  });
  const fresh = names(edited).slice(names(SPEC).length);
  assert.deepEqual(fresh, [
    "recency_2_boost",
    "recency_2_half_life",
    "recency_3_boost",
    "recency_3_half_life",
  ]);
});

Deno.test("an added term's weight is the one given, and the others' stay what they were", () => {
  const edited = edit(SUM, {
    edit: "add_term",
    at: "weighted_sum",
    term: { op: "signal", signal: "hub" },
    weight: 0.25,
  });
  assert.equal(
    printFormula(edited),
    printFormula(SUM) + " + 0.25·hub(hub_gamma)",
  );
});

Deno.test("a dropped term takes its own weight with it", () => {
  const weighted = edit(SUM, { edit: "tie", id: "recency", place: "weight", to: 7 }, {
    edit: "tie",
    id: "weighted_sum",
    place: "weight[2]",
    to: 9,
  });
  assert.equal(
    printFormula(edit(weighted, { edit: "drop_term", id: "recency" })),
    "coupling_weight·coupling(coupling_gamma) + 9·chat_file",
  );
});

Deno.test("a combinator is replaced with its terms, and weights stay where they mean the same", () => {
  const fixed = edit(SUM, { edit: "tie", id: "recency", place: "weight", to: 7 });
  const maximum = edit(fixed, { edit: "replace_combinator", id: "weighted_sum", op: "max" });
  assert.equal(nodeOf(maximum, "max")!.node.op, "max");
  assert.match(printFormula(maximum), /^max\(.*7·recency/);
  const either = edit(fixed, { edit: "replace_combinator", id: "weighted_sum", op: "noisy_or" });
  assert.doesNotMatch(printFormula(either), /7·recency/);
  assert.deepEqual([spec(either, "recency_weight").low, spec(either, "recency_weight").high], [0, 1]);
});

Deno.test("a swapped leaf keeps constants the new signal has a place for, and ids around it stay", () => {
  const edited = edit(SPEC, { edit: "swap_signal", id: "coupling", signal: "path_proximity" });
  const gate = nodeOf(edited, "boost_temporal_coupling")!;
  assert.equal(gate.children[0]!.id, "path_proximity");
  assert.ok(printFormula(edited).includes("path_proximity(gamma=1) ≥ 0.3"));
  assert.deepEqual(names(edited), names(SPEC));
});

Deno.test("a wrapped root stays first under a new one, whose weight of 1 changes nothing", () => {
  const edited = edit(SPEC, { edit: "wrap", id: "score", with: "weighted_sum" });
  assert.deepEqual(names(edited), names(SPEC));
  const back = edit(edited, { edit: "unwrap", id: "weighted_sum" });
  assert.equal(formulaHash(back), formulaHash(SPEC));
});

Deno.test("a constant is untied to a parameter that starts at it, and tied again", () => {
  const free = edit(SPEC, {
    edit: "untie",
    id: "boost_temporal_coupling",
    place: "threshold",
    param: "step",
    high: 0.6,
  });
  const { default: start, low, high } = spec(free, "step");
  assert.deepEqual([start, low, high], [0.3, 0, 0.6]);
  const back = edit(free, { edit: "tie", id: "boost_temporal_coupling", place: "threshold", to: 0.3 });
  assert.equal(formulaHash(back), formulaHash(SPEC));
});

Deno.test("a parameter is shared, moved in all its places, and parted again", () => {
  const shared = edit(SUM, {
    edit: "add_term",
    at: "weighted_sum",
    term: { op: "signal", signal: "hub" },
  }, {
    edit: "tie",
    id: "hub",
    place: "gamma",
    to: "coupling_gamma",
  }, { edit: "set_bounds", param: "coupling_gamma", low: 0.5, default: 0.7 });
  assert.ok(!names(shared).includes("hub_gamma"));
  assert.equal(spec(shared, "coupling_gamma").low, 0.5);
  const parted = edit(shared, { edit: "untie", id: "hub", place: "gamma", param: "hub_gamma" });
  assert.deepEqual([spec(parted, "hub_gamma").low, spec(parted, "hub_gamma").default], [0.5, 0.7]);
});

Deno.test("a carried point keeps shared values, brings outliers back into bounds and starts what is new", () => {
  const edited = edit(
    SPEC,
    { edit: "set_bounds", param: "git_recency_max_boost", high: 20 },
    { edit: "unwrap", id: "git_churn_max_boost" },
    { edit: "add_term", at: "score", term: { op: "boost", term: { op: "signal", signal: "hub" } } },
  );
  const point = { ...defaultPoint(searchSpace(SPEC)), git_recency_max_boost: 90, pagerank_alpha: 0.4 };
  const carried = carryPoint(SPEC, edited, point);
  assert.deepEqual(Object.keys(carried), names(edited));
  assert.equal(carried["git_recency_max_boost"], 20);
  assert.equal(carried["pagerank_alpha"], 0.4);
  assert.equal(carried["hub_boost"], 5);
  assert.throws(() => carryPoint(SPEC, edited, {}), /pagerank_alpha is undefined/);
});

Deno.test("from the neutral point a new boost, gate or exponent ranks as the old formula did", () => {
  const additions: Edit[][] = [
    [{ edit: "add_term", at: "score", term: { op: "boost", term: { op: "signal", signal: "hub" } } }],
    [{ edit: "add_term", at: "score", term: { op: "gate", term: { op: "signal", signal: "hub" } } }],
    [
      { edit: "wrap", id: "score", with: "log_linear" },
      { edit: "add_term", at: "log_linear", term: { op: "signal", signal: "hub" } },
    ],
  ];
  for (let seed = 0; seed < 5; seed++) {
    const input = randomInput(9, seed), point = defaultPoint(searchSpace(SPEC));
    const old = rankFiles(SPEC, point, input, "message").files.map((f) => f.file);
    for (const edits of additions) {
      const edited = edit(SPEC, ...edits);
      const now = rankFiles(edited, neutralPoint(SPEC, edited, point), input, "message").files;
      assert.deepEqual(now.map((f) => f.file), old);
    }
  }
});

Deno.test("the hash of a formula is its content's: not its name's, its words' or its spelling's", () => {
  const spelled = made({
    op: "weighted_sum",
    id: "weighted_sum",
    weights: [{ param: "coupling_weight" }, { param: "recency_weight", description: "other words" }, {
      param: "chat_file_weight",
    }],
    terms: [
      { op: "signal", id: "coupling", signal: "coupling", options: { measure: "jaccard_500" } },
      { op: "signal", signal: "recency", bind: { half_life: { param: "recency_half_life", low: 0.5 } } },
      { op: "signal", signal: "chat_file" },
    ],
  });
  assert.equal(formulaHash(spelled), formulaHash(SUM));
  assert.equal(formulaHash({ ...SPEC, name: "other", description: "other" }), formulaHash(SPEC));
  const option = edit(SUM, { edit: "set_option", id: "coupling", option: "measure", value: "confidence" });
  assert.notEqual(formulaHash(option), formulaHash(SUM));
  const moved = edit(SUM, { edit: "set_bounds", param: "recency_half_life", low: 1 });
  assert.notEqual(formulaHash(moved), formulaHash(SUM));
  assert.notEqual(
    formulaHash(edit(SUM, { edit: "tie", id: "recency", place: "half_life", to: 30 })),
    formulaHash(SUM),
  );
});
