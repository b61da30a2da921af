import assert from "node:assert/strict";
import {
  conclude,
  type InteractionSign,
  judge,
  testInteraction,
} from "../../lib/sensitivity/test_interaction.ts";
import type { JointEffect } from "../../lib/sensitivity/joint_effect.ts";
import { unitSpace } from "./known_functions.ts";

const estimate = (value: number, low: number, high: number) => ({
  value,
  interval: { low, high, level: 0.95 },
});

function effect(
  surplus: [number, number, number],
  singles: [number, number, number] = [1, 0.5, 1.5],
): JointEffect {
  return {
    surplus: estimate(...surplus),
    singles: estimate(...singles),
    joint: estimate(0, 0, 0),
    cells: { none: 0, alone: [0, 0], all: 0 },
    standard_error: 1,
    p_value: 0.5,
    minimal_detectable_effect: 2.8,
    backgrounds: 4,
    clusters: 4,
    evaluations: 16,
  };
}

Deno.test("a verdict follows from the interval, the claimed sign and the margin", () => {
  const rows: [InteractionSign, [number, number, number], string][] = [
    ["worse", [-3, -4, -2], "supported"],
    ["worse", [-3, -7, 1], "undetermined"],
    ["worse", [3, 2, 4], "refuted"],
    ["worse", [0, -0.9, 0.9], "refuted"],
    ["worse", [-0.5, -0.9, -0.1], "refuted"],
    ["worse", [-0.8, -1.5, -0.1], "undetermined"],
    ["better", [3, 2, 4], "supported"],
    ["better", [-3, -4, -2], "refuted"],
    ["interacts", [3, 2, 4], "supported"],
    ["interacts", [-3, -4, -2], "supported"],
    ["interacts", [0.5, -0.9, 0.9], "refuted"],
    ["interacts", [0, -2, 0.5], "undetermined"],
    ["redundant", [-3, -4, -2], "supported"],
    ["redundant", [3, 2, 4], "refuted"],
  ];
  for (const [sign, surplus, wanted] of rows) {
    assert.equal(judge(effect(surplus), sign, 1).verdict, wanted, `${sign} ${surplus}`);
  }
});

Deno.test("redundancy points against the single effects and needs some", () => {
  assert.equal(judge(effect([3, 2, 4], [-5, -6, -4]), "redundant", 1).verdict, "supported");
  const nothing = judge(effect([-3, -4, -2], [0, -1, 1]), "redundant", 1);
  assert.equal(nothing.verdict, "undetermined");
  assert.match(nothing.reason, /nothing could be redundant/);
});

Deno.test("support needs both sets and one sign, refutation one set and no support against it", () => {
  const [plus, minus] = [
    judge(effect([3, 2, 4]), "interacts", 1),
    judge(effect([-3, -4, -2]), "interacts", 1),
  ];
  const refuted = judge(effect([0, -0.5, 0.5]), "interacts", 1);
  const open = judge(effect([0, -5, 5]), "interacts", 1);
  assert.equal(conclude(plus, plus).verdict, "supported");
  assert.equal(conclude(plus, minus).verdict, "undetermined");
  assert.equal(conclude(plus).verdict, "undetermined");
  assert.match(conclude(plus).reason, /not replicated/);
  assert.equal(conclude(plus, refuted).verdict, "undetermined");
  assert.equal(conclude(plus, open).verdict, "undetermined");
  assert.equal(conclude(open, refuted).verdict, "refuted");
  assert.equal(conclude(refuted, open).verdict, "refuted");
  assert.equal(conclude(refuted).verdict, "refuted");
});

const space = unitSpace(3);
const regions = [{ parameter: "x1", ranges: [[0, 0.3]] as const }, {
  parameter: "x2",
  ranges: [[0.7, 1]] as const,
}];
const options = { seed: 7, backgrounds: 32, resamples: 300, margin: 0.02 };
/** Twelve clusters around a surface. */
const noisy = (f: (p: Record<string, number>) => number) => (p: Record<string, number>) => {
  const perCluster = Float64Array.from({ length: 12 }, (_, c) => f(p) * (0.7 + 0.05 * c) + 0.01 * c * p.x3!);
  return { mean: perCluster.reduce((a, b) => a + b) / 12, perCluster };
};
const tunnel = noisy((p) => p.x1! < 0.3 && p.x2! > 0.7 ? -0.2 : 0.1 * p.x3!);
const additive = noisy((p) => p.x1! - p.x2!);
const substitutes = noisy((p) => p.x1! < 0.3 || p.x2! > 0.7 ? 0.3 : 0);

Deno.test("a true trap is supported, an additive surface refutes every sign", async () => {
  const run = (objective: typeof tunnel, sign: InteractionSign) =>
    testInteraction(space, objective, { regions, sign }, { ...options, replicate: objective });
  assert.equal((await run(tunnel, "worse")).verdict, "supported");
  assert.equal((await run(tunnel, "better")).verdict, "refuted");
  assert.equal((await run(tunnel, "interacts")).verdict, "supported");
  for (const sign of ["worse", "better", "interacts", "redundant"] as const) {
    assert.equal((await run(additive, sign)).verdict, "refuted", sign);
  }
  assert.equal((await run(substitutes, "redundant")).verdict, "supported");
  assert.equal((await run(substitutes, "better")).verdict, "refuted");
});

Deno.test("what held-out repositories do not show is not supported; evaluations of both are counted", async () => {
  const claim = { regions, sign: "worse" } as const;
  const found = await testInteraction(space, tunnel, claim, { ...options, replicate: additive });
  assert.equal(found.discovery.verdict, "supported");
  assert.equal(found.replication!.verdict, "refuted");
  assert.equal(found.verdict, "undetermined");
  assert.equal(found.evaluations, 2 * 32 * 4);
  assert.equal(found.p_value, found.replication!.effect.p_value);
  const alone = await testInteraction(space, tunnel, claim, options);
  assert.deepEqual([alone.verdict, alone.p_value], ["undetermined", 1]);
});

Deno.test("the same seed gives the same result, another seed another background", async () => {
  const run = (seed: number) =>
    testInteraction(space, tunnel, { regions, sign: "worse" }, { ...options, seed, resamples: 50 });
  assert.deepEqual(await run(1), await run(1));
  assert.notDeepEqual((await run(1)).discovery.effect.joint, (await run(2)).discovery.effect.joint);
});

Deno.test("a test without a margin is refused", async () => {
  await assert.rejects(
    testInteraction(space, tunnel, { regions, sign: "worse" }, { ...options, margin: 0 }),
    /smallest effect worth a name/,
  );
});
