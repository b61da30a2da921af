import assert from "node:assert/strict";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../lib/base/paths.ts";
import { DECAYED, SPEC } from "../../lib/formula/builtins.ts";
import { parseFormula } from "../../lib/formula/document.ts";
import { formulaHash } from "../../lib/formula/formula_hash.ts";
import { invoke } from "../../lib/tasks/command.ts";
import { FORMULA, formulaTask } from "../../lib/tasks/formula.ts";

/** Runs the task in this process and catches what it prints. */
async function run(
  ...args: string[]
): Promise<{ code: number; out: string; json: () => Record<string, unknown> }> {
  const printed: string[] = [], log = console.log;
  console.log = (...parts: unknown[]) => void printed.push(parts.join(" "));
  try {
    const code = await invoke(FORMULA, args, formulaTask);
    const out = printed.join("\n");
    return { code, out, json: () => JSON.parse(out) as Record<string, unknown> };
  } finally {
    console.log = log;
  }
}

Deno.test("every action answers with one JSON object and code 0", async () => {
  const actions = [
    ["show"],
    ["show", "decayed"],
    ["diff", "spec", "decayed"],
    ["validate", "spec"],
    ["draw"],
    [
      "list",
    ],
    ["signals"],
  ];
  for (const action of actions) {
    const { code, out, json } = await run(...action, "--json");
    assert.equal(code, 0, action.join(" "));
    assert.equal(out.split("\n").length, 1);
    assert.equal(typeof json(), "object");
  }
});

Deno.test("help names every action and option", async () => {
  const { code, out } = await run("--help");
  assert.equal(code, 0);
  for (const word of ["show", "diff", "validate", "draw", "edit", "list", "signals", "--edits", "--json"]) {
    assert.ok(out.includes(word), word);
  }
});

Deno.test("an edited formula is written, validates, and differs as it was told", async () => {
  const folder = await Deno.makeTempDir(), file = join(folder, "mine.json");
  try {
    const edits = JSON.stringify([
      { edit: "unwrap", id: "boost_temporal_coupling" },
      { edit: "set_option", id: "coupling", option: "measure", value: "decayed_200" },
    ]);
    const edited = await run("edit", "spec", "--edits", edits, "--name", "mine", "--out", file, "--json");
    assert.equal(edited.code, 0);
    const written = parseFormula(JSON.parse(await Deno.readTextFile(file)));
    assert.equal(written.name, "mine");
    assert.equal(formulaHash(written), edited.json()["hash"]);
    assert.equal((await run("validate", file, "--json")).json()["valid"], true);
    assert.deepEqual((await run("diff", "spec", file, "--json")).json()["changes"], edited.json()["changes"]);
    const fromFile = join(folder, "edits.json");
    await Deno.writeTextFile(fromFile, edits);
    assert.equal(
      (await run("edit", "spec", "--edits", fromFile, "--json")).json()["hash"],
      formulaHash(written),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a drawing goes to a file in the form wanted", async () => {
  const folder = await Deno.makeTempDir(), file = join(folder, "spec.svg");
  try {
    assert.equal((await run("draw", "spec", "--as", "svg", "--out", file)).code, 0);
    assert.match(await Deno.readTextFile(file), /^<svg /);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("show tells the hash the library computes", async () => {
  for (const formula of [SPEC, DECAYED]) {
    assert.equal((await run("show", formula.name, "--json")).json()["hash"], formulaHash(formula));
  }
});

Deno.test("bad input ends with code 2 and nothing on stdout", async () => {
  const folder = await Deno.makeTempDir(),
    broken = join(folder, "broken.json"),
    text = join(folder, "text.json");
  try {
    await Deno.writeTextFile(
      broken,
      JSON.stringify({ ...SPEC, root: { op: "signal", signal: "none_such" } }),
    );
    await Deno.writeTextFile(text, "{");
    const lines = [
      [],
      ["paint"],
      ["toString"],
      ["show", "nowhere"],
      ["show", folder],
      ["show", text],
      ["validate", broken],
      ["validate"],
      ["diff", "spec"],
      ["draw", "--as", "png"],
      ["edit", "spec"],
      ["edit", "spec", "--edits", "[{"],
      ["edit", "spec", "--edits", "[]"],
      ["edit", "spec", "--edits", "nowhere.json"],
      ["edit", "spec", "--edits", '[{"edit":"drop_term","id":"nowhere"}]'],
      ["edit", "spec", "--edits", '[{"edit":"unwrap","id":"git_churn_max_boost"}]', "--name", "Not A Name"],
      ["show", "--params", '{"pagerank_alpha":2}'],
      ["show", "--params", "[1]"],
      ["show", "--unknown"],
    ];
    for (const line of lines) {
      const { code, out } = await run(...line);
      assert.deepEqual([code, out], [2, ""], line.join(" "));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the task line starts it, and logs stay off stdout", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "formula", "validate", "nowhere", "--json"],
    cwd: PROJECT_ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  assert.equal(code, 2);
  assert.equal(new TextDecoder().decode(stdout), "");
  assert.match(new TextDecoder().decode(stderr), /neither a built-in formula nor a file/);
});
