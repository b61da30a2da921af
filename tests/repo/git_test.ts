/** Opening repositories: what is wrong with a bad one is said in one sentence. */
import assert from "node:assert/strict";
import {
  decodeGitBytes,
  gitEnvironment,
  openRepository,
  RepositoryError,
  runGit,
} from "../../lib/repo/git.ts";
import { GitError } from "../../lib/repo/git_child.ts";
import { RepositoryScript } from "../helpers/repository_script.ts";

const root = Deno.makeTempDirSync({ prefix: "git-test-" });
globalThis.addEventListener("unload", () => Deno.removeSync(root, { recursive: true }));

const script = new RepositoryScript();
for (let i = 0; i < 3; i++) {
  script.add({
    label: `c${i}`,
    author: "Ada <ada@tea.example>",
    at_s: 1_600_000_000 + i,
    message: `Step ${i}`,
    files: { "sub/a.py": `a = ${i}\n` },
  });
}
const bare = (await script.write(`${root}/tea.git`)).repository;

const refused = (path: string, message: RegExp, revision?: string) =>
  assert.rejects(openRepository(path, revision), (error) => {
    assert.ok(error instanceof RepositoryError, String(error));
    assert.match(error.message, message);
    return true;
  });

Deno.test("openRepository finds head and name of bare repositories, work trees and .git folders", async () => {
  assert.deepEqual(await openRepository(bare.dir), { name: "tea", dir: bare.dir, head: bare.head });
  await runGit(root, ["clone", "-q", bare.dir, `${root}/checkout`]);
  assert.equal((await openRepository(`${root}/checkout`)).head, bare.head);
  assert.equal((await openRepository(`${root}/checkout/.git`)).name, "checkout");
  assert.notEqual((await openRepository(bare.dir, "HEAD~1")).head, bare.head);
  await runGit(bare.dir, ["config", "remote.origin.url", "https://git.example/house/tea.git"]);
  assert.equal((await openRepository(bare.dir)).name, "house/tea");
});

Deno.test("openRepository says what is missing: nothing there, a file, no repository, no commit, no such revision", async () => {
  await refused(`${root}/nowhere`, /nowhere does not exist: give --repo a git repository or a URL/);
  Deno.writeTextFileSync(`${root}/file.txt`, "x");
  await refused(`${root}/file.txt`, /is a file: the path of a git repository is wanted/);
  await refused(`${root}/file.txt/below`, /does not exist/);
  Deno.mkdirSync(`${root}/plain`);
  await refused(`${root}/plain`, /is not a git repository/);
  await runGit(root, ["init", "-q", `${root}/empty`]);
  await refused(`${root}/empty`, /has no commit on HEAD: an empty repository teaches nothing/);
  await refused(bare.dir, /has no commit "no-such-branch"/, "no-such-branch");
});

Deno.test("openRepository refuses a folder inside a repository instead of taking the one around it", async () => {
  await runGit(root, ["clone", "-q", bare.dir, `${root}/around`]);
  await refused(
    `${root}/around/sub`,
    /is a folder inside a git repository: give the repository itself, .*around$/,
  );
});

Deno.test("openRepository refuses shallow clones and SHA-256 repositories and says what to do", async () => {
  await runGit(root, ["clone", "-q", "--depth", "1", `file://${bare.dir}`, `${root}/shallow`]);
  await refused(`${root}/shallow`, /is a shallow clone.*fetch --unshallow/);
  await runGit(root, ["init", "-q", "--object-format=sha256", `${root}/sha256`]);
  await refused(`${root}/sha256`, /names its objects by sha256: only sha1/);
});

Deno.test("git children ignore variables that point at another repository, as git sets them around hooks", () => {
  const env = gitEnvironment({
    HOME: "/home/ada",
    GIT_DIR: "/elsewhere",
    GIT_INDEX_FILE: "x",
    LC_ALL: "de_DE",
  });
  assert.equal(env["HOME"], "/home/ada");
  assert.equal("GIT_DIR" in env || "GIT_INDEX_FILE" in env, false);
  assert.equal(env["LC_ALL"], "C");
});

Deno.test("runGit fails with the command, the exit code and git's own words", async () => {
  await assert.rejects(runGit(bare.dir, ["cat-file", "-p", "HEAD:nothing"]), (error) => {
    assert.ok(error instanceof GitError);
    assert.match(error.message, /git cat-file -p HEAD:nothing failed with exit code 128:\n.*does not exist/);
    return true;
  });
});

Deno.test("decodeGitBytes keeps UTF-8 and shows every other byte as \\xHH", () => {
  const table: [number[], string][] = [
    [[], ""],
    [[0x61, 0x62], "ab"],
    [[0xc3, 0xa9], "é"],
    [[0xe9], "\\xe9"],
    [[0x61, 0xff, 0xc3, 0xa9, 0xc3], "a\\xffé\\xc3"],
    [[0xf0, 0x9f, 0x8d, 0xb5, 0x80], "🍵\\x80"],
    [[0xef, 0xbb, 0xbf, 0x61], "\ufeffa"],
  ];
  for (const [bytes, text] of table) assert.equal(decodeGitBytes(Uint8Array.from(bytes)), text);
});
