import assert from "node:assert/strict";
import { randomNormal, randomStream, shuffled } from "../../lib/base/random.ts";
import { defaultPoint, type Point, pointHash } from "../../lib/records/space.ts";
import type { Trial } from "../../lib/records/trial.ts";
import type { ArmRun } from "../../lib/study/arm_run.ts";
import type { ArmName } from "../../lib/study/arms.ts";
import { compareArms, pointsToJudge, referenceArm } from "../../lib/study/comparison.ts";
import { checkpointsWithin, incumbentAt, incumbents } from "../../lib/study/curves.ts";
import { decide, speedUp } from "../../lib/study/decisions.ts";
import { preregistration } from "../../lib/study/preregistration.ts";
import type { ArmRuns, JudgedSplit } from "../../lib/study/seed_tables.ts";
import { SPACE } from "./synthetic_objective.ts";

const home = defaultPoint(SPACE);
/** A point that carries its own score in a parameter. */
const pointOf = (score: number): Point => ({ ...home, git_churn_threshold: score * 100 });
const scoreOf = (point: Point) => point["git_churn_threshold"]! / 100;

function trial(number: number, score: number | null, over: Partial<Trial> = {}): Trial {
  return {
    record: "trial/1",
    study: "s",
    arm: "a",
    sampler: "a",
    seed: 1,
    number,
    origin: number === 0 ? "default" : "sampler",
    point: number === 0 ? home : score === null ? null : pointOf(score),
    status: score === null ? "failed" : "complete",
    value: score,
    error: score === null ? "why" : null,
    formula_hash: "f",
    split: "train",
    case_set_hash: "c",
    case_evaluations: 10,
    spent: {
      theta_evaluations: number + 1,
      case_evaluations: 10 * (number + 1),
      selection_queries: 0,
      model_calls: 0,
      tokens: 0,
      cost_usd: 0,
      seconds: 0,
    },
    ...over,
  };
}

/** An arm whose train score rises to `top` within the budget, seeds scattering about it. */
function arm(
  name: ArmName,
  top: number,
  options: { seeds?: number; budget?: number; scatter?: number } = {},
): ArmRuns {
  const { seeds = 8, budget = 40, scatter = 0.004 } = options;
  const runs = Array.from({ length: seeds }, (_, s): ArmRun => {
    const random = randomStream(s, "arm"), end = top + scatter * randomNormal(random);
    const trials = Array.from(
      { length: budget },
      (_, n) => trial(n, n === 0 ? scoreOf(home) : scoreOf(home) + (end - scoreOf(home)) * n / (budget - 1)),
    );
    return {
      job: { arm: name, seed: s + 1, budget },
      trials,
      end: {
        record: "arm/1",
        arm: name,
        end: "budget",
        reason: "done",
        n_trials: budget,
        n_failed: 0,
        incumbent: budget - 1,
        spent: trials.at(-1)!.spent,
        repeats: 0,
        trials_hash: "h",
      },
    };
  });
  return { arm: name, runs };
}

const registration = (arms: readonly string[], over: object = {}) =>
  preregistration({
    study: "s",
    study_hash: "h",
    arms: [...arms],
    seeds: [1, 2, 3, 4, 5, 6, 7, 8],
    budget: 40,
    checkpoints: checkpointsWithin(40),
    primary_budget: 40,
    judged_on: ["test"],
    reference_among: ["coordinate_ascent", "tpe", "cma_es", "gp_ei"],
    ...over,
  });

/** Cases that score what their point says, each commit shifted by a fixed amount. */
function judge(split: "test" | "lockbox", points: readonly Point[], factor = 1): JudgedSplit {
  const random = randomStream(9, `judge/${split}`), commits = 60;
  const offsets = Array.from({ length: commits }, () => 0.05 * randomNormal(random));
  return {
    split,
    n_cases: commits,
    clusters: offsets.map((_, c) => ({
      repo: `r${Math.floor(c / 20)}`,
      commit: `c${c}`,
      cases: [c],
      shares: [1 / commits],
    })),
    values: new Map(points.map((point) => {
      const wobble = randomStream(9, `wobble/${scoreOf(point)}`);
      return [
        pointHash(point),
        Float64Array.from(
          offsets,
          (o) => 0.3 + factor * (scoreOf(point) - scoreOf(home)) + o + 0.01 * randomNormal(wobble),
        ),
      ];
    })),
  };
}

function comparison(arms: readonly ArmRuns[], over: object = {}, factor = 1) {
  const facts = registration(arms.map((a) => a.arm), over);
  const points = pointsToJudge(arms, facts, home);
  return compareArms({
    registration: facts,
    arms,
    judged: facts.judged_on.map((split) => judge(split as "test", points, factor)),
    defaults: home,
    seed: 1,
    resamples: 400,
  });
}

