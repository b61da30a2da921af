/** BM25, path facts and mentions: small texts by hand. */
import assert from "node:assert/strict";
import { mentionedFiles, mentionedIdentifiers, sparseOf } from "../../lib/corpus/mentions.ts";
import {
  depthClass,
  isTestPath,
  pairStem,
  pathProximity,
  PathTable,
  pathWords,
} from "../../lib/corpus/path_facts.ts";
import { bagOf, TextIndex } from "../../lib/corpus/text_index.ts";
import { Vocabulary } from "../../lib/corpus/vocabulary.ts";
import { emptyTags } from "../../lib/repo/blob_tags.ts";
import { DENSE_LEVELS, DEPTH_CLASSES } from "../../lib/records/snapshot.ts";

Deno.test("TextIndex scores BM25 with k1 1.2 and b 0.75, as worked out by hand, relative to the best", () => {
  // Words 0 and 1; lengths 3, 1, 2, so the mean is 2. df(0) = 2, df(1) = 2, N = 3.
  const index = new TextIndex([bagOf([0, 0, 1]), bagOf([0]), bagOf([1, 1])], 3);
  const idf = Math.log(1 + (3 - 2 + 0.5) / (2 + 0.5));
  const part = (tf: number, length: number) => idf * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * length / 2));
  const score = [part(2, 3) + part(1, 3), part(1, 1), part(2, 2)];
  const best = Math.max(...score);
  assert.deepEqual([...index.scores([0, 1], -1)], score.map((s) => Math.round(DENSE_LEVELS * s / best)));
  const second = Math.max(score[1]!, score[2]!);
  const withoutFirst = [...index.scores([0, 1], 0)];
  assert.deepEqual(withoutFirst.slice(1), score.slice(1).map((s) => Math.round(DENSE_LEVELS * s / second)));
  assert.equal(withoutFirst[0], DENSE_LEVELS, "the excepted document is capped, not let through the scale");
});

Deno.test("TextIndex gives 0 to everything without a match, for unknown words, and forgets the last query", () => {
  const index = new TextIndex([bagOf([0]), bagOf([1])], 2);
  assert.deepEqual([...index.scores([], -1)], [0, 0]);
  assert.deepEqual([...index.scores([-1, 7], -1)], [0, 0]);
  assert.deepEqual([...index.scores([0, 0], -1)], [DENSE_LEVELS, 0]);
  assert.deepEqual([...index.scores([1], -1)], [0, DENSE_LEVELS]);
  assert.deepEqual([...new TextIndex([], 0).scores([0], -1)], []);
});

Deno.test("TextIndex asks with a document's 40 heaviest words, rare and frequent ones first, ties by text", () => {
  const words = Array.from({ length: 50 }, (_, i) => i);
  const index = new TextIndex([bagOf([...words, 49, 49]), bagOf([0])], 50);
  const text = (word: number) => `w${String(99 - word)}`;
  const query = index.queryOf(0, text);
  assert.equal(query.length, 40);
  assert.equal(query[0], 49, "counted three times");
  assert.ok(!query.includes(0), "word 0 is in every document");
  assert.deepEqual(query.slice(1, 4), [48, 47, 46], "equal weights stand by their text, not by their number");
});

Deno.test("depthClass: root up to 2 slashes, moderate up to 4, deep beyond; vendor by whole folder names", () => {
  const table: [string, string][] = [
    ["a.py", "root"],
    ["a/b/c.py", "root"],
    ["a/b/c/d.py", "moderate"],
    ["a/b/c/d/e.py", "moderate"],
    ["a/b/c/d/e/f.py", "deep"],
    ["vendor/a.py", "vendor"],
    ["a/b/c/d/e/node_modules/f.js", "vendor"],
    ["third_party/x.c", "vendor"],
    ["src/vendored_targets.rs", "root"],
    ["build/targets.rs", "root"],
    [".github/x.py", "root"],
  ];
  for (const [path, name] of table) assert.equal(DEPTH_CLASSES[depthClass(path)], name, path);
});

