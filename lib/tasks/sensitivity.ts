/** `deno task sensitivity`: which parameters matter on a study's train cases, alone and together. */
import { join } from "node:path";
import { writeJson } from "../base/artefacts.ts";
import { Arena } from "../engine/arena.ts";
import { ParallelEngine } from "../engine/engine.ts";
import { searchSpace } from "../formula/parameters.ts";
import { sensitivityAnswer, sensitivityReport } from "../report/sensitivity_report.ts";
import { studyDir } from "../study/config.ts";
import { arenaObjective } from "../study/objective.ts";
import { powerOf, powerText } from "../study/power_line.ts";
import { analyseSensitivity } from "../study/sensitivity.ts";
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

export const SENSITIVITY: Command = {
  name: "sensitivity",
  summary:
    "Says which parameters are live, what each does alone, and which do something together, each with an interval.",
  options: {
    ...STUDY_OPTIONS,
    rows: {
      type: "string",
      value: "N",
      help: "rows of the Sobol design, a power of two; 2 d + 2 evaluations a row (64)",
    },
    table: { type: "string", value: "N", help: "space-filling points the forest is fitted to (1024)" },
    refits: { type: "string", value: "N", help: "forests of the additive null (39)" },
    threads: { type: "string", value: "N", help: "threads (one a core)" },
    out: OUT_OPTION,
  },
  examples: [
    "deno task sensitivity --repo ../my-project",
    "deno task sensitivity --study my-project --rows 256 --table 3000",
  ],
  notes: "Writes sensitivity.json, sensitivity.md and sensitivity.html. Train cases only.",
};

/** The body of the task, for tests too. */
export async function sensitivity(invocation: Invocation): Promise<Outcome> {
  const { values, progress, signal, line } = invocation;
  const rows = wholeNumber(values, "rows", 64, 2), tableRows = wholeNumber(values, "table", 1024, 20);
  const refits = wholeNumber(values, "refits", 39),
    cores = wholeNumber(values, "threads", navigator.hardwareConcurrency);
  const config = await studyOf(invocation), dir = studyDir(config.name);
  return await withManifest(config, invocation, {
    splits: ["train"],
    parameters: { rows, table: tableRows, refits },
  }, async () => {
    const corpora = await corporaOf(config, invocation);
    const arena = Arena.load(corpora, { splits: ["train"], mode: config.query, labels: config.labels });
    if (arena.cases.length === 0) throw new UsageError("the study has no train case: give it more commits");
    const power = [powerOf(arena, config.formula)];
    progress.say(powerText(power));
    using engine = new ParallelEngine(arena, config.formula, { cores });
    const facts = await analyseSensitivity(
      arenaObjective(arena, { formula: config.formula, scorer: () => engine }),
      {
        seed: config.seed,
        rows,
        tableRows,
        refits,
        signal,
        onProgress: (stage, done, total) => progress.step(stage, done, total),
      },
    );
    writeJson(join(dir, "sensitivity.json"), {
      record: "sensitivity/1",
      study: config.name,
      power,
      ...facts,
    });
    const files = writeReportFiles(
      dir,
      "sensitivity",
      sensitivityReport({
        facts,
        space: searchSpace(config.formula),
        power,
        provenance: {
          command: `deno task ${line.join(" ")}`,
          study: config.name,
          formula: config.formula.name,
          repositories: config.repositories.map((r) => `${r.name}@${r.head.slice(0, 12)}`).join(", "),
        },
      }),
      values["out"] as string | undefined,
    );
    return {
      json: { study: config.name, power, files, facts },
      text: `${powerText(power)}\n\n${
        sensitivityAnswer(facts)
      }\n${facts.evaluations} evaluations\n${files.html}`,
    };
  });
}

if (import.meta.main) await runCommand(SENSITIVITY, sensitivity);
