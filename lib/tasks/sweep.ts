/** `deno task sweep`: one sampler with one seed over a study's train cases; the best point is judged once. */
import { join } from "node:path";
import { writeJson, writeTextAtomic } from "../base/artefacts.ts";
import { Arena } from "../engine/arena.ts";
import { searchSpace } from "../formula/parameters.ts";
import { trainArena } from "../reasoning/guard.ts";
import type { Split } from "../records/case.ts";
import { defaultPoint } from "../records/space.ts";
import { optunaJournal } from "../search/optuna_journal.ts";
import { OptunaUnavailable } from "../search/optuna_bridge.ts";
import { SAMPLER_NAMES } from "../search/create_sampler.ts";
import { jobName, runArm } from "../study/arm_run.ts";
import { ARM_NAMES, type ArmName } from "../study/arms.ts";
import { studyDir } from "../study/config.ts";
import { judgementText, judgePoint } from "../study/judge.ts";
import { arenaObjective } from "../study/objective.ts";
import { powerOf, powerText } from "../study/power_line.ts";
import { reasonerMaker } from "../study/reasoner_arm.ts";
import { type Command, type Invocation, oneOf, type Outcome, runCommand, wholeNumber } from "./command.ts";
import { ARM_MODEL_OPTIONS, armLimits, armModel } from "./arm_model.ts";
import { withManifest } from "./run.ts";
import { corporaOf, goesOn, STUDY_OPTIONS, studyOf } from "./study_options.ts";

export const SWEEP: Command = {
  name: "sweep",
  summary:
    "Searches the formula's parameters on train cases with one sampler, and judges the best point once.",
  options: {
    ...STUDY_OPTIONS,
    sampler: { type: "string", value: "NAME", help: `who chooses points: ${ARM_NAMES.join(", ")} (tpe)` },
    budget: {
      type: "string",
      value: "N",
      help: "evaluations over all train cases, the defaults' included (100)",
    },
    "sampler-seed": {
      type: "string",
      value: "N",
      help: "seed of the sampler; with a new study --seed is taken (1)",
    },
    "export-optuna": {
      type: "string",
      value: "FILE",
      writes: "file",
      help: "also write the trials as an Optuna journal",
    },
    ...ARM_MODEL_OPTIONS,
  },
  examples: [
    "deno task sweep --repo ../my-project --sampler tpe --budget 200 --seed 3",
    "deno task sweep --study my-project --sampler optuna --export-optuna journal.log",
  ],
  notes:
    "Trials stand in arms/SAMPLER-bBUDGET-sSEED/trials.jsonl, trial 0 being the defaults. The same command goes on where it stopped. " +
    `Samplers of the kit: ${SAMPLER_NAMES.join(", ")}.`,
};

const JUDGED: readonly Split[] = ["selection", "test"];

/** The body of the task, for tests too. */
export async function sweep(invocation: Invocation): Promise<Outcome> {
  const { values, progress, signal } = invocation;
  const arm = oneOf(values, "sampler", ARM_NAMES, "tpe") as ArmName;
  const budget = wholeNumber(values, "budget", 100);
  // An existing study refuses --seed of its own, so a sampler's seed can be given apart from it.
  const named = values["sampler-seed"] === undefined ? "seed" : "sampler-seed";
  const seed = wholeNumber(values, named, 1, 0);
  const config = await studyOf(
    goesOn(values) ? { ...invocation, values: { ...values, seed: undefined } } : invocation,
  );
  const dir = studyDir(config.name), job = { arm, seed, budget };
  return await withManifest(config, invocation, {
    splits: ["train", ...JUDGED],
    budgets: [{ unit: "point_evaluations", given: budget, used: 0 }],
    parameters: { arm, seed, budget },
  }, async () => {
    const corpora = await corporaOf(config, invocation);
    const load = (split: Split) =>
      Arena.load(corpora, { splits: [split], mode: config.query, labels: config.labels });
    const train = load("train"), formula = config.formula;
    const judges = JUDGED.map(load).filter((arena) => arena.cases.length > 0);
    const powers = judges.map((arena) => powerOf(arena, formula));
    progress.say(powerText(powers));
    const model = armModel(arm, invocation, config);
    const run = await runArm(job, {
      study: config.name,
      dir,
      objective: arenaObjective(train, { formula }),
      clock: () => performance.now() / 1000,
      limits: armLimits(invocation),
      signal,
      makeReasoner: reasonerMaker({
        train: trainArena(train),
        formula,
        mode: config.query,
        study: config.name,
        signal,
        ...(model === undefined ? {} : { model }),
      }),
      onTrial: (trial) => progress.step(`${arm}: evaluations`, trial.spent.theta_evaluations, budget),
    }).catch((error) => {
      if (error instanceof OptunaUnavailable) throw new RangeError(error.message, { cause: error });
      throw error;
    });
    signal.throwIfAborted();
    const home = defaultPoint(searchSpace(formula));
    const best = run.end.incumbent === null ? undefined : run.trials[run.end.incumbent];
    const judgements = best === undefined ? [] : await Promise.all(
      judges.map((arena) =>
        judgePoint(arenaObjective(arena, { formula }), best.point!, home, { seed: config.seed })
      ),
    );
    const name = jobName(job);
    writeJson(join(dir, "arms", name, "judged.json"), {
      record: "judged/1",
      arm: name,
      trial: best?.number ?? null,
      params: best?.point ?? null,
      train: best?.value ?? null,
      judgements,
      power: powers,
    });
    const out = values["export-optuna"] as string | undefined;
    if (out !== undefined) {
      writeTextAtomic(
        out,
        optunaJournal({
          studyName: `${config.name}/${name}`,
          space: searchSpace(formula),
          trials: run.trials,
          attributes: { study: config.name, arm: name },
        }),
      );
    }
    const { spent } = run.end;
    const text = [
      powerText(powers),
      "",
      `${name}: ${run.end.n_trials} trials, ${run.end.n_failed} failed, ended by ${run.end.end}: ${run.end.reason}`,
      `spent: ${spent.theta_evaluations} evaluations, ${spent.case_evaluations} cases, ${spent.selection_queries} selection queries, ` +
      `${spent.model_calls} model calls, ${spent.tokens} tokens, ${spent.cost_usd.toFixed(2)} USD, ${
        spent.seconds.toFixed(1)
      } s`,
      best === undefined
        ? "no trial completed: there is nothing to judge"
        : `best on train: trial ${best.number} with ${best.value!.toFixed(4)} (defaults ${
          run.trials[0]!.value?.toFixed(4) ?? "failed"
        })`,
      ...judgements.map(judgementText),
      `trials: ${join(dir, "arms", name, "trials.jsonl")}`,
      ...(out === undefined ? [] : [`Optuna journal: ${out}`]),
    ].join("\n");
    return {
      json: {
        study: config.name,
        arm: name,
        end: run.end,
        params: best?.point ?? null,
        judgements,
        power: powers,
      },
      text,
    };
  });
}

if (import.meta.main) await runCommand(SWEEP, sweep);
