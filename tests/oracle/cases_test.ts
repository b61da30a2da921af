/** From commits to cases: who teaches, who is a seed, who is a target. */
import assert from "node:assert/strict";
import { caseId, changeSet, eligibleCommits, makeCases, sourceChanges } from "../../lib/oracle/cases.ts";
import { FILTERS } from "../../lib/oracle/classify.ts";
import { Case } from "../../lib/records/case.ts";
import type { Change, Commit, History } from "../../lib/repo/log.ts";

const change = (status: Change["status"], path: string, old_path = path): Change => ({
  status,
  path,
  old_path,
  old_blob: "",
  new_blob: "",
  file: 0,
});

function commit(index: number, subject: string, changes: Change[], more: Partial<Commit> = {}): Commit {
  return {
    index,
    sha: String(index).padStart(40, "0"),
    parents: index === 0 ? [] : [index - 1],
    committed_at_s: 1000 + index,
    author_name: "Ada",
    author_email: "ada@tea.example",
    subject,
    changes,
    ...more,
  };
}
const modified = (...paths: string[]) => paths.map((path) => change("M", path));
const many = (n: number) => modified(...Array.from({ length: n }, (_, i) => `f${i}.py`));

Deno.test("sourceChanges keeps source files by either name of a rename and leaves prose and data out", () => {
  const kept = sourceChanges(commit(1, "x", [
    ...modified("a.py", "README.md", "b.json"),
    change("R", "c.txt", "c.py"),
    change("R", "d.py", "d.txt"),
    change("D", "e.go"),
  ]));
  assert.deepEqual(kept.map((c) => c.path), ["a.py", "c.txt", "d.py", "e.go"]);
});

Deno.test("eligibleCommits looks at the newest non-merge commits and counts every dropped one once", () => {
  const commits = [
    commit(0, "Open", many(3)),
    commit(1, "Too old to be seen", many(2)),
    commit(2, "WIP", many(2)),
    commit(3, "Merge", [], { parents: [2, 0] }),
    commit(4, "One file", many(1)),
    commit(5, "Two files", many(2)),
    commit(6, "Twelve files", many(12)),
    commit(7, "Thirteen files", many(13)),
    commit(8, "Bump", many(2), { author_name: "dependabot[bot]" }),
    commit(9, "Prose only", modified("a.md", "b.md")),
  ];
  const history: History = { commits, file_names: ["f"] };
  const { commits: chosen, dropped, nWindow } = eligibleCommits(history, { maxCommits: 7 });
  assert.deepEqual(chosen.map((c) => c.index), [5, 6]);
  assert.equal(nWindow, 7);
  assert.deepEqual(dropped, {
    ...Object.fromEntries(FILTERS.map((f) => [f, 0])),
    wip: 1,
    merge: 1,
    too_few_source_files: 2,
    too_many_source_files: 1,
    bot: 1,
  });
  assert.equal(
    eligibleCommits(history, { maxCommits: 100, minFiles: 13, maxFiles: 13 }).commits[0]!.index,
    7,
  );
});

Deno.test("changeSet: what exists at the parent is found by its old name; deleted files are targets and never seeds", () => {
  const parent = new Set(["a.py", "old.py", "gone.py", "kind.py"]);
  const set = changeSet(
    commit(1, "x", [
      ...modified("a.py", "absent.py"),
      change("R", "new.py", "old.py"),
      change("A", "fresh.py"),
      change("D", "gone.py"),
      change("T", "kind.py"),
    ]),
    (path) => parent.has(path),
  );
  assert.deepEqual(set, {
    seeds: ["a.py", "kind.py", "old.py"],
    targets: ["a.py", "gone.py", "kind.py", "old.py"],
    nAdded: 1,
  });
});

Deno.test("makeCases makes one case a seed, expecting the other targets with their coupling, each a valid record", () => {
  const c = commit(4, "Fix the lid", [...modified("a.py", "b.py"), change("D", "c.py")]);
  const cases = makeCases(c, { seeds: ["a.py", "b.py"], targets: ["a.py", "b.py", "c.py"], nAdded: 0 }, {
    repo: "house/tea",
    parent: "p".repeat(40),
    split: "train",
    nFiles: 9,
    coupling: (seed, target) => seed === "a.py" && target === "b.py" ? 0.5 : 0,
  });
  assert.deepEqual(cases.map((x) => x.seed_file), ["a.py", "b.py"]);
  assert.deepEqual(cases[0]!.expected, [{ file: "b.py", coupling: 0.5 }, { file: "c.py", coupling: 0 }]);
  assert.deepEqual(cases[1]!.expected.map((e) => e.file), ["a.py", "c.py"]);
  for (const x of cases) Case.parse(x);
  assert.equal(cases[0]!.case_id, caseId("house/tea", c.sha, "a.py"));
  assert.equal(cases[0]!.intent, "debug");
});

Deno.test("makeCases leaves out a seed that is the only target", () => {
  const context = { repo: "r", parent: "p", split: "train", nFiles: 2, coupling: () => 0 } as const;
  const c = commit(1, "x", modified("a.py"));
  assert.deepEqual(makeCases(c, { seeds: ["a.py"], targets: ["a.py"], nAdded: 1 }, context), []);
});
