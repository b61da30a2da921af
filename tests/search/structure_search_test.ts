import assert from "node:assert/strict";
import { join } from "node:path";
import { Arena } from "../../lib/engine/arena.ts";
import { Engine } from "../../lib/engine/engine.ts";
import { SPEC } from "../../lib/formula/builtins.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { defaultPoint } from "../../lib/records/space.ts";
import { RecordedAscents } from "../../lib/search/recorded_ascents.ts";
import { searchStructure } from "../../lib/search/structure_search.ts";
import { ascend } from "../../lib/search/tune.ts";
import { withSampleStudy } from "../helpers/sample_study.ts";

Deno.test("a search keeps an edit only with an interval above zero on selection, and a dropped term only when nothing objects", () =>
  withSampleStudy(async ({ corpora }) => {
    const load = (split: "train" | "selection") => Arena.load(corpora, { splits: [split], mode: "seed" });
    const train = load("train"), point = defaultPoint(searchSpace(SPEC));
    const run = () =>
      searchStructure({
        train,
        selection: load("selection"),
        start: SPEC,
        point,
        budget: 2000,
        seed: 1,
        rounds: 2,
      });
    const result = await run();
    assert.ok(result.steps.length > 0);
    assert.ok(result.spent <= 2000 + 2, `spent ${result.spent}`);
    for (const [i, step] of result.steps.entries()) {
      const alone = result.steps[i - 1]?.decision !== "pending";
      const dropped = alone && step.move.startsWith("drop ");
      if (step.decision === "accepted") {
        assert.ok(dropped ? step.selection.high > 0 : step.selection.low > 0, step.move);
      }
      if (step.decision === "pending") assert.ok(step.selection.estimate > 0 && step.selection.low <= 0);
      const three = result.steps.slice(i, i + 3).filter((s) => s.decision === "pending");
      assert.ok(three.length < 3, "three judged as one");
    }
    assert.ok(new Engine(train, result.formula).mean(result.point) >= new Engine(train, SPEC).mean(point));
    assert.deepEqual(
      (await run()).steps.map((s) => s.move),
      result.steps.map((s) => s.move),
      "the same seed searches alike",
    );
  }));

Deno.test("a search refuses arenas of other splits", () =>
  withSampleStudy(async ({ corpora }) => {
    const test = Arena.load(corpora, { splits: ["test"], mode: "seed" });
    const point = defaultPoint(searchSpace(SPEC));
    await assert.rejects(
      () => searchStructure({ train: test, selection: test, start: SPEC, point, budget: 10, seed: 1 }),
      /train split alone/,
    );
  }));

Deno.test("ascend() climbs a separable score to its top, keeps to its budget and never returns less than the start", () => {
  const space = searchSpace(SPEC).slice(0, 4);
  const start = defaultPoint(space);
  const score = (p: Readonly<Record<string, number>>) =>
    -space.reduce((s, q) => s + (Math.log(p[q.name]!) - Math.log(q.low * 1.7)) ** 2, 0);
  const free = ascend((points) => points.map(score), space, start);
  assert.ok(free.value > score(start));
  assert.equal(free.value, score(free.point));
  const bound = ascend((points) => points.map(score), space, start, { budget: 7 });
  assert.equal(bound.evaluations, 7);
  assert.ok(bound.value >= score(start));
  assert.equal(
    bound.value,
    score(bound.point),
    "the point is the one the value is of, also where the budget ends",
  );
  const only = ascend((points) => points.map(score), space, start, { only: new Set([space[0]!.name]) });
  for (const p of space.slice(1)) assert.equal(only.point[p.name], start[p.name]);
});

Deno.test("a search that is stopped anywhere goes on from its last tuning and ends as one that never was", () =>
  withSampleStudy(async ({ corpora }) => {
    const load = (split: "train" | "selection") => Arena.load(corpora, { splits: [split], mode: "seed" });
    const shared = {
      train: load("train"),
      selection: load("selection"),
      start: SPEC,
      point: defaultPoint(searchSpace(SPEC)),
      budget: 2000,
      seed: 1,
      rounds: 1,
    };
    const whole = await searchStructure(shared);
    const dir = Deno.makeTempDirSync();
    try {
      const file = join(dir, "ascents.jsonl");
      let found: Awaited<ReturnType<typeof searchStructure>> | undefined;
      const kept: number[] = [];
      for (let stopAt = 3; found === undefined; stopAt += 9) {
        const ascents = new RecordedAscents(file, "test"), stop = new AbortController();
        kept.push(ascents.recovered);
        try {
          found = await searchStructure({
            ...shared,
            ascents,
            signal: stop.signal,
            onProgress: (_what, done) => done >= stopAt && stop.abort(),
          });
        } catch (error) {
          assert.equal((error as Error).name, "AbortError");
          // A kill in the middle of a line.
          Deno.writeTextFileSync(file, '{"record":"ascent/1","ke', { append: true });
        }
      }
      assert.ok(kept.length > 2 && kept.every((n, i) => i === 0 || n > kept[i - 1]!), `${kept}`);
      assert.deepEqual(found, whole);
      new RecordedAscents(file, "test").remove();
      assert.equal(new RecordedAscents(file, "test").recovered, 0);
    } finally {
      Deno.removeSync(dir, { recursive: true });
    }
  }));
