import assert from "node:assert/strict";
import { join } from "node:path";
import { appendLines } from "../../lib/base/artefacts.ts";
import { type Feedback, feedbackId } from "../../lib/records/feedback.ts";
import { studyDir } from "../../lib/study/config.ts";
import { developmentCorpora } from "../../lib/study/failures.ts";
import { countFiled, filedSentence, isFiled, keptFeedback, takeFeedback } from "../../lib/study/filed.ts";
import { loadCorpora, openStudyFor } from "../../lib/study/open.ts";
import { SAMPLE_NAME, sampleRepository } from "../../lib/study/sample_repository.ts";
import { loadArenas } from "../../lib/reasoning/guard.ts";
import { stderrProgress } from "../../lib/tasks/progress.ts";
import { studyOf } from "../../lib/tasks/study_options.ts";
import { feedbackFile } from "../../lib/wisdom/feedback.ts";
import { inOwnFolder } from "../helpers/sample_study.ts";

const filing = (key: Omit<Feedback, "record" | "id" | "ranks" | "intent">): Feedback => ({
  record: "feedback/1",
  id: feedbackId(key),
  ...key,
  intent: "debug",
  ranks: key.expected.map(() => null),
});

/** A study made as `extract --repo … --feedback` makes it. */
const begin = async (name: string, more: Record<string, unknown> = { feedback: true }) =>
  await studyOf({
    values: { repo: [await sampleRepository()], study: name, ...more },
    positionals: [],
    progress: stderrProgress(),
    signal: new AbortController().signal,
    line: [],
    blocking: (work) => work(),
  });

Deno.test("filed rankings become train cases of a new study, and nothing else; later filings leave it as it is", async () => {
  await inOwnFolder(async () => {
    const plain = await openStudyFor({ study: "plain", repo: await sampleRepository() });
    await assert.rejects(begin("too-early"), /No ranking was filed for .*deno task feedback/);
    const cases = plain.corpora[0]!.cases, last = cases.at(-1)!, first = cases[0]!;
    const filed = [first, last].map(({ parent, seed_file, expected }) =>
      filing({
        repo: SAMPLE_NAME,
        commit: parent,
        query: "where",
        seed_file,
        chat: [],
        expected: [expected[0]!.file],
      })
    );
    appendLines(feedbackFile(), [...filed, { ...filed[0]!, id: "u-0123456789abcdef", repo: "another/one" }]);

    const config = await begin("with");
    const corpora = await loadCorpora(config), own = corpora.at(-1)!;
    assert.deepEqual([corpora.length, own.meta.role, own.meta.repo], [2, "feedback", SAMPLE_NAME]);
    assert.deepEqual(own.cases.map((c) => [c.split, c.weight, isFiled(c)]), [["train", 2, true], [
      "train",
      2,
      true,
    ]]);
    assert.deepEqual(corpora[0]!.cases, cases);
    assert.deepEqual(corpora[0]!.cases.filter(isFiled), []);

    // What judges never holds one; what teaches holds them all.
    const { train, selection } = loadArenas(developmentCorpora(corpora), { mode: "seed", labels: "binary" });
    const ids = new Set(own.cases.map((c) => c.case_id));
    const held = (arena: typeof train | typeof selection) =>
      arena.cases.filter((c) => ids.has(c.case.case_id)).length;
    assert.deepEqual([held(train), held(selection)], [2, 0]);
    // One of the two stands after the commits that judge, and that is said.
    const count = countFiled(corpora.flatMap((c) => c.cases));
    assert.deepEqual(count, { cases: 2, late: 1 });
    assert.match(
      filedSentence(count),
      /2 train cases were filed.*1 of them stands at a commit after those that judge/,
    );
    assert.equal(filedSentence(countFiled(cases)), "");

    appendLines(feedbackFile(), [filing({
      repo: SAMPLE_NAME,
      commit: first.parent,
      query: "another",
      seed_file: first.seed_file,
      chat: [],
      expected: [first.expected[0]!.file],
    })]);
    const again = (await openStudyFor({ study: "with" })).corpora.at(-1)!;
    assert.deepEqual(again.cases, own.cases);
    await assert.rejects(begin("with"), /The study with was made with other feedback/);
    assert.equal((await openStudyFor({ study: "plain" })).corpora.length, 1);
    await assert.rejects(begin("plain"), /The study plain was made with other feedback/);

    Deno.writeTextFileSync(join(studyDir("with"), "feedback.jsonl"), "");
    await assert.rejects(
      openStudyFor({ study: "with" }),
      /feedback\.jsonl.*not the rankings the study was made with/,
    );
  });
});

Deno.test("what was filed for a repository kept aside does not teach", () => {
  const one = filing({
    repo: "kept/aside",
    commit: "a".repeat(40),
    query: "q",
    seed_file: "a.py",
    chat: [],
    expected: ["b.py"],
  });
  const repositories = [{ name: "kept/aside", role: "lockbox" }, {
    name: "tea/house",
    role: "development",
  }] as const;
  assert.throws(() => takeFeedback(repositories, [one]), /No ranking was filed for tea\/house/);
  const own = { ...one, repo: "tea/house" };
  assert.deepEqual(takeFeedback(repositories, [one, own]).filed, [own]);
  assert.deepEqual(keptFeedback({ name: "none" }), []);
});
