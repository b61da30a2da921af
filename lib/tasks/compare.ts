/** `deno task compare`: arms times seeds under one budget, judged on cases nobody searched on. */
import { join } from "node:path";
import { writeJson } from "../base/artefacts.ts";
import { Arena } from "../engine/arena.ts";
import { searchSpace } from "../formula/parameters.ts";
import type { Split } from "../records/case.ts";
import { defaultPoint, pointHash } from "../records/space.ts";
import { comparisonAnswer } from "../report/comparison_answer.ts";
import { comparisonReport } from "../report/comparison_report.ts";
import { trainArena } from "../reasoning/guard.ts";
import { type ArmJob, type ArmRun, jobName, runArm } from "../study/arm_run.ts";
import { type ArmName, checkArms, CLASSICAL_ARMS, FREE_REASONER_ARMS, isReasoner } from "../study/arms.ts";
import { compareArms, pointsToJudge, referenceArm } from "../study/comparison.ts";
import { configHash, type StudyConfig, studyDir } from "../study/config.ts";
import { CHECKPOINTS, checkpointsWithin } from "../study/curves.ts";
import { decide, speedUp } from "../study/decisions.ts";
import { testedHypotheses } from "../study/hypotheses.ts";
import { arenaObjective, commitClusters } from "../study/objective.ts";
import { type Power, powerOf, powerText } from "../study/power_line.ts";
import { preregister, preregistration, REFERENCE_ARMS } from "../study/preregistration.ts";
import { reasonerMaker } from "../study/reasoner_arm.ts";
import type { ArmRuns, JudgedSplit } from "../study/seed_tables.ts";
import { ARM_MODEL_OPTIONS, armLimits, armModel } from "./arm_model.ts";
import { ArmPool, type PoolTask } from "./arm_pool.ts";
import { OUT_OPTION, writeReportFiles } from "./artefact_report.ts";
import {
  type Command,
  type Invocation,
  type Outcome,
  runCommand,
  UsageError,
  wholeNumber,
} from "./command.ts";
import { withManifest } from "./run.ts";
import { corporaOf, STUDY_OPTIONS, studyOf } from "./study_options.ts";

const DEFAULT_ARMS: readonly ArmName[] = [...CLASSICAL_ARMS, ...FREE_REASONER_ARMS];
const PRIMARY_BUDGET = 40;

export const COMPARE: Command = {
  name: "compare",
  summary:
    "Runs search arms and reasoners with equal budgets and seeds, and says which claims about them the data allow.",
  options: {
    ...STUDY_OPTIONS,
    arms: {
      type: "string",
      value: "A,B,...",
      help: `arms (${DEFAULT_ARMS.join(",")}); also optuna and claude`,
    },
    seeds: { type: "string", value: "N", help: "seeds of each arm, 1 to N (8)" },
    budget: { type: "string", value: "N", help: "evaluations over all train cases an arm may spend (400)" },
    threads: { type: "string", value: "N", help: "threads (one a core)" },
    out: OUT_OPTION,
    ...ARM_MODEL_OPTIONS,
  },
  examples: [
    "deno task compare --corpus ten --study ten",
    "deno task compare --study my-project --arms tpe,cma_es,analyst --seeds 8 --budget 100",
  ],
  notes:
    "Registers arms, budget, endpoint and test in preregistrations.jsonl before anything runs. Finished runs are read, interrupted ones " +
    "go on. Writes compare.json, compare.md and compare.html. The lockbox is read when the study has one.",
};

