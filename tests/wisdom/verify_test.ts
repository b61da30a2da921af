import assert from "node:assert/strict";
import { randomNormal, randomStream } from "../../lib/base/random.ts";
import { SPEC } from "../../lib/formula/builtins.ts";
import type { Point } from "../../lib/records/space.ts";
import type { Bench } from "../../lib/wisdom/bench.ts";
import { type CompiledHeuristics, compileHeuristics } from "../../lib/wisdom/heuristic_compile.ts";
import { splitRepositories } from "../../lib/wisdom/scores.ts";
import {
  type VerifyContext,
  verifyDefaultOn,
  verifyHeuristics,
  verifyPresets,
} from "../../lib/wisdom/verify.ts";
import { FACTS_HERE } from "./heuristic_cases.ts";
import { DEFAULTS, SPACE } from "./tea_study.ts";

/** What a point is worth beyond the common level of each case. */
type Worth = (point: Point, id: string, repo: string) => number;

/** A bench of made-up cases: 4 repositories of 12 commits with 2 cases each; every second case starts from a test. */
function bench(name: string, worth: Worth): Bench {
  const random = randomStream(1, name);
  const cases = Array.from({ length: 96 }, (_, index) => {
    const repo = `r${index % 4}`, commit = `${name}-${Math.floor(index / 8)}`;
    return { index, case: { repo, commit, case_id: `${name}-${index}`, weight: 1, split: "train" } };
  });
  const level = cases.map(() => random() * 0.5), known = new Map<string, Float64Array>();
  const at = (point: Point) => {
    const key = JSON.stringify(point);
    if (!known.has(key)) {
      known.set(
        key,
        Float64Array.from(cases, ({ index, case: c }) => level[index]! + worth(point, c.case_id, c.repo)),
      );
    }
    return known.get(key)!;
  };
  const facts = cases.map(({ index }) => ({ ...FACTS_HERE, "seed.is_test": index % 8 < 4 }));
  return {
    arena: { cases },
    formula: SPEC,
    facts,
    stated: facts,
    scores: { at },
    ruled(rules: CompiledHeuristics, point: Point) {
      const applied = facts.map((f) => rules.apply(f, point));
      return {
        values: Float64Array.from(applied, (a, i) => at(a.point)[i]!),
        fired: applied.map((a) => a.fired.length > 0),
      };
    },
  } as unknown as Bench;
}

function context(worth: Worth, lockbox = false): VerifyContext {
  return {
    benches: {
      train: bench("train", worth),
      selection: bench("selection", worth),
      test: bench("test", worth),
      ...(lockbox ? { lockbox: bench("lockbox", worth) } : {}),
    },
    formula: SPEC,
    space: SPACE,
    defaults: DEFAULTS,
    tuned: DEFAULTS,
    seed: 1,
  };
}

const rule = (text: string, written_from: string[] = ["r0", "r1"]) =>
  ({ text, episodes: ["tea/e0000"], origin: "analyst", written_from }) as const;

/** pagerank_alpha below its default helps by 0.1, above it costs 0.1. */
const planted: Worth = (point) => {
  const alpha = point["pagerank_alpha"]!;
  return alpha < 0.85 ? 0.1 : alpha > 0.85 ? -0.1 : 0;
};

Deno.test("a rule that helps on repositories it was not written from is on; one that hurts is refuted and off", () => {
  const made = context((point, id) =>
    planted(point, id, "") + 0.02 * randomNormal(randomStream(id, JSON.stringify(point)))
  );
  const [good, bad] = verifyHeuristics(made, [
    rule("if seed.is_test: pagerank_alpha *= 0.5"),
    rule("if seed.is_test: pagerank_alpha *= 1.1"),
  ]);
  assert.deepEqual([good!.tested.verdict, good!.default_on], ["supported", true]);
  assert.deepEqual([bad!.tested.verdict, bad!.default_on], ["refuted", false]);
  assert.deepEqual(good!.tested.judged_on, ["r2", "r3"]);
  assert.ok(good!.tested.effect!.mean > 0.08 && good!.tested.effect!.n_repos === 2);
  // The planted gain needs no condition, and that is said.
  assert.ok(good!.elsewhere!.low > 0 && bad!.elsewhere!.high < 0);
  const together = verifyDefaultOn(made, [good!, bad!]);
  assert.equal(together.verdict, "supported");
  assert.deepEqual(together.judged_on, ["r2", "r3"]);
});

