import assert from "node:assert/strict";
import { join } from "node:path";
import { DECAYED, SPEC } from "../../lib/formula/builtins.ts";
import { formulaNamed, namedFormula } from "../../lib/study/formula_file.ts";

Deno.test("a formula is a built-in's name or a file, and anything else is named with what there is", async () => {
  assert.equal(formulaNamed(""), SPEC);
  assert.equal(formulaNamed("decayed"), DECAYED);
  assert.throws(() => formulaNamed("spce"), /"spce" is neither a built-in \(.*spec.*\) nor a file/);
  const folder = await Deno.makeTempDir(), file = join(folder, "mine.json");
  try {
    await Deno.writeTextFile(file, "{");
    assert.throws(() => formulaNamed(file), /is not JSON/);
    assert.throws(() => formulaNamed(folder), {
      name: "RangeError",
      message: /is a folder: a built-in formula \(spec, decayed\) or a JSON file is wanted/,
    });
    assert.throws(() => formulaNamed(join(file, "x")), /nor a file/);
    await Deno.writeTextFile(file, JSON.stringify(DECAYED));
    assert.deepEqual(namedFormula(file), { formula: DECAYED });
    const params = { pagerank_alpha: 0.3 };
    await Deno.writeTextFile(file, JSON.stringify({ record: "trained/1", formula: DECAYED, params }));
    assert.deepEqual(namedFormula(file), { formula: DECAYED, params });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
