import assert from "node:assert/strict";
import fc from "fast-check";
import { LanguageError } from "../../lib/base/language_error.ts";
import { checkFocus, FOCUS_GRAMMAR, type FocusExpression } from "../../lib/focus/focus_expression.ts";
import { parseFocus } from "../../lib/focus/parse_focus.ts";
import { printFocus } from "../../lib/focus/print_focus.ts";
import { expressions } from "./focus_world.ts";

const name = (text: string, exact = false): FocusExpression => ({ kind: "name", text, exact });
const canonical = (source: string) => printFocus(parseFocus(source));

function refusal(source: string): LanguageError {
  try {
    parseFocus(source);
  } catch (error) {
    if (error instanceof LanguageError) return error;
    throw error;
  }
  throw new Error(`nothing was thrown for ${source}`);
}

Deno.test("the five operators of the specification are read", () => {
  assert.deepEqual(parseFocus("auth & parser"), { kind: "all", of: [name("auth"), name("parser")] });
  assert.deepEqual(parseFocus("auth | parser"), { kind: "any", of: [name("auth"), name("parser")] });
  assert.deepEqual(parseFocus("auth -> parser"), { kind: "path", of: [name("auth"), name("parser")] });
  assert.deepEqual(parseFocus("auth @ 2"), {
    kind: "refined",
    of: name("auth"),
    by: [{ kind: "hops", hops: 2 }],
  });
  assert.deepEqual(parseFocus("auth % recent"), {
    kind: "refined",
    of: name("auth"),
    by: [{ kind: "recent" }],
  });
});

Deno.test("@ and % bind tightest, then ->, then &, then |", () => {
  assert.equal(canonical("(a|((b)&(c->(d@1%tests))))"), "a | b & c -> d @ 1 % tests");
  assert.equal(canonical("(a | b) & (c & d) -> (e -> f) @ 2"), "(a | b) & (c & d) -> (e -> f) @ 2");
  assert.deepEqual(parseFocus("a | b & c"), {
    kind: "any",
    of: [name("a"), { kind: "all", of: [name("b"), name("c")] }],
  });
});

Deno.test("side by side and commas mean |, and bind as loosely", () => {
  assert.equal(canonical("auth parser"), "auth | parser");
  assert.equal(canonical("auth, parser (lexer)"), "auth | parser | lexer");
  assert.equal(canonical("auth parser & lexer"), "auth | parser & lexer");
  assert.equal(canonical("auth @ 2 parser"), "auth @ 2 | parser");
});

Deno.test("names hold paths, scopes, globs and hyphens; an arrow ends them", () => {
  assert.deepEqual(parseFocus("src/my-file.ts->std::vec"), {
    kind: "path",
    of: [name("src/my-file.ts"), name("std::vec")],
  });
  assert.deepEqual(parseFocus('"a & b"'), name("a & b", true));
});

Deno.test("filters take their arguments, quoted where they must be", () => {
  assert.equal(
    canonical('* %recent:7 %churned:2.5 % lang:PY % path:"my docs/*"'),
    '* % recent:7 % churned:2.5 % lang:py % path:"my docs/*"',
  );
});

Deno.test("errors name the column, what was found and what is wanted", () => {
  assert.equal(
    refusal("auth & ) x").message,
    'Cannot read the focus expression, column 8: found ")", wanted a name, a quoted text or (\n' +
      "  auth & ) x\n         ^",
  );
  const table: [string, number, RegExp][] = [
    ["", 1, /nothing is named/],
    ["(a | b", 7, /found the end, wanted an operator or \)/],
    ["a)", 2, /wanted an operator or the end/],
    ["a @ 9", 5, /a whole number from 0 to 8/],
    ["a @ b", 5, /found "b", wanted a hop limit/],
    ["a % rescent", 5, /no filter; did you mean recent\?/],
    ["a % &", 5, /a filter after %/],
    ["a % tests:3", 5, /takes nothing after it/],
    ["a % lang", 5, /a language or an extension/],
    ["a % recent:0", 5, /days as a number above 0/],
    ["a % constructor", 5, /no filter/],
    ["a & <b>", 5, /nothing of the language begins here/],
    ['a | "b', 5, /is a quote left open/],
    ['a | ""', 5, /this name is empty/],
    ["b".repeat(201), 1, /a name of 201 characters/],
  ];
  for (const [source, column, message] of table) {
    assert.match(refusal(source).message, message, source);
    assert.equal(refusal(source).column, column, source);
  }
});

