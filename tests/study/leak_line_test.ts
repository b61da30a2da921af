/** Which repositories stand too high to be believed, and what is said for and against them. */
import assert from "node:assert/strict";
import type { Case } from "../../lib/records/case.ts";
import type { Split } from "../../lib/records/case.ts";
import type { Row } from "../../lib/study/rankers.ts";
import { suspicions } from "../../lib/study/leak_line.ts";
import type { SplitTable } from "../../lib/study/table.ts";

/** A table of one split with rankers' figures by repository. */
function madeTable(
  split: Split,
  rankers: Readonly<Record<string, Record<string, number>>>,
): SplitTable {
  const rows = Object.entries(rankers).map(([ranker, repositories]): Row => ({
    ranker,
    split,
    means: {},
    difference: null,
    repositories,
  }));
  return { split, rows, n_cases: 2, n_commits: 2, n_repos: 2, detectable: null };
}

/** A case of a commit, with its expected files. */
function madeCase(commit: string, seed_file: string, expected: readonly [string, number][]): Case {
  return {
    record: "case/1",
    case_id: `high/one@${commit}:${seed_file}`,
    repo: "high/one",
    commit,
    parent: "p",
    committed_at_s: 0,
    subject: "s",
    intent: "explore",
    weight: 1,
    split: "test",
    seed_file,
    expected: expected.map(([file, coupling]) => ({ file, coupling })),
    n_added: 0,
    n_files: 11,
  };
}

const CASES = [
  madeCase("a", "src/x.ts", [["src/x.test.ts", 0.4]]),
  madeCase("a", "src/x.test.ts", [["src/x.ts", 0.4]]),
  madeCase("b", "src/x.ts", [["src/y.ts", 0.1], ["lib/x.test.ts", 0]]),
];

Deno.test("a repository is suspected when any ranker is above .75 there on held-out cases, and not for selection cases", () => {
  const facts = {
    cases: CASES,
    controls: [],
    tables: [
      madeTable("selection", { found: { "low/two": 0.9 } }),
      madeTable("test", { jaccard: { "high/one": 0.76, "low/two": 0.75 } }),
      madeTable("lockbox", { jaccard: { "kept/three": 0.8 } }),
    ],
  };
  assert.deepEqual(
    suspicions(facts).map(({ repository, split }) => [repository, split]),
    [["high/one", "test"], ["kept/three", "lockbox"]],
  );
});

Deno.test("a suspicion brings the baselines there, the tuning without the repository, the controls, and the cases' shape", () => {
  const [own] = suspicions(
    {
      cases: CASES,
      tables: [madeTable("test", {
        random: { "high/one": 0.1 },
        bm25_paths: { "high/one": 0.7 },
        jaccard: { "high/one": 0.74 },
        trained: { "high/one": 0.6 },
      })],
      controls: [{
        name: "permuted",
        tables: [madeTable("test", { jaccard: { "high/one": 0.74 }, permuted: { "high/one": 0.3 } })],
      }],
    },
    {
      tables: [madeTable("test", { jaccard: { "high/one": 0.74 }, found: { "high/one": 0.8 } })],
      leave_out: [{ repository: "high/one", pooled: 0.8, left_out: 0.78 }],
    },
    [madeTable("test", { lambdamart: { "high/one": 0.85 } })],
  );
  assert.deepEqual(own!.standings.map((s) => s.ranker), [
    "random",
    "bm25_paths",
    "jaccard",
    "trained",
    "found",
    "lambdamart",
  ]);
  assert.deepEqual(own!.left_out, { ranker: "found", value: 0.78 });
  assert.deepEqual(own!.controls, [{ ranker: "permuted", value: 0.3 }]);
  assert.deepEqual(own!.best, {
    tuned: { ranker: "found", value: 0.8 },
    untuned: { ranker: "jaccard", value: 0.74 },
    paths: { ranker: "bm25_paths", value: 0.7 },
  });
  assert.deepEqual(own!.shape, {
    cases: 3,
    commits: 2,
    expected: 1.5,
    candidates: 10,
    // Commit a: both its cases; commit b: one of two files.
    same_folder: 0.75,
    namesakes: 0.5,
    coupled: 0.75,
  });
});
