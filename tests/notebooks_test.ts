/** The notebooks themselves, as a person gets them: all of them on the generated sample, one of them on a repository given by path. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { PROJECT_ROOT } from "../lib/base/paths.ts";
import { runNotebooks } from "../lib/notebook/batch.ts";
import { listNotebooks } from "../lib/notebook/catalogue.ts";
import {
  cellTags,
  type NotebookDocument,
  notebookName,
  readNotebook,
  wholeText,
} from "../lib/notebook/document.ts";
import { ANSWER_PROMISE } from "../lib/notebook/opening.ts";
import { readGolden } from "../lib/notebook/golden.ts";
import { SAMPLE_NOTICE, sampleRepository } from "../lib/study/sample_repository.ts";
import { inOwnFolder } from "./helpers/sample_study.ts";

const FILES = listNotebooks();

/** Everything a reader sees below a cell, as HTML where there is some. */
function outputText({ cells }: NotebookDocument, id: string): string {
  const cell = cells.find((one) => one.id === id);
  assert.ok(cell, `there is no cell ${id}`);
  return JSON.stringify(cell.outputs ?? []);
}

Deno.test("the set is numbered without gaps, in cells of one habit, with a golden count each", () => {
  assert.deepEqual(
    FILES.map((file) => notebookName(file).slice(0, 2)),
    FILES.map((_, i) => String(i).padStart(2, "0")),
  );
  const golden = readGolden(join(PROJECT_ROOT, "notebooks"));
  for (const file of FILES) {
    const { cells } = readNotebook(file), code = cells.filter((cell) => cell.cell_type === "code");
    const name = notebookName(file);
    assert.ok(cells.length >= 5 && cells.length <= 15, `${name} has ${cells.length} cells`);
    for (const word of ["# ", "**Question.**", "**Answer.**", "**Inputs.**"]) {
      assert.ok(wholeText(cells[0]!.source).includes(word), `${name}'s first cell lacks ${word}`);
    }
    assert.match(wholeText(cells[0]!.source), ANSWER_PROMISE, `${name} does not promise an answer`);
    assert.deepEqual(cellTags(code[0]!), ["parameters"], name);
    assert.deepEqual([code[1]!.id, cells.at(-1)!.id], ["setup", "provenance"], name);
    assert.ok(code.some((cell) => cell.id === "answer"), `${name} computes no answer`);
    assert.ok(golden[name], `${name} has no golden count`);
  }
});

Deno.test("every notebook runs on the generated sample with all its outputs, answers, and says what it ran on", async () => {
  await inOwnFolder(async (folder) => {
    const runs = await runNotebooks(FILES, { outDir: join(folder, "out"), timeoutMs: 240_000, jobs: 2 });
    assert.deepEqual(
      runs.flatMap(({ name, failure }) => failure === undefined ? [] : [`${name}: ${failure}`]),
      [],
    );
    for (const { name, out } of runs) {
      const executed = readNotebook(out);
      assert.match(outputText(executed, "answer"), /<b>Answer\.<\/b> \S+/, name);
      assert.doesNotMatch(
        wholeText(executed.cells[0]!.source),
        ANSWER_PROMISE,
        `${name}'s copy opens without the answer`,
      );
      assert.ok(
        outputText(executed, "setup").includes(SAMPLE_NOTICE),
        `${name} does not say that it ran on the sample`,
      );
      assert.match(outputText(executed, "provenance"), /Provenance/, name);
      assert.doesNotMatch(outputText(executed, "answer"), /undefined|NaN/, name);
    }
  });
});

Deno.test("one command makes a heat map of two parameters of one's own repository, as a page that needs no network", async () => {
  await inOwnFolder(async (folder) => {
    const mine = join(folder, "mine.git");
    Deno.renameSync(await sampleRepository(join(folder, "elsewhere")), mine);
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "task",
        "notebooks",
        "05",
        "-p",
        `repo=${mine}`,
        "-p",
        "levels=4",
        "-p",
        "backgrounds=4",
        "--html",
      ],
      cwd: PROJECT_ROOT,
      env: { NO_COLOR: "1" },
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    const page = Deno.readTextFileSync(
      join(folder, "results", "notebooks", "05_parameter_interactions.html"),
    );
    assert.match(
      page,
      /nDCG@10 on train cases over \d values of pagerank_alpha and \d of boost_temporal_coupling/,
    );
    assert.match(page, /Study mine: 1 repository/);
    assert.doesNotMatch(page, /<(?:script|img|link)[^>]+(?:src|href)="https?:/);
  });
});

Deno.test("a typo in a parameter's name, in its value, and a study that is not there are named with what there is", async () => {
  await inOwnFolder(async (folder) => {
    const [start, interactions] = ["00", "05"].map((n) =>
      FILES.find((file) => notebookName(file).startsWith(n))!
    );
    const outDir = join(folder, "out");
    await assert.rejects(
      runNotebooks([start!], { outDir, parameters: { rpeo: "x" } }),
      /no parameter "rpeo": its parameters cell declares repo, study/,
    );
    const [missing] = await runNotebooks([start!], { outDir, parameters: { study: "nope" } });
    assert.match(missing!.failure!, /There is no study "nope": none was made yet/);
    const [typo] = await runNotebooks([interactions!], { outDir, parameters: { x: "pagerank_alfa" } });
    assert.match(
      typo!.failure!,
      /heatmap: RangeError: No parameter pagerank_alfa; did you mean pagerank_alpha\?/,
    );
    assert.ok(typo!.outputs["setup"]! > 0);
  });
});

Deno.test("two notebooks and a batch run on one study at once all end, and no episode is lost or made twice", async () => {
  await inOwnFolder(async (folder) => {
    const file = FILES.find((one) => notebookName(one).startsWith("04"))!;
    const run = async (outDir: string, episodes: string, study: string) => {
      const parameters = { episodes, study, backgrounds: "0" };
      const [ran] = await runNotebooks([file], { outDir: join(folder, outDir), parameters });
      return ran!.failure;
    };
    assert.equal(await run("first", "1", ""), undefined);
    const study = "sample-distillation";
    const batch = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "lib/tasks/reason.ts", "--study", study, "--episodes", "3"],
      cwd: PROJECT_ROOT,
      env: { NO_COLOR: "1" },
    }).output();
    const failures = await Promise.all([run("a", "3", study), run("b", "3", study)]);
    const { code, stderr } = await batch, said = new TextDecoder().decode(stderr);
    assert.deepEqual(failures, [undefined, undefined], said);
    assert.equal(code, 0, said);
    const lines = Deno.readTextFileSync(join(folder, "results", study, "episodes.jsonl")).trim().split("\n");
    assert.deepEqual(lines.map((line) => JSON.parse(line).id), ["e0000", "e0001", "e0002"]);
  });
});
