import assert from "node:assert/strict";
import { runGit } from "../../lib/repo/git.ts";
import { historyStream, writeHistory, type WrittenCommit } from "../../lib/repo/write_history.ts";

const commit = (subject: string, parents: number[], files: Record<string, string | null>): WrittenCommit => ({
  author: "Pia <pia@example.test>",
  at_s: 1_700_000_000,
  subject,
  parents,
  files: new Map(Object.entries(files)),
});

Deno.test("a written history has its commits, contents, deletions and merges", async () => {
  const dir = await Deno.makeTempDir();
  try {
    await writeHistory(
      dir,
      historyStream([
        commit("Añade a", [], { "a.ts": 'let a = "ñ";\n', "b/c.ts": "c\n" }),
        commit("side", [0], { "b/c.ts": null }),
        commit("main", [0], { "a.ts": "let a = 2;\n" }),
        commit("both", [2, 1], { "b/c.ts": null }),
      ]),
    );
    const log = await runGit(dir, ["log", "--reverse", "--topo-order", "--format=%s %at %ae %P", "main"]);
    const lines = log.trim().split("\n");
    assert.equal(lines.length, 4);
    assert.ok(lines[0]!.startsWith("Añade a 1700000000 pia@example.test"));
    assert.equal(lines[3]!.split(" ").length, 5);
    assert.equal(await runGit(dir, ["ls-tree", "-r", "--name-only", "main"]), "a.ts\n");
    assert.equal(await runGit(dir, ["show", "main~1:a.ts"]), "let a = 2;\n");
    const [root] = (await runGit(dir, ["rev-list", "--max-parents=0", "main"])).trim().split("\n");
    assert.equal(await runGit(dir, ["show", `${root}:a.ts`]), 'let a = "ñ";\n');
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("a parent that is no earlier commit and a path that needs quoting are refused", () => {
  assert.throws(
    () => historyStream([commit("x", [0], {})]),
    /Commit 0 names parent 0: an earlier one is wanted/,
  );
  assert.throws(() => historyStream([commit("x", [], { "a b": "" })]), /Cannot write "a b"/);
});
