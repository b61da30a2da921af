import assert from "node:assert/strict";
import { join } from "node:path";
import type { SplitTable } from "../../lib/study/table.ts";
import { readTables, updateTables, writeTables } from "../../lib/study/table_file.ts";

const mean = {
  estimate: 0.5,
  low: 0.4,
  high: 0.6,
  level: 0.95,
  resamples: 10,
  n_commits: 3,
  n_repos: 1,
};

function tableOf(split: SplitTable["split"], ranker: string): SplitTable {
  return {
    split,
    rows: [{
      ranker,
      split,
      means: { "ndcg@10": { ...mean, n_cases: 4 }, rr: null },
      difference: { ...mean, p: 0.5, wins: 1, losses: 2 },
      repositories: { a: 0.5 },
    }],
    n_cases: 4,
    n_commits: 3,
    n_repos: 1,
    detectable: null,
  };
}

Deno.test("a table that is scored again takes its place, and tables of other splits stay", async () => {
  const folder = await Deno.makeTempDir(), file = join(folder, "table.json");
  assert.equal(readTables(file), null);
  writeTables(file, [tableOf("selection", "trained"), tableOf("test", "trained")]);
  updateTables(file, [tableOf("selection", "candidate"), tableOf("train", "candidate")]);
  assert.deepEqual(
    readTables(file)!.map(({ split, rows }) => [split, rows[0]!.ranker]),
    [["train", "candidate"], ["selection", "candidate"], ["test", "trained"]],
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a foreign table is refused by file and field, and nothing is written over it", async () => {
  const folder = await Deno.makeTempDir(), file = join(folder, "table.json");
  for (
    const [text, message] of [
      ["x", /table\.json:1: not JSON/],
      ['{"record":"table/2","tables":[]}', /table\.json:1: record/],
      ['{"record":"table/1","tables":[{"split":"test"}]}', /table\.json:1: tables\.0\.rows/],
    ] as const
  ) {
    await Deno.writeTextFile(file, text);
    assert.throws(() => readTables(file), message);
    assert.throws(() => updateTables(file, []), message);
    assert.equal(await Deno.readTextFile(file), text);
  }
  await Deno.remove(folder, { recursive: true });
});
