/** The history: parsing whatever the chunks, odd bytes, and the time law of order and identities. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fc from "fast-check";
import { GIT_NEUTRAL, gitEnvironment, runGit } from "../../lib/repo/git.ts";
import { type History, identitiesAt, readHistory } from "../../lib/repo/log.ts";
import { LOG_FORMAT, LogParser } from "../../lib/repo/log_parser.ts";
import { GitError } from "../../lib/repo/git_child.ts";
import { randomHistory } from "../helpers/random_history.ts";
import { RepositoryScript, type WrittenRepository } from "../helpers/repository_script.ts";
import { ODD, teaHouse } from "../helpers/scripted_repository.ts";

const root = Deno.makeTempDirSync({ prefix: "log-test-" });
globalThis.addEventListener("unload", () => Deno.removeSync(root, { recursive: true }));

let folders = 0;
const written = (script: RepositoryScript, head?: string): Promise<WrittenRepository> =>
  script.write(`${root}/${folders++}`, head === undefined ? {} : { head });

const tea = await written(teaHouse());
const history = await readHistory(tea.repository.dir, tea.repository.head);
const at = (label: string, h: History = history) => h.commits.find((c) => c.sha === tea.shas.get(label))!;

function captureLog(): Promise<Uint8Array> {
  const args = [
    "-C",
    tea.repository.dir,
    ...GIT_NEUTRAL,
    "log",
    "--raw",
    "-z",
    "--no-abbrev",
    "-M50%",
    `--format=${LOG_FORMAT}`,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn("git", args, { stdio: ["ignore", "pipe", "ignore"], env: gitEnvironment() });
    const parts: Uint8Array[] = [];
    child.stdout!.on("data", (part: Uint8Array) => parts.push(part));
    child.on("error", reject);
    child.on("close", async () => resolve(new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer())));
  });
}
const captured = await captureLog();
const parsed = (chunks: Iterable<Uint8Array>) => {
  const parser = new LogParser();
  for (const chunk of chunks) parser.push(chunk);
  return parser.end();
};

Deno.test("LogParser gives the same commits for any chunking of git's output", () => {
  const whole = parsed([captured]);
  assert.equal(whole.length, 69);
  assert.deepEqual(parsed(Array.from(captured, (byte) => Uint8Array.of(byte))), whole);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: captured.length - 1 }), { maxLength: 40 }), (cuts) => {
      const at = [0, ...[...cuts].sort((a, b) => a - b), captured.length];
      assert.deepEqual(parsed(at.slice(1).map((end, i) => captured.subarray(at[i], end))), whole);
    }),
    { seed: 1, numRuns: 40 },
  );
});

Deno.test("LogParser refuses a stream cut inside a commit, unknown text and unknown statuses", () => {
  const end = captured.indexOf(0, 50);
  assert.throws(() => parsed([captured.subarray(0, end)]), /ended in the middle of a commit/);
  const head = "\x1eabc\0\0" + "1\0name\0mail\0subject\x1f\0";
  const text = (rest: string) => [new TextEncoder().encode(head + rest)];
  assert.throws(() => parsed(text("what is this\0")), /Unexpected text in git log: "what is this"/);
  const raw = `\n:100644 100644 ${"a".repeat(40)} ${"b".repeat(40)} `;
  assert.throws(() => parsed(text(`${raw}U\0path\0`)), /Unexpected change status/);
  assert.throws(() => parsed(text(`${raw}M\0`)), /ended in the middle/);
  assert.equal(parsed(text(`${raw}M\0path\0`))[0]!.changes[0]!.path, "path");
});

Deno.test("readHistory keeps empty commits, empty subjects, merges without changes and odd bytes", () => {
  assert.equal(history.commits.length, 69);
  const bySubject = (subject: string) => history.commits.find((c) => c.subject === subject)!;
  assert.deepEqual(bySubject("Empty on purpose").changes, []);
  assert.equal(bySubject("").changes.length, 2);
  assert.equal(at("merge").parents.length, 2);
  assert.deepEqual(at("merge").changes, []);
  assert.ok(bySubject("Caf\\xe9 hours in the journal"), "a byte that is no UTF-8 is shown as \\xHH");
  const odd = bySubject("Walk odd paths").changes.map((c) => c.path).sort();
  assert.deepEqual(odd, [ODD.newline, ODD.quote, ODD.rawShown, ODD.unicode, ODD.space].sort());
});

Deno.test("readHistory puts every parent before its children", () => {
  for (const [i, commit] of history.commits.entries()) {
    assert.equal(commit.index, i);
    for (const parent of commit.parents) assert.ok(parent < i);
  }
});

Deno.test("a rename keeps a file's identity, and a rename on a side branch is unknown beside it", () => {
  const cart = identitiesAt(history, at("first").index)("web/src/cart.ts");
  assert.ok(cart >= 0);
  assert.equal(identitiesAt(history, at("side-rename").index)("web/src/basket.ts"), cart);
  assert.equal(identitiesAt(history, at("main-beside-2").index)("web/src/cart.ts"), cart);
  const beside = identitiesAt(history, at("main-beside-2").index)("web/src/basket.ts");
  assert.notEqual(beside, cart, "the rename happened where this commit cannot see it");
  assert.equal(identitiesAt(history, at("after-merge").index)("web/src/basket.ts"), cart);
  const change = at("after-merge").changes.find((c) => c.path === "web/src/basket.ts")!;
  assert.equal(change.file, cart);
});

Deno.test("a name that was freed by a rename and refilled is another file", () => {
  const before = identitiesAt(history, at("first").index)("brew/water.py");
  const after = identitiesAt(history, at("refilled").index);
  assert.equal(after("brew/well.py"), before);
  assert.notEqual(after("brew/water.py"), before);
  const head = identitiesAt(history, history.commits.length - 1);
  assert.equal(head("brew/water.py"), after("brew/water.py"), "and stays that file afterwards");
  assert.equal(head("never/was.py"), -1);
});

/** A history in names instead of numbers: what may not depend on commits that are not ancestors. */
function inNames(h: History, keep?: ReadonlySet<string>) {
  return h.commits.filter((c) => keep === undefined || keep.has(c.sha)).map((c) => ({
    sha: c.sha,
    parents: c.parents.map((p) => h.commits[p]!.sha),
    at: c.committed_at_s,
    changes: c.changes.map(({ file, ...rest }) => ({ ...rest, file: h.file_names[file] })),
    identity: identityTable(h, c.index),
  }));
}

