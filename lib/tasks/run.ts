/** A run of a task on a study: its manifest lines before and after. */
import { readManifests } from "../study/runs.ts";
import { makeManifest, type RunFacts } from "../study/manifest.ts";
import { type StudyConfig, studyDir } from "../study/config.ts";
import {
  describeRecovery,
  type Journal,
  LockedError,
  openJournal,
  recordManifest,
} from "../scratchpad/mod.ts";
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
    using journal = await openWhenFree(dir, invocation);
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

/** How long a manifest line waits for another writer of the study, such as a notebook, and how often it looks. */
const WAIT_MS = 60_000, LOOK_MS = 200;

/** Opens a study's journal, waiting for whoever writes it now. @throws {LockedError} when they are still at it after a minute */
async function openWhenFree(dir: string, { progress }: Invocation): Promise<Journal> {
  for (let waited = 0;; waited += LOOK_MS) {
    try {
      return openJournal(dir);
    } catch (error) {
      if (!(error instanceof LockedError) || waited >= WAIT_MS) throw error;
      if (waited === 0) progress.say("another process is writing this study; waiting for it");
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
}
