import assert from "node:assert/strict";
import { SPEC } from "../../lib/formula/builtins.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { defaultPoint } from "../../lib/records/space.ts";
import { forecastsSection } from "../../lib/report/study_forecasts.ts";
import { overtuningSection } from "../../lib/report/study_rankers.ts";
import { answer, splitBlocks, studyReport } from "../../lib/report/study_report.ts";
import type { StudyFacts } from "../../lib/study/facts.ts";
import type { Row } from "../../lib/study/rankers.ts";
import type { SplitTable } from "../../lib/study/table.ts";

const around = (estimate: number, low = estimate - 0.1, high = estimate + 0.1) => ({
  estimate,
  low,
  high,
  level: 0.95,
  resamples: 10,
  n_commits: 3,
  n_repos: 1,
});

function row(
  ranker: string,
  mean: number | null,
  difference?: readonly [number, number, number],
  p = 0.01,
): Row {
  return {
    ranker,
    split: "test",
    means: { "ndcg@10": mean === null ? null : { ...around(mean), n_cases: 9 } },
    difference: difference ? { ...around(...difference), p, wins: 2, losses: 1 } : null,
    repositories: mean === null ? {} : { tea: mean },
  };
}

const tableOf = (rows: readonly Row[], split: SplitTable["split"] = "test"): SplitTable => ({
  split,
  rows,
  n_cases: 9,
  n_commits: 3,
  n_repos: 1,
  detectable: 0.2,
});

function facts(rows: readonly Row[] | null, rest: Partial<StudyFacts> = {}): StudyFacts {
  return {
    config: {
      record: "study/1",
      name: "tea",
      repositories: [{
        name: "tea",
        source: "tea",
        dir: "tea",
        head: "a".repeat(40),
        role: "development",
        max_commits: 9,
      }],
      seed: 1,
      query: "seed",
      labels: "binary",
      formula: SPEC,
    },
    dir: "tea",
    manifests: [],
    cases: [],
    tables: rows && [tableOf(rows)],
    failures: [],
    scratchpad: { episodes: [], insights: [], trajectory: [] } as unknown as StudyFacts["scratchpad"],
    trained: {
      record: "trained/1",
      formula: SPEC,
      params: defaultPoint(searchSpace(SPEC)),
      episode: "e",
      n_episodes: 1,
    },
    forecasts: [],
    overtuning: null,
    controls: [],
    ...rest,
  };
}

const BASE = [row("random", 0.1), row("jaccard", 0.4), row("defaults", 0.3)];

function manifest(task: string, n: number, splits: readonly string[]): StudyFacts["manifests"][number] {
  return {
    run: `${task}-${n}`,
    command: [task, `--n=${n}`],
    splits,
    code: { commit: "c".repeat(40), dirty: false },
    versions: {},
    lock_hash: null,
    inputs: {},
  } as unknown as StudyFacts["manifests"][number];
}

Deno.test("the answer is yes or no only where the interval leaves zero out and the permutation test agrees", () => {
  const said = (...difference: [number, number, number]) =>
    answer(facts([...BASE, row("trained", 0.5, difference)]));
  assert.match(said(0.2, 0.01, 0.3), /^Yes, against the defaults: nDCG@10 0\.300 → 0\.500/);
  assert.match(said(-0.2, -0.3, -0.01), /^No: the trained formula is worse/);
  assert.match(said(0.2, -0.01, 0.3), /^Undetermined: the interval holds zero/);
  assert.match(
    answer(facts([...BASE, row("trained", 0.5, [0.2, 0.01, 0.3], 0.18)])),
    /^Undetermined: the interval leaves zero out, but so few commits do so by chance with p = 0\.18/,
  );
});

Deno.test("only a baseline is the best baseline, however well another row scores", () => {
  const rows = [...BASE, row("candidate", 0.9, [0.6, 0.5, 0.7]), row("trained", 0.35, [0.05, 0.01, 0.1])];
  assert.match(
    answer(facts(rows)),
    /The best baseline, jaccard, scores 0\.400, which its mean does not reach\.$/,
  );
});

