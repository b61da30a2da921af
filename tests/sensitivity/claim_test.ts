import assert from "node:assert/strict";
import fc from "fast-check";
import { LanguageError } from "../../lib/base/language_error.ts";
import { type Claim, CLAIM_GRAMMAR, LEVELS } from "../../lib/sensitivity/claim.ts";
import { parseClaim } from "../../lib/sensitivity/claim_parse.ts";
import { claimId, printClaim } from "../../lib/sensitivity/claim_print.ts";
import { isYoungHistory, STRATA } from "../../lib/sensitivity/claim_strata.ts";
import { claims, SPACE } from "./claim_cases.ts";

const canonical = (source: string) => printClaim(parseClaim(source));

Deno.test("the issue's claim is read, its metric filled in and its parameters sorted", () => {
  assert.deepEqual(parseClaim("low pagerank_alpha & high boost_chat_file => worse"), {
    regions: [
      { kind: "level", parameter: "boost_chat_file", level: "high" },
      { kind: "level", parameter: "pagerank_alpha", level: "low" },
    ],
    sign: "worse",
    metric: "ndcg@10",
    stratum: {},
  });
});

Deno.test("every kind of region, a metric, a threshold and a stratum are read in any order", () => {
  assert.equal(
    canonical(
      "focus_decay in[.1,2e-1] & a<3&b >= -1.50 & extreme c=>interacts rr in seed=test,intent=debug by .01",
    ),
    "a < 3 & b >= -1.5 & extreme c & focus_decay in [0.1, 0.2] => interacts rr by 0.01 in intent=debug, seed=test",
  );
  assert.equal(
    canonical('low a & mid b => better in language="c++" by 1'),
    "low a & mid b => better ndcg@10 by 1 in language=c++",
  );
});

Deno.test("the same claim has the same id however it is written, another one has another", () => {
  const id = (source: string) => claimId(parseClaim(source));
  assert.equal(id("low a & high b => worse"), id("high b  &low a=>worse ndcg@10"));
  for (
    const other of ["low a & high b => better", "low a & mid b => worse", "low a & high b => worse by 0.1"]
  ) {
    assert.notEqual(id("low a & high b => worse"), id(other));
  }
});

Deno.test("errors point at the column and say what to do", () => {
  const table: [string, number, RegExp][] = [
    ["", 1, /found the end, wanted low, mid, high, extreme or a parameter/],
    ["low focus_decay => worse", 17, /a claim is about two or more/],
    ["low focus_decay and", 17, /write &/],
    ["low focus_decay + high focus_max_hops => worse", 17, /write &/],
    ["low focus_decay & high focus_max_hops -> worse", 39, /write => before the sign/],
    [
      "low focus_decay & high focus_max_hops => bad",
      42,
      /found "bad", wanted one of worse, better, redundant/,
    ],
    ["low focus_dekay & high focus_max_hops => worse", 5, /did you mean focus_decay\?/],
    ["focus_decay & high focus_max_hops => worse", 13, /found "&", wanted a region/],
    ["low focus_decay & high focus_decay => worse", 24, /named twice/],
    ["low focus_decay & mid => worse", 23, /found "=>", wanted a parameter/],
    ["low focus_decay & focus_max_hops in [3, 2] => worse", 37, /upside down/],
    ["low focus_decay & focus_max_hops > 1e999 => worse", 36, /too large/],
    ["low focus_decay & focus_max_hops > 9 => worse", 19, /lies in \[1, 4\], whole numbers: nothing of that/],
    ["low focus_decay & focus_max_hops >= 1 => worse", 19, /leaves nothing outside/],
    ["focus_decay < 0.1 & low focus_max_hops => worse", 1, /nothing of that is in this region/],
    ["low focus_decay & high focus_max_hops => worse precise@3", 48, /Unknown measure "precise@3"/],
    ["low focus_decay & high focus_max_hops => worse p", 48, /has no cutoff/],
    ["low focus_decay & high focus_max_hops => worse by 0", 51, /above 0, found 0/],
    ["low focus_decay & high focus_max_hops => worse by 1 by 2", 53, /each once, or the end/],
    [
      "low focus_decay & high focus_max_hops => worse in mood=bad",
      51,
      /mood is no stratum; there are history/,
    ],
    ["low focus_decay & high focus_max_hops => worse in intent=fix", 58, /intent is never "fix"/],
    ["low focus_decay & high focus_max_hops => worse in seed=test, seed=source", 62, /seed is given twice/],
    ["low in & high focus_max_hops => worse", 5, /in is not the name of a parameter/],
    [
      "low focus_decay & up focus_max_hops => worse",
      19,
      /"up" is no region of focus_max_hops; write one of low, mid, high, extreme/,
    ],
  ];
  for (const [source, column, message] of table) {
    assert.throws(() => parseClaim(source, SPACE), (error) => {
      assert.ok(error instanceof LanguageError, `${source}: ${error}`);
      assert.match(error.message, message, source);
      assert.equal(error.column, column, source);
      return true;
    });
  }
});

