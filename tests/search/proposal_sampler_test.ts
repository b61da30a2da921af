/** A proposer in front of a sampler: regions, ties, failures, and what an injected point may not do. */
import assert from "node:assert/strict";
import { randomStream } from "../../lib/base/random.ts";
import { CmaState } from "../../lib/search/cma_state.ts";
import { createSampler } from "../../lib/search/create_sampler.ts";
import { type ProposalContext, proposalSampler, type Proposer } from "../../lib/search/proposal_sampler.ts";
import { regionSpace } from "../../lib/search/region.ts";
import { type AsyncSampler, ProposalError } from "../../lib/search/sampler.ts";
import { defaultPoint, parsePoint, type Point, pointHash } from "../../lib/records/space.ts";
import { MIXED_SPACE, mixedScore, parameter } from "./arms.ts";

const HOME = defaultPoint(MIXED_SPACE);

function hybrid(
  proposer: Proposer,
  options: { share?: number; warmup?: number; seed?: number } = {},
): AsyncSampler {
  const sampler = proposalSampler({
    name: "hybrid",
    space: MIXED_SPACE,
    seed: 1,
    share: 1,
    warmup: 1,
    ...options,
    proposer,
  });
  sampler.tell({ point: HOME, value: mixedScore(HOME) });
  return sampler;
}

async function asks(sampler: AsyncSampler, n: number): Promise<{ point: Point; origin: string }[]> {
  const asked = [];
  for (let i = 0; i < n; i++) {
    const point = await sampler.ask(), origin = sampler.lastOrigin!;
    sampler.tell({ point, value: mixedScore(point) });
    asked.push({ point, origin });
  }
  return asked;
}

Deno.test("a proposed region is filled by a sampler inside its bounds, the rest stays at the incumbent", async () => {
  const sampler = hybrid(() => ({
    regions: [{ bounds: { alpha: { low: 0.2, high: 0.4 }, hops: { low: 2, high: 4 } }, draws: 4 }],
  }));
  for (const { point, origin } of await asks(sampler, 4)) {
    assert.equal(origin, "injected");
    assert.ok(point.alpha! >= 0.2 && point.alpha! <= 0.4 && point.hops! >= 2);
    assert.equal(point.boost, HOME.boost);
    parsePoint(MIXED_SPACE, point);
  }
});

Deno.test("tied parameters stand at the same share of their bounds, each on its own scale", () => {
  const space = [
    parameter({ name: "a", low: 0.1, high: 10, default: 1, scale: "log" }),
    parameter({ name: "b" }),
  ];
  const bounds = { a: { low: 0.1, high: 10 }, b: { low: 0.2, high: 0.6 } };
  const region = regionSpace(space, { bounds, ties: [["a", "b"]] }, defaultPoint(space));
  assert.deepEqual(region.space.map((p) => p.name), ["tie:a+b"]);
  const { a, b } = region.widen({ "tie:a+b": 0.5 });
  assert.ok(Math.abs(a! - 1) < 1e-12 && Math.abs(b! - 0.4) < 1e-12, `${a} ${b}`);
});

Deno.test("regions the space does not allow are named and refused", () => {
  const refused = (region: Parameters<typeof regionSpace>[1], message: RegExp) =>
    assert.throws(() => regionSpace(MIXED_SPACE, region, HOME), message);
  refused({ bounds: { beta: { low: 0, high: 1 } } }, /ProposalError: .*unknown parameter "beta"/);
  refused(
    { bounds: { alpha: { low: 0.5, high: 2 } } },
    /alpha in \[0.5, 2\]: bounds inside \[0, 1\] are wanted/,
  );
  refused({ bounds: { alpha: { low: 0.6, high: 0.5 } } }, /bounds inside/);
  refused({ bounds: { hops: { low: 0.5, high: 2 } } }, /integer/);
  refused(
    { bounds: { alpha: { low: 0, high: 1 } }, ties: [["alpha", "boost"]] },
    /boost is tied twice, or tied without bounds/,
  );
  refused({ bounds: { alpha: { low: 0.5, high: 0.5 } } }, /nothing in it can move/);
  refused({ bounds: { alpha: { low: 0, high: 1 } }, around: { hops: 77 } }, /hops is 77/);
});

Deno.test("the proposer sees every told trial, the incumbent and its turn, and cannot change them", async () => {
  const seen: ProposalContext[] = [];
  const sampler = hybrid((context) => {
    seen.push(context);
    (context.trials as unknown[]).length = 0;
    return { points: [{ alpha: 0.1 + 0.1 * context.turn }] };
  });
  const asked = await asks(sampler, 3);
  assert.deepEqual(seen.map((c) => c.turn), [0, 1, 2]);
  assert.deepEqual(asked.map(({ point }) => Number(point.alpha!.toFixed(6))), [0.1, 0.2, 0.3]);
  const best =
    [HOME, ...asked.slice(0, 2).map(({ point }) => point)].sort((a, b) => mixedScore(b) - mixedScore(a))[0];
  assert.deepEqual(seen[2]!.incumbent, best);
});

