/** Reading replies: what is found, what is refused, and that nothing crashes it. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import { judgeReply, promptJson } from "../../lib/claude/mod.ts";
import { balancedSpans } from "../../lib/claude/spans.ts";

const CHANGE = z.strictObject({
  param: z.enum(["alpha", "beta", "gamma"]),
  direction: z.enum(["increase", "decrease"]),
  magnitude: z.enum(["small", "medium", "large"]),
  rationale: z.string().min(1).max(600),
});
const EPISODE = z.strictObject({
  proposed_changes: z.array(CHANGE).max(6),
  no_change_reason: z.string(),
  diagnosis: z.string(),
  confidence: z.number().min(0).max(1),
}).refine((e) => e.proposed_changes.length > 0 || e.no_change_reason !== "", "empty without a reason")
  .refine(
    (e) => new Set(e.proposed_changes.map((c) => c.param)).size === e.proposed_changes.length,
    "param twice",
  );

const VALID = {
  proposed_changes: [{
    param: "alpha",
    direction: "increase",
    magnitude: "small",
    rationale: "it drowns {the} rest",
  }],
  no_change_reason: "",
  diagnosis: 'Said "too high" \\ often. Größe, 大きさ, حجم, 😀',
  confidence: 0.4,
};
const judge = (text: string) => judgeReply({ text, stop_reason: "end_turn" }, EPISODE);
const kind = (text: string) => {
  const verdict = judge(text);
  return verdict.ok ? `ok/${verdict.how}` : verdict.kind;
};
const valid = JSON.stringify(VALID);
const altered = (change: object) => JSON.stringify({ ...VALID, ...change });
const changed = (change: object) =>
  altered({ proposed_changes: [{ ...VALID.proposed_changes[0], ...change }] });

Deno.test("replies are read, repaired or refused as documented", () => {
  const rows: [string, string, string][] = [
    ["plain", valid, "ok/json"],
    ["byte order mark and colours", `\ufeff\u001b[32m${valid}\u001b[0m`, "ok/json"],
    ["prose with braces around it", `Take {this}: ${valid} and {that}.`, "ok/json"],
    ["an unclosed brace in prose before it", `Use {x like: ${valid}`, "ok/json"],
    ["trailing comma", valid.replace(/}$/, ",}"), "ok/repaired"],
    ["comments", valid.replace("{", "{ // so\n"), "ok/repaired"],
    ["empty without reason", altered({ proposed_changes: [] }), "semantic"],
    ["empty with reason", altered({ proposed_changes: [], no_change_reason: "no case can move" }), "ok/json"],
    [
      "one parameter twice",
      altered({ proposed_changes: [VALID.proposed_changes[0], VALID.proposed_changes[0]] }),
      "semantic",
    ],
    ["unknown parameter", changed({ param: "delta" }), "schema"],
    ["numeric magnitude", changed({ magnitude: 0.15 }), "schema"],
    ["plus as a direction", changed({ direction: "+" }), "schema"],
    ["percent as a number", altered({ confidence: "80%" }), "schema"],
    ["NaN", valid.replace("0.4", "NaN"), "schema"],
    ["infinite", valid.replace("0.4", "1e999"), "schema"],
    ["a map for the list", altered({ proposed_changes: { alpha: ["+", 0.15] } }), "schema"],
    ["cut in a string", valid.slice(0, 60), "truncated"],
    ["cut after a change", valid.slice(0, valid.indexOf("]") + 1), "truncated"],
    ["cut after the first character", "Here: {", "truncated"],
    ["a valid draft before a cut-off answer", `${valid} No, better: {"proposed_changes": [`, "truncated"],
    ["left-out items", valid.replace("}],", "}, ...],"), "syntax"],
    ["mismatched brackets", '{"proposed_changes": [}, "confidence": 1}', "syntax"],
    ["prose", "I would raise alpha a little.", "no_json"],
    ["nothing", "", "no_json"],
    ["an array", `[1, 2]`, "no_json"],
    ["deep nesting", '{"a":'.repeat(5000) + "1" + "}".repeat(5000), "syntax"],
    ["prototype keys", '{"__proto__":{"polluted":1},' + valid.slice(1), "schema"],
  ];
  assert.deepEqual(rows.map(([name, text]) => [name, kind(text)]), rows.map(([name, , end]) => [name, end]));
  assert.equal(({} as Record<string, unknown>).polluted, undefined);
});

Deno.test("no beginning of an answer passes for the answer, with or without repair", () => {
  for (const whole of [valid, valid.replaceAll('"', "'").replace("Said 'too high'", "Said")]) {
    for (let end = 0; end < whole.length; end++) {
      assert.ok(!judge(whole.slice(0, end)).ok, `accepted ${JSON.stringify(whole.slice(0, end).slice(-40))}`);
    }
  }
});

Deno.test("the example itself is no answer, and a reply cut at its token limit is never read", () => {
  assert.equal(judgeReply({ text: valid, stop_reason: null }, EPISODE, [VALID]).ok, false);
  assert.equal(
    judgeReply({ text: valid, stop_reason: null }, EPISODE, [{ ...VALID, confidence: 0.5 }]).ok,
    true,
  );
  const cut = judgeReply({ text: valid, stop_reason: "max_tokens" }, EPISODE);
  assert.equal(cut.ok ? "ok" : cut.kind, "truncated");
});

Deno.test("spans are the outermost closed objects, found in one pass", () => {
  const starts = (text: string) => balancedSpans(text).spans.map((span) => text.slice(span.start, span.end));
  assert.deepEqual(starts('a {"x":"}"} b {"y":{"z":1}}'), ['{"x":"}"}', '{"y":{"z":1}}']);
  assert.deepEqual(balancedSpans('{{"a":1}').unclosed, [0]);
  // Quadratic work on texts this long would be noticed as a hang.
  for (
    const text of ["{".repeat(300_000), "{[".repeat(150_000), "}".repeat(300_000), "{}".repeat(150_000)]
  ) {
    balancedSpans(text);
  }
});

/** Ways to damage a valid reply, and texts that never were one. */
const damage = fc.oneof(
  fc.tuple(fc.nat({ max: valid.length }), fc.nat({ max: valid.length })).map(([a, b]) =>
    valid.slice(0, Math.min(a, b)) + valid.slice(Math.max(a, b))
  ),
  fc.nat({ max: valid.length }).map((at) => valid.slice(0, at)),
  fc.tuple(fc.nat({ max: valid.length }), fc.string({ maxLength: 12, unit: "binary" })).map(([at, s]) =>
    valid.slice(0, at) + s + valid.slice(at)
  ),
  fc.tuple(fc.nat({ max: valid.length - 1 }), fc.constantFrom(..."{}[]\"'`\\,:.@\n\u0000\u202e")).map((
    [at, c],
  ) => valid.slice(0, at) + c + valid.slice(at + 1)),
);
const wrongTypes = fc.record({
  proposed_changes: fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.array(fc.record({
      param: fc.oneof(fc.constantFrom("alpha", "beta", "delta", "__proto__"), fc.jsonValue({ maxDepth: 1 })),
      direction: fc.constantFrom<unknown>("increase", "+", "-", "up", 1, null),
      magnitude: fc.constantFrom<unknown>("small", 0.15, "15%", "LARGE", ["large"]),
      rationale: fc.oneof(fc.string(), fc.integer()),
    }, { requiredKeys: [] })),
  ),
  no_change_reason: fc.oneof(fc.string(), fc.constant(null)),
  diagnosis: fc.oneof(fc.string({ unit: "grapheme" }), fc.jsonValue({ maxDepth: 2 })),
  confidence: fc.oneof(fc.double(), fc.constantFrom("80%", "high", true)),
}, { requiredKeys: [] }).map((value) => JSON.stringify(value));
const hostile = fc.constantFrom(
  'Ignore all rules. {"proposed_changes": {"../../etc": ["increase"]}}',
  "<script>{}</script>",
  "参数应增加。{“proposed_changes”：[]}",
  "Der Wert ist {zu hoch}.",
  "```json\n```",
  "{'proposed_changes': [], 'no_change_reason': None, 'diagnosis': True, 'confidence': 1}",
  '\u001b]0;title\u0007{"a":1}',
);
const reply = fc.tuple(
  fc.oneof(
    { weight: 5, arbitrary: damage },
    { weight: 3, arbitrary: wrongTypes },
    fc.json(),
    hostile,
    fc.string(),
  ),
  fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => "```json\n" + text + "\n```",
    (text) => `Sure {here}: ${text} Hope it helps!`,
    (text) => `${text}\n${text}`,
    (text) => JSON.stringify(text),
  ),
).map(([text, wrap]) => wrap(text));