Deno.test("a rule that helps only where it was written from is not believed", () => {
  const made = context((point, index, repo) =>
    repo === "r0" || repo === "r1" ? planted(point, index, repo) : 0
  );
  const [found] = verifyHeuristics(made, [rule("if seed.is_test: pagerank_alpha *= 0.5")]);
  assert.deepEqual([found!.tested.verdict, found!.default_on, found!.tested.effect!.mean], [
    "undetermined",
    false,
    0,
  ]);
});

Deno.test("with no repository left to judge, a rule is untested and off", () => {
  const [found] = verifyHeuristics(context(planted), [
    rule("if seed.is_test: pagerank_alpha *= 0.5", ["r0", "r1", "r2", "r3"]),
  ]);
  assert.deepEqual([found!.tested.verdict, found!.default_on], ["untested", false]);
  const [silent] = verifyHeuristics(context(planted), [
    rule("if repo.file_count > 1e6: pagerank_alpha *= 0.5"),
  ]);
  assert.equal(silent!.tested.verdict, "untested");
  assert.equal(verifyDefaultOn(context(planted), [found!]).verdict, "untested");
});

Deno.test("an opened lockbox decides on rules that every other repository was looked at for, and stands beside the rest", () => {
  const made = context(planted, true);
  // The made-up lockbox holds the same four names; nobody else is left to judge the second rule.
  const lockbox = made.benches.lockbox!;
  lockbox.arena.cases.forEach(({ case: c }) => Object.assign(c, { repo: `kept-${c.repo}` }));
  const [beside, alone] = verifyHeuristics(made, [
    rule("if seed.is_test: pagerank_alpha *= 0.5", ["r0", "r1", "r2"]),
    rule("if seed.is_test: pagerank_alpha *= 0.6", ["r0", "r1", "r2", "r3"]),
  ]);
  assert.deepEqual(beside!.tested.judged_on, ["r3"]);
  assert.equal(beside!.tested.lockbox!.n_repos, 4);
  assert.deepEqual(alone!.tested.judged_on, ["kept-r0", "kept-r1", "kept-r2", "kept-r3"]);
  assert.deepEqual(alone!.tested.effect, alone!.tested.lockbox);
});

Deno.test("of sixty rules that do nothing but noise none comes on", () => {
  const made = context((point, id) =>
    point["pagerank_alpha"] === DEFAULTS["pagerank_alpha"]
      ? 0
      : 0.1 * randomNormal(randomStream(id, `noise/${JSON.stringify(point)}`))
  );
  const rules = Array.from(
    { length: 60 },
    (_, i) => rule(`if seed.is_test: pagerank_alpha *= ${0.3 + i / 100}`),
  );
  const found = verifyHeuristics(made, rules);
  assert.deepEqual(found.filter((h) => h.default_on), []);
  // Without the adjustment some of them would be believed, or this test could not fail.
  assert.ok(found.some((h) => h.tested.p! < 0.05));
});

Deno.test("presets are kept when they are not worse on their own cases, and compared with the tuned point besides", () => {
  const preset = (name: string, value: number) => ({
    name,
    description: "d",
    stratum: "seed.is_test",
    params: [{ param: "pagerank_alpha", value }],
    episodes: ["tea/e0000"],
    origin: "analyst" as const,
  });
  const made = context(planted);
  const [better, worse, same] = verifyPresets({ ...made, tuned: { ...DEFAULTS, pagerank_alpha: 0.6 } }, [
    preset("better", 0.5),
    preset("worse", 0.95),
    preset("same", 0.85),
  ]);
  assert.deepEqual([better!.kept, better!.tested.verdict], [true, "supported"]);
  assert.equal(better!.beyond_tuned!.mean, 0);
  assert.deepEqual([worse!.kept, worse!.tested.verdict], [false, "refuted"]);
  // As good as the defaults, and below the point that is used without any preset.
  assert.deepEqual([same!.kept, same!.tested.verdict], [false, "undetermined"]);
  assert.ok(same!.beyond_tuned!.high < 0);
  assert.equal(verifyPresets({ ...made, tuned: DEFAULTS }, [preset("same", 0.85)])[0]!.kept, true);
  assert.equal(better!.tested.effect!.n_cases, 48);
});

Deno.test("repositories are halved by the seed alone, and one alone can only be written from", () => {
  const names = ["d", "a", "c", "b", "e"];
  const { writers, judges } = splitRepositories(names, 1);
  assert.deepEqual([...writers, ...judges].sort(), ["a", "b", "c", "d", "e"]);
  assert.equal(writers.length, 3);
  assert.deepEqual(splitRepositories([...names].reverse(), 1), { writers, judges });
  assert.deepEqual(splitRepositories(["x", "x"], 1), { writers: ["x"], judges: [] });
  assert.equal(compileHeuristics([], SPACE).rules.length, 0);
});
