/** Reading objects: in order, of any size, and never a wrong object for a missing one. */
import assert from "node:assert/strict";
import { runGit } from "../../lib/repo/git.ts";
import { GitError } from "../../lib/repo/git_child.ts";
import { ObjectReader } from "../../lib/repo/objects.ts";
import { RepositoryScript } from "../helpers/repository_script.ts";

const root = Deno.makeTempDirSync({ prefix: "objects-test-" });
globalThis.addEventListener("unload", () => Deno.removeSync(root, { recursive: true }));

const big = "0123456789abcdef".repeat(40_000);
const { repository } = await new RepositoryScript().add({
  label: "only",
  author: "Ada <ada@tea.example>",
  at_s: 1_600_000_000,
  message: "All of it",
  files: { "big.py": big, "empty.py": "", "my file.py": "spaced\n", "other.py": "x = 1\n" },
}).write(`${root}/r`, { loose: true });

const text = (object: unknown) => new TextDecoder().decode((object as { bytes: Uint8Array }).bytes);

async function withReader<T>(dir: string, use: (objects: ObjectReader) => Promise<T>): Promise<T> {
  const objects = new ObjectReader(dir);
  try {
    return await use(objects);
  } finally {
    objects.close();
  }
}

Deno.test("ObjectReader answers many requests in their order, large and empty objects too", () =>
  withReader(repository.dir, async (objects) => {
    const names = ["other.py", "big.py", "empty.py", "my file.py", "big.py"];
    const found = await Promise.all(names.map((name) => objects.read(`HEAD:${name}`)));
    assert.deepEqual(found.map(text), ["x = 1\n", big, "", "spaced\n", big]);
    assert.equal((found[0] as { type: string }).type, "blob");
    assert.equal(((await objects.read("HEAD^{tree}")) as { type: string }).type, "tree");
  }));

Deno.test("ObjectReader says missing for unknown names, with spaces in them too, and goes on", () =>
  withReader(repository.dir, async (objects) => {
    assert.equal(await objects.read("f".repeat(40)), "missing");
    assert.equal(await objects.read("HEAD:no such file 12"), "missing");
    assert.equal(text(await objects.read("HEAD:other.py")), "x = 1\n");
    assert.throws(() => objects.read("HEAD\nHEAD"), /it has a line break/);
  }));

Deno.test("ObjectReader rejects reads after its end instead of waiting for ever", async () => {
  const objects = new ObjectReader(repository.dir);
  await objects.read("HEAD");
  objects.close();
  await assert.rejects(objects.read("HEAD"), /the reader was closed/);
  const nowhere = new ObjectReader(`${root}/nowhere`);
  await assert.rejects(nowhere.read("HEAD"), GitError);
  await assert.rejects(nowhere.read("HEAD"), GitError, "and so does every later read");
});

Deno.test("in a partial clone a blob that was not fetched is missing, and nothing is fetched for it", async () => {
  await runGit(repository.dir, ["config", "uploadpack.allowFilter", "true"]);
  const clone = [
    "clone",
    "-q",
    "--bare",
    "--filter=blob:limit=1k",
    `file://${repository.dir}`,
    `${root}/partial`,
  ];
  await runGit(root, clone);
  const names = ["other.py", "big.py", "my file.py", "big.py", "empty.py"];
  const shas = await Promise.all(
    names.map(async (name) => (await runGit(repository.dir, ["rev-parse", `HEAD:${name}`])).trim()),
  );
  const found = await withReader(
    `${root}/partial`,
    (objects) => Promise.all(shas.map((s) => objects.read(s))),
  );
  assert.deepEqual(found.map((o) => o === "missing" ? o : text(o)), [
    "x = 1\n",
    "missing",
    "spaced\n",
    "missing",
    "",
  ]);
});

Deno.test("a damaged object is missing, never other bytes", async () => {
  const sha = (await runGit(repository.dir, ["rev-parse", "HEAD:other.py"])).trim();
  const copy = `${root}/damaged`;
  await runGit(root, ["clone", "-q", "--bare", "--no-hardlinks", repository.dir, copy]);
  const file = `${copy}/objects/${sha.slice(0, 2)}/${sha.slice(2)}`;
  Deno.removeSync(file);
  Deno.writeTextFileSync(file, "not an object");
  await withReader(copy, async (objects) => {
    assert.equal(await objects.read(sha), "missing");
    assert.equal(text(await objects.read("HEAD:my file.py")), "spaced\n");
  });
});
