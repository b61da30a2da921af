/** `deno task structure`: searches the formula itself, edits and parameters together. */
import { join } from "node:path";
import { writeJson } from "../base/artefacts.ts";
import { canonicalJson, sha256 } from "../base/canonical.ts";
import { Arena } from "../engine/arena.ts";
import { printFormula } from "../formula/print.ts";
import { searchSpace } from "../formula/parameters.ts";
import { defaultPoint } from "../records/space.ts";
import { RecordedAscents } from "../search/recorded_ascents.ts";
import { engineFor, searchStructure, type StructureStep } from "../search/structure_search.ts";
import { ascend } from "../search/tune.ts";
import { type StudyConfig, studyDir } from "../study/config.ts";
import { codeVersion } from "../study/manifest.ts";
import { FOUND, tableText } from "../study/table.ts";
import { type Command, oneOf, runCommand, wholeNumber } from "./command.ts";
import { withManifest } from "./run.ts";
import { scoreSplits } from "./score_splits.ts";
import { corporaOf, STUDY_OPTIONS, studyOf } from "./study_options.ts";

export const STRUCTURE: Command = {
  name: "structure",
  summary:
    "Searches formula edits and parameters together on train cases; an edit stays only if it wins on selection cases.",
  options: {
    ...STUDY_OPTIONS,
    budget: { type: "string", value: "N", help: "evaluations over all train cases (2000)" },
    rounds: { type: "string", value: "N", help: "edits judged at most (20)" },
    objective: {
      type: "string",
      value: "all|never-co-changed",
      help:
        "what is searched for: all relevant files, or those that never changed with the seed, among themselves (all)",
    },
    "leave-out": {
      type: "boolean",
      help: "also tune the found formula with each repository left out and score it on that one",
    },
  },
  examples: [
    "deno task structure --study my-project --budget 1000",
    "deno task structure --corpus ten --study ten --leave-out",
  ],
  notes:
    "Writes structure.json (structure-never-co-changed.json for that objective): the path of edits with their gain and interval, the formula and its point. Test cases are read once, at the " +
    "end. A search that is stopped goes on when it is run again with the same options and the same code; from code that differs from its " +
    "commit it begins again. The same seed takes the same path.",
};

const OBJECTIVES = ["all", "never-co-changed"] as const;

/** Each objective has its own file, so that one search never stands for the other. */
const FILES = { all: "structure.json", "never-co-changed": "structure-never-co-changed.json" } as const;

/** Where a search keeps what it has tuned until it ends; undefined where the code has no name by which to know it again. */
async function ascentsOf(dir: string, objective: keyof typeof FILES, config: StudyConfig, train: Arena) {
  const code = await codeVersion();
  if (code.commit === null || code.dirty) return undefined;
  const cases = sha256(canonicalJson(train.cases.map((c) => c.case.case_id)));
  const file = join(dir, FILES[objective].replace(".json", ".ascents.jsonl"));
  return new RecordedAscents(file, {
    code,
    cases,
    seed: config.seed,
    query: config.query,
    labels: config.labels,
  });
}

const fixed = (x: number) => (x >= 0 ? "+" : "") + x.toFixed(4);

function stepText(s: StructureStep): string {
  return `${String(s.round).padStart(3)}  ${s.decision.padEnd(8)}  train ${s.train[1].toFixed(4)} (${
    fixed(s.train[1] - s.train[0])
  })  ` +
    `selection ${fixed(s.selection.estimate)} [${fixed(s.selection.low)}, ${
      fixed(s.selection.high)
    }]  ${s.move}`;
}

