import assert from "node:assert/strict";
import type { Formula } from "../../lib/formula/document.ts";
import type { Point } from "../../lib/records/space.ts";
import type { Case } from "../../lib/records/case.ts";
import { analyseSensitivity, spaceFilling } from "../../lib/study/sensitivity.ts";
import { strataOf, stratumFilter } from "../../lib/study/strata.ts";
import { splitObjective } from "../../lib/study/objective.ts";
import { powerOf, powerText } from "../../lib/study/power_line.ts";
import { Arena } from "../../lib/engine/arena.ts";
import { SPEC } from "../../lib/formula/builtins.ts";
import { syntheticCorpora } from "../reasoning/synthetic.ts";
import { syntheticObjective, unit } from "./synthetic_objective.ts";

const quick = { seed: 1, rows: 16, tableRows: 120, refits: 3, resamples: 100 };

Deno.test("what is planted is found: live parameters, the largest share, the pair", async () => {
  const score = (p: Point) =>
    0.4 + 0.2 * unit(p, "pagerank_alpha") + 0.02 * unit(p, "boost_chat_file") +
    0.6 * (unit(p, "focus_decay") - 0.5) * (unit(p, "git_recency_decay_days") - 0.5);
  const facts = await analyseSensitivity(syntheticObjective("train", score), quick);
  const live = facts.live.filter((p) => p.live).map((p) => p.name).sort();
  assert.deepEqual(live, ["boost_chat_file", "focus_decay", "git_recency_decay_days", "pagerank_alpha"]);
  const total = Object.fromEntries(facts.indices.parameters.map((p) => [p.name, p.total.value]));
  assert.ok(total["pagerank_alpha"]! > total["boost_chat_file"]!);
  assert.ok(total["depth_weight_deep"] === 0);
  const top = facts.indices.pairs.reduce((a, b) => b.second.value > a.second.value ? b : a);
  assert.deepEqual([...top.names].sort(), ["focus_decay", "git_recency_decay_days"]);
  assert.equal(facts.curves.find((c) => c.name === "pagerank_alpha")!.best, 0.99);
  assert.ok(facts.evaluations > 0);
});

Deno.test("a common factor on the depth weights changes no case of the real ranker", async () => {
  const objective = splitObjective(syntheticCorpora({ commits: 16 }), {
    split: "train",
    mode: "seed",
    formula: SPEC,
  });
  const { invariances } = await analyseSensitivity(objective, {
    ...quick,
    rows: 2,
    tableRows: 40,
    refits: 1,
  });
  assert.deepEqual(invariances.map((i) => [i.verdict, i.broken]), [["holds", 0]]);
  assert.ok(invariances[0]!.checked > 4);
});

Deno.test("a formula without parameters has nothing to analyse", async () => {
  const fixed: Formula = {
    record: "formula/1",
    name: "fixed",
    description: "nothing moves",
    root: {
      op: "signal",
      id: "focus_expansion",
      signal: "focus_expansion",
      bind: { decay: 0.5, max_hops: 2 },
    },
  };
  await assert.rejects(
    analyseSensitivity(syntheticObjective("train", () => 0, { formula: fixed }), quick),
    /no parameter that could matter/,
  );
});

Deno.test("designs beyond the kept direction numbers fall back to a Latin hypercube", () => {
  assert.equal(spaceFilling(8, 34, 1)[0]!.length, 34);
  assert.equal(spaceFilling(8, 90, 1)[0]!.length, 90);
});

const one = (over: Partial<Case> = {}): Case => ({
  record: "case/1",
  case_id: "r@c:src/a.ts",
  repo: "r",
  commit: "c",
  parent: "p",
  committed_at_s: 1,
  subject: "s",
  intent: "debug",
  weight: 1,
  split: "train",
  seed_file: "src/a.ts",
  expected: [{ file: "b", coupling: 0 }],
  n_added: 0,
  n_files: 150,
  ...over,
});

Deno.test("strata follow the case and the history before it", async () => {
  assert.deepEqual(strataOf(one()), {
    intent: "debug",
    language: "typescript",
    repo: "r",
    seed: "source",
    size: "small",
  });
  assert.equal(strataOf(one({ n_files: 200 }))["size"], "medium");
  assert.equal(strataOf(one({ n_files: 1000 }))["size"], "large");
  assert.equal(strataOf(one({ seed_file: "tests/test_a.py" }))["seed"], "test");
  const facts = { commit_count: 300, age_days: 400, contributors: 1, median_change_size: 1 };
  assert.equal(strataOf(one(), () => facts)["history"], "mature");
  assert.equal(strataOf(one(), () => ({ ...facts, age_days: 100 }))["history"], "young");
  assert.equal(strataOf(one(), () => ({ ...facts, commit_count: 199 }))["history"], "young");
  const keep = await stratumFilter({ intent: "debug", size: "small" }, [], []);
  assert.deepEqual([one(), one({ intent: "extend" }), one({ n_files: 500 })].map(keep), [true, false, false]);
  assert.ok((await stratumFilter({}, [], []))(one({ intent: "explore" })));
  await assert.rejects(stratumFilter({ mood: "good" }, [], []), /no stratum mood/);
});

Deno.test("the power line names cases, commits and the smallest difference, which shrinks with more commits", () => {
  const power = (commits: number) =>
    powerOf(Arena.load(syntheticCorpora({ commits }), { splits: ["train"], mode: "seed" }), SPEC);
  const few = power(20), many = power(160);
  assert.ok(many.detectable! < few.detectable!);
  assert.match(
    powerText([few]),
    new RegExp(`^power: train has ${few.n_cases} cases of 24 commits in 2 repositories`),
  );
  const none = powerOf(
    Arena.load(syntheticCorpora({ commits: 4 }), { splits: ["lockbox"], mode: "seed" }),
    SPEC,
  );
  assert.match(powerText([none]), /it can tell no difference/);
});
