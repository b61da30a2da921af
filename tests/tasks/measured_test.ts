/** What a study's committed figures say beside the numbers: what the numbers are, and what speaks for a figure that is too good. */
import assert from "node:assert/strict";
import { SPEC } from "../../lib/formula/builtins.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { defaultPoint } from "../../lib/records/space.ts";
import type { Suspicion } from "../../lib/study/leak_line.ts";
import type { Structure } from "../../lib/study/structure_file.ts";
import { leaksMarkdown, leaksSentence } from "../../lib/tasks/measured_leaks.ts";
import { structureMarkdown } from "../../lib/tasks/measured_structure.ts";

const SEARCHED: Structure = {
  record: "structure/1",
  formula: SPEC,
  params: defaultPoint(searchSpace(SPEC)),
  spent: 10,
  steps: [],
  tables: [{ split: "test" }],
  leave_out: [{ repository: "a/b", pooled: 0.25, left_out: 0.125 }],
};

const print = { split: () => "TABLE", repositories: () => "BY REPOSITORY" };

Deno.test("a search's page names what its figures are: of all relevant files, or of never-co-changed pairs", () => {
  const all = structureMarkdown(SEARCHED, "all", print).join("\n\n");
  assert.match(all, /^## Structure search\n\n10 evaluations over the train cases\.\n/);
  assert.match(all, /\n### Each repository left out in turn\n\nnDCG@10 on its test cases: /);
  assert.doesNotMatch(all, /never-co-changed/);
  const never = structureMarkdown(SEARCHED, "never-co-changed", print).join("\n\n");
  assert.match(never, /^## Structure search for never-co-changed pairs\n/);
  assert.match(never, /Train and selection figures are nDCG@10 of never-co-changed pairs\./);
  assert.match(never, /\n### The formula found for never-co-changed pairs, on test cases\n/);
  assert.match(
    never,
    /\nnDCG@10 of never-co-changed pairs on its test cases: .*\n\n.*\n.*\n\| a\/b \| 0\.250 \| 0\.125 \|/,
  );
});

const HIGH: Suspicion = {
  repository: "high/one",
  split: "test",
  shape: {
    cases: 3,
    commits: 2,
    expected: 1.5,
    candidates: 10,
    same_folder: 0.75,
    namesakes: 0.5,
    coupled: 1,
  },
  standings: [{ ranker: "bm25_paths", value: 0.7 }, { ranker: "found", value: 0.8 }],
  left_out: { ranker: "found", value: 0.78 },
  controls: [{ ranker: "permuted", value: 0.3 }],
  best: {
    tuned: { ranker: "found", value: 0.8 },
    untuned: { ranker: "jaccard", value: 0.74 },
    paths: { ranker: "bm25_paths", value: 0.7 },
  },
};

Deno.test("a repository above .75 has a section with the evidence, says what was not tried, and without one there is no section", () => {
  assert.deepEqual(leaksMarkdown([]), []);
  const page = leaksMarkdown([HIGH]).join("\n\n");
  assert.match(
    page,
    /^## Repositories above \.75\n\nnDCG@10 above \.75 is taken for a leak until proven otherwise\./,
  );
  assert.match(
    page,
    /\n### high\/one, test cases\n\n3 test cases of 2 commits, 1\.5 files expected among 10; 75 % /,
  );
  assert.match(
    page,
    /Where found has 0\.800, a ranker tuned on nothing reaches 0\.740 \(jaccard\), and one that reads paths alone 0\.700 \(bm25 paths\)\./,
  );
  for (
    const row of [
      "found, tuned without the repository | 0.780",
      "control: trained on permuted evidence | 0.300",
    ]
  ) {
    assert.ok(page.includes(`| ${row} |`), row);
  }
  assert.doesNotMatch(page, /Not tried/);
  const { left_out: _, ...rest } = HIGH;
  assert.match(
    leaksMarkdown([{ ...rest, controls: [] }])[3]!,
    /Not tried in this study: tuning without it, a control\.$/,
  );
});

Deno.test("the README's sentence names each repository once, with its figure in either query mode", () => {
  assert.equal(leaksSentence([], []), "");
  const spoken = { ...HIGH, best: { ...HIGH.best, tuned: { ranker: "found", value: 0.9 } } };
  assert.equal(
    leaksSentence([HIGH], [spoken]),
    " high/one stands above it (0.800, with the subject 0.900), where rankers tuned on nothing reach 0.740 (jaccard) and " +
      "0.700 (bm25 paths): the pages below take it apart.",
  );
});
