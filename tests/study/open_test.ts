import assert from "node:assert/strict";
import { join } from "node:path";
import { TooFewCasesError } from "../../lib/corpus/extract.ts";
import { historyStream, writeHistory } from "../../lib/repo/write_history.ts";
import { openStudyFor, studyNameOf } from "../../lib/study/open.ts";
import { inOwnFolder } from "../helpers/sample_study.ts";
import { sampleRepository } from "../../lib/study/sample_repository.ts";

Deno.test("the sample, a path to it, and its study by name open the same cases", async () => {
  await inOwnFolder(async () => {
    const sample = await openStudyFor();
    assert.equal(sample.config.name, "sample");
    const { meta } = sample.corpora[0]!;
    assert.ok(meta.n_teaching >= 170 && meta.n_teaching <= 200, `${meta.n_teaching} teach`);
    for (
      const filter of [
        "merge",
        "bot",
        "wip",
        "formatting",
        "release",
        "too_few_source_files",
        "too_many_source_files",
      ]
    ) {
      assert.ok(meta.dropped[filter]! > 0, `${filter} drops nothing`);
    }
    assert.deepEqual(
      new Set(sample.corpora[0]!.cases.map((c) => c.intent)),
      new Set(["debug", "refactor", "extend", "explore"]),
    );
    const ids = (study: typeof sample) => study.corpora[0]!.cases.map((c) => c.case_id);
    const byPath = await openStudyFor({ repo: await sampleRepository(), study: "mine" });
    assert.equal(byPath.config.name, "mine");
    assert.deepEqual(ids(byPath), ids(sample));
    assert.deepEqual(ids(await openStudyFor({ study: "mine" })), ids(sample));
    assert.deepEqual(ids(await openStudyFor({ study: "sample" })), ids(sample));
    assert.equal((await openStudyFor({ purpose: "arms" })).config.name, "sample-arms");
    await assert.rejects(
      openStudyFor({ study: "mime" }),
      /There is no study "mime": there are mine, sample, sample-arms/,
    );
    await assert.rejects(
      openStudyFor({ study: "mine", repo: await sampleRepository(), seed: 2 }),
      /The study mine was made with other seed: give this one another study name/,
    );
  });
});

Deno.test("a repository that is not there and one that teaches too little are named", async () => {
  await inOwnFolder(async (folder) => {
    await assert.rejects(openStudyFor({ repo: join(folder, "nowhere") }), /nowhere does not exist/);
    const poor = join(folder, "poor.git");
    await writeHistory(
      poor,
      historyStream([{
        author: "P <p@example.test>",
        at_s: 1_700_000_000,
        subject: "Start",
        parents: [],
        files: new Map([["a.ts", ""]]),
      }]),
    );
    await assert.rejects(
      openStudyFor({ repo: poor }),
      (error) =>
        error instanceof TooFewCasesError && /0 teaching commits, at least 8 are wanted/.test(error.message),
    );
  });
});

Deno.test("a study is named after its repositories", () => {
  const named = (...names: string[]) =>
    studyNameOf(
      names.map((name) => ({
        name,
        source: name,
        dir: name,
        head: "h",
        role: "development",
        max_commits: 1,
      })),
    );
  assert.equal(named("owner/My Tool"), "my-tool");
  assert.equal(named("a", "b", "c", "d"), "a-b-and-2-more");
});