if (import.meta.main) {
  await runCommand(STRUCTURE, async (invocation) => {
    const { values, progress, signal, blocking } = invocation;
    const budget = wholeNumber(values, "budget", 2000), rounds = wholeNumber(values, "rounds", 20);
    const objective = oneOf(values, "objective", OBJECTIVES, "all");
    const relevant = objective === "all" ? "all" : "never_cochanged";
    const config = await studyOf(invocation);
    return await withManifest(config, invocation, {
      splits: ["train", "selection", "test"],
      budgets: [{ unit: "point_evaluations", given: budget, used: 0 }],
    }, async () => {
      const corpora = await corporaOf(config, invocation);
      const load = (split: "train" | "selection", keep?: (repo: string) => boolean) =>
        Arena.load(corpora, {
          splits: [split],
          mode: config.query,
          labels: config.labels,
          keep: (c) => keep?.(c.repo) ?? true,
          relevant,
        });
      const train = load("train"), selection = load("selection");
      const ascents = await ascentsOf(studyDir(config.name), objective, config, train);
      if (ascents?.recovered) {
        progress.say(`going on after ${ascents.recovered} tunings of a search that was stopped`);
      }
      const result = await searchStructure({
        ...(ascents ? { ascents } : {}),
        train,
        selection,
        start: config.formula,
        point: defaultPoint(searchSpace(config.formula)),
        budget,
        rounds,
        seed: config.seed,
        signal,
        onStep: (step, spent) => progress.say(`${stepText(step)}  (${Math.round(spent)} of ${budget})`),
        onProgress: (what, done, total) => progress.step(what, done, total),
      });
      const formula = {
        ...result.formula,
        name: FOUND,
        description: `found by structure search from ${config.formula.name}`,
      };
      const space = searchSpace(formula);
      const tables = await scoreSplits(invocation, config, corpora, {
        splits: ["selection", "test"],
        extra: [{ name: FOUND, formula, point: result.point }],
        reference: "decayed_cochange",
      });
      const leaveOut: { repository: string; pooled: number; left_out: number }[] = [];
      if (values["leave-out"]) {
        for (const [i, { meta: { repo } }] of corpora.entries()) {
          progress.step("leaving out repositories", i, corpora.length);
          const own = Arena.load(corpora, {
            splits: ["test"],
            mode: config.query,
            labels: config.labels,
            keep: (c) => c.repo === repo,
            relevant,
          });
          if (own.cases.length === 0) continue;
          const others = engineFor(load("train", (r) => r !== repo), formula);
          const tuned = blocking(() =>
            ascend((points) => others.means(points), space, defaultPoint(space), { sweeps: 3, signal })
          );
          const judge = engineFor(own, formula);
          leaveOut.push({
            repository: repo,
            pooled: judge.mean(result.point),
            left_out: judge.mean(tuned.point),
          });
        }
      }
      writeJson(join(studyDir(config.name), FILES[objective]), {
        record: "structure/1",
        formula,
        params: result.point,
        spent: result.spent,
        steps: result.steps.map(({ formula: f, point, ...rest }) => ({ ...rest, formula: f, params: point })),
        tables,
        leave_out: leaveOut,
      });
      ascents?.remove();
      const mean = (key: "pooled" | "left_out") => leaveOut.reduce((s, r) => s + r[key], 0) / leaveOut.length;
      const text = [
        "path of edits:",
        ...result.steps.map(stepText),
        "",
        `found: ${printFormula(formula, result.point)}`,
        "",
        tableText(tables, "decayed cochange"),
        ...(leaveOut.length > 0
          ? [
            "",
            "left out in turn (nDCG@10 on that repository's test cases: tuned with it, tuned without it):",
            ...leaveOut.map((r) =>
              `  ${r.repository.padEnd(28)} ${r.pooled.toFixed(3)}  ${r.left_out.toFixed(3)}`
            ),
            `  ${"mean".padEnd(28)} ${mean("pooled").toFixed(3)}  ${mean("left_out").toFixed(3)}`,
          ]
          : []),
      ].join("\n");
      return {
        json: {
          study: config.name,
          formula,
          params: result.point,
          steps: result.steps.length,
          tables,
          leave_out: leaveOut,
        },
        text,
      };
    });
  });
}
