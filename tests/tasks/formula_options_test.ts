import assert from "node:assert/strict";
import { DECAYED, SPEC } from "../../lib/formula/builtins.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { defaultPoint } from "../../lib/records/space.ts";
import { readFormula, readPoint, readTuned } from "../../lib/tasks/formula_options.ts";

/** Runs a body with a file of such a text. */
async function withFile(text: string, body: (file: string) => void): Promise<void> {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, text);
    body(file);
  } finally {
    await Deno.remove(file);
  }
}

const ELSEWHERE = "name it elsewhere";

Deno.test("a point is read inline, from a file, and from what a training wrote", async () => {
  const defaults = defaultPoint(searchSpace(SPEC)), wanted = { ...defaults, pagerank_alpha: 0.3 };
  assert.deepEqual(readPoint(SPEC, undefined, ELSEWHERE), defaults);
  assert.deepEqual(readPoint(SPEC, '{"pagerank_alpha":0.3}', ELSEWHERE), wanted);
  await withFile(JSON.stringify({ formula: SPEC, params: wanted }), (file) => {
    assert.deepEqual(readPoint(SPEC, file, ELSEWHERE), wanted);
    assert.throws(
      () => readPoint(DECAYED, file, ELSEWHERE),
      /holds a point of another formula than decayed: name it elsewhere/,
    );
  });
});

Deno.test("a point that cannot be meant is the command line's fault", async () => {
  await withFile("null", (file) => {
    for (
      const [option, message] of [
        ["/nowhere.json", /^--params: "\/nowhere\.json" is neither JSON nor a file/],
        [".", /^--params: "\." is a folder: a file is wanted/],
        ["{bad", /^--params is not JSON/],
        [file, /^--params: null stands where numbers by parameter name are wanted/],
        ['{"params":[1]}', /^--params: .* stands where numbers by parameter name are wanted/],
        ['{"formula":{"record":"formula/1"}}', /^--params: .*, member formula: Bad formula at /],
        ['{"pagerank_alpha":2}', /^--params: pagerank_alpha is 2: it must lie in \[0\.05, 0\.99\]/],
        ['{"alpha":0.2}', /^--params: Unknown parameter "alpha"/],
        ['{"pagerank_alpha":"x"}', /^--params: pagerank_alpha is x: a finite number/],
      ] as const
    ) {
      assert.throws(() => readPoint(SPEC, option, ELSEWHERE), { name: "UsageError", message }, option);
    }
  });
});

Deno.test("a file that holds no formula is the command line's fault, and says where the formula is wrong", async () => {
  for (
    const [text, message] of [
      ["{", /^--candidate: .* is not JSON/],
      ["[]", /^--candidate: .*: Bad formula at formula: /],
      ['{"record":"wisdom/1"}', /^--candidate: .*: Bad formula at record: /],
      ['{"formula":{"record":"formula/2"}}', /^--candidate: .*: Bad formula at record: /],
    ] as const
  ) {
    await withFile(text, (file) => {
      assert.throws(() => readFormula(file, "candidate"), { name: "UsageError", message }, text);
    });
  }
});

Deno.test("a formula's file brings its point, which --params overrules, and a study's own formula stands where none is named", async () => {
  const own = { ...defaultPoint(searchSpace(DECAYED)), pagerank_alpha: 0.2 };
  await withFile(JSON.stringify({ record: "structure/1", formula: DECAYED, params: own }), (formula) => {
    assert.deepEqual(readTuned({ formula }, "formula", SPEC), { formula: DECAYED, point: own });
    const params = '{"pagerank_alpha":0.4}';
    assert.equal(readTuned({ formula, params }, "formula", SPEC).point["pagerank_alpha"], 0.4);
    assert.deepEqual(readTuned({}, "formula", SPEC), {
      formula: SPEC,
      point: defaultPoint(searchSpace(SPEC)),
    });
    assert.throws(
      () => readTuned({ params: formula }, "candidate", SPEC),
      /another formula than spec: name that file as --candidate, which takes formula and point from it/,
    );
  });
  await withFile(JSON.stringify({ formula: DECAYED, params: { pagerank_alpha: 7 } }), (formula) => {
    assert.throws(
      () => readTuned({ formula }, "formula", SPEC),
      /^UsageError: --formula .*: pagerank_alpha is 7/,
    );
  });
});
