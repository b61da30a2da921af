import assert from "node:assert/strict";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { rankFiles } from "../../lib/ranker/rank.ts";
import type { Case } from "../../lib/records/case.ts";
import { defaultPoint } from "../../lib/records/space.ts";
import { counts } from "../../lib/study/case_counts.ts";
import { trainFailures } from "../../lib/study/failures.ts";
import { explainRanking, inspectCase } from "../../lib/study/inspect_case.ts";
import { failedPairs, inspectFailures } from "../../lib/study/inspect_failures.ts";
import { withSampleStudy } from "../helpers/sample_study.ts";

const close = (a: number, b: number, what: string) =>
  assert.ok(Math.abs(a - b) < 1e-9, `${what}: ${a}, ${b}`);

Deno.test("failures, rankings and pairs are taken apart without a remainder", async () => {
  await withSampleStudy((study) => {
    const { config } = study,
      at = { formula: config.formula, point: defaultPoint(searchSpace(config.formula)) };
    const failures = inspectFailures(study, at);
    assert.deepEqual(
      new Set(failures.map(({ failure }) => failure.id)),
      new Set(trainFailures(config, study.corpora, at).map(({ id }) => id)),
    );
    assert.ok(failures.every(({ failure }, i) => i === 0 || failure.ndcg >= failures[i - 1]!.failure.ndcg));

    const inspected = inspectCase(study, failures[0]!.failure.case_id);
    const rows = explainRanking(study, inspected, at);
    const run = rankFiles(at.formula, at.point, inspected, config.query);
    assert.deepEqual(
      rows.map(({ file, rank, score }) => [file, rank, score]),
      run.files.map(({ file, rank, score }) => [file, rank, score]),
    );
    assert.deepEqual(
      rows.filter((r) => r.relevant).map((r) => r.file).sort(),
      inspected.case.expected.map((e) => e.file).sort(),
    );
    const sum = (row: typeof rows[number]) => Object.values(row.parts).reduce((a, b) => a + b, 0);
    for (const row of rows.slice(1)) {
      close(sum(rows[0]!) - sum(row), Math.log(rows[0]!.score / row.score), row.file);
    }
    for (const name of Object.keys(rows[0]!.parts)) {
      close(rows.reduce((total, row) => total + row.parts[name]!, 0), 0, `mean of ${name}`);
    }

    const turned = failures.find(({ turnable }) => turnable >= 0)!, pair = turned.pairs[turned.turnable]!;
    const ranked = explainRanking(study, inspectCase(study, turned.failure.case_id), at);
    const scoreOf = (file: string) => ranked.find((row) => row.file === file)!;
    assert.equal(scoreOf(pair.missed).rank, pair.missed_rank);
    assert.equal(scoreOf(pair.distractor).rank, pair.distractor_rank);
    close(pair.gap, pair.parts.reduce((total, part) => total + part.log_ratio, 0), "gap");
    assert.ok(pair.gap <= 0 && scoreOf(pair.missed).score <= scoreOf(pair.distractor).score);
    const [flip] = pair.flips;
    const moved = explainRanking(study, inspectCase(study, turned.failure.case_id), {
      ...at,
      point: { ...at.point, [flip!.param]: flip!.to },
    });
    const rankOf = (file: string) => moved.find((row) => row.file === file)!.rank;
    assert.ok(rankOf(pair.missed) < rankOf(pair.distractor));

    const wishes = failedPairs(study, at, 3);
    assert.equal(wishes.length, 3);
    for (const { input, target, distractor } of wishes) {
      const { files } = rankFiles(at.formula, at.point, input, config.query);
      const place = (file: number) => files.findIndex((row) => row.file === input.snapshot.files[file]);
      assert.ok(place(target) > place(distractor));
    }
    assert.throws(() => inspectCase(study, "nothing"), /no case "nothing"/);
  });
});

Deno.test("counts name every kind once, most frequent first, and shares add up to 1", () => {
  const made = (intent: Case["intent"], commit: string) => ({ repo: "r", commit, intent }) as Case;
  const cases = [
    made("debug", "a"),
    made("debug", "a"),
    made("extend", "b"),
    made("debug", "c"),
    made("explore", "d"),
  ];
  assert.deepEqual(counts(cases, (c) => c.intent), [
    { kind: "debug", cases: 3, commits: 2, share: 0.6 },
    { kind: "explore", cases: 1, commits: 1, share: 0.2 },
    { kind: "extend", cases: 1, commits: 1, share: 0.2 },
  ]);
  assert.deepEqual(counts([], () => ""), []);
});