Deno.test("a curve takes the best trial that the checkpoint has paid for, the earliest of equals, and no failed one", () => {
  const trials = [trial(0, 0.1), trial(1, null), trial(2, 0.3), trial(3, 0.3), trial(4, 0.9)];
  assert.equal(incumbentAt(trials, 1)!.number, 0);
  assert.equal(incumbentAt(trials, 2)!.number, 0);
  assert.equal(incumbentAt(trials, 4)!.number, 2);
  assert.equal(incumbentAt([trial(0, null), trial(1, null)], 9), undefined);
  assert.deepEqual(incumbents([trial(0, null)], 5), []);
  const dear = [trial(0, 0.1), { ...trial(1, 0.5), spent: { ...trial(1, 0.5).spent, theta_evaluations: 9 } }];
  assert.equal(incumbentAt(dear, 5)!.number, 0, "evidence is paid before its point counts");
  assert.deepEqual(checkpointsWithin(30), [2, 5, 12, 30]);
  assert.deepEqual(checkpointsWithin(400), [2, 5, 12, 40, 100, 400]);
});

Deno.test("the order of arms and of seeds changes no number", () => {
  const arms = [arm("tpe", 0.5), arm("random", 0.45), arm("analyst", 0.55)];
  const random = randomStream(4, "order");
  const mixed = shuffled(random, arms).map(({ arm, runs }) => ({ arm, runs: shuffled(random, runs) }));
  const one = comparison(arms), two = comparison(mixed, { arms: arms.map((a) => a.arm) });
  const byArm = <T extends { arm: string }>(rows: readonly T[]) =>
    [...rows].sort((a, b) => a.arm < b.arm ? -1 : 1);
  assert.deepEqual(byArm(two.tests), byArm(one.tests));
  assert.deepEqual(byArm(two.robust), byArm(one.robust));
  assert.deepEqual(two.leaders, one.leaders);
});

Deno.test("a clearly better arm is called better, a clearly worse one worse, an equal one neither", () => {
  const { tests, leaders, reference } = comparison([
    arm("tpe", 0.5),
    arm("analyst", 0.56),
    arm("random", 0.42),
    arm("sobol", 0.5, { scatter: 0.02 }),
  ]);
  assert.equal(reference, "tpe");
  const verdict = Object.fromEntries(tests.map((t) => [t.arm, t.verdict]));
  assert.deepEqual(verdict, { analyst: "better", random: "worse", sobol: "undetermined" });
  assert.ok(tests.every((t) => t.p_holm >= t.p));
  assert.equal(tests.find((t) => t.arm === "analyst")!.wins, 3);
  assert.equal(leaders.find((l) => l.checkpoint === 40)!.arm, "analyst");
});

Deno.test("the contest is between the best sampler and the best reasoner, whatever a control scores", () => {
  const { contests, leaders } = comparison([
    arm("tpe", 0.5),
    arm("random", 0.42),
    arm("analyst", 0.56),
    arm("analyst_no_history", 0.6),
  ]);
  const last = contests.find((c) => c.checkpoint === 40)!;
  assert.equal(leaders.find((l) => l.checkpoint === 40)!.arm, "analyst_no_history");
  assert.deepEqual([last.classical.arm, last.reasoner.arm, last.winner], ["tpe", "analyst", "reasoner"]);
  assert.ok(Math.abs(last.difference.estimate - (last.reasoner.score - last.classical.score)) < 1e-12);
  const behind = comparison([arm("tpe", 0.5), arm("hybrid", 0.42)]).contests.at(-1)!;
  assert.equal(behind.winner, "classical");
  const close = comparison([arm("tpe", 0.5), arm("hybrid", 0.5, { scatter: 0.02 })]).contests.at(-1)!;
  assert.equal(close.winner, "neither");
  assert.deepEqual(comparison([arm("tpe", 0.5), arm("analyst_permuted", 0.5)]).contests, []);
});

Deno.test("the reference is chosen on train, so a lucky test score cannot make or unmake it", () => {
  const arms = [arm("tpe", 0.5), arm("cma_es", 0.52), arm("random", 0.9)];
  assert.equal(referenceArm(arms, registration(["tpe"])), "cma_es");
  assert.equal(comparison(arms, {}, -1).reference, "cma_es");
});

Deno.test("seeds that end below the defaults are overtuned, and optimism is what test did not keep", () => {
  const { robust } = comparison([arm("tpe", 0.5), arm("random", 0.45)], {}, -1);
  assert.ok(robust.every((r) => r.overtuned === 8 && r.of === 8));
  const { robust: kept } = comparison([arm("tpe", 0.5), arm("random", 0.45)], {}, 0.5);
  const tpe = kept.find((r) => r.arm === "tpe")!;
  assert.equal(tpe.overtuned, 0);
  assert.ok(Math.abs(tpe.optimism - 0.5 * (0.5 - scoreOf(home))) < 0.01);
  assert.ok(tpe.profile.every((share, i, all) => i === 0 || share <= all[i - 1]!));
});

