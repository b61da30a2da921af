import assert from "node:assert/strict";
import fc from "fast-check";
import { editDistance, nearestWord, spellingHint } from "../../lib/base/spelling.ts";

Deno.test("the edit distance counts insertions, deletions and substitutions", () => {
  assert.equal(editDistance("kitten", "sitting", 9), 3);
  assert.equal(editDistance("", "abc", 3), 3);
  assert.equal(editDistance("abcd", "abdc", 2), 2);
});

Deno.test("a distance above the limit is reported as the limit and one", () => {
  assert.equal(editDistance("kitten", "sitting", 1), 2);
  assert.equal(editDistance("a", "abcdef", 2), 3);
});

Deno.test("the edit distance is symmetric, zero only for equals, and keeps the triangle", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 7 });
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      const d = (x: string, y: string) => editDistance(x, y, 99);
      assert.equal(d(a, b), d(b, a));
      assert.equal(d(a, b) === 0, a === b);
      assert.ok(d(a, c) <= d(a, b) + d(b, c));
    }),
    { seed: 7, numRuns: 500 },
  );
});

Deno.test("the nearest word is a small slip away or holds every part of the unknown one", () => {
  const names = ["boost_chat_file", "boost_mentioned_ident", "focus_decay"];
  assert.equal(nearestWord("boost_chat_fil", names), "boost_chat_file");
  assert.equal(nearestWord("boost_ident", names), "boost_mentioned_ident");
  assert.equal(nearestWord("temperature", names), undefined);
});

Deno.test("a hint names the near word, or every word when none is near", () => {
  assert.equal(spellingHint("rescent", ["recent", "tests"]), "; did you mean recent?");
  assert.equal(spellingHint("zzz", ["recent", "tests"]), "; there are recent, tests");
});
