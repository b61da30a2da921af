/** `deno task train`: the loop, then one look at selection and test with the trained point beside the baselines. */
import { join } from "node:path";
import { writeJson } from "../base/artefacts.ts";
import type { Corpus } from "../corpus/corpus.ts";
import { printFormula } from "../formula/print.ts";
import { FAILURES, openJournal, readScratchpad } from "../scratchpad/mod.ts";
import { searchSpace } from "../formula/parameters.ts";
import { defaultPoint } from "../records/space.ts";
import { type StudyConfig, studyDir } from "../study/config.ts";
import { readTrained } from "../study/facts.ts";
import { trainFailures } from "../study/failures.ts";
import { countFiled, filedSentence } from "../study/filed.ts";
import { type SplitTable, tableText, TRAINED } from "../study/table.ts";
import { writeTables } from "../study/table_file.ts";
import { measureOvertuning } from "../study/train.ts";
import { type Command, type Invocation, type Outcome, runCommand } from "./command.ts";
import { MODEL_OPTIONS } from "./models.ts";
import { writeReport } from "./report.ts";
import { withManifest } from "./run.ts";
import { scoreSplits } from "./score_splits.ts";
import { corporaOf, STUDY_OPTIONS, studyOf } from "./study_options.ts";
import { EPISODE_OPTIONS, runEpisodes, type Training } from "./training.ts";

export const TRAIN: Command = {
  name: "train",
  summary:
    "Trains by reasoning: failures, episodes, the best point, then the table of baselines, defaults and trained on selection and test.",
  options: { ...STUDY_OPTIONS, ...EPISODE_OPTIONS, ...MODEL_OPTIONS },
  examples: [
    "deno task train --repo ../my-project",
    "deno task train --study my-project --control permuted",
    "deno task train --corpus quick --study quick --episodes 12",
    "deno task train --study my-project --agent claude --max-usd 2",
  ],
  notes:
    "Resumable: the same command goes on where it stopped. Writes trained.json, scratchpad.json, table.json, overtuning.json and " +
    "report.html. With --control the same is done with one kind of evidence corrupted, and the report shows what that cost.",
};

/** Trains a study and writes what came of it. Shared with `demo`. */
export async function trainAndJudge(
  invocation: Invocation,
  config: StudyConfig,
  corpora: readonly Corpus[],
  fallbackEpisodes = 12,
): Promise<{ training: Training; tables: SplitTable[]; text: string; json: Outcome["json"] }> {
  const { progress, signal } = invocation;
  const dir = studyDir(config.name);
  const point = defaultPoint(searchSpace(config.formula));
  const failures = trainFailures(config, corpora, { formula: config.formula, point, perStratum: 25 });
  {
    using journal = openJournal(dir);
    journal.append(FAILURES, ...failures);
  }
  progress.say(`${failures.length} failures of train cases collected`);
  const training = await runEpisodes(invocation, config, corpora, fallbackEpisodes);
  const { trained } = training;
  const controlled = training.control !== "none";
  const honest = controlled ? readTrained(dir) : null;
  signal.throwIfAborted();
  const tables = await scoreSplits(invocation, config, corpora, {
    splits: ["selection", "test"],
    extra: [
      ...(honest ? [{ name: TRAINED, formula: honest.formula, point: honest.params }] : []),
      { name: controlled ? training.control : TRAINED, formula: trained.formula, point: trained.params },
    ],
    ...(honest ? { reference: TRAINED } : {}),
  });
  writeTables(join(training.dir, "table.json"), tables);
  const looks = readScratchpad(training.dir).episodes.reduce(
    (n, e) => n + e.evaluations.selection_queries,
    0,
  );
  const meter = trained.episode === null ? null : measureOvertuning(config, corpora, trained, looks);
  writeJson(join(training.dir, "overtuning.json"), { record: "overtuning/1", looks, meter });
  const report = writeReport(config.name), filed = countFiled(corpora.flatMap((c) => c.cases));
  const overtuning = meter === null
    ? "nothing was accepted: the defaults stand"
    : `overtuning: gain ${meter.selection_gain.toFixed(3)} on selection, ${
      meter.held_out_gain.toFixed(3)
    } on test; ` +
      `${looks} ${looks === 1 ? "look" : "looks"} at selection would show ${
        meter.null_gain.toFixed(3)
      } by chance; worse than the defaults with probability ${meter.chance_worse.toFixed(3)}`;
  return {
    training,
    tables,
    text: `${tableText(tables, honest ? TRAINED : undefined)}${
      filed.cases === 0 ? "" : `\n${filedSentence(filed)}`
    }\n\ntrained: ${
      printFormula(trained.formula, trained.params)
    }\n${overtuning}\n\n${report.lead}\nreport: ${report.html}`,
    json: { study: config.name, trained, tables, filed, overtuning: meter, report: report.html },
  };
}

if (import.meta.main) {
  await runCommand(TRAIN, async (invocation) => {
    const config = await studyOf(invocation);
    return await withManifest(config, invocation, { splits: ["train", "selection", "test"] }, async () => {
      const corpora = await corporaOf(config, invocation);
      const { text, json } = await trainAndJudge(invocation, config, corpora);
      return { text, json };
    });
  });
}
