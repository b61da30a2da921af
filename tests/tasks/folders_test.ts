/** A folder where a task wants a file: one sentence, exit code 2, and nothing left behind. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { runTask } from "../helpers/run_task.ts";

Deno.test("a folder where a file is wanted, or a file where a folder is, is refused in one sentence before anything is made", async () => {
  const root = await Deno.makeTempDir();
  try {
    const folder = join(root, "a-folder"), file = join(root, "a-file");
    await Deno.mkdir(folder);
    await Deno.writeTextFile(file, "");
    const repo = ["--repo", join(root, "a-repository")];
    const lines: [string, ...string[]][] = [
      ["structure", ...repo, "--formula", folder],
      ["certify", ...repo, "--formula", folder],
      ["certify", ...repo, "--params", folder],
      ["evaluate", ...repo, "--candidate", folder],
      ["evaluate", ...repo, "--params", folder],
      ["failures", ...repo, "--params", folder],
      ["sweep", ...repo, "--export-optuna", folder],
      ["hypothesis", ...repo, "--known", "--out", folder],
      ["measured", "demo", "--out", folder],
      ["export", "spec", "--out", folder],
      ["versions", "--figure", folder],
      ["report", "demo", "--out", file],
      ["export", "spec", "--out", join(file, "presets.rs")],
    ];
    const runs = await Promise.all(lines.map(([name, ...args]) => runTask(name, root, {}, ...args)));
    lines.forEach((line, i) => {
      const { code, out, said } = runs[i]!, told = `deno task ${line.join(" ")}\n${said}`;
      assert.equal(code, 2, told);
      assert.equal(out, "", told);
      assert.match(
        said,
        /(?:^|\n)--[\w-]+: .*(?:a-folder"? is a folder|a-file is a file).*\nSee: deno task/,
        told,
      );
    });
    assert.deepEqual([...Deno.readDirSync(root)].map((e) => e.name).sort(), ["a-file", "a-folder"]);
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
