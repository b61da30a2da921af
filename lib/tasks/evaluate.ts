/** `deno task evaluate`: the study's formula and every baseline, on selection and test, with intervals. */
import { join } from "node:path";
import type { Corpus } from "../corpus/corpus.ts";
import { type Split, SPLITS } from "../records/case.ts";
import { studyDir } from "../study/config.ts";
import { readTrained } from "../study/facts.ts";
import { readManifests } from "../study/runs.ts";
import { readStructure } from "../study/structure_file.ts";
import { FOUND, tableText, TRAINED } from "../study/table.ts";
import { updateTables } from "../study/table_file.ts";
import { type Command, runCommand, UsageError } from "./command.ts";
import { PARAMS_OPTION, readTuned } from "./formula_options.ts";
import { withManifest } from "./run.ts";
import { scoreSplits } from "./score_splits.ts";
import { corporaOf, formulaOfStudy, STUDY_OPTIONS, studyOf } from "./study_options.ts";

export const EVALUATE: Command = {
  name: "evaluate",
  summary: "Scores the formula and every baseline with the real ranker on real parent trees, with intervals.",
  options: {
    ...STUDY_OPTIONS,
    params: PARAMS_OPTION,
    candidate: {
      type: "string",
      value: "NAME|FILE",
      help:
        "a second formula, compared with the study's own: a built-in, or a JSON file, with the point in it where it holds one; --params then belongs to it",
    },
    split: {
      type: "string",
      multiple: true,
      value: SPLITS.join("|"),
      help: "cases to score (selection and test)",
    },
  },
  examples: [
    "deno task evaluate --repo ../my-project",
    "deno task evaluate --study my-project --params '{\"pagerank_alpha\":0.3}'",
    "deno task evaluate --study my-project --candidate decayed --split selection",
  ],
  notes:
    "Rows: a random order, the baselines, `defaults` (the study's formula at its defaults), `trained` and `found` where the study was trained or " +
    "its structure searched, and `candidate` where --params or --candidate name one. Differences are from `defaults`, paired by commit.\n" +
    "Writes the table of each split scored to table.json; splits not scored keep theirs. The lockbox is for one last look: every look is " +
    "written in the study's manifests.",
};

if (import.meta.main) {
  await runCommand(EVALUATE, async (invocation) => {
    const { values } = invocation;
    const splits = splitsOf(values["split"] as string[] | undefined);
    // Read before a study is made: what cannot be meant leaves nothing behind.
    const { formula, point } = readTuned(values, "candidate", formulaOfStudy(invocation));
    const config = await studyOf(invocation);
    const looks = splits.includes("lockbox") ? lockboxLooks(studyDir(config.name)) : 0;
    if (looks > 0) {
      invocation.progress.say(
        `the lockbox of this study was read by ${looks} ${
          looks === 1 ? "run" : "runs"
        } before: what was chosen since is not judged by it`,
      );
    }
    const asked = values["params"] !== undefined || values["candidate"] !== undefined;
    return await withManifest(config, invocation, { splits, point }, async () => {
      const corpora = await corporaOf(config, invocation);
      if (values["split"] !== undefined) requireCases(corpora, splits);
      const dir = studyDir(config.name), trained = readTrained(dir), found = readStructure(config.name);
      const tables = await scoreSplits(invocation, config, corpora, {
        splits,
        extra: [
          ...(trained ? [{ name: TRAINED, formula: trained.formula, point: trained.params }] : []),
          ...(found ? [{ name: FOUND, formula: found.formula, point: found.params }] : []),
          ...(asked ? [{ name: "candidate", formula, point }] : []),
        ],
      });
      updateTables(join(dir, "table.json"), tables);
      return { json: { study: config.name, tables }, text: tableText(tables) };
    });
  });
}

/** Runs that read the lockbox. Extraction writes its cases down and scores none. */
function lockboxLooks(dir: string): number {
  const readers = readManifests(dir).filter((m) =>
    m.splits.includes("lockbox") && m.command[0] !== "extract"
  );
  return new Set(readers.map((m) => m.run)).size;
}

function splitsOf(named: readonly string[] | undefined): Split[] {
  return [...new Set(named ?? ["selection", "test"])].map((split) => {
    const found = SPLITS.find((known) => known === split);
    if (found) return found;
    throw new UsageError(`--split is ${JSON.stringify(split)}: one of ${SPLITS.join(", ")} is wanted`);
  });
}

/** A split that was asked for and has no case is an error: an empty table would look like an answer. */
function requireCases(corpora: readonly Corpus[], splits: readonly Split[]): void {
  for (const split of splits) {
    if (corpora.some((c) => c.cases.some((one) => one.split === split))) continue;
    throw new RangeError(
      `This study has no ${split} case${
        split === "lockbox" ? ": a study gets its lockbox from --lockbox or --corpus when it is made" : ""
      }`,
    );
  }
}