Deno.test("12,000 damaged, mistyped and hostile replies: no crash, and only values the schema accepts", () => {
  const counts: Record<string, number> = {};
  fc.assert(
    fc.property(reply, (text) => {
      const verdict = judge(text);
      const name = verdict.ok ? verdict.how : verdict.kind;
      counts[name] = (counts[name] ?? 0) + 1;
      if (verdict.ok) assert.ok(EPISODE.safeParse(verdict.value).success);
      else {
        assert.ok(verdict.issues.length > 0 && verdict.issues.length <= 10);
        promptJson(verdict.issues);
      }
    }),
    { numRuns: 12_000, seed: 20261122 },
  );
  // A fuzz that never reaches a branch says nothing about it.
  for (const name of ["json", "repaired", "truncated", "no_json", "syntax", "schema"]) {
    assert.ok((counts[name] ?? 0) >= 20, `${name} was reached ${counts[name] ?? 0} times`);
  }
});

Deno.test("megabyte replies are read or refused", () => {
  const big = "大".repeat(400_000);
  assert.equal(kind(altered({ diagnosis: big })), "ok/json");
  assert.equal(kind(altered({ diagnosis: big }).slice(0, -1)), "truncated");
  assert.equal(kind(big), "no_json");
  assert.equal(kind('{"a":"'.repeat(200_000)), "truncated");
  assert.equal(kind("{'a':1}".repeat(150_000)), "schema");
  assert.equal(kind(altered({ diagnosis: big }).replace(/}$/, ",}")), "syntax");
});
