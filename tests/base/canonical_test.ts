/** Canonical JSON: one text for one value. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { canonicalJson, contentHash, sha256 } from "../../lib/base/canonical.ts";

Deno.test("canonicalJson is JSON, whatever the order of keys, and equal values have equal texts", () => {
  const reversed = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(reversed)
      : value !== null && typeof value === "object"
      ? Object.fromEntries(Object.entries(value).reverse().map(([k, v]) => [k, reversed(v)]))
      : value;
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
      assert.equal(canonicalJson(reversed(value)), text);
    }),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("canonicalJson sorts by code unit, drops undefined members and writes -0 as 0", () => {
  assert.equal(
    canonicalJson({ b: 1, a: [undefined, -0], Z: undefined, é: null, B: "x" }),
    '{"B":"x","a":[null,0],"b":1,"é":null}',
  );
});

Deno.test("canonicalJson refuses what JSON cannot hold and names its place", () => {
  const loop: Record<string, unknown> = {};
  loop["self"] = { of: loop };
  assert.throws(() => canonicalJson({ a: [1, NaN] }), /\$\.a\[1\] as JSON: it is NaN/);
  assert.throws(() => canonicalJson({ a: 1n }), /\$\.a as JSON: it is a bigint/);
  assert.throws(() => canonicalJson(loop), /\$\.self\.of as JSON: it contains itself/);
  const twice = { n: 1 };
  assert.equal(canonicalJson([twice, twice]), '[{"n":1},{"n":1}]', "the same value twice is no cycle");
});

Deno.test("hashes are those of SHA-256 over the canonical text", () => {
  assert.equal(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert.equal(contentHash({ b: 1, a: 2 }), sha256('{"a":2,"b":1}'));
});
