/** `deno task demo`: the whole loop on real repositories, from git history to a report. */
import { join } from "node:path";
import { PROJECT_ROOT } from "../base/paths.ts";
import { writeTextAtomic } from "../base/artefacts.ts";
import { canonicalJson } from "../base/canonical.ts";
import { RepositoryError } from "../repo/git.ts";
import { type StudyConfig, studyDir } from "../study/config.ts";
import { type Command, type Invocation, runCommand } from "./command.ts";
import { MODEL_OPTIONS } from "./models.ts";
import { writeReport } from "./report.ts";
import { withManifest } from "./run.ts";
import { corporaOf, STUDY_OPTIONS, studyOf } from "./study_options.ts";
import { trainAndJudge } from "./train.ts";
import { EPISODE_OPTIONS } from "./training.ts";
import { distillStudies } from "./wisdom_studies.ts";

export const DEMO: Command = {
  name: "demo",
  summary:
    "Runs the whole loop: cases from git history, failures, reasoning, acceptance, distillation, report.",
  options: { ...STUDY_OPTIONS, ...EPISODE_OPTIONS, ...MODEL_OPTIONS },
  examples: [
    "deno task demo",
    "deno task demo --repo ../my-project",
    "deno task demo --corpus curated --study curated",
  ],
  notes:
    "Without --repo or --corpus it uses the specification's small set of repositories when they can be cloned, and otherwise this " +
    "repository itself, and says which. Needs no model, no Python and no network beyond the package registry.",
};

/** The study a demo is about, and a sentence saying why that one. */
async function demoStudy(invocation: Invocation): Promise<{ config: StudyConfig; why: string }> {
  const { values, progress } = invocation;
  if (
    values["repo"] !== undefined || values["corpus"] !== undefined || values["lockbox"] !== undefined ||
    values["study"] !== undefined
  ) {
    return { config: await studyOf(invocation), why: "the repositories you named" };
  }
  try {
    progress.say("looking for the small corpus (five public repositories)");
    const config = await studyOf({
      ...invocation,
      values: { ...values, corpus: "quick", study: "demo-quick" },
    });
    return { config, why: "the specification's small corpus" };
  } catch (error) {
    if (!(error instanceof RepositoryError)) throw error;
    progress.say(`the small corpus cannot be cloned here (${error.message}); using this repository itself`);
    const config = await studyOf(invocation, { name: await selfStudyName(), repos: [PROJECT_ROOT] });
    return {
      config,
      why:
        "this repository itself, because the small corpus could not be cloned: too few cases to prove much",
    };
  }
}

/** Name of the demo on this repository: its head is part of it, so that a new commit begins a new study. */
async function selfStudyName(): Promise<string> {
  const { openRepository } = await import("../repo/git.ts");
  return `demo-${(await openRepository(PROJECT_ROOT)).head.slice(0, 8)}`;
}

if (import.meta.main) {
  await runCommand(DEMO, async (invocation) => {
    const { config, why } = await demoStudy(invocation);
    invocation.progress.say(`study ${config.name}: ${why}`);
    return await withManifest(config, invocation, { splits: ["train", "selection", "test"] }, async () => {
      const corpora = await corporaOf(config, invocation);
      const dir = studyDir(config.name);
      writeTextAtomic(
        join(dir, "cases.jsonl"),
        corpora.flatMap((c) => c.cases.map((one) => canonicalJson(one) + "\n")).join(""),
      );
      for (const { meta } of corpora) {
        invocation.progress.say(
          `${meta.repo}: ${meta.n_cases} cases from ${meta.n_teaching} of ${meta.n_window} commits`,
        );
      }
      const { text, json } = await trainAndJudge(invocation, config, corpora, 8);
      const { wisdom } = await distillStudies([config.name], invocation, {
        agent: "analyst",
        backgrounds: 0,
      });
      const report = writeReport(config.name);
      return {
        text: `data: ${why}\n\n${text}\nwisdom: ${dir}/wisdom.md (${
          wisdom.presets.filter((p) => p.kept).length
        } presets kept, ` +
          `${
            wisdom.heuristics.filter((h) => h.default_on).length
          } heuristics on)`,
        json: { ...json, data: why, wisdom: join(dir, "wisdom.json"), report: report.html },
      };
    });
  });
}
