import assert from "node:assert/strict";
import { join } from "node:path";
import { SPEC } from "../../lib/formula/builtins.ts";
import { functionModel } from "../../lib/claude/function_model.ts";
import { scriptedModel } from "../../lib/claude/scripted_model.ts";
import { ClaudeError } from "../../lib/claude/errors.ts";
import { type AnalystInput, reasonFrom } from "../../lib/reasoning/analyst.ts";
import { type ArmContext, type ArmJob, runArm } from "../../lib/study/arm_run.ts";
import { arenaObjective } from "../../lib/study/objective.ts";
import { reasonerMaker, type ReasonerSetting } from "../../lib/study/reasoner_arm.ts";
import { syntheticArenas } from "../reasoning/synthetic.ts";

const { train } = syntheticArenas({ repos: 2, commits: 100, files: 12 });
const setting: ReasonerSetting = { train, formula: SPEC, mode: "seed", study: "s" };

async function inFolder(body: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await body(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

function context(
  dir: string,
  over: Partial<ReasonerSetting> = {},
  more: Partial<ArmContext> = {},
): ArmContext {
  let now = 0;
  return {
    study: "s",
    dir,
    objective: arenaObjective(train, { formula: SPEC }),
    clock: () => now++,
    makeReasoner: reasonerMaker({ ...setting, ...over }),
    ...more,
  };
}

const job = (arm: ArmJob["arm"], budget = 45): ArmJob => ({ arm, seed: 1, budget });

Deno.test("the analyst improves on the defaults, pays for its evidence, and its points are marked as injected", async () => {
  await inFolder(async (dir) => {
    const { trials, end } = await runArm(job("analyst"), context(dir));
    const own = trials.slice(1);
    assert.ok(own.length >= 2 && own.every((t) => t.origin === "injected"));
    assert.ok(trials[end.incumbent!]!.value! > trials[0]!.value!);
    assert.ok(trials[1]!.spent.theta_evaluations > 2, "a survey is not free");
    assert.equal(end.spent.model_calls, 0);
    assert.ok(end.spent.theta_evaluations >= 45);
  });
});

Deno.test("the hybrid's own turns are its sampler's, and both kinds occur", async () => {
  await inFolder(async (dir) => {
    const { trials } = await runArm(job("hybrid", 60), context(dir));
    const origins = Map.groupBy(trials.slice(1), (t) => t.origin);
    assert.ok(origins.get("sampler")!.length > 9 && origins.get("injected")!.length > 0);
    assert.ok(trials.slice(1, 10).every((t) => t.origin === "sampler"), "the first ten turns warm up");
  });
});

Deno.test("controls differ from the analyst, and are the same when run again", async () => {
  await inFolder(async (dir) => {
    const hashes: string[] = [];
    for (const arm of ["analyst", "analyst_permuted", "analyst_no_history"] as const) {
      hashes.push((await runArm(job(arm), context(join(dir, "one")))).end.trials_hash);
    }
    assert.equal(new Set(hashes).size, 3);
    const again = await runArm(job("analyst_permuted"), context(join(dir, "two")));
    assert.equal(again.end.trials_hash, hashes[1]);
  });
});

Deno.test("an interrupted reasoner goes on as if it had not been", async () => {
  await inFolder(async (dir) => {
    const whole = await runArm(job("analyst"), context(join(dir, "whole"))),
      interrupt = new AbortController();
    await runArm(
      job("analyst"),
      context(join(dir, "cut"), {}, {
        signal: interrupt.signal,
        onTrial: (t) => t.number === 1 && interrupt.abort(new DOMException("stop", "AbortError")),
      }),
    );
    const again = await runArm(job("analyst"), context(join(dir, "cut")));
    assert.equal(again.end.trials_hash, whole.end.trials_hash);
  });
});

Deno.test("a language model's calls are charged, recorded and not paid for again on resuming", async () => {
  await inFolder(async (dir) => {
    let asked = 0;
    const model = functionModel("claude", (request) => {
      asked++;
      return reasonFrom(request.input as AnalystInput);
    }, { version: "1" });
    const interrupt = new AbortController();
    await runArm(
      job("claude"),
      context(dir, { model }, {
        signal: interrupt.signal,
        onTrial: (t) => t.number === 2 && interrupt.abort(new DOMException("stop", "AbortError")),
      }),
    );
    const before = asked;
    const { trials, end } = await runArm(job("claude"), context(dir, { model }));
    assert.equal(asked, trials.length - 1 + (end.spent.model_calls - (trials.length - 1)));
    assert.ok(before >= 2 && asked > before);
    assert.ok(end.spent.model_calls >= trials.length - 1);
    const limited = await runArm(
      { ...job("claude"), seed: 2 },
      context(dir, { model }, { limits: { model_calls: 1 } }),
    );
    assert.match(limited.end.reason, /model_calls/);
    assert.equal(limited.end.spent.model_calls, 1, "no call is made beyond the limit");
  });
});

Deno.test("a model that cannot be asked stops the arm with its own message; a useless reply is a failed trial", async () => {
  await inFolder(async (dir) => {
    const gone = scriptedModel("claude", [{ fails: "auth", detail: "not logged in" }]);
    await assert.rejects(
      runArm(job("claude"), context(join(dir, "gone"), { model: gone })),
      (error) => error instanceof ClaudeError && error.kind === "auth",
    );
    const vague = scriptedModel("claude", Array.from({ length: 60 }, () => "I would raise something."));
    const { trials } = await runArm(job("claude", 20), context(join(dir, "vague"), { model: vague }));
    assert.ok(trials.slice(1).every((t) => t.status === "failed" && t.point === null));
    assert.match(trials[1]!.error!, /Cannot use proposal 0 of claude/);
  });
});

Deno.test("the arm claude needs somebody to ask", async () => {
  await inFolder(async (dir) => {
    await assert.rejects(runArm(job("claude"), context(dir)), /nobody to ask/);
  });
});
