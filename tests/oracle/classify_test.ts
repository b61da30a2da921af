/** What a subject line decides: filters, intent and weight, by words and never by parts of words. */
import assert from "node:assert/strict";
import { type Filter, intentOf, messageFilter, qualityWeight } from "../../lib/oracle/classify.ts";
import type { Commit } from "../../lib/repo/log.ts";

const commit = (subject: string, more: Partial<Commit> = {}): Commit => ({
  index: 1,
  sha: "a".repeat(40),
  parents: [0],
  committed_at_s: 0,
  author_name: "Ada",
  author_email: "ada@tea.example",
  subject,
  changes: [],
  ...more,
});

const DROPPED: Readonly<Partial<Record<Filter, readonly string[]>>> = {
  merge_message: [
    "Merge branch 'basket'",
    "Merge pull request #7 from ada/well",
    "Merged PR 12: well",
    "merge main into basket",
    "Merge remote-tracking branch 'origin/main'",
    "Merge #41",
    "merge",
  ],
  wip: [
    "WIP",
    "wip: kettle",
    "[WIP] kettle",
    "Kettle (wip)",
    "fixup! boil",
    "squash! boil",
    "amend! boil",
    "tmp",
    "save",
    "Save work",
    "savepoint",
    "checkpoint",
    "temp commit",
    "Work in progress on leaves",
  ],
  formatting: [
    "style: run",
    "fmt",
    "format code",
    "Format all files",
    "lint",
    "Lint fixes",
    "Run prettier",
    "black",
    "Applied ruff format",
    "reformat the tree",
    "style(ui): spaces",
    "gofmt -s",
    "format (#3131)",
    "Formatted code",
    "blackified",
    "chore: fix lint errors",
  ],
  release: [
    "Release 1.2.0",
    "release: 1.2",
    "v1.2.3",
    "1.2.3",
    "1.0.0-rc1",
    "Bump version to 3",
    "chore(release): 0.1.0",
    "Prepare for 2.0",
    "Prepare release",
    "Released v2",
    "publish v2",
    "Release teapot 2.0",
    "Version 3",
  ],
  revert: ['Revert "Boil"', "revert: boil"],
};

const KEPT = [
  "Show more information about the leaf",
  "save_prompt keeps the last line",
  "Save the window position on exit",
  "Temp files are removed after brewing",
  "tmpdir is configurable",
  "Checkpoint loading resumes the brew",
  "Merge sort for the menu",
  "Merging carts keeps prices",
  "Format dates in the journal",
  "Formatter plugin API",
  "Lint rules can be configured",
  "Style sheets load lazily",
  "Blacklist bad leaves",
  "Blackened tea is bitter",
  "Release `aarch64` binaries",
  "Format justfile with no items as an empty string",
  "Release the lock on error",
  "Releases page shows notes",
  "Publish events to the bus",
  "Reverting is now possible",
  "prefix every path",
  "The wipe command",
  "",
];

Deno.test("messageFilter drops merges, unfinished, mechanical, release and revert subjects", () => {
  for (const [filter, subjects] of Object.entries(DROPPED)) {
    for (const subject of subjects) assert.equal(messageFilter(commit(subject)), filter, subject);
  }
});

Deno.test("messageFilter keeps subjects that only contain or begin with such a word", () => {
  for (const subject of KEPT) assert.equal(messageFilter(commit(subject)), undefined, subject);
});

Deno.test("messageFilter knows bots by name or address, and not people whose names contain the letters", () => {
  const by = (author_name: string, author_email: string) =>
    messageFilter(commit("Steep longer", { author_name, author_email }));
  assert.equal(by("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com"), "bot");
  assert.equal(by("renovate", "x@tea.example"), "bot");
  assert.equal(by("Tea", "bot@tea.example"), "bot");
  assert.equal(by("Bea Abbot", "abbot@tea.example"), undefined);
  assert.equal(by("Robot Builder", "robot.builder@tea.example"), undefined);
});

Deno.test("messageFilter puts the number of parents before the message", () => {
  assert.equal(messageFilter(commit("WIP", { parents: [0, 1] })), "merge");
});

Deno.test("intentOf reads bounded words, debug before refactor before extend", () => {
  const table: [string, string][] = [
    ["Fix the lid", "debug"],
    ["Fixes #12", "debug"],
    ["prefix every path", "explore"],
    ["Add error page", "debug"],
    ["address review", "explore"],
    ["Add leaf", "extend"],
    ["Refactor and add leaf", "refactor"],
    ["Cleanup of the well", "refactor"],
    ["Renamed water", "refactor"],
    ["newer leaves", "explore"],
    ["new leaves", "extend"],
    ["tissue paper", "explore"],
    ["Support green tea", "extend"],
    ["", "explore"],
  ];
  for (const [subject, intent] of table) assert.equal(intentOf(subject), intent, subject);
});

Deno.test("qualityWeight multiplies kind, size and spread and stops at 2", () => {
  const files = (n: number, folders = 1) => Array.from({ length: n }, (_, i) => `d${i % folders}/f${i}.py`);
  const near = (subject: string, paths: string[], wanted: number) =>
    assert.ok(Math.abs(qualityWeight(subject, paths) - wanted) < 1e-12, `${subject}, ${paths.length} files`);
  near("Fix the lid", files(7), 1.5);
  near("hotfix for the lid", files(7), 1.5);
  near("prefix", files(7), 1);
  near("Add leaf", files(7), 1.2);
  near("address the lid", files(7), 1);
  near("feat: leaf", files(7), 1.2);
  near("Rename water", files(7), 0.6);
  near("Steep", files(7), 1);
  near("Steep", files(6), 1.2);
  near("Steep", files(10), 1);
  near("Steep", files(11), 0.7);
  near("Steep", files(7, 3), 1.2);
  near("Fix the lid", files(6, 3), 2); // 1.5 x 1.2 x 1.2 = 2.16
});
