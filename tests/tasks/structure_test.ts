/** A structure search from the command line, and what it says of its figures; then a certificate of what it found. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { readJson, writeJson } from "../../lib/base/artefacts.ts";
import { DECAYED, SPEC } from "../../lib/formula/builtins.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { defaultPoint } from "../../lib/records/space.ts";
import { studyDir } from "../../lib/study/config.ts";
import { openStudyFor } from "../../lib/study/open.ts";
import { readStructure, Structure, STRUCTURE_FILES } from "../../lib/study/structure_file.ts";
import { structureCost } from "../../lib/study/structure_budget.ts";
import { certify } from "../../lib/tasks/certify.ts";
import type { Invocation, Outcome } from "../../lib/tasks/command.ts";
import { STRUCTURE, structure } from "../../lib/tasks/structure.ts";
import { leftOutText, nothingJudged, pathText } from "../../lib/tasks/structure_text.ts";
import { inOwnFolder } from "../helpers/sample_study.ts";

/** Runs a task's body on the command line's values. */
async function run(body: (invocation: Invocation) => Promise<Outcome>, values: Invocation["values"]) {
  return await body({
    values,
    positionals: [],
    progress: { step() {}, say() {}, close() {} },
    blocking: (work) => work(),
    signal: new AbortController().signal,
    line: [body.name],
  });
}

Deno.test("a search whose budget ends before it judges says so, why, and what budget would do", () =>
  inOwnFolder(async () => {
    const { config } = await openStudyFor(), study = config.name;
    const poor = await run(structure, { study, budget: "60", rounds: "1" });
    assert.equal(poor.json["steps"], 0);
    const told = /^no edit was judged, .* the budget of 60 evaluations .*--budget (\d+) judges one edit/;
    const [, enough] = told.exec(poor.text)!;
    assert.equal(poor.text.split("\n")[0], poor.json["note"]);
    assert.ok(Number(enough) > 300 && Number(enough) < 2000, enough);
    const rich = await run(structure, { study, budget: enough, rounds: "1" });
    assert.equal(rich.json["steps"], 1, `--budget ${enough} judges one edit, as was told`);
    assert.equal(rich.json["note"], null);
    assert.match(rich.text, /^path of edits, by mean nDCG@10:\n {2}1 /);
  }));

Deno.test("where no edit was worth judging a search does not ask for more budget", () => {
  const note = nothingJudged({ steps: [], spent: 700 }, { formula: SPEC, query: "seed" }, 2000);
  assert.match(note!, /^no edit was judged: of \d+ that were screened none came near spec/);
  assert.doesNotMatch(note!, /--budget/);
});

Deno.test("figures of repositories left out stand under the name of what was searched for", () => {
  const rows = [{ repository: "a/b", pooled: 0.25, left_out: 0.125 }];
  assert.match(leftOutText(rows, "all"), /^left out in turn \(nDCG@10 on that repository's test cases/);
  const never = leftOutText(rows, "never-co-changed");
  assert.match(
    never,
    /^left out in turn \(nDCG@10 of never-co-changed pairs on that repository's test cases/,
  );
  assert.match(never, /\n {2}a\/b +0\.250 {2}0\.125\n {2}mean +0\.250 {2}0\.125$/);
  assert.match(
    pathText([], "never-co-changed", undefined),
    /^path of edits, by mean nDCG@10 of never-co-changed/,
  );
});

Deno.test("a search for never-co-changed pairs is kept apart, and one may begin at a lone signal", () =>
  inOwnFolder(async (folder) => {
    const { config } = await openStudyFor(), study = config.name, objective = "never-co-changed";
    await run(structure, { study, budget: "30", rounds: "1", objective });
    assert.equal(readStructure(study), undefined);
    assert.ok(readStructure(study, objective));
    await assert.rejects(
      run(structure, { study, "leave-out": true }),
      /sample has one to learn from: at least two/,
    );
    const lone = join(folder, "lone.json"), root = { op: "signal", signal: "recency" };
    const signal = { record: "formula/1", name: "lone", description: "one signal", root };
    await Deno.writeTextFile(lone, JSON.stringify(signal));
    const repo = [config.repositories[0]!.dir];
    const { json } = await run(structure, { repo, study: "lone", formula: lone, budget: "30", rounds: "1" });
    assert.equal((json["formula"] as typeof signal).description, "found by structure search from lone");
  }));

Deno.test("a formula just found is certified on its own study, at its point, and the study stays as it was", () =>
  inOwnFolder(async () => {
    const { config } = await openStudyFor(), study = config.name;
    await run(structure, { study, budget: "60", rounds: "1" });
    const file = join(studyDir(study), STRUCTURE_FILES.all), found = readJson(file, Structure);
    const before = Deno.readTextFileSync(join(studyDir(study), "study.json"));
    const own = await run(certify, { study, formula: file, pairs: "2" });
    assert.equal(own.json["formula"], "found");
    assert.equal((own.json["pairs"] as unknown[]).length, 2);
    const elsewhere = await run(certify, { study, formula: "decayed", pairs: "2" });
    assert.equal(elsewhere.json["formula"], "decayed");
    assert.equal((await run(certify, { study, pairs: "1" })).json["formula"], config.formula.name);
    assert.equal(Deno.readTextFileSync(join(studyDir(study), "study.json")), before);
    // Its failures are those at the found point, not at the formula's defaults.
    const defaults = Object.fromEntries(searchSpace(found.formula).map((p) => [p.name, p.default]));
    const atDefaults = await run(certify, {
      study,
      formula: file,
      params: JSON.stringify(defaults),
      pairs: "9",
    });
    const atFound = await run(certify, { study, formula: file, pairs: "9" });
    assert.notDeepEqual(atDefaults.json["pairs"], atFound.json["pairs"]);
    const trained = join(studyDir(study), "trained.json");
    writeJson(trained, { formula: DECAYED, params: defaultPoint(searchSpace(DECAYED)) });
    await assert.rejects(run(certify, { study, params: trained }), {
      name: "UsageError",
      message:
        /another formula than spec: name that file as --formula, which takes formula and point from it/,
    });
    assert.equal((await run(certify, { study, formula: trained, pairs: "1" })).json["formula"], "decayed");
  }));

Deno.test("the help's word on what a first edit costs is about what it does", () => {
  const { start, round } = structureCost(SPEC, "seed");
  const [, first, further] = /about (\d+), each further one after (\d+) more/.exec(
    STRUCTURE.options["budget"]!.help,
  )!;
  assert.ok(Math.abs(start + round - Number(first)) < 60, `${start} + ${round}`);
  assert.ok(Math.abs(round - Number(further)) < 60, `${round}`);
});
