import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { Feedback, feedbackId } from "../../lib/records/feedback.ts";
import { appendFeedback, fileFeedback, readFeedback } from "../../lib/wisdom/feedback.ts";
import type { RankedTree } from "../../lib/wisdom/rank_tree.ts";
import { FACTS_HERE } from "./heuristic_cases.ts";

const COMMIT = "a".repeat(40);
const file = (name: string, rank: number) => ({
  file: name,
  rank,
  score: 1 / rank,
  focus: 0,
  open: false,
  parts: {},
});
const ranked = {
  files: [file("a.py", 1), file("b.py", 2), file("c.py", 3)],
  anchors: [{ file: "a.py", weight: 1 }, { file: "b.py", weight: 0.5 }],
  facts: FACTS_HERE,
} as unknown as RankedTree;
const complaint = { repo: "tea", commit: COMMIT, query: "a", chat: [], expected: ["c.py", "gone.py"] };

Deno.test("a complaint keeps paths, the query and the ranks there were", () => {
  const filed = fileFeedback(complaint, ranked);
  assert.deepEqual([filed.seed_file, filed.expected, filed.ranks], ["a.py", ["c.py", "gone.py"], [3, null]]);
  assert.equal(filed.id, feedbackId(filed));
  assert.equal(feedbackId({ ...filed, expected: ["gone.py", "c.py"] }), filed.id);
});

Deno.test("the case stands on the strongest anchor that was not looked for", () => {
  assert.equal(fileFeedback({ ...complaint, expected: ["a.py"] }, ranked).seed_file, "b.py");
  const all = fileFeedback({ ...complaint, expected: ["b.py", "a.py"] }, ranked);
  assert.deepEqual([all.seed_file, all.expected], ["a.py", ["b.py"]]);
  assert.equal(fileFeedback({ ...complaint, seedFile: "b.py" }, ranked).seed_file, "b.py");
  assert.throws(
    () => fileFeedback({ ...complaint, seedFile: "c.py", expected: ["c.py"] }, ranked),
    /other files/,
  );
});

Deno.test("what is filed twice stands once", () => {
  const dir = Deno.makeTempDirSync();
  try {
    const lines = join(dir, "deep", "feedback.jsonl"), filed = fileFeedback(complaint, ranked);
    assert.deepEqual(readFeedback(lines), []);
    assert.deepEqual([appendFeedback(filed, lines), appendFeedback(filed, lines)], [true, false]);
    const other = fileFeedback({ ...complaint, query: "b" }, ranked);
    assert.ok(appendFeedback(other, lines));
    assert.deepEqual(readFeedback(lines), [filed, other]);
  } finally {
    Deno.removeSync(dir, { recursive: true });
  }
});

Deno.test("no path that leaves the repository or names the machine can be filed", () => {
  const base = fileFeedback(complaint, ranked);
  const pieces = fc.array(fc.constantFrom("..", "a", "", "C:", "\\", "/", ".", "é"), { maxLength: 5 }).map((
    p,
  ) => p.join("/"));
  let kept = 0;
  fc.assert(
    fc.property(fc.oneof(pieces, fc.string({ unit: "binary", maxLength: 12 })), (path) => {
      const read = Feedback.safeParse({ ...base, expected: [path], ranks: [null] });
      if (!read.success) return;
      kept++;
      assert.ok(!path.startsWith("/") && !path.includes("\\") && !path.split("/").includes(".."));
    }),
    { seed: 9, numRuns: 5000 },
  );
  assert.ok(kept > 100);
});
