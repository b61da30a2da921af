/** One suite over every sampler: what `Sampler` promises, checked by name. */
import assert from "node:assert/strict";
import { createSampler, SAMPLER_NAMES, type SamplerName } from "../../lib/search/create_sampler.ts";
import { SpaceExhausted } from "../../lib/search/sampler.ts";
import {
  defaultPoint,
  parsePoint,
  type Point,
  pointHash,
  type SearchSpace,
} from "../../lib/records/space.ts";
import { askedPoints, MIXED_SPACE, mixedScore, parameter } from "./arms.ts";

const claim = (name: SamplerName, what: string, body: () => void) => Deno.test(`${name} ${what}`, body);
/** Enough points to pass every start-up phase, two CMA-ES generations and several fits. */
const N = 25;

for (const name of SAMPLER_NAMES) {
  claim(name, "asks only for legal, frozen points that name every parameter", () => {
    for (const point of askedPoints(name, MIXED_SPACE, N)) {
      assert.deepEqual(parsePoint(MIXED_SPACE, point), point);
      assert.deepEqual(Object.keys(point), MIXED_SPACE.map((p) => p.name));
      assert.ok(Object.isFrozen(point));
    }
  });

  claim(name, "never asks for a point twice, nor for one it was told", () => {
    const points = [defaultPoint(MIXED_SPACE), ...askedPoints(name, MIXED_SPACE, N)];
    assert.equal(new Set(points.map(pointHash)).size, points.length);
  });

  claim(name, "gives the same points for the same seed and others for another", () => {
    const first = askedPoints(name, MIXED_SPACE, N);
    assert.deepEqual(askedPoints(name, MIXED_SPACE, N), first);
    assert.notDeepEqual(askedPoints(name, MIXED_SPACE, N, { seed: 2 }), first);
  });

  claim(name, "carries on when every other trial fails, by null or by NaN", () => {
    let calls = 0;
    const flaky = (point: Point) => [null, mixedScore(point), NaN, mixedScore(point)][calls++ % 4]!;
    const points = askedPoints(name, MIXED_SPACE, N, { score: flaky });
    assert.equal(new Set(points.map(pointHash)).size, N);
  });

  claim(name, "carries on when every trial fails", () => {
    assert.equal(askedPoints(name, MIXED_SPACE, N, { score: () => null }).length, N);
  });

  claim(name, "carries on when all scores are equal", () => {
    assert.equal(askedPoints(name, MIXED_SPACE, N, { score: () => 0.25 }).length, N);
  });

  claim(name, "changes neither space nor told trials, and does not notice later changes to them", () => {
    const space = structuredClone(MIXED_SPACE) as unknown as { low: number; high: number }[];
    const sampler = createSampler(name, { space: space as unknown as SearchSpace, seed: 1, budget: N });
    const point: Record<string, number> = { ...defaultPoint(MIXED_SPACE) };
    const trial = { point, value: mixedScore(point) };
    sampler.tell(trial);
    assert.deepEqual(trial, {
      point: defaultPoint(MIXED_SPACE),
      value: mixedScore(defaultPoint(MIXED_SPACE)),
    });
    assert.deepEqual(space, MIXED_SPACE);
    point.alpha = -7;
    space[0]!.high = 1000;
    const rest = Array.from({ length: N }, () => {
      const asked = sampler.ask();
      sampler.tell({ point: asked, value: mixedScore(asked) });
      return asked;
    });
    assert.deepEqual(rest, askedPoints(name, MIXED_SPACE, N));
  });

  claim(name, "answers any number of asks without a tell, and tells in any order", () => {
    const sampler = createSampler(name, { space: MIXED_SPACE, seed: 3, budget: N });
    const points = Array.from({ length: N }, () => sampler.ask());
    assert.equal(new Set(points.map(pointHash)).size, N);
    for (const point of points.toReversed()) sampler.tell({ point, value: mixedScore(point) });
    parsePoint(MIXED_SPACE, sampler.ask());
  });

  claim(name, "takes told points it never asked for, injected or not", () => {
    const sampler = createSampler(name, { space: MIXED_SPACE, seed: 4, budget: N });
    for (let i = 0; i < N; i++) {
      const foreign = { ...defaultPoint(MIXED_SPACE), alpha: i / N, fanout: 1 + i };
      sampler.tell({ point: foreign, value: i % 5 === 0 ? null : -1e9 * i, injected: i % 2 === 0 });
      const asked = sampler.ask();
      assert.notEqual(pointHash(asked), pointHash(foreign));
      sampler.tell({ point: asked, value: mixedScore(asked) });
    }
  });

  claim(name, "refuses a told point outside the space and names the parameter", () => {
    const sampler = createSampler(name, { space: MIXED_SPACE, seed: 1 });
    const outside = { ...defaultPoint(MIXED_SPACE), hops: 9 };
    assert.throws(
      () => sampler.tell({ point: outside, value: 1 }),
      /RangeError: hops is 9: it must lie in \[0, 4\]/,
    );
  });

  claim(name, "searches a space of one continuous parameter", () => {
    const points = askedPoints(name, [parameter({ name: "x" })], N, { score: (p) => -((p.x! - 0.2) ** 2) });
    assert.equal(new Set(points.map((p) => p.x)).size, N);
  });

  claim(
    name,
    "finds both values of a two-valued integer once each and then says the space is exhausted",
    () => {
      const space = [parameter({ name: "k", default: 1, low: 1, high: 2, integer: true })];
      const sampler = createSampler(name, { space, seed: 1 });
      const values = [sampler.ask(), sampler.ask()].map((p) => p.k).sort();
      assert.deepEqual(values, [1, 2]);
      assert.throws(() => sampler.ask(), SpaceExhausted);
    },
  );

  claim(name, "visits a whole finite space when the trials go on that long", () => {
    const space = [
      parameter({ name: "a", default: 1, low: 1, high: 5, integer: true }),
      parameter({ name: "b", default: 1, low: 1, high: 7, integer: true, scale: "log" }),
    ];
    const points = askedPoints(name, space, 34, { score: (p) => p.a! - p.b! });
    assert.equal(new Set([defaultPoint(space), ...points].map(pointHash)).size, 35);
  });

  claim(name, "asks once for the only point of a fixed space", () => {
    const sampler = createSampler(name, {
      space: [parameter({ name: "x", low: 2, high: 2, default: 2 })],
      seed: 1,
    });
    assert.deepEqual(sampler.ask(), { x: 2 });
    assert.throws(
      () => sampler.ask(),
      /SpaceExhausted: Cannot ask \w+ for a new point: all 1 points of the space are known/,
    );
  });
}

Deno.test("createSampler() refuses unknown names, empty and bad spaces, and unusable budgets", () => {
  const ok = { space: MIXED_SPACE, seed: 1 };
  assert.throws(
    () => createSampler("annealing" as SamplerName, ok),
    /Unknown sampler "annealing": one of grid, /,
  );
  assert.throws(() => createSampler("tpe", { ...ok, space: [] }), /space without parameters/);
  assert.throws(() => createSampler("tpe", { ...ok, budget: 0 }), /budget of 0/);
  const bad = [parameter({ name: "x", low: 0, scale: "log" })];
  assert.throws(() => createSampler("random", { ...ok, space: bad }), /a log scale needs low > 0/);
});

Deno.test("bayesian is gp_ei under another name: the same points", () => {
  assert.deepEqual(askedPoints("bayesian", MIXED_SPACE, N), askedPoints("gp_ei", MIXED_SPACE, N));
});
