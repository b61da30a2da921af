import assert from "node:assert/strict";
import fc from "fast-check";
import { functionModel, portableSchema } from "../../lib/claude/mod.ts";
import { askFor } from "../../lib/claude/mod.ts";
import { changeFrequencies, distillPrompt, draftExample } from "../../lib/wisdom/distill_prompt.ts";
import { type Draft, draftSchema, DraftShape } from "../../lib/wisdom/draft.ts";
import { SPACE, teaScratchpad, TUNED } from "./tea_study.ts";

const scratchpads = [teaScratchpad()];
const input = { scratchpads, space: SPACE, tuned: TUNED };
const schema = draftSchema(SPACE, scratchpads);
const example = draftExample(input);

Deno.test("the example in the prompt satisfies the schema and is refused as an answer", async () => {
  assert.ok(schema.safeParse(example).success);
  assert.ok(distillPrompt(input).includes('"example_preset"'));
  const model = functionModel("parrot", () => example);
  await assert.rejects(
    () => askFor(model, { system: "s", prompt: "p", label: "l" }, schema, { refused: [example] }),
    /repeats the example/,
  );
});

Deno.test("the shape can be told to a model, and every slot of the prompt is filled", () => {
  assert.equal((portableSchema(DraftShape) as { type: string }).type, "object");
  const prompt = distillPrompt(input);
  assert.deepEqual(prompt.match(/^\{[a-z_]+\}$/gm), null);
  assert.match(prompt, /accumulated 3 reasoning episodes/);
  for (const part of ["pagerank_alpha", "repo.file_count", "tea/e0001", `"=>" sign`]) {
    assert.ok(prompt.includes(part), part);
  }
  assert.equal(prompt, distillPrompt(input));
});

Deno.test("foreign text stands in the prompt as escaped data", () => {
  const prompt = distillPrompt(input);
  assert.ok(!prompt.includes("</b>"));
  assert.ok(!prompt.includes("`x`"));
  assert.ok(prompt.includes("tunnel vision"));
});

Deno.test("change frequencies count proposals and acceptances", () => {
  const rows = changeFrequencies(scratchpads);
  assert.equal(rows.reduce((n, row) => n + row.proposed, 0), 3);
  assert.deepEqual(rows.filter((row) => row.accepted > 0).map((row) => row.param).sort(), [
    "boost_temporal_coupling",
    "pagerank_alpha",
  ]);
});

Deno.test("an item that cannot be used is refused with its place", () => {
  const broken = (change: (draft: Draft) => void): string => {
    const draft = structuredClone(example);
    change(draft);
    const read = schema.safeParse(draft);
    assert.equal(read.success, false);
    return JSON.stringify(read.error!.issues.map(({ path, message }) => [path.join("."), message]));
  };
  assert.match(
    broken((d) => d.heuristics[0]!.text = "if repo.size < 5: pagerank_alpha *= 2"),
    /heuristics\.0\.text.*repo/,
  );
  assert.match(broken((d) => d.heuristics[0]!.episodes = []), /name the episodes/);
  assert.match(broken((d) => d.heuristics[0]!.episodes = ["tea/e0099"]), /no episode of this study/);
  assert.match(broken((d) => d.presets[0]!.params[0]!.value = 99), /presets\.0\.params/);
  assert.match(broken((d) => d.presets[0]!.name = "Bad Name"), /snake_case/);
  assert.match(broken((d) => d.presets.push(d.presets[0]!)), /given twice/);
  assert.match(broken((d) => d.presets[0]!.stratum = "import os"), /stratum/);
  assert.match(broken((d) => d.warnings[0]!.claim = "low pagerank_alpha"), /warnings\.0\.claim/);
  assert.match(broken((d) => d.intuitions[0]!.evidence = ["i-unknown"]), /evidence\.0/);
});

Deno.test("5,000 mangled answers are read or refused, never a crash", () => {
  const text = JSON.stringify(example);
  const cuts = fc.tuple(
    fc.nat(text.length),
    fc.nat(text.length),
    fc.string({ maxLength: 8, unit: "binary" }),
  );
  let read = 0;
  fc.assert(
    fc.property(fc.array(cuts, { minLength: 1, maxLength: 3 }), (edits) => {
      let mangled = text;
      for (const [a, b, put] of edits) {
        mangled = mangled.slice(0, Math.min(a, b)) + put + mangled.slice(Math.max(a, b));
      }
      let value: unknown;
      try {
        value = JSON.parse(mangled);
      } catch {
        value = { ...example, heuristics: [{ text: mangled.slice(0, 300), episodes: ["tea/e0000"] }] };
      }
      if (schema.safeParse(value).success) read++;
    }),
    { seed: 11, numRuns: 5000 },
  );
  assert.ok(read < 5000);
});
