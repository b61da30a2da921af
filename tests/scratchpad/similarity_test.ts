import assert from "node:assert/strict";
import fc from "fast-check";
import { isSameClaim, readClaim, textSimilarity } from "../../lib/scratchpad/mod.ts";

const PARAMS = [
  "pagerank_alpha",
  "pagerank_chat_multiplier",
  "boost_chat_file",
  "boost_temporal_coupling",
  "depth_weight_deep",
  "git_recency_decay_days",
  "git_recency_max_boost",
  "focus_decay",
  "focus_max_hops",
];
const same = (a: string, b: string) => isSameClaim(readClaim(a, PARAMS), readClaim(b, PARAMS));

Deno.test("readClaim() knows a parameter by name, alias or a part that is its alone", () => {
  assert.deepEqual(readClaim("low α + high boost_chat", PARAMS).params, [
    "boost_chat_file",
    "pagerank_alpha",
  ]);
  assert.deepEqual(readClaim("damping against max_hops", PARAMS).params, [
    "focus_max_hops",
    "pagerank_alpha",
  ]);
  assert.deepEqual(readClaim("git_recency saturates", PARAMS).params, [], "two parameters begin so");
  assert.deepEqual(
    readClaim("low alpha", ["focus_decay"]).params,
    [],
    "an alias of no parameter of the space",
  );
});

Deno.test("readClaim() keeps a direction within its clause", () => {
  assert.deepEqual(
    readClaim("low pagerank_alpha + high boost_chat_file = tunnel vision", PARAMS).directions,
    [
      "boost_chat_file up",
      "pagerank_alpha down",
    ],
  );
  assert.deepEqual(readClaim("deep files rank too low", PARAMS).freeDirections, ["down"]);
});

Deno.test("paraphrases of one claim are the same claim", () => {
  const pairs: [string, string][] = [
    [
      "low α + high boost_chat = tunnel vision",
      "tunnel vision when boost_chat_file is high and pagerank_alpha is low",
    ],
    ["low α + high boost_chat = tunnel vision", "Low damping with a large boost_chat causes tunnel vision."],
    [
      "depth_weight_deep too low buries nested packages",
      "when depth_weight_deep is too small, nested packages get buried",
    ],
    [
      "temporal_coupling is redundant in young repositories",
      "boost_temporal_coupling: redundant in young repos",
    ],
    [
      "vendored copies outrank the expected test files",
      "Expected test files are outranked by vendored copies",
    ],
  ];
  for (const [a, b] of pairs) assert.ok(same(a, b), `${a} | ${b}: ${textSimilarity(a, b, PARAMS)}`);
});

Deno.test("opposite or different claims never merge, however alike their words", () => {
  const pairs: [string, string][] = [
    ["high α helps nested packages", "low α helps nested packages"],
    ["high α + low boost_chat = tunnel vision", "low α + high boost_chat = tunnel vision"],
    ["high α helps nested packages", "high α hurts nested packages"],
    ["high α helps nested packages", "high α does not help nested packages"],
    ["raise focus_decay for debugging", "lower focus_decay for debugging"],
    ["raise focus_decay for debugging", "raise focus_max_hops for debugging"],
    ["focus_decay matters for debugging", "high focus_decay matters for debugging"],
    ["deep files rank too low in tests", "deep files rank too high in tests"],
    ["repositories under 50 files need less boost_chat", "repositories under 500 files need less boost_chat"],
    ["focus_decay at 0.5 works", "focus_decay at 5.0 works"],
    ["vendored copies outrank expected files", "generated code outranks the interface"],
  ];
  for (const [a, b] of pairs) {
    assert.ok(!same(a, b) && !same(b, a), `${a} | ${b}: ${textSimilarity(a, b, PARAMS)}`);
  }
});

const words = fc.array(
  fc.constantFrom(
    ...PARAMS,
    "low",
    "high",
    "not",
    "helps",
    "hurts",
    "tunnel",
    "vision",
    "50",
    "and",
    ",",
    "deep",
    "α",
    "'",
  ),
  { maxLength: 12 },
).map((list) => list.join(" "));

Deno.test("textSimilarity() is symmetric, in [0, 1], and 1 for a text and itself", () => {
  fc.assert(
    fc.property(fc.oneof(words, fc.string()), fc.oneof(words, fc.string()), (a, b) => {
      const s = textSimilarity(a, b, PARAMS);
      assert.ok(s >= 0 && s <= 1);
      assert.equal(textSimilarity(b, a, PARAMS), s);
      assert.equal(textSimilarity(a, a, PARAMS), 1);
    }),
    { seed: 5 },
  );
});

Deno.test("turning every direction of a claim around always makes another claim", () => {
  const clause = fc.tuple(fc.constantFrom("low", "high"), fc.constantFrom(...PARAMS));
  fc.assert(
    fc.property(
      fc.uniqueArray(clause, { minLength: 1, maxLength: 4, selector: ([, name]) => name }),
      (clauses) => {
        const say = (flip: boolean) =>
          clauses.map(([way, name]) => `${flip === (way === "low") ? "high" : "low"} ${name}`).join(" + ") +
          " = tunnel vision";
        assert.equal(textSimilarity(say(false), say(true), PARAMS), 0);
      },
    ),
    { seed: 6 },
  );
});