Deno.test("nesting, names and refinements are limited with an error at the culprit", () => {
  assert.match(refusal("(".repeat(65) + "a").message, /column 66: nested more than 64 deep/);
  assert.equal(canonical("(".repeat(64) + "a" + ")".repeat(64)), "a");
  assert.match(refusal("a ".repeat(65)).message, /column 129: more than 64 names/);
  assert.match(refusal("a" + "@1".repeat(65)).message, /column 130: more than 64 refinements/);
});

Deno.test("the deepest text the limits allow is read, checked, printed and read back", () => {
  let text = "a";
  for (let i = 0; i < 15; i++) text = `((((${text}) @ 1) -> b) & c) | d`;
  assert.deepEqual(parseFocus(canonical(text)), parseFocus(text));
  const deep = "(".repeat(63) + "a" + ") @ 1".repeat(63);
  assert.equal(canonical(deep), deep.slice(1).replace(") @ 1", " @ 1"));
});

Deno.test("what is printed is read back as the same expression", () => {
  fc.assert(
    fc.property(expressions, (expression) => {
      const text = printFocus(expression);
      assert.deepEqual(parseFocus(text), checkFocus(expression));
      assert.equal(printFocus(parseFocus(text)), text);
    }),
    { seed: 7, numRuns: 2000 },
  );
});

Deno.test("5,000 arbitrary texts are read to a printable expression or refused with a column inside them", () => {
  const piece = fc.constantFrom(
    ...'ab/.*:&|@%()," \n\\-2§😀',
    "->",
    "auth",
    " % recent",
    " @ 2",
    "lang:",
    "path:",
    "İ",
  );
  const source = fc.oneof(
    fc.array(piece, { maxLength: 40 }).map((list) => list.join("")),
    fc.string({ unit: "binary" }),
  );
  let accepted = 0;
  fc.assert(
    fc.property(source, (text) => {
      try {
        const expression = parseFocus(text);
        assert.deepEqual(parseFocus(printFocus(expression)), expression);
        accepted++;
      } catch (error) {
        if (!(error instanceof LanguageError)) throw error;
        assert.ok(error.column >= 1 && error.offset <= text.length);
      }
    }),
    { seed: 7, numRuns: 5000 },
  );
  assert.ok(accepted > 100, `only ${accepted} texts were sentences`);
});

Deno.test("long hostile texts of one kind are refused or read at once", () => {
  for (
    const unit of ["(", "a(", "-", "->", '"', '\\"', "%", "a@", "a:", "*", ":", "a&", "\n", "٣", "\u0301"]
  ) {
    const text = unit.repeat(Math.floor(4096 / unit.length));
    try {
      parseFocus(text);
    } catch (error) {
      assert.ok(error instanceof LanguageError, `${unit}: ${error}`);
    }
  }
});

Deno.test("values that are no expression, too deep or cyclic are refused when checked or printed", () => {
  let deep: unknown = name("a");
  for (let i = 0; i < 10_000; i++) deep = { kind: "refined", of: deep, by: [{ kind: "tests" }] };
  assert.throws(() => checkFocus(deep), /nested too deep/);
  const cyclic: { kind: string; of: unknown[] } = { kind: "any", of: [] };
  cyclic.of.push(cyclic);
  assert.throws(() => checkFocus(cyclic), /nested too deep/);
  cyclic.of.push(cyclic);
  assert.throws(() => checkFocus(cyclic), /more than 64 names/);
  assert.throws(() => checkFocus({ kind: "any", of: Array(65).fill(name("a")) }), /more than 64 names/);
  assert.throws(() => checkFocus({ kind: "any", of: [name("a")] }));
  assert.throws(() => checkFocus(name("a b")));
  assert.throws(() => checkFocus(null));
  const wide = { kind: "any" as const, of: Array(30).fill(name("x".repeat(200))) };
  assert.throws(() => printFocus(wide), /shorten it to 4096/);
});

Deno.test("the grammar names every filter and operator", () => {
  for (const word of ["recent", "churned", "tests", "source", "lang:", "path:", "->", "&", "|", "@", "%"]) {
    assert.ok(FOCUS_GRAMMAR.includes(`"${word}"`), word);
  }
});