Deno.test("the best baseline counts as beaten only where the paired interval leaves zero out and the permutation test agrees", () => {
  const said = (estimate: number, low: number, high: number, p = 0.001) => {
    const trained = row("trained", 0.45, [0.15, 0.1, 0.2]);
    const interval = { level: 0.95, resamples: 2000, n_commits: 50, n_repos: 1, p, wins: 1, losses: 1 };
    const over_best = { ...interval, estimate, low, high, baseline: "jaccard" };
    return answer(facts([...BASE, { ...trained, over_best }])).split("The best baseline")[1]!;
  };
  assert.equal(
    said(0.05, 0.01, 0.09),
    ", jaccard, scores 0.400, which it beats: +0.050 (95 % interval +0.010 to +0.090).",
  );
  assert.match(said(-0.05, -0.09, -0.01), /which it does not reach: −0\.050/);
  assert.match(said(0.05, -0.01, 0.11), /from which it cannot be told apart: \+0\.050/);
  assert.match(said(0.05, 0.01, 0.09, 0.2), /from which it cannot be told apart/);
});

Deno.test("what was not measured, or cannot be averaged, is said and never a number", () => {
  assert.match(answer(facts(null)), /^Nothing was measured on test cases yet/);
  assert.match(
    answer(facts([row("jaccard", null), row("defaults", null), row("trained", null)])),
    /^Nothing can be said on 9 held-out cases of 3 commits: an interval needs two commits/,
  );
  assert.match(answer(facts(BASE)), /^The defaults score nDCG@10 0\.300/);
});

Deno.test("on selection cases the trained row is called optimistic, and nowhere else", () => {
  const rows = [...BASE, row("trained", 0.5, [0.2, 0.1, 0.3])];
  assert.match(String(splitBlocks(tableOf(rows, "selection"))[0]), /its row is optimistic/);
  assert.doesNotMatch(String(splitBlocks(tableOf(rows))[0]), /optimistic/);
  assert.doesNotMatch(String(splitBlocks(tableOf(BASE, "selection"))[0]), /optimistic/);
});

Deno.test("provenance names the run that read test cases last, and the limits count such runs", () => {
  const manifests = [
    manifest("extract", 1, ["train", "selection", "test", "lockbox"]),
    manifest("train", 1, ["train", "selection", "test"]),
    manifest("train", 1, ["train", "selection", "test"]),
    manifest("evaluate", 1, ["selection", "test"]),
    manifest("failures", 1, ["train"]),
  ];
  const report = studyReport(facts(BASE, { manifests }));
  assert.equal(report.provenance!["command"], "evaluate --n=1");
  assert.match(JSON.stringify(report.sections.at(-1)), /The test split was read by 2 runs of this study/);
  assert.match(JSON.stringify(studyReport(facts(BASE)).sections.at(-1)), /The test split was not read yet/);
});

Deno.test("the report says how much of the gain on selection may be chance, and when that was not measured", () => {
  const meter = {
    selection_gain: 0.2,
    held_out_gain: 0.15,
    optimism: 0.05,
    null_gain: 0.017,
    chance_worse: 0.004,
  };
  const measured = facts(BASE, { overtuning: { record: "overtuning/1", looks: 7, meter } });
  const words = JSON.stringify(overtuningSection(measured).blocks);
  assert.match(words, /\+0\.200 on the selection cases .* \+0\.150 on test cases: 0\.050 of the gain/);
  assert.match(words, /Of 7 looks .* 0\.017 by chance alone.* 0\.004/);
  assert.match(JSON.stringify(overtuningSection(facts(BASE)).blocks), /Not measured yet: deno task train/);
});

Deno.test("forecasts are shown with how many came true and at their calibrated worth, not at the stated one", () => {
  const forecast = (i: number, found: number) => ({
    record: "forecast/1" as const,
    id: `e${i}`,
    basis: "selection" as const,
    sign_said: 1 as const,
    sign_found: Math.sign(found) as 1 | -1,
    delta_said: 0.04,
    delta_found: found,
    confidence: 0.9,
    flips_said: 2,
    flips_found: 1,
    flips_both: 1,
  });
  const said = (forecasts: StudyFacts["forecasts"]) =>
    forecastsSection(facts(BASE, { forecasts })).blocks.map(String)[0]!;
  assert.match(said([]), /No proposal was measured yet/);
  // Three of four came true. Within 0.15 of 0.9 all four count: (3 + 2) / (4 + 4). Brier: (3 x 0.01 + 0.81) / 4.
  assert.match(
    said([forecast(0, 0.02), forecast(1, 0.02), forecast(2, -0.02), forecast(3, 0.02)]),
    /^Of 4 forecasts that could be measured, the sign came true in 75 %; stated confidence was 90 % on average\. Brier score 0\.210 .*counts as \+0\.005 and 63 %\.$/,
  );
});
