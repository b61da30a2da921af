import assert from "node:assert/strict";
import fc from "fast-check";
import { GUESS, joinedName, matchName, mayFit, nameParts, sureFit } from "../../lib/focus/match_name.ts";

const fit = (word: string, name: string) => matchName(nameParts(word), nameParts(name));

Deno.test("names fall apart at case changes, digits and separators", () => {
  const table: [string, string[]][] = [
    ["parseConfig", ["parse", "config"]],
    ["parse_config-file.ts", ["parse", "config", "file", "ts"]],
    ["HTTPServerError", ["http", "server", "error"]],
    ["parseHTTPHeader2", ["parse", "http", "header", "2"]],
    ["MAX_SIZE", ["max", "size"]],
    ["std::vector<int>", ["std", "vector", "int"]],
    ["größeÄndern", ["größe", "ändern"]],
    ["__$$", []],
    ["", []],
  ];
  for (const [name, words] of table) assert.deepEqual(nameParts(name).words, words, name);
});

Deno.test("every tier of a match lies above the next: exact, same words, prefix, parts, slips, letters left out", () => {
  const tiers = [
    fit("parseConfig", "parseConfig"),
    fit("parse_config", "parseConfig"),
    fit("parse", "parseConfig"),
    fit("pars", "parseConfig"),
    fit("config", "parseConfig"),
    fit("con", "parseConfig"),
    fit("parseConfog", "parseConfig"),
    fit("cunfig", "parseConfig"),
    fit("arseconf", "parseConfig"),
    fit("prsecnfg", "parseConfig"),
    fit("zebra", "parseConfig"),
  ];
  for (let i = 1; i < tiers.length; i++) assert.ok(tiers[i]! < tiers[i - 1]!, `${i}: ${tiers}`);
  assert.ok(tiers[5]! > GUESS && GUESS > tiers[6]!);
  assert.equal(tiers.at(-1), 0);
});

Deno.test("a prefix that ends with a word fits better than one that breaks it", () => {
  assert.ok(fit("auth", "authService") > fit("auth", "authority"));
});

Deno.test("camelCase parts match in any order, one letter each when there are several", () => {
  assert.ok(fit("configParse", "parseConfig") > GUESS);
  assert.ok(fit("pC", "parseConfig") > GUESS);
  assert.equal(fit("pP", "parseConfig"), 0);
  assert.equal(fit("c", "parseConfig"), 0);
});

Deno.test("guesses need four letters on both sides", () => {
  assert.equal(fit("lexr", "lexer"), 0.3);
  assert.equal(fit("lxr", "lexer"), 0);
  assert.equal(fit("logs", "log"), 0);
  assert.equal(fit("serve", "preserve"), 0.2);
});

Deno.test("a fit lies in [0, 1], is 1 exactly for the same text and 0.95 exactly for the same letters", () => {
  const word = fc.string({ unit: fc.constantFrom(..."abAB_1é"), maxLength: 8 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      const score = fit(a, b);
      assert.ok(score >= 0 && score <= 1);
      assert.equal(score === 1, a === b);
      const letters = (text: string) => text.toLowerCase().replaceAll("_", "");
      if (a !== b) assert.equal(score === 0.95, letters(a) === letters(b) && letters(a) !== "");
    }),
    { seed: 7, numRuns: 3000 },
  );
});

Deno.test("any text can be held against any other, long and repetitive ones too", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      assert.ok(fit(a, b) >= 0);
    }),
    { seed: 7, numRuns: 5000 },
  );
  for (const unit of ["a", "A", "Aa", "aA", "1", "_", "Aé", "AB"]) {
    assert.ok(fit(unit.repeat(100), unit.repeat(20_000) + "b") >= 0);
  }
});

const identifier = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."aAbBzZ019_-. $"), maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(..."aAbßÄé2_中"), maxLength: 8 }),
);

Deno.test("ASCII names fall apart as they do among other letters", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."aAbBzZ019_-. $"), maxLength: 12 }), (name) => {
      assert.deepEqual(nameParts(`${name} ü`).words, [...nameParts(name).words, "ü"]);
    }),
    { numRuns: 2000, seed: 3 },
  );
});

Deno.test("the quick look passes over no name that fits", () => {
  fc.assert(
    fc.property(identifier, identifier, fc.boolean(), (word, other, joined) => {
      const name = joined ? other + word : other, parts = nameParts(name);
      assert.equal(joinedName(name), parts.joined);
      if (word !== name && sureFit(nameParts(word), parts) > 0) {
        assert.ok(mayFit(nameParts(word), joinedName(name)), JSON.stringify([word, name]));
      }
    }),
    { numRuns: 5000, seed: 4 },
  );
});
