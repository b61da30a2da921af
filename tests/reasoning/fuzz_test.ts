/** Ten thousand replies against everything that stands between a reply and a point: read, judged, recorded, applied. */
import assert from "node:assert/strict";
import { randomIndex, type RandomSource, randomStream } from "../../lib/base/random.ts";
import { judgeReply } from "../../lib/claude/ask_for.ts";
import { SPEC } from "../../lib/formula/builtins.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { Proposal } from "../../lib/records/proposal.ts";
import { DIRECTIONS, fromUnit, MAGNITUDES } from "../../lib/records/space.ts";
import { applyProposal, candidateOf } from "../../lib/reasoning/candidate.ts";
import { listEdits } from "../../lib/reasoning/catalogue.ts";
import { exampleReply } from "../../lib/reasoning/prompt.ts";
import { type Reply, replySchema, toProposal } from "../../lib/reasoning/reply.ts";

const REPLIES = 10_000;
const space = searchSpace(SPEC),
  labels = ["F1", "F2", "F3"],
  ids = new Map(labels.map((l) => [l, `case ${l}`]));
const edits = listEdits(SPEC, "seed").map((e) => e.edits.map((edit) => JSON.stringify(edit)));
/** Points at odd places, bounds among them, each with its schema. */
const PLACES = [0, 0.3, 0.5, 1].map((unit) => {
  const point = Object.fromEntries(space.map((p, i) => [p.name, fromUnit(p, i % 3 === 0 ? unit : 0.5)]));
  return {
    candidate: candidateOf(SPEC, point),
    schema: replySchema({ formula: SPEC, space, point, labels }),
    example: exampleReply(space, point, labels),
  };
});

type Loose = Record<string, unknown> & { proposed_changes: Record<string, unknown>[] };

const pick = <T>(random: RandomSource, items: readonly T[]): T => items[randomIndex(random, items.length)]!;

/** A reply of the right shape with random content; whether it is legal depends on the point. */
function draw(random: RandomSource, example: Reply): Loose {
  const count = randomIndex(random, 4);
  const params = new Set(Array.from({ length: count }, () => pick(random, space).name));
  const edited = random() < 0.2;
  return {
    ...structuredClone(example) as unknown as Loose,
    proposed_changes: [...params].map((param) => ({
      param,
      direction: pick(random, DIRECTIONS),
      magnitude: pick(random, MAGNITUDES),
      rationale: "because",
    })),
    structural_edits: edited ? { edits: pick(random, edits), rationale: "why" } : null,
    no_change_reason: params.size === 0 && !edited ? "nothing to do" : null,
  };
}

/** What is done to a reply. "refuse": no reader may take it; "read": taken only as what was meant. */
const DAMAGE: readonly {
  readonly must: "refuse" | "read";
  do(reply: Loose, random: RandomSource): string;
}[] = [
  { must: "read", do: (r) => JSON.stringify(r) },
  { must: "read", do: (r) => `Here it is:\n\`\`\`json\n${JSON.stringify(r, null, 2)}\n\`\`\`` },
  {
    must: "read",
    do: (r, random) => JSON.stringify(r).slice(0, randomIndex(random, JSON.stringify(r).length)),
  },
  { must: "read", do: (r) => `\u001b[31m{"a": {` + JSON.stringify(r) },
  { must: "read", do: (r) => JSON.stringify(r).replaceAll('"', "'") },
  {
    must: "read",
    do: (r) => `Réponse — 答案 — ответ: ${JSON.stringify({ ...r, diagnosis: "причина 原因 \u202e🙂" })}`,
  },
  {
    must: "refuse",
    do: (r, random) => {
      const text = JSON.stringify(r), at = randomIndex(random, text.length);
      return text.slice(0, at) + "\u0000}{][" + text.slice(at).replace(/"proposed_changes"/, '"changes"');
    },
  },
  {
    must: "refuse",
    do: (r) =>
      JSON.stringify({
        ...r,
        proposed_changes: Object.fromEntries(
          r.proposed_changes.map((c) => [c.param, [c.direction, c.magnitude]]),
        ),
      }),
  },
  {
    must: "refuse",
    do: (r, random) =>
      JSON.stringify(
        bend(r, "direction", pick(random, ["+", "-", "maintain", "Increase", "up", 1, null, ["increase"]])),
      ),
  },
  {
    must: "refuse",
    do: (r, random) =>
      JSON.stringify(bend(r, "magnitude", pick(random, [0.15, "15%", "huge", "", null, true]))),
  },
  {
    must: "refuse",
    do: (r, random) =>
      JSON.stringify(
        bend(
          r,
          "param",
          pick(random, ["__proto__", "constructor", "boost", "pagerank_alpha ", "../../etc", 7]),
        ),
      ),
  },
  { must: "refuse", do: (r) => JSON.stringify({ ...r, confidence: 1.01 }) },
  { must: "refuse", do: (r) => JSON.stringify({ ...r, tool: "run", command: "rm -rf /" }) },
  {
    must: "refuse",
    do: (r) =>
      JSON.stringify({
        ...r,
        structural_edits: {
          edits: ['{"edit":"set_bounds","param":"pagerank_alpha","high":99}'],
          rationale: "more",
        },
        no_change_reason: null,
      }),
  },
  {
    must: "refuse",
    do: (r) =>
      JSON.stringify({
        ...r,
        structural_edits: {
          edits: ['{"edit":"tie","id":"pagerank","place":"alpha","to":1e999}'],
          rationale: "x",
        },
        no_change_reason: null,
      }),
  },
  {
    must: "refuse",
    do: (r) => JSON.stringify({ ...r, proposed_changes: [], structural_edits: null, no_change_reason: null }),
  },
  {
    must: "refuse",
    do: (r, random) => "x{".repeat(1 + randomIndex(random, 400)) + JSON.stringify(r).slice(1, -1),
  },
  {
    must: "refuse",
    do: (_, random) =>
      Array.from({ length: randomIndex(random, 300) }, () => String.fromCharCode(randomIndex(random, 0xffff)))
        .join(""),
  },
];

