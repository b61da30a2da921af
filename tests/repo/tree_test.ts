/** Trees: kept files of a commit, sorted, whatever is in the way. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { gitEnvironment, runGit } from "../../lib/repo/git.ts";
import { isSourcePath } from "../../lib/repo/languages.ts";
import { ObjectReader } from "../../lib/repo/objects.ts";
import { MissingObjectError, TreeReader } from "../../lib/repo/tree.ts";
import { ODD, teaHouse, UNREADABLE } from "../helpers/scripted_repository.ts";

const root = Deno.makeTempDirSync({ prefix: "tree-test-" });
globalThis.addEventListener("unload", () => Deno.removeSync(root, { recursive: true }));

const script = teaHouse();
const tea = await script.write(`${root}/tea`, { loose: true, head: "freed" });

async function list(dir: string, commit: string, keep = isSourcePath) {
  const objects = new ObjectReader(dir);
  try {
    return await new TreeReader(objects, keep).list(commit);
  } finally {
    objects.close();
  }
}

/** Stores an object as it is, valid or not. */
function hashObject(dir: string, type: string, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["-C", dir, "hash-object", "-t", type, "-w", "--stdin", "--literally"], {
      stdio: ["pipe", "pipe", "ignore"],
      env: gitEnvironment(),
    });
    let out = "";
    child.stdout!.on("data", (chunk: Uint8Array) => out += new TextDecoder().decode(chunk));
    child.on("error", reject);
    child.on("close", () => resolve(out.trim()));
    child.stdin!.end(bytes);
  });
}

Deno.test("TreeReader lists the source files of a commit as the script has them, vendor and odd paths included", async () => {
  for (const label of ["first", "main-beside-2", "freed"]) {
    const files = await list(tea.repository.dir, tea.shas.get(label)!);
    const wanted = [...script.treeOf(label).keys()].filter(isSourcePath)
      .map((path) => path === ODD.raw ? ODD.rawShown : path).sort();
    assert.deepEqual(files.map((f) => f.path), wanted);
    assert.ok(wanted.includes("vendor/shim/clock.js") && wanted.includes(UNREADABLE.binary));
  }
});

Deno.test("TreeReader gives each file the blob git gives it", async () => {
  const head = tea.repository.head;
  const files = await list(tea.repository.dir, head);
  const lines = (await runGit(tea.repository.dir, ["ls-tree", "-r", head, "brew/"])).trim().split("\n");
  const wanted = lines.map((line) => line.split(/[ \t]/)).map(([, , blob, path]) => ({ path, blob }));
  assert.deepEqual(files.filter((f) => f.path.startsWith("brew/")), wanted);
});

Deno.test("TreeReader leaves out links and submodules, and reads modes written with a leading zero", async () => {
  const { dir } = tea.repository;
  const blob = await hashObject(dir, "blob", new TextEncoder().encode("x = 1\n"));
  const sha = (hex: string) => Uint8Array.from(hex.match(/../g)!, (pair) => parseInt(pair, 16));
  const entry = (mode: string, name: string, hex: string) => [
    ...new TextEncoder().encode(`${mode} ${name}\0`),
    ...sha(hex),
  ];
  const inner = await hashObject(dir, "tree", Uint8Array.from(entry("100644", "deep.py", blob)));
  const outer = await hashObject(
    dir,
    "tree",
    Uint8Array.from([
      ...entry("100755", "a.py", blob),
      ...entry("120000", "link.py", blob),
      ...entry("160000", "module.py", "a".repeat(40)),
      ...entry("040000", "old", inner),
    ]),
  );
  const commit = (await runGit(dir, [
    "-c",
    "user.name=Ada",
    "-c",
    "user.email=ada@tea.example",
    "commit-tree",
    outer,
    "-m",
    "odd",
  ])).trim();
  assert.deepEqual((await list(dir, commit)).map((f) => f.path), ["a.py", "old/deep.py"]);
});

Deno.test("TreeReader names the tree a repository lacks", async () => {
  const copy = await script.write(`${root}/lacking`, { loose: true, head: "freed" });
  const sub = (await runGit(copy.repository.dir, ["rev-parse", `${copy.repository.head}:brew`])).trim();
  Deno.removeSync(`${copy.repository.dir}/objects/${sub.slice(0, 2)}/${sub.slice(2)}`);
  await assert.rejects(list(copy.repository.dir, copy.repository.head), (error) => {
    assert.ok(error instanceof MissingObjectError);
    assert.equal(error.object, sub);
    assert.match(error.message, /lacks the object .*partial or damaged. Fetch it whole, or run git fsck/);
    return true;
  });
});
