import assert from "node:assert/strict";
import { randomNormal, randomStream } from "../../lib/base/random.ts";
import { SPEC } from "../../lib/formula/builtins.ts";
import type { Point } from "../../lib/records/space.ts";
import { analystEvidence } from "../../lib/wisdom/analyst.ts";
import { writeRules } from "../../lib/wisdom/analyst_heuristics.ts";
import { type Bench, pooledDifference } from "../../lib/wisdom/bench.ts";
import { crossFittedDefaultOn, crossFittedRules } from "../../lib/wisdom/cross_fit.ts";
import { type CompiledHeuristics, compileHeuristics } from "../../lib/wisdom/heuristic_compile.ts";
import { type RuleTable, tabulateRules } from "../../lib/wisdom/rule_table.ts";
import { type VerifyContext, verifyHeuristics } from "../../lib/wisdom/verify.ts";
import { FACTS_HERE } from "./heuristic_cases.ts";
import { DEFAULTS, SPACE, teaScratchpad } from "./tea_study.ts";

/** What a point is worth beyond the common level of a case. */
type Worth = (point: Point, made: { id: string; repo: string; isTest: boolean }) => number;

const REPOSITORIES = ["r0", "r1", "r2", "r3", "r4", "r5"];

/** A made-up bench: in each repository so many commits of two cases each, one of which starts from a test. */
function bench(name: string, commits: number, worth: Worth): Bench {
  const random = randomStream(1, name);
  const made = REPOSITORIES.flatMap((repo) =>
    Array.from({ length: 2 * commits }, (_, i) => ({ repo, isTest: i % 2 === 0, id: `${name}-${repo}-${i}` }))
  );
  const cases = made.map(({ repo, id }, index) => ({
    index,
    case: { repo, commit: `${name}-${index >> 1}`, case_id: id, weight: 1, split: "train" },
  }));
  const level = cases.map(() => random() * 0.5), known = new Map<string, Float64Array>();
  const at = (point: Point) => {
    const key = JSON.stringify(point);
    let values = known.get(key);
    if (!values) known.set(key, values = Float64Array.from(made, (m, i) => level[i]! + worth(point, m)));
    return values;
  };
  const facts = made.map(({ isTest }) => ({ ...FACTS_HERE, "seed.is_test": isTest }));
  return {
    arena: { cases },
    formula: SPEC,
    facts,
    stated: facts,
    scores: { at, arena: { cases } },
    ruled(rules: CompiledHeuristics, point: Point) {
      const applied = facts.map((f) => rules.apply(f, point));
      return {
        values: Float64Array.from(applied, (a, i) => at(a.point)[i]!),
        fired: applied.map((a) => a.fired.length > 0),
      };
    },
  } as unknown as Bench;
}

function study(worth: Worth) {
  const benches = {
    train: bench("train", 20, worth),
    selection: bench("selection", 10, worth),
    test: bench("test", 15, worth),
  };
  const context: VerifyContext = {
    benches,
    formula: SPEC,
    space: SPACE,
    defaults: DEFAULTS,
    tuned: DEFAULTS,
    seed: 1,
  };
  const { scores, facts, stated } = benches.train;
  const evidence = analystEvidence({
    scratchpads: [teaScratchpad()],
    formula: SPEC,
    space: SPACE,
    defaults: DEFAULTS,
    tuned: DEFAULTS,
    scores,
    facts,
    stated,
  });
  const table = tabulateRules(evidence);
  const heuristics = verifyHeuristics(context, crossFittedRules(evidence, table));
  return { table, heuristics, together: () => crossFittedDefaultOn(context, evidence, table, heuristics) };
}

/** Noise that belongs to a case and a point; 0 at the tuned point. */
const noise = (point: Point, id: string, scale: number): number =>
  JSON.stringify(point) === JSON.stringify(DEFAULTS)
    ? 0
    : scale * randomNormal(randomStream(id, JSON.stringify(point)));

/** A lower alpha helps where the seed is a test and costs elsewhere. */
const conditional: Worth = (point, { isTest }) => {
  const lower = point["pagerank_alpha"]! < DEFAULTS["pagerank_alpha"]!;
  return lower ? (isTest ? 0.06 : -0.03) : 0;
};

