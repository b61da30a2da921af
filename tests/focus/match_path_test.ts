import assert from "node:assert/strict";
import fc from "fast-check";
import { matchGlob, matchPath, stem } from "../../lib/focus/match_path.ts";

Deno.test("globs cover segments, whole paths and folders", () => {
  const table: [string, string, boolean][] = [
    ["*.ts", "src/a/b.ts", true],
    ["*.ts", "src/a/b.tsx", false],
    ["auth", "src/auth/b.ts", true],
    ["src/*", "src/a/b.ts", true],
    ["src/*.ts", "src/a/b.ts", false],
    ["src/**/b.ts", "src/b.ts", true],
    ["src/**/b.ts", "src/x/y/b.ts", true],
    ["**/y/*.ts", "src/x/y/b.ts", true],
    ["/src/x/", "src/x/y/b.ts", true],
    ["x/y", "src/x/y/b.ts", false],
    ["?.ts", "src/b.ts", true],
    ["?.ts", "src/bb.ts", false],
    ["a*b*c", "aXbXbc", true],
    ["**", "src/b.ts", true],
    ["src/**", "lib/b.ts", false],
    ["", "b.ts", false],
  ];
  for (const [glob, path, covers] of table) assert.equal(matchGlob(glob, path), covers, `${glob} ${path}`);
});

Deno.test("a path covers itself as a glob, and so does it with any segment starred", () => {
  const path = fc.array(fc.stringMatching(/^[a-z.]{1,4}$/), { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(path, fc.nat(), (segments, at) => {
      const text = segments.join("/");
      assert.ok(matchGlob(text, text));
      assert.ok(matchGlob(segments.with(at % segments.length, "*").join("/"), text));
      assert.ok(matchGlob(["**", ...segments.slice(at % segments.length)].join("/"), text));
    }),
    { seed: 7, numRuns: 500 },
  );
});

Deno.test("globs of stars on long paths come to an answer", () => {
  assert.equal(matchGlob("*a".repeat(100) + "b", "a".repeat(4000)), false);
  assert.equal(matchGlob("**/".repeat(60) + "b", "a/".repeat(300) + "c"), false);
});

Deno.test("a written path fits itself best, then its ends, then its folders", () => {
  assert.equal(matchPath("src/auth/login.ts", "src/auth/login.ts"), 1);
  assert.equal(matchPath("./src/auth/login.ts", "src/auth/login.ts"), 1);
  assert.equal(matchPath("auth/login.ts", "src/auth/login.ts"), 0.95);
  assert.equal(matchPath("auth/login", "src/auth/login.ts"), 0.9);
  assert.equal(matchPath("src/auth/", "src/auth/login.ts"), 0.6);
  assert.equal(matchPath("uth/login.ts", "src/auth/login.ts"), 0);
  assert.equal(matchPath("/", "src/auth/login.ts"), 0);
});

Deno.test("the stem drops the last extension and leaves dot files alone", () => {
  assert.deepEqual(["a/b.test.ts", "a.b/c", "a/.env", "x"].map(stem), ["a/b.test", "a.b/c", "a/.env", "x"]);
});
