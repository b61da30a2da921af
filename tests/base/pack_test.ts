/** Packs of typed arrays: read back without copying, and never short. */
import assert from "node:assert/strict";
import { pack, unpack } from "../../lib/base/pack.ts";

Deno.test("unpack gives back what was packed, as views, and equal content has equal bytes", () => {
  const arrays = {
    a: Uint8Array.of(1, 2, 3),
    b: Float32Array.of(0.5, -0, Infinity, NaN),
    c: new Uint32Array(0),
    d: Float64Array.of(Math.PI),
    "odd name": Uint16Array.of(65535),
  };
  const bytes = pack({ any: ["head", 1] }, arrays);
  assert.deepEqual(unpack(bytes), { head: { any: ["head", 1] }, arrays });
  assert.deepEqual(pack({ any: ["head", 1] }, arrays), bytes);
  assert.equal(unpack(bytes).arrays["a"]!.buffer, bytes.buffer);
});

Deno.test("unpack refuses a pack that is cut off, wherever", () => {
  const bytes = pack({}, { a: Float64Array.of(1, 2) });
  for (let n = 0; n < bytes.length; n++) {
    assert.throws(() => unpack(bytes.slice(0, n)), SyntaxError, `${n} bytes`);
  }
});
