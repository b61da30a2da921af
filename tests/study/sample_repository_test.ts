import assert from "node:assert/strict";
import { join } from "node:path";
import { openRepository, runGit } from "../../lib/repo/git.ts";
import { readHistory } from "../../lib/repo/log.ts";
import { sampleHistory } from "../../lib/study/sample_history.ts";
import { SAMPLE_FILES, SAMPLE_MODULES } from "../../lib/study/sample_project.ts";
import { SAMPLE_NAME, sampleRepository } from "../../lib/study/sample_repository.ts";

/** The head's name: whoever changes the sample changes every number made from it, and says so here. */
const HEAD = "f41bdc9";

Deno.test("the sample has the same commit names in every cache, its name says what it is, and git finds it sound", async () => {
  const caches = [await Deno.makeTempDir(), await Deno.makeTempDir()];
  try {
    const dirs = await Promise.all(caches.map((cache) => sampleRepository(cache)));
    for (const dir of dirs) {
      const { name, head } = await openRepository(dir);
      assert.equal(name, SAMPLE_NAME);
      assert.equal(head.slice(0, 7), HEAD);
    }
    assert.equal(await runGit(dirs[0]!, ["fsck", "--no-dangling", "--no-progress"]), "");
  } finally {
    for (const cache of caches) await Deno.remove(cache, { recursive: true });
  }
});

Deno.test("writers at the same moment share one sample and leave no attempt behind", async () => {
  const cache = await Deno.makeTempDir();
  try {
    const dirs = await Promise.all([1, 2, 3].map(() => sampleRepository(cache)));
    assert.equal(new Set(dirs).size, 1);
    const left = [...Deno.readDirSync(join(dirs[0]!, ".."))].map((e) => e.name);
    assert.deepEqual(left, [`${SAMPLE_NAME}.git`]);
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
});

Deno.test("the sample's history has merges, renames, late files and three people, and time never runs backwards", async () => {
  const cache = await Deno.makeTempDir();
  try {
    const { commits } = await readHistory(await sampleRepository(cache), "main");
    assert.equal(commits.filter((c) => c.parents.length > 1).length, 3);
    assert.equal(commits.flatMap((c) => c.changes).filter((c) => c.status === "R").length, 3);
    assert.ok(commits.slice(1).some((c) => c.changes.some(({ status }) => status === "A")));
    assert.equal(
      new Set(commits.filter((c) => !c.author_name.includes("bot")).map((c) => c.author_email)).size,
      3,
    );
    const times = sampleHistory().map((c) => c.at_s);
    assert.deepEqual(times, times.toSorted((a, b) => a - b));
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
});

Deno.test("the imagined project hangs together: every use names a file, every file a module", () => {
  const paths = new Set(SAMPLE_FILES.map((f) => f.path)),
    modules = new Set(SAMPLE_MODULES.map((m) => m.name));
  assert.equal(paths.size, SAMPLE_FILES.length);
  for (const { path, module, uses } of SAMPLE_FILES) {
    assert.ok(module === "shared" || modules.has(module), path);
    for (const used of uses) assert.ok(paths.has(used) && used !== path, `${path} uses ${used}`);
  }
  for (const { name, neighbours } of SAMPLE_MODULES) {
    for (const neighbour of neighbours) assert.ok(modules.has(neighbour), `${name} spills into ${neighbour}`);
  }
});