Deno.test("isTestPath and pairStem pair tests with their sources by the habits of each language", () => {
  const pairs: [string, string][] = [
    ["tests/test_leaf.py", "brew/leaf.py"],
    ["store_test.go", "store.go"],
    ["Cart.test.tsx", "Cart.tsx"],
    ["cart.spec.ts", "cart.ts"],
    ["LeafTest.java", "Leaf.java"],
    ["LeafTests.cs", "Leaf.cs"],
    ["leaf_spec.rb", "leaf.rb"],
    ["src/__tests__/leaf.js", "src/leaf.js"],
  ];
  for (const [test, source] of pairs) {
    assert.ok(isTestPath(test), test);
    assert.ok(!isTestPath(source), source);
    assert.equal(pairStem(test), pairStem(source));
  }
  for (const path of ["latest.py", "contest.go", "attestation/a.py", "protest.ts"]) {
    assert.ok(!isTestPath(path), path);
  }
});

Deno.test("pathWords splits folders, cases and digits, and leaves the extension out", () => {
  assert.deepEqual(pathWords("web/src/HTTPServer_v2/cartItem.test.ts"), [
    "web",
    "src",
    "http",
    "server",
    "cart",
    "item",
    "test",
  ]);
});

Deno.test("PathTable gives the same facts twice and numbers words as it meets them", () => {
  const table = new PathTable();
  assert.equal(table.of("a/leaf.py"), table.of("a/leaf.py"));
  assert.equal(table.word("leaf"), table.of("b/leaf.ts").words[0]);
  assert.equal(table.word("never"), -1);
});

Deno.test("pathProximity is 1 in one folder and falls with every folder not shared", () => {
  assert.equal(pathProximity([], []), 1);
  assert.equal(pathProximity(["a", "b"], ["a", "b"]), 1);
  assert.equal(pathProximity(["a", "b"], ["a", "c"]), 2 / 3);
  assert.equal(pathProximity(["a"], []), 1 / 2);
  assert.equal(pathProximity(["a", "b"], ["c"]), 1 / 3);
});

Deno.test("mentionedFiles: 1 for a path or file name, 0.5 for a telling stem as a whole word", () => {
  const files = [
    "lib/leaf.py",
    "lib/leaf_test.py",
    "web/index.ts",
    "a/cup.py",
    "pots/Kettle.java",
    "b/[id].tsx",
    "lib/other/leaf.go",
  ];
  const named = (sentence: string) =>
    Object.fromEntries([...mentionedFiles(sentence, files)].map(([i, v]) => [files[i]!, v]));
  assert.deepEqual(named("Fix lib/leaf.py"), { "lib/leaf.py": 1, "lib/other/leaf.go": 0.5 });
  assert.deepEqual(
    named("Fix lib/leaf.py."),
    { "lib/leaf.py": 1, "lib/other/leaf.go": 0.5 },
    "a full stop is no part of it",
  );
  assert.deepEqual(named("See `./lib/leaf_test.py`, please"), { "lib/leaf_test.py": 1 });
  assert.deepEqual(named("(kettle) boils"), { "pots/Kettle.java": 0.5 });
  assert.deepEqual(named("leaf.py loses its stem"), { "lib/leaf.py": 1, "lib/other/leaf.go": 0.5 });
  assert.deepEqual(named("index cup leafy kettles"), {}, "generic, short and partial words name nothing");
  assert.deepEqual(named("Route b/[id].tsx again"), { "b/[id].tsx": 1 });
  assert.deepEqual(named(""), {});
});

Deno.test("mentionedIdentifiers: each defined name of the sentence shares 1 among its definers, case and all", () => {
  const vocabulary = new Vocabulary();
  const define = (blob: string, ...names: string[]) =>
    vocabulary.add(blob, "python", {
      ...emptyTags("ok"),
      definitions: names.map((name) => [name, "function", 1]),
    });
  define("0", "boil", "pour");
  define("1", "boil");
  define("2", "Boil", "do");
  define("3", "later");
  const tags = ["0", "1", "2"].map((blob) => vocabulary.of(blob, "python"));
  const named = (sentence: string) => Object.fromEntries(mentionedIdentifiers(sentence, vocabulary, tags));
  assert.deepEqual(named("boil, then pour()"), { 0: 1.5, 1: 0.5 });
  assert.deepEqual(named("Boil"), { 2: 1 });
  assert.deepEqual(
    named("boiling do later"),
    {},
    "parts, names of two letters and names of other trees say nothing",
  );
});

Deno.test("sparseOf sorts by position and leaves out the seed and zeros", () => {
  const { index, values } = sparseOf(new Map([[4, 1], [2, 0.5], [3, 1], [1, 0]]), 3);
  assert.deepEqual([[...index], [...values]], [[2, 4], [0.5, 1]]);
});
