/** `deno task evaluate`: the study's formula and every baseline, on selection and test, with intervals. */
import { join } from "node:path";
import { writeJson } from "../base/artefacts.ts";
import type { Split } from "../records/case.ts";
import { studyDir } from "../study/config.ts";
import { makeTable, tableText } from "../study/table.ts";
import { type Command, runCommand, UsageError } from "./command.ts";
import { withManifest } from "./run.ts";
import { corporaOf, PARAMS_OPTION, readFormula, readPoint, STUDY_OPTIONS, studyOf } from "./study_options.ts";

const SPLIT_CHOICES = ["train", "selection", "test", "lockbox"] as const;

export const EVALUATE: Command = {
  name: "evaluate",
  summary: "Scores the formula and every baseline with the real ranker on real parent trees, with intervals.",
  options: {
    ...STUDY_OPTIONS,
    params: PARAMS_OPTION,
    candidate: {
      type: "string",
      value: "NAME|FILE",
      help: "a second formula, compared with the study's own; --params then belongs to it",
    },
    split: {
      type: "string",
      multiple: true,
      value: SPLIT_CHOICES.join("|"),
      help: "cases to score (selection and test)",
    },
  },
  examples: [
    "deno task evaluate --repo ../my-project",
    "deno task evaluate --study my-project --params '{\"pagerank_alpha\":0.3}'",
    "deno task evaluate --study my-project --candidate decayed --split selection",
  ],
  notes: "The lockbox is for one last look: every look is written in the study's manifests.",
};

if (import.meta.main) {
  await runCommand(EVALUATE, async (invocation) => {
    const { values, progress } = invocation;
    const splits = (values["split"] as string[] | undefined) ?? ["selection", "test"];
    for (const split of splits) {
      if (!(SPLIT_CHOICES as readonly string[]).includes(split)) {
        throw new UsageError(
          `--split is ${JSON.stringify(split)}: one of ${SPLIT_CHOICES.join(", ")} is wanted`,
        );
      }
    }
    const config = await studyOf(invocation);
    const formula = values["candidate"] === undefined
      ? config.formula
      : readFormula(values["candidate"] as string);
    const point = readPoint(formula, values["params"] as string | undefined);
    const asked = values["params"] !== undefined || values["candidate"] !== undefined;
    return await withManifest(config, invocation, { splits: splits as Split[], point }, async () => {
      const corpora = await corporaOf(config, invocation);
      const tables = makeTable(config, corpora, {
        splits: splits as Split[],
        extra: asked ? [{ name: "candidate", formula, point }] : [],
        onProgress: (done, total) => progress.step("scoring splits", done, total),
      });
      writeJson(join(studyDir(config.name), "table.json"), { record: "table/1", tables });
      return { json: { study: config.name, tables }, text: tableText(tables) };
    });
  });
}
