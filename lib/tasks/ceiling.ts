/** `deno task ceiling`: how much a formula leaves on the table, by learned rankers on the same signals. */
import { join } from "node:path";
import { writeJson } from "../base/artefacts.ts";
import { learnCeiling, learnedScores } from "../study/ceiling.ts";
import { studyDir } from "../study/config.ts";
import { NEVER_COCHANGED, type Row } from "../study/rankers.ts";
import { readStructure } from "../study/structure_file.ts";
import { DEFAULTS, FOUND, type SplitTable, tableText } from "../study/table.ts";
import { type Command, runCommand } from "./command.ts";
import { withManifest } from "./run.ts";
import { scoreSplits } from "./score_splits.ts";
import { corporaOf, STUDY_OPTIONS, studyOf } from "./study_options.ts";

export const CEILING: Command = {
  name: "ceiling",
  summary:
    "Fits learned rankers to all signals on train cases and judges them beside the formulas: an upper bound to aim at.",
  options: {
    ...STUDY_OPTIONS,
    python: {
      type: "string",
      value: "PATH",
      help: "Python with lightgbm, for boosted trees (RIPMAP_LAB_PYTHON, else python3)",
    },
  },
  examples: [
    "deno task ceiling --study my-project",
    "deno task ceiling --study ten --python .venv/bin/python",
  ],
  notes:
    "A linear listwise ranker always, LightGBM's LambdaMART where Python has it; each once for all pairs and once for pairs that never " +
    "changed together. Selection cases say when to stop; test cases are read once, at the end. Writes ceiling.json. The formula found " +
    "by deno task structure stands in the table where there is one. Takes minutes.",
};

/** What share of the best learned ranker's figure a ranker reaches, by measure. */
function shares(table: SplitTable, learned: ReadonlySet<string>, ranker: string): Record<string, number> {
  const mean = (r: Row | undefined, measure: string) => r?.means[measure]?.estimate;
  return Object.fromEntries(["ndcg@10", NEVER_COCHANGED].flatMap((measure) => {
    const own = mean(table.rows.find((r) => r.ranker === ranker), measure);
    const best = Math.max(
      ...table.rows.filter((r) => learned.has(r.ranker)).map((r) => mean(r, measure) ?? -Infinity),
    );
    return own === undefined || !(best > 0) ? [] : [[measure, own / best]];
  }));
}

if (import.meta.main) {
  await runCommand(CEILING, async (invocation) => {
    const { values, progress, signal } = invocation;
    const config = await studyOf(invocation);
    return await withManifest(config, invocation, { splits: ["train", "selection", "test"] }, async () => {
      const corpora = await corporaOf(config, invocation);
      const ceiling = await learnCeiling(config, corpora, {
        python: values["python"] as string | undefined,
        signal,
        onProgress: (what, done, total) => progress.step(what, done, total),
      });
      if (ceiling.skipped !== null) progress.say(`without boosted trees: ${ceiling.skipped}`);
      const found = readStructure(config.name), reference = found ? FOUND : DEFAULTS;
      const tables = await scoreSplits(invocation, config, corpora, {
        splits: ["selection", "test"],
        extra: found ? [{ name: FOUND, formula: found.formula, point: found.params }] : [],
        further: (arena, before) => ceiling.learned.map((l) => learnedScores(arena, l, before)),
        reference,
      });
      const names = new Set(ceiling.learned.map((l) => l.name));
      const test = tables.find((t) => t.split === "test");
      const reached = test ? shares(test, names, reference) : {};
      const learned = ceiling.learned.map(({ scores: _, ...rest }) => rest);
      const result = {
        study: config.name,
        columns: ceiling.columns,
        learned,
        skipped: ceiling.skipped,
        reference,
        reached,
        tables,
      };
      writeJson(join(studyDir(config.name), "ceiling.json"), { record: "ceiling/1", ...result });
      const percent = (x: number | undefined) => x === undefined ? "-" : `${(100 * x).toFixed(0)} %`;
      const text = [
        `${ceiling.columns.length} columns. Chosen on selection cases, so optimistic there:`,
        ...learned.map((l) =>
          `  ${l.name.padEnd(32)} ${String(l.rounds).padStart(4)} rounds, selection ${
            l.selection.toFixed(3)
          } of ${l.fitted_to.replace("_cochanged", "-co-changed")} pairs, by ${l.made_by}`
        ),
        ...learned.filter((l) => l.importance.length > 0).map((l) =>
          `  ${l.name} splits on: ${
            l.importance.map((i) => `${i.column} ${(100 * i.share).toFixed(0)} %`).join(", ")
          }`
        ),
        "",
        tableText(tables, reference),
        "",
        `${reference} reaches ${percent(reached["ndcg@10"])} of the best learned nDCG@10 on test cases, and ${
          percent(reached[NEVER_COCHANGED])
        } of it among never-co-changed pairs`,
      ].join("\n");
      return { json: result, text };
    });
  });
}
