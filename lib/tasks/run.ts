/** A run of a task on a study: its manifest lines before and after. */
import { readManifests } from "../study/runs.ts";
import { makeManifest, type RunFacts } from "../study/manifest.ts";
import { type StudyConfig, studyDir } from "../study/config.ts";
import { describeRecovery, openJournal, recordManifest } from "../scratchpad/mod.ts";
import type { Invocation, Outcome } from "./command.ts";

/** Runs a body between a "started" manifest and a "finished", "interrupted" or "failed" one. */
export async function withManifest(
  config: StudyConfig,
  invocation: Invocation,
  facts: Omit<RunFacts, "run" | "state" | "command">,
  body: () => Promise<Outcome>,
): Promise<Outcome> {
  const dir = studyDir(config.name);
  const task = invocation.line[0]!;
  const write = async (run: string, state: RunFacts["state"]) => {
    const manifest = await makeManifest(config, { ...facts, run, state, command: invocation.line });
    using journal = openJournal(dir);
    for (const recovery of journal.recovered) invocation.progress.say(describeRecovery(recovery));
    recordManifest(journal, manifest);
  };
  const run = `${task}-${
    new Set(readManifests(dir).filter((m) => m.run.startsWith(`${task}-`)).map((m) => m.run)).size + 1
  }`;
  await write(run, "started");
  try {
    const outcome = await body();
    await write(run, "finished");
    return outcome;
  } catch (error) {
    await write(run, invocation.signal.aborted ? "interrupted" : "failed");
    throw error;
  }
}
