import assert from "node:assert/strict";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../lib/base/paths.ts";
import { DECAYED, SPEC } from "../../lib/formula/builtins.ts";
import { parseFormula } from "../../lib/formula/document.ts";
import { EDIT_KINDS } from "../../lib/formula/edit_schema.ts";
import { formulaHash } from "../../lib/formula/formula_hash.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { defaultPoint } from "../../lib/records/space.ts";
import { invoke } from "../../lib/tasks/command.ts";
import { FORMULA, formulaTask } from "../../lib/tasks/formula.ts";

const HUB = { op: "signal", signal: "hub" }, HOPS = { max_hops: 1.5 };

/** What a run of the task left: its exit code and what it printed. */
interface Run {
  readonly code: number;
  readonly out: string;
  /** what it said on stderr */
  readonly said: string;
  json(): Record<string, unknown>;
}

/** Runs the task in this process and catches what it prints. */
async function run(...args: string[]): Promise<Run> {
  const printed: string[] = [], log = console.log;
  const stderr = Deno.stderr as { writeSync(bytes: Uint8Array): number }, write = stderr.writeSync;
  let said = "";
  console.log = (...parts: unknown[]) => void printed.push(parts.join(" "));
  stderr.writeSync = (bytes) => {
    said += new TextDecoder().decode(bytes);
    return bytes.length;
  };
  try {
    const code = await invoke(FORMULA, args, formulaTask);
    const out = printed.join("\n");
    return { code, out, said, json: () => JSON.parse(out) as Record<string, unknown> };
  } finally {
    console.log = log;
    stderr.writeSync = write;
  }
}

