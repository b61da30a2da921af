import assert from "node:assert/strict";
import fc from "fast-check";
import { defaultPoint } from "../../lib/records/space.ts";
import {
  compileWarnings,
  parseWarning,
  printWarning,
  type Warning,
  warningId,
} from "../../lib/wisdom/heuristic_warning.ts";
import { FACTS_HERE, SPACE, warningConditions } from "./heuristic_cases.ts";

const TUNNEL = "warn if focus_decay > 0.7 and focus_max_hops <= 1: tunnel vision - hypothesis 3f2a - test";

Deno.test("a warning has a condition, a message and what it cites", () => {
  const warning = parseWarning(TUNNEL, { space: SPACE });
  assert.equal(warning.message, "tunnel vision");
  assert.equal(warning.cite, "hypothesis 3f2a - test");
  assert.equal(printWarning(warning), TUNNEL);
  assert.equal(parseWarning("warn if seed.is_test: far-off, (odd) 'text'").cite, undefined);
});

Deno.test("a warning fires where its condition holds, and says because of which values", () => {
  const { fires, warnings } = compileWarnings(
    [TUNNEL, "warn if history.is_young: coupling says little"],
    SPACE,
  );
  const point = { ...defaultPoint(SPACE), focus_decay: 0.8, focus_max_hops: 1 };
  assert.deepEqual(fires(FACTS_HERE, defaultPoint(SPACE)), []);
  const fired = fires({ ...FACTS_HERE, "history.is_young": true }, point);
  assert.deepEqual(fired.map((w) => [w.index, w.because]), [
    [0, { focus_decay: 0.8, focus_max_hops: 1 }],
    [1, { "history.is_young": true }],
  ]);
  assert.equal(warnings[0]!.id, warningId(parseWarning(TUNNEL)));
});

Deno.test("errors point at the column", () => {
  const table: [string, RegExp][] = [
    ["if focus_decay > 1: x", /column 1: found "if", wanted warn/],
    ["warn focus_decay > 1: x", /column 6: found "focus_decay", wanted if/],
    [
      "warn if focus_dekay > 1: x",
      /column 9: this space has no parameter focus_dekay; did you mean focus_decay\?/,
    ],
    ["warn if focus_decay: x", /column 20: found ":", wanted a comparison/],
    ["warn if focus_decay > 1", /column 24: found the end/],
    ["warn if focus_decay > 1:  ", /column 24: a message is wanted/],
    ["warn if focus_decay > 1: - cite", /column 24: a message is wanted/],
    ["warn if focus_decay > 1: so -", /column 24: nothing follows the dash/],
  ];
  for (const [source, message] of table) {
    assert.throws(() => parseWarning(source, { space: SPACE }), message, source);
  }
  assert.throws(
    () => compileWarnings([TUNNEL, "warn if x > 1: y"], SPACE),
    /Cannot read warning 2, column 9/,
  );
});

Deno.test("every warning is printed and read back as it was", () => {
  const warnings: fc.Arbitrary<Warning> = fc.record({
    condition: warningConditions,
    message: fc.constantFrom("m", "a-b: c, 5", "ends -- so"),
    cite: fc.constantFrom(undefined, "c", "a - b"),
  }).map(({ cite, ...rest }) => structuredClone(cite === undefined ? rest : { ...rest, cite }));
  fc.assert(
    fc.property(warnings, (warning) => {
      assert.deepEqual(parseWarning(printWarning(warning), { space: SPACE }), warning);
    }),
    { seed: 7, numRuns: 500 },
  );
});

Deno.test("messages that would be read back differently are not printed", () => {
  const good = parseWarning(TUNNEL);
  for (const message of ["", "a - b", "- a", "a -", "-", "a\nb", " a"]) {
    assert.throws(() => printWarning({ ...good, message }), message);
  }
});