Deno.test("an incumbent that was not judged is named, and no arm is no comparison", () => {
  const arms = [arm("tpe", 0.5)], facts = registration(["tpe"]);
  assert.throws(
    () =>
      compareArms({ registration: facts, arms, judged: [judge("test", [home])], defaults: home, seed: 1 }),
    /was not scored on test/,
  );
  assert.throws(
    () => compareArms({ registration: facts, arms: [], judged: [], defaults: home, seed: 1 }),
    /no arms/,
  );
});

Deno.test("arms that never completed a trial stand at the defaults", () => {
  const failing: ArmRuns = {
    arm: "random",
    runs: arm("random", 0.4).runs.map((run) => ({ ...run, trials: [trial(0, null), trial(1, null)] })),
  };
  const { curves } = comparison([arm("tpe", 0.5), failing]);
  const own = curves.filter((c) => c.arm === "random");
  assert.ok(
    own.every(({ gain }) =>
      Math.max(Math.abs(gain.estimate), Math.abs(gain.low), Math.abs(gain.high)) < 1e-12
    ),
  );
});

const answers = (found: ReturnType<typeof decide>) =>
  Object.fromEntries(found.map((d) => [d.claim, d.answer]));

Deno.test("the decision table allows what was shown and nothing else", () => {
  const strong = [
    arm("tpe", 0.5),
    arm("analyst", 0.56),
    arm("analyst_permuted", 0.45),
    arm("analyst_no_history", 0.5),
  ];
  const full = comparison(strong, { judged_on: ["test", "lockbox"] });
  assert.deepEqual(
    answers(
      decide(full, { lockbox: 0.05 }, [], {
        hypotheses: { tested: 4, supported: ["a & b => worse ndcg@10"] },
      }),
    ),
    {
      "Tuning helped": "allowed",
      "Reasoning helped": "allowed",
      "Reasoning beats classical search": "allowed",
      "X interacts with Y": "allowed",
      "This heuristic works": "not tested",
      "This needs a change of structure": "not tested",
    },
  );
  // The same gain is not allowed where the cases could not have told it from chance.
  assert.equal(answers(decide(full, { lockbox: 0.9 }))["Tuning helped"], "not allowed");
  const weak = comparison([
    arm("tpe", 0.5),
    arm("analyst", 0.5),
    arm("analyst_permuted", 0.5),
    arm("analyst_no_history", 0.5),
  ]);
  const said = answers(decide(weak, {}, [], { hypotheses: { tested: 4, supported: [] } }));
  assert.equal(said["Tuning helped"], "not tested");
  assert.equal(said["Reasoning helped"], "not allowed");
  assert.equal(said["Reasoning beats classical search"], "not allowed");
  assert.equal(said["X interacts with Y"], "not allowed");
  const classical = answers(decide(comparison([arm("tpe", 0.5), arm("random", 0.4)]), {}));
  assert.equal(classical["Reasoning beats classical search"], "not tested");
  assert.equal(classical["Reasoning helped"], "not tested");
  assert.equal(classical["X interacts with Y"], "not tested");
});

Deno.test("against random search, or a reasoner, no sentence on classical search is allowed", () => {
  for (const other of ["random", "hybrid"] as const) {
    const arms = [arm("analyst", 0.4), arm(other, 0.2)];
    const against = comparison(arms, { reference_among: ["analyst", other] });
    const row = decide(against, { test: 0.03 }, []).find((d) =>
      d.claim === "Reasoning beats classical search"
    )!;
    assert.equal(row.answer, "not tested");
    assert.match(
      row.why,
      /none of coordinate_ascent, tpe, cma_es, gp_ei ran: analyst is no stand-in/,
    );
  }
});

Deno.test("a speed-up counts the reference's evaluations to the same train score, and says when it never got there", () => {
  const arms = [
    arm("tpe", 0.5, { scatter: 0 }),
    arm("analyst", 0.5, { scatter: 0 }),
    arm("hybrid", 0.9, { scatter: 0 }),
  ];
  const options = { reference: "tpe", at: 10, budget: 40, seed: 1 };
  assert.equal(speedUp(arms, { ...options, arm: "analyst" })!.ratio, 1);
  const faster = speedUp(arms, { ...options, arm: "hybrid" })!;
  assert.ok(faster.ratio > 1.8 && faster.never === 0);
  assert.equal(speedUp(arms, { ...options, arm: "hybrid", at: 40 })!.never, 1);
  assert.equal(speedUp(arms, { ...options, arm: "claude" }), undefined);
});
