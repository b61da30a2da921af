/** The whole loop from the command line, on the scripted repository with its fixed dates. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { PROJECT_ROOT } from "../lib/base/paths.ts";
import { teaHouse } from "./helpers/scripted_repository.ts";

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

async function task(name: string, args: readonly string[], folder: string): Promise<Ran> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", join(PROJECT_ROOT, "lib", "tasks", `${name}.ts`), ...args],
    cwd: folder,
    env: {
      RIPMAP_LAB_RESULTS: join(folder, "results"),
      RIPMAP_LAB_CACHE: join(folder, "cache"),
      NO_COLOR: "1",
    },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

const read = (folder: string, name: string) => Deno.readTextFileSync(join(folder, "results", "tea", name));

Deno.test("one command takes a repository through the whole loop, twice with the same bytes", async (t) => {
  const folders = [Deno.makeTempDirSync(), Deno.makeTempDirSync()];
  try {
    const repository = join(folders[0]!, "tea-house");
    await teaHouse().write(repository);
    const args = ["--repo", repository, "--study", "tea", "--episodes", "3", "--json"];
    const runs = await Promise.all(folders.map((folder) => task("demo", args, folder)));

    await t.step("it ends well, with one JSON object on stdout", () => {
      for (const run of runs) {
        assert.equal(run.code, 0, run.stderr);
        assert.equal(run.stdout.trim().split("\n").length, 1);
        const result = JSON.parse(run.stdout) as {
          study: string;
          tables: { split: string; rows: { ranker: string }[] }[];
        };
        assert.equal(result.study, "tea");
        assert.deepEqual(result.tables.map((table) => table.split), ["selection", "test"]);
        const rankers = result.tables[1]!.rows.map((row) => row.ranker);
        for (
          const name of [
            "random",
            "path_proximity",
            "popularity",
            "recency",
            "jaccard",
            "confidence",
            "defaults",
            "trained",
          ]
        ) {
          assert.ok(rankers.includes(name), name);
        }
      }
    });

    await t.step("the numbers of two runs are the same bytes", () => {
      for (
        const name of [
          "cases.jsonl",
          "table.json",
          "trained.json",
          "episodes.jsonl",
          "insights.jsonl",
          "failures.jsonl",
          "scratchpad.json",
        ]
      ) {
        assert.equal(read(folders[0]!, name), read(folders[1]!, name), name);
      }
    });

    await t.step("the manifest says what was run", () => {
      const manifest = JSON.parse(read(folders[0]!, "manifest.json"));
      assert.equal(manifest.state, "finished");
      assert.equal(manifest.command[0], "demo");
      assert.equal(manifest.seed, 1);
      assert.match(manifest.lock_hash, /^[0-9a-f]{64}$/);
      assert.ok(manifest.versions.deno && manifest.versions.git);
      assert.ok(Object.keys(manifest.inputs).some((name: string) => name.startsWith("repository ")));
    });

    await t.step("running it again goes on from where it stands and changes no number", async () => {
      const before = read(folders[0]!, "table.json");
      const again = await task("demo", args, folders[0]!);
      assert.equal(again.code, 0, again.stderr);
      assert.match(again.stderr, /going on after 3 episodes/);
      assert.equal(read(folders[0]!, "table.json"), before);
      assert.equal(read(folders[0]!, "episodes.jsonl").trim().split("\n").length, 3);
    });

    await t.step("the report is one file that asks for nothing", () => {
      const html = read(folders[0]!, "report.html");
      assert.match(html, /<h1/);
      assert.doesNotMatch(html, /(?:src|href)="https?:/);
      assert.ok(html.length < 3_000_000);
    });

    await t.step("wisdom names the episodes behind it", () => {
      const wisdom = JSON.parse(read(folders[0]!, "wisdom.json"));
      assert.equal(wisdom.record, "wisdom/1");
    });

    await t.step("a later task goes on with the study by its name", async () => {
      const evaluated = await task("evaluate", [
        "--study",
        "tea",
        "--split",
        "test",
        "--params",
        '{"pagerank_alpha":0.4}',
        "--json",
      ], folders[0]!);
      assert.equal(evaluated.code, 0, evaluated.stderr);
      const rows = JSON.parse(evaluated.stdout).tables[0].rows as { ranker: string }[];
      assert.ok(rows.some((row) => row.ranker === "candidate"));
    });
  } finally {
    for (const folder of folders) Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a wrong command line ends with code 2 and says where the help is; a wrong repository with code 1", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const empty = join(folder, "empty");
    Deno.mkdirSync(empty);
    const wrong: [string, string[], number, RegExp][] = [
      ["evaluate", ["--nonsense"], 2, /--help/],
      ["evaluate", ["--repo", ".", "--query", "both"], 2, /seed, message/],
      ["extract", ["--repo", ".", "--max-commits", "many"], 2, /whole number/],
      ["extract", [], 2, /no repository/],
      ["extract", ["--repo", join(folder, "nowhere")], 1, /does not exist/],
      ["extract", ["--repo", empty], 1, /not a git repository/],
      ["evaluate", ["--study", "nothing"], 1, /There is no study/],
      ["report", ["nothing"], 1, /There is no study/],
      ["evaluate", ["--repo", empty, "--formula", "nonsense"], 2, /neither a built-in/],
    ];
    const runs = await Promise.all(wrong.map(([name, args]) => task(name, args, folder)));
    wrong.forEach(([name, args, code, message], i) => {
      const said = `deno task ${name} ${args.join(" ")}\n${runs[i]!.stderr}`;
      assert.equal(runs[i]!.code, code, said);
      assert.match(runs[i]!.stderr, message, said);
      assert.equal(runs[i]!.stdout, "", said);
      assert.doesNotMatch(runs[i]!.stderr, /\n\s+at /, said);
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
