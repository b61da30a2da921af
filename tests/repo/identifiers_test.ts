/** Identifiers are split where people see words. */
import assert from "node:assert/strict";
import { identifiersOf, subtokens } from "../../lib/repo/identifiers.ts";
import { KEYWORDS } from "../../lib/repo/keywords.ts";
import { isSourcePath, languageOf } from "../../lib/repo/languages.ts";

Deno.test("identifiers are cut at underscores, case changes and digits, in lower case, without single letters", () => {
  const cases: Record<string, string[]> = {
    parseHTTPHeader_v2: ["parse", "http", "header"],
    MAX_SIZE: ["max", "size"],
    utf8Decode: ["utf", "decode"],
    __init__: ["init"],
    X: [],
    größeÄndern: ["größe", "ändern"],
    名前: ["名前"],
  };
  for (const [word, parts] of Object.entries(cases)) assert.deepEqual(subtokens(word), parts, word);
});

Deno.test("an over-long word is data and has no subtokens", () => {
  assert.deepEqual(subtokens("ab".repeat(41)), []);
});

Deno.test("subtokens are counted over the whole text in order of appearance; keywords go, compounds of them stay", () => {
  assert.deepEqual(
    identifiersOf("def return_value(self): # the value\n  return 'Value'", KEYWORDS.python),
    [["return", 1], ["value", 3], ["the", 1]],
  );
});

Deno.test("the extension alone decides the language, whatever its case; hidden files have none", () => {
  const languages = ["a/b.PY", "x.test.tsx", "c.h", "lib.d.mts", "dir.rs/README", ".rs", "m.kt"].map(
    languageOf,
  );
  assert.deepEqual(languages, ["python", "tsx", "c", "typescript", undefined, undefined, undefined]);
});

Deno.test("source without a grammar is source; data, prose and locks are not; vendor folders are not filtered", () => {
  assert.deepEqual(
    ["m.kt", "run.sh", "vendor/x.go", "README.md", "a.json", "Cargo.lock", "Makefile"].map(isSourcePath),
    [true, true, true, false, false, false, false],
  );
});
