import assert from "node:assert/strict";
import { DECAYED, SPEC } from "../../lib/formula/builtins.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { defaultPoint } from "../../lib/records/space.ts";
import { readPoint } from "../../lib/tasks/study_options.ts";

Deno.test("a point is read inline, from a file, and from what a training wrote", async () => {
  const defaults = defaultPoint(searchSpace(SPEC));
  assert.deepEqual(readPoint(SPEC, undefined), defaults);
  const wanted = { ...defaults, pagerank_alpha: 0.3 };
  assert.deepEqual(readPoint(SPEC, '{"pagerank_alpha":0.3}'), wanted);
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, JSON.stringify({ formula: SPEC, params: wanted }));
  assert.deepEqual(readPoint(SPEC, file), wanted);
  assert.throws(() => readPoint(DECAYED, file), /holds a point of another formula than decayed/);
  await Deno.remove(file);
});

Deno.test("a point that cannot be meant is the command line's fault", async () => {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, "null");
  for (
    const [option, message] of [
      ["/nowhere.json", /^--params: there is no file \/nowhere\.json/],
      ["{bad", /^--params is not JSON/],
      [file, /^--params must be a JSON object of numbers/],
      ['{"params":[1]}', /^--params must be a JSON object of numbers/],
      ['{"pagerank_alpha":2}', /^--params: pagerank_alpha is 2: it must lie in \[0\.05, 0\.99\]/],
      ['{"alpha":0.2}', /^--params: Unknown parameter "alpha"/],
      ['{"pagerank_alpha":"x"}', /^--params: pagerank_alpha is x: a finite number/],
    ] as const
  ) {
    assert.throws(() => readPoint(SPEC, option), { name: "UsageError", message }, option);
  }
  await Deno.remove(file);
});
