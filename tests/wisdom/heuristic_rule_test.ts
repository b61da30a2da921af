import assert from "node:assert/strict";
import fc from "fast-check";
import { LanguageError } from "../../lib/base/language_error.ts";
import {
  ADJUSTMENT_OPERATORS,
  type Heuristic,
  heuristicId,
  parseHeuristic,
  printHeuristic,
} from "../../lib/wisdom/heuristic_rule.ts";
import { parseWarning } from "../../lib/wisdom/heuristic_warning.ts";
import { conditions, PARAMETERS, SPACE } from "./heuristic_cases.ts";

function refusal(source: string): LanguageError {
  try {
    parseHeuristic(source, { space: SPACE });
  } catch (error) {
    if (error instanceof LanguageError) return error;
    throw error;
  }
  throw new Error(`nothing was thrown for ${source}`);
}

Deno.test("the specification's heuristic is read", () => {
  assert.deepEqual(parseHeuristic("if repo.file_count < 50: boost_chat_file *= 0.5 - rationale"), {
    condition: { kind: "compare", name: "repo.file_count", op: "<", value: 50 },
    adjustments: [{ parameter: "boost_chat_file", op: "*=", value: 0.5 }],
    rationale: "rationale",
  });
});

Deno.test("several adjustments and a rationale with any characters are read, white space is evened out", () => {
  const rule = parseHeuristic(
    "if seed.is_test:focus_max_hops-=1,boost_chat_file=-2—it's §5:\n  a, b - c #1 ",
    {},
  );
  assert.deepEqual(rule.adjustments, [
    { parameter: "focus_max_hops", op: "-=", value: 1 },
    { parameter: "boost_chat_file", op: "=", value: -2 },
  ]);
  assert.equal(rule.rationale, "it's §5: a, b - c #1");
  assert.equal(
    printHeuristic(rule),
    "if seed.is_test: focus_max_hops -= 1, boost_chat_file = -2 - it's §5: a, b - c #1",
  );
});

Deno.test("errors point at the column and say what to do", () => {
  const table: [string, number, RegExp][] = [
    ["", 1, /found the end, wanted if/],
    ["when seed.is_test: focus_decay *= 2", 1, /found "when", wanted if/],
    ["if seed.is_tset: focus_decay *= 2", 4, /no fact seed\.is_tset; did you mean seed\.is_test\?/],
    ["if focus_decay > 1: focus_decay *= 2", 4, /is a parameter: heuristics look at facts/],
    ["if seed.depth: focus_decay *= 2", 14, /a comparison, because seed\.depth is a number/],
    ["if seed.depth = 2: focus_decay *= 2", 15, /write == to compare/],
    ["if seed.is_test && history.exists: focus_decay *= 2", 17, /write and/],
    ["if ! seed.is_test: focus_decay *= 2", 4, /write not/],
    ["if 5 < seed.depth: focus_decay *= 2", 4, /put the fact first/],
    ["if 1 < seed.depth < 5: focus_decay *= 2", 4, /put the fact first/],
    ["if seed.depth > 1 < 5: focus_decay *= 2", 19, /do not chain/],
    ["if intent == fix: focus_decay *= 2", 14, /intent is never "fix"; there are debug, refactor/],
    ["if intent == debugg: focus_decay *= 2", 14, /did you mean debug\?/],
    ["if intent < debug: focus_decay *= 2", 11, /has no order/],
    ["if seed.is_test == 1: focus_decay *= 2", 20, /true or false/],
    ["if seed.depth == debug: focus_decay *= 2", 18, /found "debug", wanted a number/],
    ["if (seed.is_test: focus_decay *= 2", 17, /wanted and, or or \)/],
    ["if seed.is_test focus_decay *= 2", 17, /wanted and, or or :/],
    ["if seed.is_test:", 17, /the name of a parameter/],
    [
      "if seed.is_test: boost_ident *= 2",
      18,
      /no parameter boost_ident; did you mean boost_mentioned_ident\?/,
    ],
    ["if seed.is_test: seed.depth *= 2", 18, /facts are given/],
    ["if seed.is_test: focus_decay ** 2", 30, /one of \*= \/= \+= -= =/],
    ["if seed.is_test: focus_decay *= 0", 33, /a factor above 0, found 0/],
    ["if seed.is_test: focus_decay /= -1", 33, /a factor above 0, found -1/],
    ["if seed.is_test: focus_decay = 1e10", 32, /within/],
    ["if seed.is_test: focus_decay = 1, focus_decay = 2", 35, /adjusted twice/],
    ["if seed.is_test: focus_decay *= 0.5 - 0.2", 38, /looks like arithmetic/],
    ["if seed.is_test: focus_decay *= 0.5 -", 37, /nothing follows the dash/],
    ["if seed.is_test: focus_decay *= 0.5 because", 37, /wanted a comma, - and a rationale, or the end/],
    ["if seed.depth not 3: focus_decay *= 2", 19, /in after not/],
    ["if intent in []: focus_decay *= 2", 15, /a word or a quoted text/],
    ["if constructor: focus_decay *= 2", 4, /no fact constructor/],
  ];
  for (const [source, column, message] of table) {
    assert.match(refusal(source).message, message, source);
    assert.equal(refusal(source).column, column, source);
  }
});