Deno.test("a failing, empty, repeating or illegal proposal is a ProposalError, never a quiet fallback", async () => {
  const cases: [Proposer, RegExp][] = [
    [() => Promise.reject(new Error("usage limit")), /Cannot use proposal 0 of hybrid: usage limit/],
    [() => ({}), /no point that is not known already/],
    [() => ({ points: [HOME] }), /no point that is not known already/],
    [() => ({ points: [{ alpha: 7 }] }), /alpha is 7: it must lie in \[0, 1\]/],
    [() => ({ points: [{ gamma: 1 }] }), /Unknown parameter "gamma"/],
  ];
  for (const [proposer, message] of cases) {
    await assert.rejects(async () => await hybrid(proposer).ask(), (error) => {
      assert.ok(error instanceof ProposalError);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("the proposer gets its share of the turns after the warm-up, and no point is asked twice", async () => {
  const sampler = hybrid(({ turn }) => ({ points: [{ alpha: (turn + 1) / 1000 }] }), {
    share: 0.3,
    warmup: 10,
  });
  const asked = await asks(sampler, 209), injected = asked.filter((a) => a.origin === "injected").length;
  assert.ok(asked.slice(0, 9).every((a) => a.origin === "sampler"));
  // 200 turns at 0.3: 60, give or take four standard deviations of 6.5.
  assert.ok(Math.abs(injected - 60) < 26, `${injected} of 200`);
  assert.equal(new Set(asked.map((a) => pointHash(a.point))).size, asked.length);
});

Deno.test("bad injected points leave no trace in CMA-ES: the same points are asked with and without them", () => {
  const plain = createSampler("cma_es", { space: MIXED_SPACE, seed: 9 });
  const pestered = createSampler("cma_es", { space: MIXED_SPACE, seed: 9 });
  const random = randomStream(1, "pester");
  for (let i = 0; i < 60; i++) {
    const a = plain.ask(), b = pestered.ask();
    assert.deepEqual(a, b, `trial ${i}`);
    plain.tell({ point: a, value: mixedScore(a) });
    const junk = { ...HOME, alpha: random(), boost: 0.1 + 99 * random() };
    pestered.tell({ point: junk, value: i % 2 === 0 ? null : -1e9 - i, injected: true });
    pestered.tell({ point: b, value: mixedScore(b) });
  }
});

Deno.test("a good injected point draws CMA-ES towards it, by a clipped step", () => {
  const space = Array.from({ length: 6 }, (_, i) => parameter({ name: `x${i}` }));
  const target = Object.fromEntries(space.map((p) => [p.name, 0.95]));
  const score = (p: Point) => -space.reduce((sum, q) => sum + (p[q.name]! - 0.95) ** 2, 0);
  const meanAfter = (inject: boolean) => {
    const sampler = createSampler("cma_es", { space, seed: 5 });
    let generation: Point[] = [];
    for (let i = 0; i < 18; i++) {
      const point = sampler.ask();
      if (inject && i === 4) sampler.tell({ point: target, value: score(target), injected: true });
      sampler.tell({ point, value: score(point) });
      generation = i < 9 ? [] : [...generation, point];
    }
    return generation.reduce((sum, p) => sum + p.x0! + p.x1! + p.x2!, 0) / (3 * generation.length);
  };
  const without = meanAfter(false), helped = meanAfter(true);
  assert.ok(helped > without + 0.02, `${helped} against ${without}`);
  assert.ok(helped < 0.95, "one point must not carry the mean all the way");
});

Deno.test("CmaState keeps its covariance positive and its steps finite under adversarial rankings", () => {
  const random = randomStream(3, "adversary"), state = new CmaState([0.5, 0.5, 0.5, 0.5], 0.2, 8);
  for (let generation = 0; generation < 300 && !state.isSpent; generation++) {
    const steps = Array.from({ length: 8 }, () => state.draw(random));
    // Always prefer the shortest steps along the first axis and the longest along the others.
    steps.sort((a, b) => Math.abs(a[0]!) - Math.abs(b[0]!) - (Math.abs(a[1]!) - Math.abs(b[1]!)));
    state.update(steps, [0.01, 0, 0, 0], false);
    assert.ok(Number.isFinite(state.sigma) && state.sigma > 0);
    assert.ok(state.mean.every(Number.isFinite));
    assert.ok(state.deviation(0) >= 0.0099, `the floored axis froze at ${state.deviation(0)}`);
    assert.ok(Math.max(...[0, 1, 2, 3].map((axis) => state.deviation(axis))) <= 1.0001);
  }
});

Deno.test("a model-based sampler is not driven off by injected failures: it still finds the optimum", () => {
  for (const name of ["tpe", "gp_ei", "cma_es"] as const) {
    const space = [parameter({ name: "x" }), parameter({ name: "y" })];
    const score = (p: Point) => -((p.x! - 0.3) ** 2) - (p.y! - 0.7) ** 2;
    const sampler = createSampler(name, { space, seed: 2 }), random = randomStream(2, name);
    let best = -Infinity;
    for (let i = 0; i < 40; i++) {
      // Failures all around the optimum, as a bad proposer would leave them.
      const junk = { x: 0.2 + 0.2 * random(), y: 0.6 + 0.2 * random() };
      if (i % 3 === 0) sampler.tell({ point: junk, value: null, injected: true });
      const point = sampler.ask();
      sampler.tell({ point, value: score(point) });
      best = Math.max(best, score(point));
    }
    assert.ok(best > -0.02, `${name} reached ${best}`);
  }
});
