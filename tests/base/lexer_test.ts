import assert from "node:assert/strict";
import fc from "fast-check";
import { LanguageError } from "../../lib/base/language_error.ts";
import { Lexer, type LexRules, NESTING_LIMIT, SOURCE_LIMIT } from "../../lib/base/lexer.ts";

const RULES: LexRules = {
  language: "the sum",
  operators: ["<", "<=", "+", "("],
  name: /[\p{L}_]+/uy,
  number: /\d+(?:\.\d+)?/y,
};

function tokens(source: string): [string, string, number][] {
  const lexer = new Lexer(source, RULES), seen: [string, string, number][] = [];
  while (lexer.token.kind !== "end") {
    const { kind, text, at } = lexer.take();
    seen.push([kind, text, at]);
  }
  return seen;
}

function failure(run: () => unknown): LanguageError {
  try {
    run();
  } catch (error) {
    if (error instanceof LanguageError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

Deno.test("tokens know their kind, text and offset, and the longest operator wins", () => {
  assert.deepEqual(tokens('a<=1.5 + "b \\" c"'), [
    ["name", "a", 0],
    ["operator", "<=", 1],
    ["number", "1.5", 3],
    ["operator", "+", 7],
    ["string", 'b " c', 9],
  ]);
});

Deno.test("a quoted operator is no operator", () => {
  const lexer = new Lexer('"+"', RULES);
  assert.equal(lexer.sees("+"), false);
  assert.equal(lexer.accept("+"), false);
  assert.equal(lexer.take().kind, "string");
});

Deno.test("text behind the last token taken is handed out raw, whatever it contains", () => {
  const lexer = new Lexer("a + it's §5", RULES);
  lexer.take();
  lexer.take();
  assert.equal(lexer.rest(), " it's §5");
  assert.equal(lexer.token.kind, "end");
});

Deno.test("errors put a caret under the column, counted in code points of the line at fault", () => {
  const error = failure(() => tokens("a +\n\t𝒳 § b"));
  assert.equal(error.column, 4);
  assert.equal(
    error.message,
    "Cannot read the sum, column 4: nothing of the language begins here; is a quote left open?\n   𝒳 § b\n     ^",
  );
});

Deno.test("the error of a long line shows the part around the caret", () => {
  const error = failure(() => tokens("a ".repeat(200) + "§" + " b".repeat(200)));
  const [, shown, caret] = error.message.split("\n");
  assert.equal(error.column, 401);
  assert.equal(shown![caret!.indexOf("^")], "§");
  assert.ok(shown!.length <= 102);
});

Deno.test("bad escapes and open quotes are named", () => {
  assert.match(failure(() => tokens('"\\q"')).message, /as in JSON/);
  assert.match(failure(() => tokens('a "b')).message, /column 3: .*quote left open/);
});

Deno.test("sources and nesting are limited", () => {
  assert.match(failure(() => new Lexer("a".repeat(SOURCE_LIMIT + 1), RULES)).message, /shorten it to 4096/);
  const down = (lexer: Lexer): number => lexer.accept("(") ? lexer.nest(() => down(lexer)) : lexer.token.at;
  assert.equal(down(new Lexer("(".repeat(NESTING_LIMIT), RULES)), NESTING_LIMIT);
  const error = failure(() => down(new Lexer("(".repeat(NESTING_LIMIT + 1), RULES)));
  assert.match(error.message, /nested more than 64 deep/);
});

Deno.test("every text ends in tokens or in a LanguageError, and tokens cover all of it but white space", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'a_1.+<=("\\ \n§😀') }), (source) => {
      const lexer = new Lexer(source, RULES);
      let covered = 0;
      try {
        while (lexer.token.kind !== "end") {
          const { at, end } = lexer.take();
          assert.equal(source.slice(covered, at).trim(), "");
          assert.ok(end > at);
          covered = end;
        }
        assert.equal(source.slice(covered).trim(), "");
      } catch (error) {
        if (!(error instanceof LanguageError)) throw error;
        assert.ok(error.offset >= covered && error.offset <= source.length);
      }
    }),
    { seed: 7, numRuns: 5000 },
  );
});
