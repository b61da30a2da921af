import assert from "node:assert/strict";
import { join } from "node:path";
import { LockedError, lockStudy } from "../../lib/scratchpad/lock.ts";
import { defaultPoint, type Point } from "../../lib/records/space.ts";
import type { Trial } from "../../lib/records/trial.ts";
import { type ArmContext, type ArmJob, jobName, readTrials, runArm } from "../../lib/study/arm_run.ts";
import { checkArms } from "../../lib/study/arms.ts";
import type { Formula } from "../../lib/formula/document.ts";
import { SPACE, syntheticObjective, unit } from "./synthetic_objective.ts";

const hill = (point: Point) =>
  0.5 - (unit(point, "pagerank_alpha") - 0.3) ** 2 - (unit(point, "boost_chat_file") - 0.7) ** 2;

async function inFolder(body: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await body(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** A clock that counts its readings, so that no test depends on time. */
function context(dir: string, over: Partial<ArmContext> = {}): ArmContext {
  let now = 0;
  return { study: "s", dir, objective: syntheticObjective("train", hill), clock: () => now++, ...over };
}

const job = (arm: ArmJob["arm"], budget = 12, seed = 1): ArmJob => ({ arm, seed, budget });

Deno.test("every arm starts at the defaults and spends its budget exactly", async () => {
  await inFolder(async (dir) => {
    for (const arm of ["random", "tpe", "cma_es", "coordinate_ascent"] as const) {
      const { trials, end } = await runArm(job(arm), context(dir));
      assert.deepEqual(trials[0]!.point, defaultPoint(SPACE));
      assert.equal(trials[0]!.origin, "default");
      assert.equal(trials.length, 12);
      assert.equal(end.spent.theta_evaluations, 12);
      assert.equal(end.spent.case_evaluations, 12 * 24);
      assert.equal(end.spent.selection_queries, 0);
      assert.equal(end.end, "budget");
    }
  });
});

Deno.test("an arm interrupted anywhere and run again ends as if it had not been", async () => {
  await inFolder(async (dir) => {
    for (const arm of ["tpe", "cma_es", "latin_hypercube"] as const) {
      const whole = await runArm(job(arm, 20), context(join(dir, "whole")));
      for (const stopAfter of [1, 7, 17]) {
        const at = join(dir, `cut-${arm}-${stopAfter}`), interrupt = new AbortController();
        const cut = await runArm(
          job(arm, 20),
          context(at, {
            signal: interrupt.signal,
            onTrial: (trial) => {
              if (trial.number + 1 === stopAfter) interrupt.abort(new DOMException("stop", "AbortError"));
            },
          }),
        );
        assert.equal(cut.end.end, "interrupted");
        assert.equal(cut.trials.length, stopAfter);
        let asked = 0;
        const again = await runArm(
          job(arm, 20),
          context(at, { objective: syntheticObjective("train", hill, { onCall: () => asked++ }) }),
        );
        assert.equal(again.end.trials_hash, whole.end.trials_hash);
        assert.equal(asked, 20 - stopAfter, "recorded trials are not scored again");
      }
    }
  });
});

Deno.test("a finished arm is read, and neither sampled nor scored again", async () => {
  await inFolder(async (dir) => {
    const first = await runArm(job("random"), context(dir));
    const second = await runArm(
      job("random"),
      context(dir, { objective: syntheticObjective("train", () => assert.fail("it was scored again")) }),
    );
    assert.deepEqual(second.end, first.end);
    assert.deepEqual(second.trials, first.trials);
  });
});

Deno.test("a finished arm whose trials were changed is refused", async () => {
  await inFolder(async (dir) => {
    await runArm(job("random"), context(dir));
    const file = join(dir, "arms", jobName(job("random")), "trials.jsonl");
    const lines = (await Deno.readTextFile(file)).split("\n"), trial = JSON.parse(lines[3]!);
    lines[3] = JSON.stringify({ ...trial, value: 0.99 });
    await Deno.writeTextFile(file, lines.join("\n"));
    await assert.rejects(runArm(job("random"), context(dir)), /are not those that arm\.json beside it/);
  });
});

Deno.test("NaN scores and objectives that throw are failed trials that cost their evaluation", async () => {
  await inFolder(async (dir) => {
    let n = 0;
    const moody = syntheticObjective("train", (point) => {
      n++;
      if (n % 3 === 0) return NaN;
      if (n % 3 === 1 && n > 1) throw new Error("the disk is on fire");
      return hill(point);
    });
    const { trials, end } = await runArm(job("tpe"), context(dir, { objective: moody }));
    assert.equal(trials.length, 12);
    assert.equal(end.n_failed, trials.filter((t) => t.status === "failed").length);
    assert.ok(end.n_failed >= 7);
    const errors = new Set(trials.map((t) => t.error));
    assert.ok(errors.has("the objective gave NaN") && errors.has("the disk is on fire"));
    assert.equal(trials[end.incumbent!]!.status, "complete");
  });
});

Deno.test("an arm whose every trial fails ends without an incumbent", async () => {
  await inFolder(async (dir) => {
    const objective = syntheticObjective("train", () => NaN);
    const { end } = await runArm(job("random", 60), context(dir, { objective }));
    assert.equal(end.end, "failing");
    assert.equal(end.incumbent, null);
    assert.equal(end.n_trials, 25);
  });
});

Deno.test("a case limit ends an arm before it is passed", async () => {
  await inFolder(async (dir) => {
    const { trials, end } = await runArm(
      job("random"),
      context(dir, { limits: { case_evaluations: 24 * 5 + 3 } }),
    );
    assert.equal(trials.length, 5);
    assert.match(end.reason, /case_evaluations/);
  });
});

Deno.test("a finite space ends an arm when all of it is known", async () => {
  const small: Formula = {
    record: "formula/1",
    name: "small",
    description: "one whole number",
    root: { op: "signal", id: "focus_expansion", signal: "focus_expansion", bind: { decay: 0.5 } },
  };
  await inFolder(async (dir) => {
    const objective = syntheticObjective("train", () => 0.3, { formula: small });
    const { end } = await runArm(job("random", 50), context(dir, { objective }));
    assert.equal(end.end, "space");
    assert.equal(end.n_trials, 5);
  });
});

Deno.test("a line cut off by a kill is set aside and made again", async () => {
  await inFolder(async (dir) => {
    const whole = await runArm(job("sobol"), context(join(dir, "whole")));
    const at = join(dir, "cut"), folder = join(at, "arms", jobName(job("sobol")));
    await Deno.mkdir(folder, { recursive: true });
    const lines = (await Deno.readTextFile(join(dir, "whole", "arms", jobName(job("sobol")), "trials.jsonl")))
      .split("\n");
    const file = join(folder, "trials.jsonl");
    await Deno.writeTextFile(file, lines.slice(0, 4).join("\n") + "\n" + lines[4]!.slice(0, 30));
    const again = await runArm(job("sobol"), context(at));
    assert.equal(again.end.trials_hash, whole.end.trials_hash);
    assert.equal(await Deno.readTextFile(`${file}.truncated`), lines[4]!.slice(0, 30));
    assert.equal(readTrials(file).length, 12);
  });
});

Deno.test("trials of another case set, another formula or another split are not gone on with", async () => {
  await inFolder(async (dir) => {
    const interrupt = new AbortController();
    await runArm(
      job("random"),
      context(dir, { signal: interrupt.signal, onTrial: (t: Trial) => t.number === 2 && interrupt.abort() }),
    );
    const own = syntheticObjective("train", hill);
    const other = { ...own, question: { ...own.question, case_set_hash: "others" } };
    await assert.rejects(runArm(job("random"), context(dir, { objective: other })), /another case set hash/);
    await assert.rejects(
      runArm(job("random"), context(dir, { objective: syntheticObjective("test", hill) })),
      /Cannot search on test cases/,
    );
  });
});

Deno.test("two runs of one job at a time are refused", async () => {
  await inFolder(async (dir) => {
    using _other = lockStudy(join(dir, "arms", jobName(job("random"))));
    await assert.rejects(runArm(job("random"), context(dir)), LockedError);
  });
});

Deno.test("a reasoner needs train cases, and unknown or repeated arms are named", async () => {
  await inFolder(async (dir) => {
    await assert.rejects(
      runArm(job("analyst"), context(dir)),
      /Cannot run the arm analyst without train cases/,
    );
  });
  assert.throws(() => checkArms(["tpe", "luck"]), /no arm "luck".*cma_es/);
  assert.throws(() => checkArms(["tpe", "tpe"]), /named twice/);
});
