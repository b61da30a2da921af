import assert from "node:assert/strict";
import { openStudyFor } from "../../lib/study/open.ts";
import { compareStudies, configDifferences, studyEnd } from "../../lib/study/compare_studies.ts";
import { compareSmall } from "../../lib/study/small_comparison.ts";
import { withEpisodes } from "../../lib/study/with_episodes.ts";
import { withSampleStudy } from "../helpers/sample_study.ts";

Deno.test("arms start at the defaults, keep their budget, and are read when they were run before", async () => {
  await withSampleStudy(async (study) => {
    const options = { arms: ["random", "analyst"], seeds: 2, budget: 6 };
    const { comparison, runs, power } = await compareSmall(study, options);
    assert.equal(runs.length, 4);
    for (const { trials, end } of runs) {
      assert.equal(end.end, "budget");
      assert.deepEqual(trials[0]!.point, runs[0]!.trials[0]!.point);
    }
    for (const { end } of runs.filter(({ job }) => job.arm === "random")) {
      assert.equal(end.spent.theta_evaluations, 6);
    }
    assert.deepEqual(comparison.splits.map(({ split }) => split), ["selection"]);
    assert.equal(power.split, "selection");
    const again = await compareSmall(study, options);
    assert.deepEqual(again.comparison, comparison);
    await assert.rejects(compareSmall(study, { ...options, arms: ["claude"] }), /costs money/);
    await assert.rejects(compareSmall(study, { ...options, arms: ["randon"] }), /There is no arm "randon"/);
  });
});

Deno.test("studies are compared case by case where both have the case, at the point each ended at", async () => {
  await withSampleStudy(async (first) => {
    const second = await openStudyFor({ purpose: "message", query: "message" });
    assert.deepEqual(configDifferences(first, second), [{
      field: "query",
      first: "seed",
      second: "message",
    }]);
    const there = await compareStudies(first, second, "selection"),
      back = await compareStudies(second, first, "selection");
    assert.equal(there.shared, first.corpora[0]!.cases.filter((c) => c.split === "selection").length);
    assert.equal(there.difference.estimate, -back.difference.estimate);
    assert.deepEqual([there.wins, there.losses], [back.losses, back.wins]);
    const same = await compareStudies(first, first, "selection");
    assert.deepEqual([same.difference.estimate, same.difference.low, same.difference.high, same.p], [
      0,
      0,
      0,
      1,
    ]);

    const third = await openStudyFor({ purpose: "trained" });
    const { trained } = await withEpisodes(third, 1);
    assert.ok(trained!.episode !== null);
    assert.equal(studyEnd(third).trained, true);
    const gained = await compareStudies(first, third, "selection");
    const told = (await withEpisodes(third, 1)).scratchpad.episodes[0]!.measured.selection!.mean;
    assert.ok(Math.abs(gained.difference.estimate - told) < 1e-12);
  });
});