function identityTable(h: History, commit: number) {
  const identity = identitiesAt(h, commit);
  return ["a.py", "b.py", "lib/c.ts", "lib/d.ts", "lib/deep/e.go", "f.rs"].map((path) => {
    const id = identity(path);
    return id < 0 ? path : h.file_names[id];
  });
}

Deno.test("order and identities of a commit's history are those in a clone cut off at it, on random histories", async () => {
  for (let seed = 1; seed <= 6; seed++) {
    const script = randomHistory(seed, 40);
    const full = await written(script);
    const whole = await readHistory(full.repository.dir, full.repository.head);
    for (const head of [script.labels[13]!, script.labels[24]!, script.labels[33]!]) {
      const cut = await written(script, head);
      assert.equal(cut.repository.head, full.shas.get(head), "the cut clone holds the same commit");
      const kept = new Set([...script.ancestorsOf(head)].map((label) => full.shas.get(label)!));
      const truncated = await readHistory(cut.repository.dir, cut.repository.head);
      assert.deepEqual(inNames(truncated), inNames(whole, kept), `seed ${seed}, cut at ${head}`);
    }
  }
});

Deno.test("a clone without the blobs of a rename is told to be partial or damaged, not read wrong", async () => {
  const script = new RepositoryScript(), author = "Ada <ada@tea.example>";
  const text = "steep for three minutes\n".repeat(20);
  script.add({ label: "a", author, at_s: 1_600_000_000, message: "Open", files: { "a.py": text } });
  script.add({
    label: "b",
    author,
    at_s: 1_600_000_100,
    message: "Move",
    renames: { "a.py": "b.py" },
    files: { "b.py": `${text}then drink\n` },
  });
  const { repository } = await script.write(`${root}/${folders++}`, { loose: true });
  const before = await readHistory(repository.dir, repository.head);
  assert.equal(before.commits[1]!.changes[0]!.status, "R");
  const sha = (await runGit(repository.dir, ["rev-parse", "HEAD~1:a.py"])).trim();
  Deno.removeSync(`${repository.dir}/objects/${sha.slice(0, 2)}/${sha.slice(2)}`);
  await assert.rejects(
    readHistory(repository.dir, repository.head),
    /git log .* failed with exit code 128:\n.*\n? *the clone is partial or damaged: fetch it whole/,
  );
});

Deno.test("readHistory names an unknown head and stops when told to", async () => {
  await assert.rejects(readHistory(tea.repository.dir, "f".repeat(40)), GitError);
  const reason = new Error("enough");
  await assert.rejects(
    readHistory(tea.repository.dir, tea.repository.head, { signal: AbortSignal.abort(reason) }),
    reason,
  );
});