Deno.test("what helps on one kind of case in every repository comes on, and the set is ranked better by left-out turns", () => {
  const { heuristics, together } = study((point, made) =>
    conditional(point, made) + noise(point, made.id, 0.05)
  );
  const on = heuristics.filter(({ default_on }) => default_on);
  assert.deepEqual(on.map(({ text }) => text.slice(0, 35)), ["if seed.is_test: pagerank_alpha *= "]);
  assert.deepEqual([on[0]!.left_out, on[0]!.tested.judged_on], [true, REPOSITORIES]);
  const tested = together();
  assert.equal(tested.verdict, "supported");
  assert.ok(tested.effect!.low > 0.02 && tested.effect!.high < 0.04, JSON.stringify(tested.effect));
  assert.equal(tested.effect!.n_repos, REPOSITORIES.length);
  assert.match(tested.reason, /a rule comes on in 6 of 6 turns/);
});

Deno.test("what helps in a single repository is not believed anywhere", () => {
  const { heuristics, together } = study((point, made) =>
    (made.repo === "r2" ? 3 * conditional(point, made) : 0) + noise(point, made.id, 0.02)
  );
  assert.deepEqual(heuristics.filter(({ default_on }) => default_on), []);
  assert.notEqual(together().verdict, "supported");
});

Deno.test("of some fifty candidates a condition that are noise alone, none comes on, and the set is not shown to help", () => {
  const seeds = [1, 2, 3, 4, 5, 6];
  const studies = seeds.map((seed) => study((point, made) => noise(point, `${seed}/${made.id}`, 0.1)));
  const on = studies.flatMap(({ heuristics }) => heuristics.filter(({ default_on }) => default_on));
  assert.ok(studies.every(({ heuristics }) => heuristics.length > 0));
  assert.deepEqual(on, []);
  assert.deepEqual(studies.map(({ together }) => together().verdict).filter((v) => v === "supported"), []);
});

Deno.test("a repository that is left out has no say in what is written", () => {
  const { table } = study((point, made) => conditional(point, made) + noise(point, made.id, 0.1));
  const others = new Set(REPOSITORIES.filter((repo) => repo !== "r3"));
  const liar = new Map([["r3", { mean: 9, standardError: 0.001, commits: 999 }]]);
  const bent: RuleTable = {
    ...table,
    candidates: table.candidates.map((candidate) => ({
      ...candidate,
      inside: new Map([...candidate.inside, ...liar]),
      outside: new Map([
        ...candidate.outside,
        ...[...liar].map(([repo, m]) => [repo, { ...m, mean: -9 }] as const),
      ]),
    })),
  };
  const ids = (t: RuleTable, writers: ReadonlySet<string>) =>
    writeRules(t, writers).map((r) => r.candidate.id);
  assert.deepEqual(ids(bent, others), ids(table, others));
  assert.notDeepEqual(ids(bent, new Set(REPOSITORIES)), ids(table, new Set(REPOSITORIES)));
});

Deno.test("the table holds what the move does where the condition holds and where it does not", () => {
  const { table } = study((point, made) => conditional(point, made));
  const found = table.candidates.find(({ id }) => id === "seed.is_test: pagerank_alpha *= 0.5")!;
  const rounded = (means: typeof found.inside) =>
    [...means].map(([repo, { mean, commits }]) => [repo, Number(mean.toFixed(9)), commits]);
  assert.deepEqual(rounded(found.inside), REPOSITORIES.map((repo) => [repo, 0.06, 20]));
  assert.deepEqual(rounded(found.outside), REPOSITORIES.map((repo) => [repo, -0.03, 20]));
  const compiled = compileHeuristics([`if ${found.id}`], SPACE);
  assert.equal(compiled.rules.length, 1);
});

Deno.test("a repository with one commit has no say in a difference: it could not be resampled", () => {
  const made = bench("train", 4, () => 0), { cases } = made.arena;
  const lonely = cases.filter(({ case: c }) => c.repo === "r0").slice(0, 2).map(({ index }) => index);
  const keep = (i: number) => cases[i]!.case.repo !== "r0" || lonely.includes(i);
  const plain = new Float64Array(cases.length), random = randomStream(1, "difference");
  const treated = Float64Array.from(cases, ({ case: c }) => c.repo === "r0" ? 5 : randomNormal(random));
  const options = { seed: 1, stream: "t" };
  const { estimate } = pooledDifference([{ bench: made, treated, plain, keep }], options)!;
  assert.deepEqual([estimate.n_repos, estimate.n_commits], [5, 20]);
  assert.ok(estimate.high < 2);
  assert.equal(
    pooledDifference([{ bench: made, treated, plain, keep: (i) => lonely.includes(i) }], options),
    null,
  );
});
