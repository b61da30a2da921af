import assert from "node:assert/strict";
import { join } from "node:path";
import { preregister, preregistration, PREREGISTRATIONS } from "../../lib/study/preregistration.ts";
import { readRecords } from "../../lib/scratchpad/read.ts";

const facts = {
  study: "s",
  study_hash: "h",
  arms: ["tpe", "analyst"],
  seeds: [1, 2],
  budget: 40,
  checkpoints: [2, 5, 12, 40],
  primary_budget: 40,
  judged_on: ["test" as const],
  reference_among: ["tpe"],
};

Deno.test("a registration is written once, and another one is counted", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const first = preregistration(facts);
    assert.equal(preregister(dir, first), 1);
    assert.equal(preregister(dir, preregistration({ ...facts })), 1);
    const second = preregistration({ ...facts, seeds: [1, 2, 3] });
    assert.equal(preregister(dir, second), 2);
    assert.equal(preregister(dir, first), 1, "the first keeps its place");
    assert.deepEqual(readRecords(dir, PREREGISTRATIONS).map((r) => r.id), [first.id, second.id]);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("a registration that was changed after it was written is not read", async () => {
  const dir = await Deno.makeTempDir();
  try {
    preregister(dir, preregistration(facts));
    const file = join(dir, PREREGISTRATIONS.name), text = await Deno.readTextFile(file);
    await Deno.writeTextFile(file, text.replace('"primary_budget":40', '"primary_budget":12'));
    assert.throws(() => readRecords(dir, PREREGISTRATIONS), /changed after it was written/);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("everything that decides is part of the hash", () => {
  const { id } = preregistration(facts);
  const changes = [
    { arms: ["tpe"] },
    { seeds: [1] },
    { budget: 41 },
    { checkpoints: [40] },
    { primary_budget: 12 },
    { judged_on: ["test" as const, "lockbox" as const] },
    { reference_among: ["analyst"] },
    { study_hash: "other" },
  ];
  const ids = changes.map((change) => preregistration({ ...facts, ...change }).id);
  assert.equal(new Set([id, ...ids]).size, changes.length + 1);
});