Deno.test("nesting is limited for parentheses and for not", () => {
  const rule = (condition: string) => `if ${condition}: focus_decay *= 2`;
  assert.match(refusal(rule("(".repeat(65) + "seed.is_test")).message, /column 69: nested more than 64/);
  assert.match(refusal(rule("not ".repeat(65) + "seed.is_test")).message, /nested more than 64/);
  parseHeuristic(rule("not ".repeat(64) + "seed.is_test"));
});

const adjustments = fc.uniqueArray(
  fc.record({
    parameter: fc.constantFrom(...PARAMETERS),
    op: fc.constantFrom(...ADJUSTMENT_OPERATORS),
    value: fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
  }),
  { minLength: 1, maxLength: 3, selector: (a) => a.parameter },
);
const rationales = fc.constantFrom(undefined, "why", "it's - so: 2, (3", 'a "b" — ü §', "50 files");
const heuristics: fc.Arbitrary<Heuristic> = fc.record({
  condition: conditions,
  adjustments,
  rationale: rationales,
})
  .map(({ rationale, ...rest }) => structuredClone(rationale === undefined ? rest : { ...rest, rationale }));

Deno.test("every heuristic is printed and read back as it was", () => {
  fc.assert(
    fc.property(heuristics, (heuristic) => {
      const text = printHeuristic(heuristic);
      assert.deepEqual(parseHeuristic(text, { space: SPACE }), heuristic);
      assert.equal(printHeuristic(parseHeuristic(text)), text);
    }),
    { seed: 7, numRuns: 500 },
  );
});

Deno.test("a heuristic's identity is its canonical text", () => {
  const id = (source: string) => heuristicId(parseHeuristic(source));
  assert.equal(id("if (seed.is_test): focus_decay*=2"), id("if seed.is_test : focus_decay  *=  2.0"));
  assert.notEqual(id("if seed.is_test: focus_decay *= 2"), id("if seed.is_test: focus_decay *= 3"));
  assert.match(id("if seed.is_test: focus_decay *= 2"), /^[0-9a-f]{64}$/);
});

Deno.test("trees that are no heuristics are not printed", () => {
  const good = parseHeuristic("if seed.is_test: focus_decay *= 2");
  const bad: unknown[] = [
    { ...good, adjustments: [] },
    { ...good, adjustments: [...good.adjustments, ...good.adjustments] },
    { ...good, adjustments: [{ parameter: "focus decay", op: "*=", value: 1 }] },
    { ...good, adjustments: [{ parameter: "focus_decay", op: "*=", value: -1 }] },
    { ...good, rationale: "two\nlines" },
    { ...good, condition: { kind: "is", name: "seed.colour" } },
    { ...good, condition: { kind: "call", name: "seed.is_test" } },
  ];
  for (const heuristic of bad) assert.throws(() => printHeuristic(heuristic as Heuristic));
});

Deno.test("5,000 arbitrary texts are read or refused with a column, as heuristics and as warnings", () => {
  const pieces = fc.constantFrom(
    ...'if |warn |seed.is_test|repo.file_count|focus_decay| < |50|intent|==| and | or |not |in|[|]|(|)|,|: | *= |0.5| - |= |-|why|\n|§|"|1e9|.'
      .split("|"),
  );
  const grown = fc.array(pieces, { maxLength: 30 }).map((list) => list.join(""));
  const sentence = fc.tuple(
    fc.constantFrom("if ", "warn if "),
    fc.array(pieces, { maxLength: 3 }),
    fc.constantFrom("seed.is_test: focus_decay *= 2", "repo.file_count < 50: focus_decay = 1 - why"),
    fc.array(pieces, { maxLength: 3 }),
  ).map((parts) => parts.flat().join(""));
  let accepted = 0;
  fc.assert(
    fc.property(fc.oneof(grown, sentence, fc.string({ unit: "binary" })), (source) => {
      for (const parse of [parseHeuristic, parseWarning]) {
        try {
          parse(source);
          accepted++;
        } catch (error) {
          if (!(error instanceof LanguageError)) throw error;
          assert.ok(error.column >= 1 && error.offset <= source.length);
        }
      }
    }),
    { seed: 7, numRuns: 5000 },
  );
  assert.ok(accepted > 100, `only ${accepted} texts were sentences`);
});

Deno.test("long hostile texts of one kind come to an end", () => {
  for (
    const unit of ["(", "not ", "[", "1", "1.", ".", "a.", "a", '"', "- ", "seed.is_test or ", " ", "9e"]
  ) {
    for (const start of ["", "if ", "if seed.is_test: focus_decay *= 2 - ", "warn if seed.is_test: "]) {
      const source = start + unit.repeat(Math.floor((4096 - start.length) / unit.length));
      for (const parse of [parseHeuristic, parseWarning]) {
        try {
          parse(source);
        } catch (error) {
          assert.ok(error instanceof LanguageError, `${start}${unit}: ${error}`);
        }
      }
    }
  }
});