/** What stands before some of the replies; Cyrillic takes two bytes a letter. */
const MEGABYTE = "слово ".repeat(91_000);

function bend(reply: Loose, field: string, value: unknown): unknown {
  const change = reply.proposed_changes[0] ??
    { param: "focus_decay", direction: "increase", magnitude: "small", rationale: "x" };
  return { ...reply, proposed_changes: [{ ...change, [field]: value }], no_change_reason: null };
}

Deno.test("ten thousand replies crash nothing, leave no bound, and are never taken for what they do not say", () => {
  const random = randomStream(77, "fuzz");
  let taken = 0, refused = 0;
  for (let i = 0; i < REPLIES; i++) {
    const { candidate, schema, example } = pick(random, PLACES), damage = DAMAGE[i % DAMAGE.length]!;
    const meant = draw(random, example), damaged = damage.do(meant, random);
    const text = i % 499 === 498 ? MEGABYTE + damaged : damaged;
    const verdict = judgeReply({ text, stop_reason: "end_turn" }, schema, [example]);
    if (!verdict.ok) {
      refused++;
      assert.ok(verdict.issues.length > 0);
      continue;
    }
    taken++;
    assert.equal(damage.must, "read", text);
    const { proposed_changes, structural_edits } = verdict.value;
    assert.deepEqual({ proposed_changes, structural_edits }, {
      proposed_changes: meant.proposed_changes,
      structural_edits: meant.structural_edits,
    });
    const proposal = Proposal.parse(toProposal(verdict.value, ids));
    const next = applyProposal(candidate, proposal, "next");
    if (proposal.no_change_reason !== null) assert.equal(next, undefined);
    else assert.ok(next, "a reply without effect was taken");
    if (next === undefined) continue;
    for (const p of searchSpace(next.formula)) {
      const value = next.point[p.name]!;
      assert.ok(
        value >= p.low && value <= p.high && (!p.integer || Number.isInteger(value)),
        `${p.name} = ${value}`,
      );
    }
  }
  assert.ok(taken > 1000 && refused > 5000, `${taken} taken, ${refused} refused`);
});

Deno.test("a reply of a megabyte is refused in words, whether it is prose, one long text or one deep nest", () => {
  const { schema, example } = PLACES[1]!;
  const million = 1_000_000;
  for (
    const text of [
      "blah ".repeat(million / 5),
      JSON.stringify({ ...example, diagnosis: "x".repeat(million) }),
      "[".repeat(million),
      '{"a":'.repeat(million / 5),
    ]
  ) {
    const verdict = judgeReply({ text, stop_reason: "end_turn" }, schema);
    assert.equal(verdict.ok, false);
    assert.ok(!verdict.ok && verdict.issues.join("").length < 5000);
  }
});
