import assert from "node:assert/strict";
import fc from "fast-check";
import { BUILTINS, SPEC } from "../../lib/formula/builtins.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { Arena } from "../../lib/engine/arena.ts";
import { Engine } from "../../lib/engine/engine.ts";
import { caseShares } from "../../lib/metrics/commits.ts";
import { bootstrapMean } from "../../lib/metrics/bootstrap.ts";
import { clusteredMean } from "../../lib/reasoning/effect.ts";
import { defaultPoint } from "../../lib/records/space.ts";
import {
  arenaObjective,
  caseScores,
  clusterOutcome,
  commitClusters,
  searchObjective,
  splitObjective,
} from "../../lib/study/objective.ts";
import { syntheticCorpora } from "../reasoning/synthetic.ts";

const corpora = syntheticCorpora({ commits: 30 });
const home = defaultPoint(searchSpace(SPEC));

const arbitraryCases = fc.array(
  fc.record({
    repo: fc.constantFrom("a", "b", "c"),
    commit: fc.constantFrom("x", "y", "z"),
    value: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { minLength: 1, maxLength: 40 },
).map((rows) => rows.map((row, i) => ({ ...row, case_id: String(i) })));

Deno.test("commit numbers of an outcome average to the macro mean, whatever the repositories weigh", () => {
  fc.assert(
    fc.property(arbitraryCases, (cases) => {
      const shares = caseShares(cases);
      const { mean, perCluster } = clusterOutcome(commitClusters(cases, shares), cases.map((c) => c.value));
      const macro = shares.reduce((sum, share, i) => sum + share * cases[i]!.value, 0);
      assert.ok(Math.abs(mean - macro) < 1e-12);
      assert.ok(Math.abs(perCluster!.reduce((a, b) => a + b, 0) / perCluster!.length - macro) < 1e-9);
    }),
    { seed: 5, numRuns: 200 },
  );
});

Deno.test("the spread of commit numbers is the standard error that the cluster bootstrap finds", async () => {
  const objective = splitObjective(corpora, { split: "train", mode: "seed", formula: SPEC });
  const { perCluster } = await objective.outcome(home);
  const n = perCluster!.length, mean = perCluster!.reduce((a, b) => a + b, 0) / n;
  const se = Math.sqrt(perCluster!.reduce((s, v) => s + (v - mean) ** 2, 0)) / n;
  const scores = caseScores(objective, await objective.values(home));
  const { low, high } = bootstrapMean(scores, { seed: 1, resamples: 4000 });
  assert.ok(Math.abs((high - low) / (2 * 1.96) / se - 1) < 0.06, `${(high - low) / 3.92} against ${se}`);
  assert.ok(Math.abs(clusteredMean(scores).mean - mean) < 1e-9);
});

Deno.test("an objective gives the engine's numbers, for its measure and its split alone", async () => {
  const arena = Arena.load(corpora, { splits: ["train"], mode: "seed" });
  const objective = arenaObjective(arena, { formula: SPEC });
  assert.deepEqual(await objective.values(home), new Engine(arena, SPEC).evaluate(home));
  const near = { ...home, pagerank_alpha: 0.5 };
  assert.deepEqual(await objective.outcome.together!([home, near]), [
    await objective.outcome(home),
    await objective.outcome(near),
  ]);
  assert.equal(objective.question.split, "train");
  const answer = await searchObjective(objective)(home, objective.question);
  assert.equal(answer.value, arena.mean(new Engine(arena, SPEC).evaluate(home)));
  assert.equal(answer.case_evaluations, arena.cases.length);
  const hits = arenaObjective(arena, { formula: SPEC, metric: "hit@1" });
  assert.ok((await hits.values(home)).every((v) => v === 0 || v === 1));
  const other = splitObjective(corpora, { split: "test", mode: "seed", formula: SPEC });
  assert.notEqual(other.question.case_set_hash, objective.question.case_set_hash);
  const baseline = [...BUILTINS.values()].find((f) => f.name !== SPEC.name)!;
  assert.notEqual(
    arenaObjective(arena, { formula: baseline }).question.formula_hash,
    objective.question.formula_hash,
  );
});

Deno.test("no case, or cases of two splits, make no objective", () => {
  assert.throws(
    () => splitObjective(corpora, { split: "lockbox", mode: "seed", formula: SPEC }),
    /0 cases of lockbox.*exactly one split/,
  );
  const both = Arena.load(corpora, { splits: ["train", "test"], mode: "seed" });
  assert.throws(() => arenaObjective(both, { formula: SPEC }), /train and test.*exactly one split/);
  const arena = Arena.load(corpora, { splits: ["train"], mode: "seed" });
  assert.throws(
    () => arenaObjective(arena, { formula: SPEC, metric: "luck@10" }),
    /Unknown measure "luck@10"/,
  );
});
