/** `deno task reason --agent claude` as a subscriber starts it: the one line, a usage limit on the way, and the same again without a model. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { EPISODES } from "../../lib/scratchpad/files.ts";
import { readRecords } from "../../lib/scratchpad/read.ts";
import { sampleRepository } from "../../lib/study/sample_repository.ts";
import { openStudyFor } from "../../lib/study/open.ts";
import { withStandIn } from "../claude/stand_in/install.ts";
import { inOwnFolder } from "../helpers/sample_study.ts";
import { STUDY_FILES } from "../reasoning/study.ts";
import { runTask } from "../helpers/run_task.ts";

/** Runs the task in an environment of its own. */
const reason = (folder: string, environment: Record<string, string>, ...args: string[]) =>
  runTask("reason", folder, environment, "--study", "asked", ...args);

/** A reply that moves one parameter, as a model would word it. */
const reply = (param: string) =>
  "I looked at the failures.\n```json\n" + JSON.stringify({
    proposed_changes: [{
      param,
      direction: "increase",
      magnitude: "large",
      rationale: "it carries the gaps",
    }],
    structural_edits: null,
    forecast: { sign: 1, delta_ndcg: 0.01, cases_flipped: ["F1"], confidence: 0.7 },
    param_interactions: [],
    structural_insights: [],
    diagnosis: "co-change is too quiet",
    confidence: 0.6,
    no_change_reason: null,
  }) + "\n```";

const BARE = { PATH: "/usr/bin:/bin" };

Deno.test("a study with claude pauses at a usage limit, goes on where it stopped, and replays to the same bytes", async () => {
  await inOwnFolder(async (folder) => {
    const { dir } = await openStudyFor({ study: "asked", repo: await sampleRepository() });
    const episodes = () => readRecords(dir, EPISODES);

    await withStandIn({
      steps: [
        { mode: "ok", text: reply("boost_temporal_coupling") },
        { mode: "ok", text: reply("boost_no_such_thing") },
        { mode: "ok", text: reply("git_recency_decay_days") },
        { mode: "session_limit" },
      ],
    }, async ({ environment, calls }) => {
      const paused = await reason(folder, { ...environment }, "--agent", "claude", "--episodes", "3");
      assert.equal(paused.code, 1);
      assert.match(
        paused.said,
        /usage limit is reached \(resets at 2030-03-17 17:46 UTC\).*What to do: wait/s,
      );
      assert.equal(episodes().length, 2);
      assert.equal(calls().length, 4);
      for (const { argv, stdin } of calls()) {
        assert.match(stdin, /=== RANKING FAILURES TO ANALYZE ===/);
        assert.doesNotMatch(stdin, /@/);
        assert.ok(argv.every((word) => word.length < 500 && !word.includes("RANKING FAILURES")));
      }
      assert.match(calls()[2]!.stdin, /YOUR PREVIOUS REPLY FAILED VALIDATION/);
    });

    await withStandIn({ steps: [{ mode: "ok", text: reply("git_churn_max_boost") }] }, async (standIn) => {
      const done = await reason(folder, { ...standIn.environment }, "--agent", "claude", "--episodes", "3");
      assert.equal(done.code, 0, done.said);
      assert.equal(standIn.calls().length, 1);
    });
    assert.deepEqual(
      episodes().map((e) => e.proposal!.changes[0]!.param),
      ["boost_temporal_coupling", "git_recency_decay_days", "git_churn_max_boost"],
    );

    const files = STUDY_FILES.filter((name) => name !== "structural_proposals.md");
    const wanted = files.map((name) => contentsOf(join(dir, name)));
    for (const name of [...files, "calls.jsonl"]) Deno.removeSync(join(dir, name));
    const again = await reason(folder, BARE, "--agent", "replay", "--episodes", "3");
    assert.equal(again.code, 0, again.said);
    assert.deepEqual(
      files.map((name) => contentsOf(join(dir, name)).replaceAll('"agent":"replay"', '"agent":"claude"')),
      wanted,
    );
  });
});

function contentsOf(file: string): string {
  return Deno.readTextFileSync(file);
}