Deno.test("every claim is printed and read back as it was", () => {
  fc.assert(
    fc.property(claims, (claim) => {
      const text = printClaim(claim);
      assert.deepEqual(parseClaim(text), claim);
      assert.equal(canonical(text), text);
    }),
    { seed: 7, numRuns: 500 },
  );
});

Deno.test("values that are no claims are not printed", () => {
  const good = parseClaim("low a & high b => worse");
  const bad: unknown[] = [
    { ...good, regions: good.regions.slice(1) },
    { ...good, regions: good.regions.toReversed() },
    { ...good, regions: [good.regions[0], good.regions[0]] },
    { ...good, sign: "odd" },
    { ...good, metric: "ndcg@0" },
    { ...good, threshold: 0 },
    { ...good, stratum: { mood: "bad" } },
    { ...good, regions: [{ ...good.regions[0], parameter: "by" }, good.regions[1]] },
  ];
  for (const claim of bad) assert.throws(() => printClaim(claim as Claim), JSON.stringify(claim));
});

Deno.test("5,000 arbitrary texts are read or refused with a column, with and without a space", () => {
  const pieces = fc.constantFrom(
    ...'low |high |focus_decay|focus_max_hops|pagerank_alpha| & | => |worse|redundant| < |0.5|2| in |[|]|,| by |intent=debug|@10|ndcg|=|-|§|"'
      .split("|"),
  );
  const grown = fc.array(pieces, { maxLength: 20 }).map((list) => list.join(""));
  const sentence = fc.tuple(
    fc.constantFrom("low focus_decay & ", "focus_decay < 0.5 & high focus_max_hops & "),
    fc.array(pieces, { maxLength: 2 }),
    fc.constantFrom("high pagerank_alpha => worse", "pagerank_alpha in [0.6, 0.7] => redundant ndcg@5"),
    fc.array(pieces, { maxLength: 3 }),
  ).map((parts) => parts.flat().join(""));
  let accepted = 0;
  fc.assert(
    fc.property(fc.oneof(grown, sentence, fc.string({ unit: "binary" })), (source) => {
      for (const space of [undefined, SPACE]) {
        try {
          const claim = parseClaim(source, space);
          assert.deepEqual(parseClaim(printClaim(claim), space), claim);
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
  for (const unit of ["low a & ", "a", "1", "&", "=", '"', "[", ".", "a.", "in ", "§"]) {
    for (
      const start of [
        "",
        "low a & ",
        "low a & high b => worse in repo=",
        "low a & b in [",
        "low a & high b => worse r@",
      ]
    ) {
      try {
        parseClaim(start + unit.repeat(Math.floor((4096 - start.length) / unit.length)));
      } catch (error) {
        assert.ok(error instanceof LanguageError, `${start}${unit}: ${error}`);
      }
    }
  }
});

Deno.test("the grammar names every level and sign, and the strata say what they are", () => {
  for (const word of [...LEVELS, "worse", "better", "redundant", "interacts", "=>", "&"]) {
    assert.ok(CLAIM_GRAMMAR.includes(`"${word}"`), word);
  }
  for (const { description } of Object.values(STRATA)) assert.ok(description.length > 10);
});

Deno.test("a history is young while it is short or small", () => {
  assert.equal(isYoungHistory(179, 10_000), true);
  assert.equal(isYoungHistory(5000, 199), true);
  assert.equal(isYoungHistory(180, 200), false);
});
