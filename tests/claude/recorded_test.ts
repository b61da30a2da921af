/** Recording and playing back. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { z } from "zod";
import { askFor, CallJournal, ClaudeError, recorded, scriptedModel } from "../../lib/claude/mod.ts";
import { lineSimilarity, promptDiff } from "../../lib/claude/prompt_diff.ts";

const SHAPE = z.strictObject({ answer: z.string() });
const request = (prompt: string, episode?: number) => ({
  system: "Answer in JSON.",
  prompt,
  label: "recorded",
  ...(episode === undefined ? {} : { episode }),
});

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    await body(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("recording asks once: an interrupted study that starts over pays only for what is missing", () =>
  inFolder(async (folder) => {
    const first = scriptedModel("m", [{ answer: "1" }, { answer: "2" }]);
    const a = recorded(first, { folder, mode: "record" });
    await askFor(a, request("Question one", 1), SHAPE);
    await askFor(a, request("Question two", 2), SHAPE);
    const second = scriptedModel("m", [{ answer: "3" }]);
    const b = recorded(second, { folder, mode: "record" });
    const answers = [
      await askFor(b, request("Question one", 1), SHAPE),
      await askFor(b, request("Question two", 2), SHAPE),
      await askFor(b, request("Question three", 3), SHAPE),
    ];
    assert.deepEqual(answers.map((x) => [x.value.answer, x.replayed]), [["1", true], ["2", true], [
      "3",
      false,
    ]]);
    assert.equal(second.asked.length, 1);
  }));

Deno.test("the same prompt asked again, or in another episode, is another recording", () =>
  inFolder(async (folder) => {
    const script = scriptedModel("m", [{ answer: "a" }, { answer: "b" }, { answer: "c" }]);
    const recorder = recorded(script, { folder, mode: "record" });
    for (const episode of [1, 1, 2]) await askFor(recorder, request("Same question", episode), SHAPE);
    // A study that resumes in episode 2 hears the answer of episode 2.
    const resumed = recorded(scriptedModel("m", []), { folder, mode: "replay" });
    assert.equal((await askFor(resumed, request("Same question", 2), SHAPE)).value.answer, "c");
    assert.equal((await askFor(resumed, request("Same question", 1), SHAPE)).value.answer, "a");
    assert.equal((await askFor(resumed, request("Same question", 1), SHAPE)).value.answer, "b");
    assert.deepEqual(resumed.unused(), []);
  }));

Deno.test("a miss names the key and shows where the nearest recorded prompt differs; nobody is asked", () =>
  inFolder(async (folder) => {
    const recorder = recorded(scriptedModel("m", [{ answer: "a" }, { answer: "b" }]), {
      folder,
      mode: "record",
    });
    await askFor(recorder, request("Question\nalpha is 0.85\nend"), SHAPE);
    await askFor(recorder, request("Nothing alike"), SHAPE);
    const live = scriptedModel("m", [{ answer: "never" }]);
    const replay = recorded(live, { folder, mode: "replay" });
    await assert.rejects(askFor(replay, request("Question\nalpha is 0.9\nend"), SHAPE), (error) => {
      assert.ok(error instanceof ClaudeError);
      assert.equal(error.kind, "no_cassette");
      assert.match(error.message, /key [0-9a-f]{64}, slot x\.0; nearest is [0-9a-f]{12}/);
      assert.match(error.message, /@ line 2\n- alpha is 0\.85\n\+ alpha is 0\.9/);
      return true;
    });
    assert.equal(live.asked.length, 0);
    assert.equal(replay.unused().length, 2);
  }));

Deno.test("a refusal is played back, a usage limit is asked again", () =>
  inFolder(async (folder) => {
    const record = (steps: Parameters<typeof scriptedModel>[1]) =>
      recorded(scriptedModel("m", steps), { folder, mode: "record" });
    const once = record([{ fails: "refusal", detail: "no" }, { fails: "usage_limit" }]);
    await assert.rejects(askFor(once, request("Bad question"), SHAPE), { kind: "refusal" });
    await assert.rejects(askFor(once, request("Late question"), SHAPE), {
      kind: "usage_limit",
      next: "pause",
    });
    const again = record([{ answer: "now" }]);
    await assert.rejects(askFor(again, request("Bad question"), SHAPE), { kind: "refusal", detail: "no" });
    assert.equal((await askFor(again, request("Late question"), SHAPE)).value.answer, "now");
  }));

Deno.test("a played-back call is written to the account once, whichever side of the crash its line was on", () =>
  inFolder(async (folder) => {
    const study = join(folder, "study"), cassettes = join(folder, "cassettes");
    const steps = [{ answer: "1" }, { answer: "2" }];
    const first = recorded(scriptedModel("m", steps), { folder: cassettes, mode: "record" });
    const journal = new CallJournal(study);
    await askFor(first, request("Question one", 1), SHAPE, { journal });
    await askFor(first, request("Question two", 2), SHAPE, { journal });
    // The crash: the second line was cut off in the middle.
    const lines = Deno.readTextFileSync(join(study, "calls.jsonl"));
    Deno.writeTextFileSync(join(study, "calls.jsonl"), lines.slice(0, -40));
    const resumed = new CallJournal(study);
    assert.equal(resumed.records.length, 1);
    assert.ok(resumed.truncated!.length > 0);
    const replay = recorded(scriptedModel("m", []), { folder: cassettes, mode: "replay" });
    await askFor(replay, request("Question one", 1), SHAPE, { journal: resumed });
    await askFor(replay, request("Question two", 2), SHAPE, { journal: resumed });
    assert.deepEqual(new CallJournal(study).records.map((r) => [r.episode, r.replayed]), [[1, false], [
      2,
      true,
    ]]);
  }));

Deno.test("likeness is 1 for equal texts and 0 for texts without a common line; a diff shows only the differing stretch", () => {
  assert.equal(lineSimilarity("a\nb", "b\na"), 1);
  assert.equal(lineSimilarity("a\nb", "c\nd"), 0);
  assert.equal(lineSimilarity("a\na\nb", "a\nb\nc"), 2 / 3);
  assert.equal(promptDiff("same", "same"), "");
  assert.equal(promptDiff("a\nb\nc", "a\nx\ny\nc"), "@ line 2\n- b\n+ x\n+ y");
  assert.equal(promptDiff("a\na", "a"), "@ line 2\n- a");
});
