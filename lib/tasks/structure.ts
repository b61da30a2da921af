/** `deno task structure`: searches the formula itself, edits and parameters together. */
import { join } from "node:path";
import { writeJson } from "../base/artefacts.ts";
import { canonicalJson, sha256 } from "../base/canonical.ts";
import type { Corpus } from "../corpus/corpus.ts";
import { Arena } from "../engine/arena.ts";
import type { Formula } from "../formula/document.ts";
import { printFormula } from "../formula/print.ts";
import { searchSpace } from "../formula/parameters.ts";
import type { Split } from "../records/case.ts";
import { defaultPoint, type Point } from "../records/space.ts";
import { RecordedAscents } from "../search/recorded_ascents.ts";
import { engineFor, searchStructure } from "../search/structure_search.ts";
import { ascend } from "../search/tune.ts";
import { type StudyConfig, studyDir } from "../study/config.ts";
import { codeVersion } from "../study/manifest.ts";
import { type Objective, OBJECTIVES, STRUCTURE_FILES } from "../study/structure_file.ts";
import { FOUND, tableText } from "../study/table.ts";
import {
  type Command,
  type Invocation,
  oneOf,
  type Outcome,
  runCommand,
  UsageError,
  wholeNumber,
} from "./command.ts";
import { withManifest } from "./run.ts";
import { scoreSplits } from "./score_splits.ts";
import { type LeftOut, leftOutText, nothingJudged, pathText, stepText } from "./structure_text.ts";
import { corporaOf, STUDY_OPTIONS, studyOf } from "./study_options.ts";

export const STRUCTURE: Command = {
  name: "structure",
  summary:
    "Searches formula edits and parameters together on train cases; an edit stays only if it wins on selection cases.",
  options: {
    ...STUDY_OPTIONS,
    budget: {
      type: "string",
      value: "N",
      help:
        "evaluations over all train cases (2000): from the specification's formula a first edit is judged after about 850, each further one after 480 more",
    },
    rounds: { type: "string", value: "N", help: "edits judged at most (20)" },
    objective: {
      type: "string",
      value: OBJECTIVES.join("|"),
      help:
        "what is searched for: all relevant files, or those that never changed with the seed, among themselves (all)",
    },
    "leave-out": {
      type: "boolean",
      help:
        "also tune the found formula's numbers with each repository left out, and score them on that one's test cases",
    },
  },
  examples: [
    "deno task structure --study my-project --budget 4000",
    "deno task structure --corpus ten --study ten --leave-out",
    "deno task structure --study my-project --objective never-co-changed",
  ],
  notes:
    "Train cases choose an edit and its numbers, selection cases judge it: accepted, rejected, or pending, which is judged once more " +
    "together with the next. Test cases are read once, at the end.\n" +
    "Writes structure.json (structure-never-co-changed.json for that objective): the edits with their gain and interval, the formula found, " +
    "and its point. deno task evaluate puts structure.json's formula into its table as `found`; deno task certify --formula takes either file.\n" +
    "A search that is stopped goes on when it is run again with the same options and the same code; from code that differs from its " +
    "commit it begins again. The same seed takes the same path.",
};

/** Where a search keeps what it has tuned until it ends; undefined where the code has no name by which to know it again. */
async function ascentsOf(dir: string, objective: Objective, config: StudyConfig, train: Arena) {
  const code = await codeVersion();
  if (code.commit === null || code.dirty) return undefined;
  const cases = sha256(canonicalJson(train.cases.map((c) => c.case.case_id)));
  const file = join(dir, STRUCTURE_FILES[objective].replace(".json", ".ascents.jsonl"));
  return new RecordedAscents(file, {
    code,
    cases,
    seed: config.seed,
    query: config.query,
    labels: config.labels,
  });
}

/** How cases of a study are loaded for a search. */
type Load = (split: Split, keep?: (repo: string) => boolean) => Arena;

/** The found formula on each repository's test cases: at its point, and tuned without the repository. */
function leaveOut(
  { signal, progress, blocking }: Invocation,
  corpora: readonly Corpus[],
  load: Load,
  { formula, point }: { readonly formula: Formula; readonly point: Point },
): LeftOut[] {
  const space = searchSpace(formula);
  return corpora.flatMap(({ meta: { repo } }, i) => {
    progress.step("leaving out repositories", i, corpora.length);
    const own = load("test", (r) => r === repo);
    if (own.cases.length === 0) return [];
    const others = engineFor(load("train", (r) => r !== repo), formula);
    const tuned = blocking(() =>
      ascend((points) => others.means(points), space, defaultPoint(space), { sweeps: 3, signal })
    );
    const judge = engineFor(own, formula);
    return [{ repository: repo, pooled: judge.mean(point), left_out: judge.mean(tuned.point) }];
  });
}

/** The body of the task, for tests too. */
export async function structure(invocation: Invocation): Promise<Outcome> {
  const { values, progress, signal } = invocation;
  const budget = wholeNumber(values, "budget", 2000), rounds = wholeNumber(values, "rounds", 20);
  const objective = oneOf(values, "objective", OBJECTIVES, "all");
  const config = await studyOf(invocation);
  const taught = config.repositories.filter((r) => r.role === "development").length;
  if (values["leave-out"] && taught < 2) {
    throw new UsageError(
      `--leave-out tunes on the other repositories, and ${config.name} has one to learn from: at least two are wanted`,
    );
  }
  return await withManifest(config, invocation, {
    splits: ["train", "selection", "test"],
    budgets: [{ unit: "point_evaluations", given: budget, used: 0 }],
  }, async () => {
    const corpora = await corporaOf(config, invocation);
    const load: Load = (split, keep) =>
      Arena.load(corpora, {
        splits: [split],
        mode: config.query,
        labels: config.labels,
        keep: (c) => keep?.(c.repo) ?? true,
        relevant: objective === "all" ? "all" : "never_cochanged",
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
    const tables = await scoreSplits(invocation, config, corpora, {
      splits: ["selection", "test"],
      extra: [{ name: FOUND, formula, point: result.point }],
      reference: "decayed_cochange",
    });
    const leftOut = values["leave-out"]
      ? leaveOut(invocation, corpora, load, { formula, point: result.point })
      : [];
    writeJson(join(studyDir(config.name), STRUCTURE_FILES[objective]), {
      record: "structure/1",
      objective,
      formula,
      params: result.point,
      spent: result.spent,
      steps: result.steps.map(({ formula: f, point, ...rest }) => ({ ...rest, formula: f, params: point })),
      tables,
      leave_out: leftOut,
    });
    ascents?.remove();
    const note = nothingJudged(result, config, budget);
    return {
      json: {
        study: config.name,
        objective,
        formula,
        params: result.point,
        steps: result.steps.length,
        note: note ?? null,
        tables,
        leave_out: leftOut,
      },
      text: [
        pathText(result.steps, objective, note),
        `found: ${printFormula(formula, result.point)}`,
        tableText(tables, "decayed cochange"),
        ...(leftOut.length > 0 ? [leftOutText(leftOut, objective)] : []),
      ].join("\n\n"),
    };
  });
}

if (import.meta.main) await runCommand(STRUCTURE, structure);
