/** The command lines, as a person runs them. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../lib/base/paths.ts";

const FIXTURES = join(PROJECT_ROOT, "tests", "testdata", "notebooks");

async function task(name: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", join(PROJECT_ROOT, "lib", "tasks", `${name}.ts`), ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

Deno.test("deno task notebooks runs, writes pages and reports as JSON", async () => {
  const out = await Deno.makeTempDir();
  try {
    const result = await task(
      "notebooks",
      "fix",
      "--dir",
      FIXTURES,
      "--out",
      out,
      "--html",
      "--markdown",
      "--json",
    );
    assert.equal(result.code, 0, result.err);
    assert.match(result.err, /^\[1\/1\] fixture [\d.]+ s ok, 5 outputs of 7 cells$/m);
    const report = JSON.parse(result.out);
    assert.equal(report.runs[0].name, "fixture");
    for (const name of ["fixture.ipynb", "fixture.html", "fixture.md", "fixture_files/figure_1.svg"]) {
      assert.ok(existsSync(join(out, name)), name);
    }
  } finally {
    await Deno.remove(out, { recursive: true });
  }
});

Deno.test("a wrong command line ends with 2 and one sentence", async () => {
  const cases: [string[], RegExp][] = [
    [["nope", "--dir", FIXTURES], /No notebook called "nope".*There are: fixture/],
    [["--dir", FIXTURES, "-p", "kk=1"], /no parameter "kk".*declares repo, k/],
    [["--dir", FIXTURES, "--timeout", "x"], /--timeout x: a positive number/],
    [["--bogus"], /--bogus/],
  ];
  const results = await Promise.all(cases.map(([args]) => task("notebooks", ...args)));
  results.forEach((result, i) => {
    assert.equal(result.code, 2, result.err);
    assert.match(result.err, cases[i]![1]);
  });
});

Deno.test("Ctrl-C ends the run and its kernels with 130", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const marker = join(folder, "running");
    const source = `Deno.writeTextFileSync(${JSON.stringify(marker)}, String(Deno.pid)); while (true) {}`;
    const cell = { cell_type: "code", id: "a", metadata: {}, source, outputs: [], execution_count: null };
    await Deno.writeTextFile(
      join(folder, "busy.ipynb"),
      JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }),
    );
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--no-check",
        join(PROJECT_ROOT, "lib/tasks/notebooks.ts"),
        "--dir",
        folder,
        "--out",
        join(folder, "out"),
      ],
      stdout: "null",
      stderr: "piped",
    }).spawn();
    while (!existsSync(marker) || Deno.readTextFileSync(marker) === "") {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const kernel = Number(Deno.readTextFileSync(marker));
    child.kill("SIGINT");
    const { code, stderr } = await child.output();
    assert.equal(code, 130, new TextDecoder().decode(stderr));
    // A killed process may stand in the table a moment longer.
    while (isAlive(kernel)) await new Promise((resolve) => setTimeout(resolve, 20));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Whether a process runs; a zombie does not. */
function isAlive(pid: number): boolean {
  const { success, stdout } = new Deno.Command("ps", { args: ["-o", "stat=", "-p", String(pid)] })
    .outputSync();
  return success && !new TextDecoder().decode(stdout).trim().startsWith("Z");
}

Deno.test("every task explains itself", async () => {
  const names = ["notebooks", "notebooks_check", "notebooks_strip", "notebooks_filter", "kernel", "lab"];
  const results = await Promise.all(names.map((name) => task(name, "--help")));
  results.forEach((result, i) => {
    assert.equal(result.code, 0, result.err);
    assert.match(result.out, new RegExp(`^deno task ${names[i]!.replace("_", ":")}`));
  });
});