/** Runs a test in a folder of its own. */
async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Asserts that a line ends with code 2, nothing on stdout, and one sentence that matches beside the way to the help. */
async function refused(line: readonly string[], message: RegExp): Promise<void> {
  const { code, out, said } = await run(...line);
  assert.deepEqual([code, out], [2, ""], `${line.join(" ")}: ${said}`);
  const [sentence, help, ...rest] = said.trimEnd().split("\n");
  assert.match(sentence!, message, line.join(" ").slice(0, 200));
  assert.deepEqual([help, rest], ["See: deno task formula --help", []], said);
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

Deno.test("help names every action, option and edit, and the files of results that may be named", async () => {
  const { code, out } = await run("--help");
  assert.equal(code, 0);
  const actions = ["show", "diff", "validate", "draw", "edit", "list", "signals"];
  for (const word of [...actions, "--edits", "--json", "structure.json", ...EDIT_KINDS]) {
    assert.ok(out.includes(word), word);
  }
  assert.match(out.replaceAll("\n", " "), /add_term at term \[weight\]; drop_term id; /);
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

Deno.test("bad input ends with code 2, nothing on stdout and a sentence that says what was wrong", async () => {
  await inFolder(async (folder) => {
    const write = async (name: string, text: string) => {
      await Deno.writeTextFile(join(folder, name), text);
      return join(folder, name);
    };
    const bad = (name: string, root: unknown) => write(name, JSON.stringify({ ...SPEC, root }));
    const broken = await bad("broken.json", { op: "signal", signal: "none_such" });
    const half = await bad("half.json", { op: "boost", peak: { param: "p", low: 0.2 }, term: HUB });
    const fraction = await bad("fraction.json", { op: "signal", signal: "focus_expansion", bind: HOPS });
    const odd = await bad("odd.json", { op: "boost", id: "constructor", term: HUB });
    const text = await write("text.json", "{");
    const unwrap = '[{"edit":"unwrap","id":"git_churn_max_boost"}]';
    const deep = `${'{"op":"boost","term":'.repeat(1000)}${JSON.stringify(HUB)}${"}".repeat(1000)}`;
    const add = (term: string) => `[{"edit":"add_term","at":"score","term":${term}}]`;
    const table: [string[], RegExp][] = [
      [[], /^no action is given; there are show, diff, validate/],
      [["paint"], /^"paint" is no action; there are show/],
      [["toString"], /^"toString" is no action/],
      [["show", "nowhere"], /^"nowhere" is neither a built-in formula nor a file; there are spec, decayed/],
      [["show", "spex"], /did you mean spec\?/],
      [["show", folder], /^".*" is a folder: a file is wanted$/],
      [["show", join(text, "below")], /^".*below" is neither a built-in formula nor a file/],
      [["show", text], /text\.json is not JSON: /],
      [["validate", broken], /broken\.json: Bad formula at root\.signal: unknown signal "none_such"/],
      [["validate", half], /half\.json: Bad formula at root\.peak: low 0\.2 lies outside \[1, 10000\]/],
      [["validate", fraction], /at root\.bind\.max_hops: the constant 1\.5 is not whole/],
      [["validate", odd], /at root\.id: "constructor": every object has a member of that name/],
      [["validate"], /^formula validate takes 1 formula, found 0/],
      [["show", "spec", "decayed"], /^formula show takes at most 1 formula, found 2/],
      [["list", "spec"], /^formula list takes no formula, found 1/],
      [["diff", "spec"], /^formula diff takes 2 formulas, found 1/],
      [["draw", "--as", "png"], /^--as is "png": one of text, markdown, svg, line is wanted/],
      [["draw", "--edits", "[]"], /^formula draw takes no --edits: edit take/],
      [["list", "--out", "x"], /^formula list takes no --out: draw and edit take it/],
      [["edit", "spec"], /^--edits is missing: a JSON list of add_term, /],
      [["edit", "spec", "--edits", "[{"], /^--edits is not JSON: /],
      [["edit", "spec", "--edits", "[]"], /^Cannot apply edits: at least one edit is wanted/],
      [["edit", "spec", "--edits", "nowhere.json"], /^--edits: "nowhere\.json" is neither JSON nor a file/],
      [["edit", "spec", "--edits", "x".repeat(5000)], /^--edits: "x+" is neither JSON nor a file/],
      [["edit", "spec", "--edits", folder], /^--edits: ".*" is a folder: a file is wanted/],
      [["edit", "spec", "--edits", text], /^--edits: ".*text\.json" is not JSON: /],
      [
        ["edit", "spec", "--edits", '[{"edit":"drop_term","id":"nowhere"}]'],
        /^Cannot apply edits\[0\]\.id: no node is called "nowhere"/,
      ],
      [["edit", "spec", "--edits", unwrap, "--name", "Not A Name"], /at name: "Not A Name" stands where a/],
      [
        ["edit", "spec", "--edits", add(deep)],
        /^Cannot apply edits\[0\]\.term(\.term){24}: nested deeper than 24 nodes/,
      ],
      [
        ["edit", "spec", "--edits", add('{"op":"weighted_sum","weights":[3,4],"terms":[]}')],
        /^Cannot apply edits\[0\]\.term\.terms: an empty list stands where at least one term is wanted/,
      ],
      [
        ["edit", "spec", "--edits", '[{"edit":"tie","id":"recency","place":"half_life","to":1e999}]'],
        /^Cannot apply edits\[0\]\.to: Infinity is not a finite number/,
      ],
      [["show", "--params", '{"pagerank_alpha":2}'], /^--params: pagerank_alpha is 2: it must lie in/],
      [
        ["show", "--params", '{"pagerank_alpha":null}'],
        /^--params: pagerank_alpha is null: a finite number in/,
      ],
      [["show", "--params", '{"alpha":0.5}'], /^--params: Unknown parameter "alpha"/],
      [["show", "--params", "[1]"], /^--params: a list stands where numbers by parameter name are wanted/],
      [["show", "--params", folder], /^--params: ".*" is a folder/],
      [["show", "--unknown"], /unknown/],
    ];
    for (const [line, message] of table) await refused(line, message);
  });
});

Deno.test("a file that cannot be written is refused in a sentence, and nothing is left behind", async () => {
  await inFolder(async (folder) => {
    const file = join(folder, "file"), unwrap = '[{"edit":"unwrap","id":"git_churn_max_boost"}]';
    await Deno.writeTextFile(file, "");
    const inside = join(folder, "inside");
    await Deno.mkdir(inside);
    const table: [string, RegExp][] = [
      [inside, /^--out: .*inside is a folder: a file is wanted/],
      [`${join(folder, "new")}/`, /^--out: .*new\/ is the name of a folder: a file is wanted/],
      [join(file, "below"), /^--out: .*below cannot be made: .*file is a file/],
      ["", /^--out: nothing is named: the file to write is wanted/],
      [join(folder, "x".repeat(300)), /File name too long/],
    ];
    for (const [out, message] of table) {
      await refused(["draw", "--out", out], message);
      await refused(["edit", "spec", "--edits", unwrap, "--out", out], message);
    }
    assert.deepEqual([...Deno.readDirSync(folder)].map((e) => e.name).sort(), ["file", "inside"]);
    assert.deepEqual([...Deno.readDirSync(inside)], []);
  });
});

Deno.test("a formula of too many nodes is refused with their number, and one of as many as may be is shown", async () => {
  await inFolder(async (folder) => {
    const file = join(folder, "wide.json");
    const wide = (leaves: number) =>
      Deno.writeTextFile(
        file,
        JSON.stringify({
          ...SPEC,
          root: { op: "product", terms: Array.from({ length: leaves }, (_, i) => ({ ...HUB, id: `h${i}` })) },
        }),
      );
    await wide(300_000);
    await refused(["validate", file], /at root: 300001 nodes: at most 4000 are wanted/);
    await wide(3999);
    assert.equal((await run("show", file, "--json")).json()["parameters"], 3999);
    for (const action of ["show", "draw", "validate"]) assert.equal((await run(action, file)).code, 0);
    assert.equal((await run("diff", file, "spec")).code, 0);
  });
});

Deno.test("a file of results stands for the formula in it, and for the point in it", async () => {
  await inFolder(async (folder) => {
    const file = join(folder, "structure.json");
    const params = { ...defaultPoint(searchSpace(DECAYED)), pagerank_alpha: 0.3125 };
    const result = {
      record: "structure/1",
      formula: { ...DECAYED, name: "found" },
      params,
      spent: 1,
      steps: [],
    };
    await Deno.writeTextFile(file, JSON.stringify(result));
    const shown = (await run("show", file, "--params", file, "--json")).json();
    assert.equal(shown["hash"], formulaHash(DECAYED));
    assert.equal(shown["name"], "found");
    assert.deepEqual(shown["params"], params);
    assert.match(shown["line"] as string, /pagerank_alpha=0\.3125/);
    const text = (await run("show", file, "--params", file)).out;
    assert.match(text, /pagerank_alpha +0\.3125, by default 0\.85 in \[0\.05, 0\.99\]/);
    assert.equal((await run("draw", "decayed", "--as", "line", "--params", file)).code, 0);
    assert.equal((await run("validate", file)).code, 0);
    assert.deepEqual((await run("diff", "decayed", file, "--json")).json()["changes"], []);
    const unwrap = '[{"edit":"unwrap","id":"git_churn_max_boost"}]';
    assert.equal((await run("edit", file, "--edits", unwrap, "--json")).json()["name"], "found-edited");

    await refused(
      ["show", "spec", "--params", file],
      /holds a point of another formula than spec: name that/,
    );
    await Deno.writeTextFile(file, JSON.stringify({ ...result, params: undefined }));
    await refused(["show", file, "--params", file], /has a member formula but no member params/);
    await Deno.writeTextFile(file, JSON.stringify({ ...result, formula: { ...DECAYED, root: null } }));
    await refused(["show", file], /structure\.json, member formula: Bad formula at root: null stands where/);
    await Deno.writeTextFile(file, JSON.stringify({ params: { pagerank_alpha: 0.25 } }));
    assert.match((await run("show", "--params", file)).out, /pagerank_alpha=0\.25/);
    await Deno.writeTextFile(file, JSON.stringify({ params: null }));
    await refused(["show", "--params", file], /null stands where numbers by parameter name are wanted/);
  });
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
