/** `deno task distill` as a user starts it: by a model's command line, and from what that answered before. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { parsePoint } from "../../lib/records/space.ts";
import { openStudyFor } from "../../lib/study/open.ts";
import { sampleRepository } from "../../lib/study/sample_repository.ts";
import { withEpisodes } from "../../lib/study/with_episodes.ts";
import { draftExample } from "../../lib/wisdom/distill_prompt.ts";
import { withStandIn } from "../claude/stand_in/install.ts";
import { inOwnFolder } from "../helpers/sample_study.ts";
import { runTask } from "../helpers/run_task.ts";

/** Runs the task in an environment of its own. */
const distil = (folder: string, environment: Record<string, string>, ...args: string[]) =>
  runTask("distill", folder, environment, ...args, "--backgrounds", "0");

Deno.test("a model drafts by its command line, its items are tested, and a replay pays for nothing twice", async () => {
  await inOwnFolder(async (folder) => {
    const opened = await openStudyFor({ study: "drafted", repo: await sampleRepository() });
    const { config, scratchpad, trained } = await withEpisodes(opened, 2, { structural: false });
    const space = searchSpace(trained?.formula ?? config.formula);
    const tuned = parsePoint(space, trained?.params ?? {});
    const scratchpads = [{ study: config.name, state: scratchpad }];
    const example = draftExample({ scratchpads, space, tuned }), episodes = example.presets[0]!.episodes;
    const text = JSON.stringify({
      ...example,
      presets: [{ ...example.presets[0]!, name: "from_tests" }],
      heuristics: [{
        text: "if seed.is_test: pagerank_alpha *= 0.5 - tests point at their source",
        episodes,
      }],
    });
    const bare = { PATH: "/usr/bin:/bin", HOME: join(folder, "home") };

    const early = await distil(folder, bare, config.name, "--agent", "replay");
    assert.equal(early.code, 1);
    assert.match(early.said, /replay|recorded/i);

    const drafted = await withStandIn({ steps: [{ mode: "ok", text }] }, async (standIn) => {
      const done = await distil(
        folder,
        { ...standIn.environment },
        config.name,
        "--agent",
        "claude",
        "--json",
      );
      assert.equal(done.code, 0, done.said);
      const [call] = standIn.calls();
      assert.match(call!.stdin, /repo\.file_count/);
      assert.equal(standIn.calls().length, 1);
      return JSON.parse(done.out).wisdom;
    });
    assert.equal(drafted.agent, "claude");
    const [rule] = drafted.heuristics;
    assert.deepEqual([rule.origin, rule.left_out, rule.default_on], ["model", false, false]);
    assert.deepEqual(drafted.presets.map((p: { name: string }) => p.name), ["from_tests"]);
    assert.ok(drafted.presets[0].tested.effect !== null);

    const replayed = await distil(folder, bare, config.name, "--agent", "replay", "--json");
    assert.equal(replayed.code, 0, replayed.said);
    assert.deepEqual(JSON.parse(replayed.out).wisdom, { ...drafted, agent: "replay" });
  });
});
