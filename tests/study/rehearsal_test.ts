import assert from "node:assert/strict";
import { functionModel } from "../../lib/claude/function_model.ts";
import { analystModel } from "../../lib/reasoning/analyst.ts";
import {
  askRehearsed,
  judgeRehearsed,
  prepareRehearsal,
  rehearsedExample,
  rehearsedSchema,
} from "../../lib/study/rehearsal.ts";
import { withEpisodes } from "../../lib/study/with_episodes.ts";
import { withSampleStudy } from "../helpers/sample_study.ts";

Deno.test("a rehearsal is the study's first episode: the same failures, proposal and decision, with nothing written; the example is refused", async () => {
  await withSampleStudy(async (study) => {
    const rehearsal = prepareRehearsal(study);
    const shown = rehearsal.evidence.view.failures.map(({ label }) => rehearsal.caseIds.get(label));
    const reply = await askRehearsed(rehearsal, analystModel());
    const { proposal, judgement } = judgeRehearsed(rehearsal, reply.value);
    assert.deepEqual([...Deno.readDirSync(study.dir)].map((e) => e.name), ["study.json"]);

    const facts = await withEpisodes(study, 1), [episode] = facts.scratchpad.episodes;
    assert.equal(facts.scratchpad.episodes.length, 1);
    assert.deepEqual(episode!.failures.map((f) => f.case_id), shown);
    assert.deepEqual(episode!.proposal, proposal);
    assert.equal(episode!.decision, judgement!.decision);
    assert.deepEqual(episode!.measured, { race: judgement!.race, selection: judgement!.selection });
    assert.deepEqual((await withEpisodes(study, 1)).scratchpad.episodes, facts.scratchpad.episodes);

    const example = rehearsedExample(rehearsal), schema = rehearsedSchema(rehearsal);
    assert.ok(schema.safeParse(example).success);
    const typo = { ...example.proposed_changes[0], param: "pagerank_alfa" };
    assert.equal(schema.safeParse({ ...example, proposed_changes: [typo] }).success, false);
    const parrot = functionModel("parrot", () => example);
    await assert.rejects(askRehearsed(rehearsal, parrot), /repeats the example/);
  });
});
