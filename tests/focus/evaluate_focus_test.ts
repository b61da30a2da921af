import assert from "node:assert/strict";
import fc from "fast-check";
import { openFocus } from "../../lib/focus/evaluate_focus.ts";
import type { FocusExpression } from "../../lib/focus/focus_expression.ts";
import type { FocusWorld } from "../../lib/focus/focus_world.ts";
import { parseFocus } from "../../lib/focus/parse_focus.ts";
import { CHAIN, expressions, refinements, world } from "./focus_world.ts";

const chain = openFocus(CHAIN);
const weights = (expression: FocusExpression) => Array.from(chain.evaluate(expression).weights);
const focus = (source: string) => weights(parseFocus(source));
const paths = (source: string) => CHAIN.paths.filter((_, node) => focus(source)[node]! > 0);
const list = (kind: "any" | "all" | "path", ...of: FocusExpression[]): FocusExpression => ({ kind, of });
const hops = (of: FocusExpression, hops: number): FocusExpression => ({
  kind: "refined",
  of,
  by: [{ kind: "hops", hops }],
});
const LAWS = { seed: 7, numRuns: 300 };

Deno.test("a name finds the files that define it, are called it or lie in a folder called it", () => {
  assert.deepEqual(focus("login"), [1, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual(paths("parse_config"), ["src/syntax/parser.ts"]);
  assert.deepEqual(focus("syntax"), [0, 0, 0, 0.5, 0.5, 0, 0]);
  assert.deepEqual(paths("syntax/lexer"), ["src/syntax/lexer.ts"]);
  assert.deepEqual(paths("*.py"), ["src/store.py"]);
  assert.deepEqual(focus("*"), [1, 1, 1, 1, 1, 1, 1]);
});

Deno.test("a definition's score scales what its symbol gives", () => {
  const files = [{ node: 0, score: 0.25 }, { node: 1, score: 1 }];
  const shared: FocusWorld = { ...CHAIN, symbols: [{ name: "frobnicate", files }] };
  assert.deepEqual([...openFocus(shared).evaluate(parseFocus("frobnicate")).weights].slice(0, 3), [
    0.25,
    1,
    0,
  ]);
});

Deno.test("guesses count only where nothing fits better, and the terms say what was found", () => {
  assert.deepEqual(chain.evaluate(parseFocus("lexr | zebra")).terms, [
    {
      text: "lexr",
      exact: false,
      files: 1,
      best: [{ name: "Lexer", score: 0.3 }, { name: "src/syntax/lexer.ts", score: 0.3 }],
    },
    { text: "zebra", exact: false, files: 0, best: [] },
  ]);
  const both = world([["a.ts", "lexer", []], ["b.ts", "lexr", []]]);
  assert.deepEqual([...openFocus(both).evaluate(parseFocus("lexr")).weights], [0, 1]);
});

Deno.test("quoted names are exact", () => {
  assert.deepEqual(paths('"parseConfig"'), ["src/syntax/parser.ts"]);
  assert.deepEqual(paths('"parse_config"'), []);
  assert.deepEqual(paths('"parser.ts"'), ["src/syntax/parser.ts"]);
  assert.deepEqual(paths('"parser"'), ["src/syntax/parser.ts"]);
});

Deno.test("filters keep or drop whole weights", () => {
  assert.deepEqual(paths("* % recent"), CHAIN.paths.filter((_, i) => [0, 3, 4, 5].includes(i)));
  assert.deepEqual(paths("* % recent:1"), ["tests/parser_test.ts"]);
  assert.deepEqual(paths("* % churned"), CHAIN.paths.filter((_, i) => [0, 2, 3, 5].includes(i)));
  assert.deepEqual(paths("* % tests"), ["tests/parser_test.ts"]);
  assert.deepEqual(paths("* % source"), CHAIN.paths.slice(0, 5));
  assert.deepEqual(paths("* % lang:python"), ["src/store.py"]);
  assert.deepEqual(paths("* % lang:md"), ["docs/notes.md"]);
  assert.deepEqual(paths("* % lang:constructor"), []);
  assert.deepEqual(paths("* % path:src/syntax % lang:ts"), ["src/syntax/parser.ts", "src/syntax/lexer.ts"]);
});

Deno.test("a hop halves the weight and stops at the limit", () => {
  assert.deepEqual(focus('"login" @ 0'), [1, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual(focus('"login" @ 2'), [1, 0.5, 0.25, 0, 0, 0, 0]);
  const strong = openFocus(CHAIN, { decay: 1 }).evaluate(parseFocus('"login" @ 8'));
  assert.deepEqual([...strong.weights], [1, 1, 1, 1, 1, 1, 0]);
});

Deno.test("an arrow gives the files between, weaker for a longer road", () => {
  assert.deepEqual(focus('"login" -> "openSession"'), [1, 1, 0, 0, 0, 0, 0]);
  assert.deepEqual(focus('"login" -> "parseConfig"'), [0.25, 0.25, 0.25, 0.25, 0, 0, 0]);
  assert.deepEqual(focus('"login" -> "save_row" -> "parseConfig"'), [0.5, 0.5, 1, 1, 0, 0, 0]);
  assert.deepEqual(focus('"login" -> "Notes"'), [0, 0, 0, 0, 0, 0, 0]);
});

Deno.test("roads of equal length all count, longer ones do not", () => {
  const diamond = world([["a", "", [1, 2, 3]], ["b", "", []], ["c", "", []], ["d", "", [5]], ["e", "", [
    1,
    2,
    5,
  ]], [
    "f",
    "",
    [],
  ]]);
  const between = openFocus(diamond, { decay: 1 }).evaluate(parseFocus('"a" -> "e"')).weights;
  assert.deepEqual([...between], [1, 1, 1, 0, 1, 0]);
});

Deno.test("roads of more than six links are not followed", () => {
  const row = world(Array.from({ length: 9 }, (_, i) => [`f${i}`, "", i < 8 ? [i + 1] : []] as const));
  const reach = (to: number) => openFocus(row, { decay: 1 }).evaluate(parseFocus(`"f0" -> "f${to}"`)).weights;
  assert.equal(reach(6).filter((weight) => weight > 0).length, 7);
  assert.equal(reach(7).filter((weight) => weight > 0).length, 0);
});

Deno.test("names that match nothing are the empty set", () => {
  const none = [0, 0, 0, 0, 0, 0, 0];
  for (const source of ["zebra", "zebra & auth", "zebra -> auth", "zebra @ 3", "zebra % source"]) {
    assert.deepEqual(focus(source), none, source);
  }
  assert.deepEqual(focus("zebra | auth"), focus("auth"));
  const empty = openFocus(world([])).evaluate(parseFocus("a -> b @ 2 % tests"));
  assert.equal(empty.weights.length, 0);
});

Deno.test("& and | commute, associate, are idempotent, absorb and distribute", () => {
  fc.assert(
    fc.property(expressions, expressions, expressions, (a, b, c) => {
      for (const [one, other] of [["all", "any"], ["any", "all"]] as const) {
        assert.deepEqual(weights(list(one, a, b)), weights(list(one, b, a)));
        assert.deepEqual(weights(list(one, list(one, a, b), c)), weights(list(one, a, list(one, b, c))));
        assert.deepEqual(weights(list(one, a, a)), weights(a));
        assert.deepEqual(weights(list(one, a, list(other, a, b))), weights(a));
        assert.deepEqual(
          weights(list(one, a, list(other, b, c))),
          weights(list(other, list(one, a, b), list(one, a, c))),
        );
      }
    }),
    LAWS,
  );
});

Deno.test("more hops never lose weight, hops add up, and hops distribute over |", () => {
  const h = fc.integer({ min: 0, max: 4 });
  fc.assert(
    fc.property(expressions, expressions, h, h, (a, b, m, n) => {
      const less = weights(hops(a, m)), more = weights(hops(a, m + n));
      less.forEach((weight, node) => assert.ok(weight <= more[node]!));
      assert.deepEqual(weights(hops(hops(a, m), n)), more);
      assert.deepEqual(weights(hops(list("any", a, b), n)), weights(list("any", hops(a, n), hops(b, n))));
      assert.deepEqual(weights(hops(a, 0)), weights(a));
    }),
    LAWS,
  );
});

Deno.test("arrows have no direction and give at least the intersection, within the larger of the ends", () => {
  fc.assert(
    fc.property(expressions, expressions, (a, b) => {
      const there = weights(list("path", a, b)), both = weights(list("all", a, b));
      assert.deepEqual(there, weights(list("path", b, a)));
      const limit = Math.min(Math.max(...weights(a)), Math.max(...weights(b)));
      there.forEach((weight, node) => assert.ok(weight >= both[node]! && weight <= limit));
    }),
    LAWS,
  );
});

Deno.test("filters only take away, commute, are idempotent and distribute over & and |", () => {
  const filter = refinements.filter((by) => by.kind !== "hops");
  fc.assert(
    fc.property(expressions, expressions, filter, filter, (a, b, f, g) => {
      const kept = (of: FocusExpression, ...by: typeof f[]) => weights({ kind: "refined", of, by });
      kept(a, f).forEach((weight, node) => assert.ok(weight === 0 || weight === weights(a)[node]));
      assert.deepEqual(kept(a, f, g), kept(a, g, f));
      assert.deepEqual(kept(a, f, f), kept(a, f));
      for (const kind of ["any", "all"] as const) {
        const apart = list(kind, { kind: "refined", of: a, by: [f] }, { kind: "refined", of: b, by: [f] });
        assert.deepEqual(kept(list(kind, a, b), f), weights(apart));
      }
    }),
    LAWS,
  );
});

Deno.test("weights stay in [0, 1] and evaluation changes nothing it was given", () => {
  fc.assert(
    fc.property(expressions, (expression) => {
      const before = JSON.stringify(expression), first = weights(expression);
      assert.ok(first.every((weight) => weight >= 0 && weight <= 1));
      assert.equal(JSON.stringify(expression), before);
      assert.deepEqual(weights(expression), first);
    }),
    LAWS,
  );
});

Deno.test("worlds and options out of range are refused by name", () => {
  assert.throws(() => openFocus(CHAIN, { decay: 0 }), /decay is 0, \(0, 1\] is wanted/);
  assert.throws(() => openFocus(CHAIN, { recent_days: NaN }), /recent_days is NaN/);
  const symbols = [{ name: "x", files: [{ node: 9, score: 1 }] }];
  assert.throws(() => openFocus({ ...CHAIN, symbols }), /x is defined in node 9/);
  const broken = openFocus({ ...CHAIN, neighbours: () => [7] });
  assert.throws(() => broken.evaluate(parseFocus("a @ 1")), /node 0 has neighbour 7, nodes are 0 to 6/);
});