/** The body of the task, for tests too. */
export async function compare(invocation: Invocation): Promise<Outcome> {
  const { values, progress, signal } = invocation;
  const named = values["arms"] as string | undefined;
  const arms = named === undefined
    ? [...DEFAULT_ARMS]
    : checkArms(named.split(",").map((name) => name.trim()));
  const seeds = Array.from({ length: wholeNumber(values, "seeds", 8) }, (_, i) => i + 1);
  const budget = wholeNumber(values, "budget", 400, 2);
  const threads = wholeNumber(values, "threads", navigator.hardwareConcurrency);
  if (arms.includes("claude") && values["json"] === undefined) {
    progress.say(
      `the arm claude asks your command line: at most ${armLimits(invocation).cost_usd} USD a seed`,
    );
  }
  const config = await studyOf(invocation), dir = studyDir(config.name);
  const judgedOn: Split[] = config.repositories.some((r) => r.role === "lockbox")
    ? ["test", "lockbox"]
    : ["test"];
  const registration = preregistration({
    study: config.name,
    study_hash: configHash(config),
    arms,
    seeds,
    budget,
    checkpoints: checkpointsWithin(budget, CHECKPOINTS),
    primary_budget: Math.min(PRIMARY_BUDGET, budget),
    judged_on: judgedOn,
    reference_among: REFERENCE_ARMS.filter((arm) => (arms as readonly string[]).includes(arm)).length > 0
      ? REFERENCE_ARMS.filter((arm) => (arms as readonly string[]).includes(arm))
      : [...arms],
  });
  const registrations = preregister(dir, registration);
  return await withManifest(config, invocation, {
    splits: ["train", ...judgedOn],
    budgets: [{ unit: "point_evaluations", given: budget * arms.length * seeds.length, used: 0 }],
    inputs: { preregistration: registration.id },
    parameters: { arms, seeds, budget },
  }, async () => {
    const corpora = await corporaOf(config, invocation);
    const arenas = judgedOn.map((split) =>
      Arena.load(corpora, { splits: [split], mode: config.query, labels: config.labels })
    ).filter((arena) => arena.cases.length > 0);
    if (arenas.length === 0) throw new UsageError("the study has no test case: give it more commits");
    const power: Power[] = arenas.map((arena) => powerOf(arena, config.formula));
    progress.say(powerText(power));
    const jobs = arms.flatMap((arm) => seeds.map((seed): ArmJob => ({ arm, seed, budget })));
    using pool = new ArmPool(threads);
    const runs = await runJobs(jobs, { config, dir, pool, invocation });
    const byArm = arms.map((arm): ArmRuns => ({ arm, runs: runs.filter((run) => run.job.arm === arm) }));
    const defaults = defaultPoint(searchSpace(config.formula));
    const points = pointsToJudge(byArm, registration, defaults);
    progress.say(`${points.length} incumbents to judge on ${judgedOn.join(" and ")}`);
    const judged: JudgedSplit[] = [];
    for (const arena of arenas) {
      const split = arena.splits[0]!;
      const parts = chunks(points, Math.max(1, Math.ceil(points.length / (4 * threads))));
      let done = 0;
      const results = await pool.run(
        parts.map((part): PoolTask => ({ kind: "judge", study: config.name, split, points: part })),
        {
          signal,
          onResult: (task) =>
            progress.step(`judging on ${split}`, done += parts[task]!.length, points.length),
        },
      );
      const values = results.flatMap((r) => r.kind === "judged" ? r.values : []);
      judged.push({
        split,
        n_cases: arena.cases.length,
        clusters: commitClusters(arena.cases.map((c) => c.case), arena.shares),
        values: new Map(points.map((point, i) => [pointHash(point), values[i]!])),
      });
    }
    const comparison = compareArms({ registration, arms: byArm, judged, defaults, seed: config.seed });
    const reference = referenceArm(byArm, registration);
    const speedUps = ["analyst", "hybrid", "claude"].flatMap((arm) =>
      speedUp(byArm, { arm, reference, at: registration.primary_budget, budget, seed: config.seed }) ?? []
    );
    const decisions = decide(
      comparison,
      Object.fromEntries(power.map((p) => [p.split, p.detectable])),
      speedUps,
      { hypotheses: testedHypotheses(dir) },
    );
    writeJson(join(dir, "compare.json"), {
      record: "compare/1",
      study: config.name,
      comparison,
      decisions,
      speed_ups: speedUps,
      power,
      runs: runs.map(({ job, end }) => ({ ...job, trials_hash: end.trials_hash })),
    });
    const files = writeReportFiles(
      dir,
      "compare",
      comparisonReport({
        study: config.name,
        comparison,
        decisions,
        power,
        registrations,
        provenance: provenanceOf(config, invocation),
      }),
      values["out"] as string | undefined,
    );
    return {
      json: { study: config.name, comparison, decisions, power, files },
      text: [
        powerText(power),
        "",
        comparisonAnswer(comparison),
        "",
        ...decisions.map((d) => `${d.answer.padEnd(11)}  ${d.claim}: ${d.why}`),
        "",
        files.html,
      ].join("\n"),
    };
  });
}

/** Runs jobs on threads, the slowest arms first; those that start a command line one after the other in this thread. */
async function runJobs(
  jobs: readonly ArmJob[],
  { config, dir, pool, invocation }: {
    readonly config: StudyConfig;
    readonly dir: string;
    readonly pool: ArmPool;
    readonly invocation: Invocation;
  },
): Promise<ArmRun[]> {
  const { progress, signal } = invocation;
  const slow = (job: ArmJob) => isReasoner(job.arm) ? 0 : job.arm === "gp_ei" || job.arm === "optuna" ? 1 : 2;
  const pooled = jobs.filter((job) => job.arm !== "claude").toSorted((a, b) => slow(a) - slow(b));
  const total = jobs.reduce((n, job) => n + job.budget, 0), done = new Array<number>(pooled.length).fill(0);
  const show = () => progress.step("evaluations", done.reduce((a, b) => a + b, 0), total);
  const found = await pool.run(
    pooled.map((job): PoolTask => ({ kind: "arm", study: config.name, job })),
    {
      signal,
      onProgress: (task, n) => {
        done[task] = Math.min(n, pooled[task]!.budget);
        show();
      },
      onResult: (task) => {
        done[task] = pooled[task]!.budget;
        show();
      },
    },
  );
  const runs = new Map(found.flatMap((r) => r.kind === "ran" ? [[jobName(r.run.job), r.run] as const] : []));
  const asking = jobs.filter((job) => job.arm === "claude");
  if (asking.length > 0) {
    const corpora = await corporaOf(config, invocation);
    const train = trainArena(
      Arena.load(corpora, { splits: ["train"], mode: config.query, labels: config.labels }),
    );
    const { formula, query: mode, name: study } = config;
    const objective = arenaObjective(train, { formula });
    const model = armModel("claude", invocation, config)!;
    for (const job of asking) {
      signal.throwIfAborted();
      runs.set(
        jobName(job),
        await runArm(job, {
          study,
          dir,
          objective,
          clock: () => performance.now() / 1000,
          limits: armLimits(invocation),
          makeReasoner: reasonerMaker({ train, formula, mode, study, model, signal }),
          signal,
        }),
      );
    }
  }
  signal.throwIfAborted();
  return jobs.map((job) => runs.get(jobName(job))!);
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from(
    { length: Math.ceil(items.length / size) },
    (_, i) => items.slice(i * size, (i + 1) * size),
  );
}

function provenanceOf(config: StudyConfig, { line }: Invocation): Record<string, string> {
  return {
    command: `deno task ${line.join(" ")}`,
    study: config.name,
    formula: config.formula.name,
    query: config.query,
    labels: config.labels,
    repositories: config.repositories.map((r) => `${r.name}@${r.head.slice(0, 12)}`).join(", "),
  };
}

if (import.meta.main) await runCommand(COMPARE, compare);
