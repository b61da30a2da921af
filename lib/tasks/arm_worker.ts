/** A thread that runs arms and scores incumbents of one study, one task at a time. It writes the arms' own folders and nothing else. */
/// <reference lib="deno.worker" />
import type { Corpus } from "../corpus/corpus.ts";
import { Arena } from "../engine/arena.ts";
import { trainArena } from "../reasoning/guard.ts";
import type { Split } from "../records/case.ts";
import { readStudy, type StudyConfig, studyDir } from "../study/config.ts";
import { runArm } from "../study/arm_run.ts";
import { reasonerMaker } from "../study/reasoner_arm.ts";
import { arenaObjective, type SplitObjective } from "../study/objective.ts";
import { loadCorpora } from "../study/open.ts";
import type { PoolReply, PoolTask } from "./arm_pool.ts";

let config: StudyConfig | undefined, corpora: readonly Corpus[] = [];
const interrupt = new AbortController();
const objectives = new Map<Split, { arena: Arena; objective: SplitObjective }>();

function load(split: Split): { arena: Arena; objective: SplitObjective } {
  let found = objectives.get(split);
  if (found === undefined) {
    const { query: mode, labels, formula } = config!;
    const arena = Arena.load(corpora, { splits: [split], mode, labels });
    found = { arena, objective: arenaObjective(arena, { formula }) };
    objectives.set(split, found);
  }
  return found;
}

async function run(task: PoolTask): Promise<PoolReply> {
  config ??= readStudy(task.study);
  if (corpora.length === 0) corpora = await loadCorpora(config, { signal: interrupt.signal });
  if (task.kind === "judge") {
    const { objective } = load(task.split);
    const values: Float64Array[] = [];
    for (const point of task.points) {
      interrupt.signal.throwIfAborted();
      values.push(await objective.values(point));
    }
    return { kind: "judged", values };
  }
  const { arena, objective } = load("train");
  let told = 0;
  const done = await runArm(task.job, {
    study: config.name,
    dir: studyDir(config.name),
    objective,
    clock: () => performance.now() / 1000,
    signal: interrupt.signal,
    makeReasoner: reasonerMaker({
      train: trainArena(arena),
      formula: config.formula,
      mode: config.query,
      study: config.name,
      signal: interrupt.signal,
    }),
    onTrial: (trial) => {
      const now = performance.now();
      if (now - told < 500) return;
      told = now;
      self.postMessage({ kind: "progress", done: trial.spent.theta_evaluations } satisfies PoolReply);
    },
  });
  return { kind: "ran", run: done };
}

self.onmessage = async ({ data }: MessageEvent<PoolTask | { readonly kind: "abort" }>) => {
  if (data.kind === "abort") {
    interrupt.abort(new DOMException("interrupted", "AbortError"));
    return;
  }
  try {
    self.postMessage(await run(data));
  } catch (error) {
    const { name, message, stack = "" } = error as Error;
    self.postMessage({ kind: "failed", name, message, stack } satisfies PoolReply);
  }
};
