/** Trees that are too deep, too large or no trees: refused by a sentence and a path, in documents and in edits alike. */
import assert from "node:assert/strict";
import { SPEC } from "../../lib/formula/builtins.ts";
import { FormulaError, parseFormula } from "../../lib/formula/document.ts";
import { EditError } from "../../lib/formula/edit_schema.ts";
import { applyEdits } from "../../lib/formula/edits.ts";
import { findTreeFault, MAX_DEPTH, MAX_NODES } from "../../lib/formula/find_tree_fault.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";

const LEAF = { op: "signal", signal: "hub", bind: { gamma: 1 } };
const formula = (root: unknown) => ({ record: "formula/1", name: "f", description: "", root });
const sum = (terms: unknown[], id = "sum") => ({
  op: "weighted_sum",
  id,
  terms,
  weights: terms.map(() => 1),
});

/** A leaf under so many boosts. */
function boosted(levels: number): object {
  let node: object = LEAF;
  for (let i = 0; i < levels; i++) node = { op: "boost", id: `b${i}`, peak: 2, term: node };
  return node;
}

/** A leaf under so many sums. */
function summed(levels: number): object {
  let node: object = LEAF;
  for (let i = 0; i < levels; i++) node = sum([node], `s${i}`);
  return node;
}

/** Sums of so many levels with one object in both places of each: as small in memory as its tree is large. */
function doubled(levels: number): object {
  let node: object = LEAF;
  for (let i = 0; i < levels; i++) node = { op: "weighted_sum", id: `s${i}`, terms: [node, node] };
  return node;
}

function cyclic(): object {
  const node = { op: "weighted_sum", terms: [LEAF] as unknown[] };
  node.terms.push({ op: "boost", term: node });
  return node;
}

/** A sum of so many different leaves. */
function wide(leaves: number): object {
  return sum(Array.from({ length: leaves }, (_, i) => ({ ...LEAF, id: `h${i}` })));
}

function refused(value: unknown): FormulaError {
  try {
    parseFormula(value);
  } catch (error) {
    assert.ok(error instanceof FormulaError, String(error));
    return error;
  }
  return assert.fail("the document was read");
}

Deno.test("a formula may be as deep and as large as the limits say, and every command can walk it", () => {
  assert.equal(searchSpace(parseFormula(formula(boosted(MAX_DEPTH - 1)))).length, 0);
  assert.equal(searchSpace(parseFormula(formula(summed(MAX_DEPTH - 1)))).length, 0);
  assert.equal(searchSpace(parseFormula(formula(wide(MAX_NODES - 1)))).length, 0);
});

Deno.test("a document deeper than the limit is refused where the first node too many stands", () => {
  for (const levels of [MAX_DEPTH, 1000, 50_000]) {
    const { path, message } = refused(formula(boosted(levels)));
    assert.equal(path, `root${".term".repeat(MAX_DEPTH)}`);
    assert.match(message, /nested deeper than 24 nodes/);
    assert.equal(refused(formula(summed(levels))).path, `root${".terms[0]".repeat(MAX_DEPTH)}`);
  }
  let lists: unknown = 1;
  for (let i = 0; i < 10_000; i++) lists = [lists];
  assert.match(
    refused(formula({ ...LEAF, bind: { gamma: lists } })).message,
    /more than 72 lists and objects/,
  );
});

Deno.test("a document that contains itself is refused where it begins again", () => {
  const { path, message } = refused(formula(cyclic()));
  assert.equal(path, "root.terms[1].term");
  assert.match(message, /it stands inside itself: a tree is wanted/);
});

Deno.test("a document of too many nodes is refused with their count and the limit", () => {
  const { path, message } = refused(formula(wide(300_000)));
  assert.equal(path, "root");
  assert.match(message, /300001 nodes: at most 4000 are wanted/);
});

Deno.test("a node in several places counts in each, and is looked at once", () => {
  assert.match(findTreeFault(doubled(MAX_DEPTH - 1))!.reason, /^16777215 nodes: at most 4000/);
  assert.equal(findTreeFault(doubled(5)), undefined);
  // The second place of the shared node is deeper than the first.
  const shared = boosted(MAX_DEPTH - 3);
  const fault = findTreeFault(sum([shared, sum([sum([shared], "c")], "b")]));
  assert.match(fault!.reason, /nested deeper than 24 nodes/);
  assert.deepEqual(fault!.path.slice(0, 7), ["terms", 1, "terms", 0, "terms", 0, "term"]);
});

Deno.test("an edit's term is held to the same limits, with its path in the edit", () => {
  const add = (term: unknown) => [
    { edit: "unwrap", id: "git_churn_max_boost" },
    { edit: "add_term", at: "score", term },
  ];
  const table: [unknown, string, RegExp][] = [
    [boosted(1000), `term${".term".repeat(MAX_DEPTH)}`, /nested deeper than 24 nodes/],
    [summed(1000), `term${".terms[0]".repeat(MAX_DEPTH)}`, /nested deeper than 24 nodes/],
    [cyclic(), "term.terms[1].term", /it stands inside itself/],
    [wide(5000), "term", /5001 nodes: at most 4000/],
  ];
  for (const [term, path, reason] of table) {
    assert.throws(() => applyEdits(SPEC, add(term), { name: "e", description: "" }), (error) => {
      assert.ok(error instanceof EditError, String(error));
      assert.deepEqual([error.index, error.path], [1, path]);
      assert.match(error.reason, reason);
      assert.ok(error.message.startsWith(`Cannot apply edits[1].${path}: `), error.message);
      return true;
    });
  }
});

Deno.test("edits that are each small enough cannot make a formula that is too large", () => {
  const add = (prefix: string) => ({
    edit: "add_term",
    at: "score",
    term: sum(Array.from({ length: 2500 }, (_, i) => ({ ...LEAF, id: `${prefix}${i}` })), prefix),
  });
  assert.throws(
    () => applyEdits(SPEC, [add("a"), add("b")], { name: "e", description: "" }),
    /edits\[1\]: the formula would be wrong at root: 50\d\d nodes: at most 4000 are wanted/,
  );
});
