/** Export to Optuna's journal, and the real Optuna where it is installed (RIPMAP_LAB_PYTHON names its Python). */
import assert from "node:assert/strict";
import { join } from "node:path";
import { optunaSampler, OptunaUnavailable } from "../../lib/search/optuna_bridge.ts";
import { optunaJournal } from "../../lib/search/optuna_journal.ts";
import { BudgetedEvaluator } from "../../lib/search/budget.ts";
import { createSampler } from "../../lib/search/create_sampler.ts";
import { runStudy } from "../../lib/search/run_study.ts";
import type { AsyncSampler } from "../../lib/search/sampler.ts";
import { defaultPoint, parsePoint, pointHash } from "../../lib/records/space.ts";
import type { Trial } from "../../lib/records/trial.ts";
import { MIXED_SPACE, mixedScore } from "./arms.ts";

const PYTHON = Deno.env.get("RIPMAP_LAB_PYTHON") ?? "python3";

/** Why the real Optuna cannot be asked here, or undefined if it can. */
function missingOptuna(): string | undefined {
  try {
    const { success, stderr } = new Deno.Command(PYTHON, { args: ["-c", "import optuna"] }).outputSync();
    return success ? undefined : new TextDecoder().decode(stderr).trimEnd().split("\n").at(-1);
  } catch (error) {
    return (error as Error).message;
  }
}
const missing = missingOptuna();
if (missing !== undefined) {
  console.log(
    `skipped against the real Optuna: ${PYTHON}: ${missing} (pip install optuna, or set RIPMAP_LAB_PYTHON)`,
  );
}
const live = (title: string, fn: () => Promise<void>) =>
  Deno.test({ name: title, ignore: missing !== undefined, fn });

async function study(sampler: AsyncSampler, n: number): Promise<Trial[]> {
  let calls = 0;
  const evaluator = new BudgetedEvaluator({
    objective(point) {
      if (++calls === 4) throw new Error("worker died");
      return { value: mixedScore(point), case_evaluations: 10 };
    },
    budget: { theta_evaluations: n },
    clock: () => calls * 0.25,
    splits: ["train"],
  });
  const question = { formula_hash: "f1", split: "train", case_set_hash: "c1" } as const;
  const trials: Trial[] = [];
  for await (
    const trial of runStudy({
      study: "s",
      arm: "a",
      seed: 1,
      space: MIXED_SPACE,
      sampler,
      evaluator,
      question,
    })
  ) {
    trials.push(trial);
  }
  return trials;
}

const ours = () => study(createSampler("random", { space: MIXED_SPACE, seed: 1 }), 8);

Deno.test("optunaJournal() writes one create-study, its attributes, and one create-trial a trial", async () => {
  const trials = await ours();
  const lines = optunaJournal({
    studyName: "s",
    space: MIXED_SPACE,
    trials,
    attributes: { metric: "ndcg@10" },
  })
    .trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map((l) => l.op_code), [0, 2, ...trials.map(() => 4)]);
  assert.deepEqual(lines[0], { op_code: 0, study_name: "s", directions: [2], worker_id: "ripmap-lab" });
  const first = lines[2], failed = lines[5];
  assert.deepEqual(first.params, defaultPoint(MIXED_SPACE));
  assert.deepEqual(JSON.parse(first.distributions.fanout), {
    name: "IntDistribution",
    attributes: { log: true, step: 1, low: 1, high: 64 },
  });
  assert.deepEqual([first.datetime_start, first.datetime_complete], [
    "1970-01-01T00:00:00.000000",
    "1970-01-01T00:00:00.250000",
  ]);
  assert.deepEqual([failed.state, failed.value, failed.user_attrs.error], [3, null, "worker died"]);
});

Deno.test("optunaJournal() refuses a trial of another space", async () => {
  const trials = await ours(), other = [...MIXED_SPACE, { ...MIXED_SPACE[0]!, name: "delta" }];
  assert.throws(
    () => optunaJournal({ studyName: "s", space: other, trials }),
    /trial 0: its point has no delta/,
  );
});

Deno.test("optunaSampler() says what to install when Python or optuna is missing", async () => {
  await assert.rejects(
    optunaSampler({ space: MIXED_SPACE, seed: 1, python: "no-such-python" }),
    (error) =>
      error instanceof OptunaUnavailable &&
      /-m pip install optuna" or point RIPMAP_LAB_PYTHON/.test(error.message),
  );
});

const LOADER = `
import json, sys, optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
storage = JournalStorage(JournalFileBackend(sys.argv[1]))
study = optuna.load_study(study_name="s", storage=storage)
print(json.dumps({
    "direction": study.direction.name, "best": study.best_trial.number, "attrs": study.user_attrs,
    "trials": [[t.number, t.state.name, t.value, t.params] for t in study.trials],
}))
study.optimize(lambda trial: trial.suggest_float("alpha", 0, 1), n_trials=1)
assert len(study.trials) == len(optuna.load_study(study_name="s", storage=storage).trials)
`;

live("the real Optuna loads an exported journal with every trial, and goes on with the study", async () => {
  const trials = await ours(), folder = await Deno.makeTempDir();
  const file = join(folder, "journal.log");
  await Deno.writeTextFile(
    file,
    optunaJournal({ studyName: "s", space: MIXED_SPACE, trials, attributes: { k: 10 } }),
  );
  const { stdout, stderr } = await new Deno.Command(PYTHON, { args: ["-c", LOADER, file] }).output();
  await Deno.remove(folder, { recursive: true });
  const text = new TextDecoder().decode(stdout);
  assert.notEqual(text, "", new TextDecoder().decode(stderr));
  const loaded = JSON.parse(text),
    best = trials.toSorted((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity))[0]!;
  assert.deepEqual([loaded.direction, loaded.best, loaded.attrs], ["MAXIMIZE", best.number, { k: 10 }]);
  assert.deepEqual(
    loaded.trials,
    trials.map((t) => [t.number, t.status === "complete" ? "COMPLETE" : "FAIL", t.value, t.point]),
  );
});

live(
  "the real Optuna runs as an arm over the bridge: default first, failures and foreign points told",
  async () => {
    const sampler = await optunaSampler({ space: MIXED_SPACE, seed: 1 });
    try {
      sampler.tell({ point: { ...defaultPoint(MIXED_SPACE), alpha: 0.11 }, value: 0.5, injected: true });
      const trials = await study(sampler, 16);
      assert.equal(trials.length, 16);
      assert.deepEqual(trials[0]!.point, defaultPoint(MIXED_SPACE));
      for (const trial of trials) parsePoint(MIXED_SPACE, trial.point!);
      assert.ok(new Set(trials.map((t) => pointHash(t.point!))).size > 12);
      assert.match(sampler.version, /^\d+\.\d+/);
    } finally {
      await sampler.close!();
    }
  },
);
