/** Extraction of whole repositories: what is unreadable is counted, what is damaged is made again, what is stopped goes on. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Corpus } from "../../lib/corpus/corpus.ts";
import { extractCorpus, type ExtractOptions } from "../../lib/corpus/extract.ts";
import { tieOrder } from "../../lib/records/run.ts";
import { runGit } from "../../lib/repo/git.ts";
import { MissingObjectError } from "../../lib/repo/tree.ts";
import { RepositoryScript } from "../helpers/repository_script.ts";
import { teaHouse, UNREADABLE } from "../helpers/scripted_repository.ts";

const root = Deno.makeTempDirSync({ prefix: "extract-test-" });
globalThis.addEventListener("unload", () => Deno.removeSync(root, { recursive: true }));
let folders = 0;
const folder = () => join(root, `${folders++}`);

const script = teaHouse();
const { repository, shas } = await script.write(folder(), { loose: true });
const CACHE = folder();
const options: ExtractOptions = { role: "development", cacheDir: CACHE };
const corpus = await extractCorpus(repository, options);

/** All that a corpus says, for comparing two. */
const contents = (c: Corpus) => ({
  meta: c.meta,
  cases: c.cases,
  blocks: Array.from({ length: c.nBlocks }, (_, i) => c.read(i)),
});
const corpusFolder = (cache: string) =>
  join(cache, "corpora", [...Deno.readDirSync(join(cache, "corpora"))][0]!.name);

Deno.test("extractCorpus drops each commit under one filter and splits whole commits by time", () => {
  assert.deepEqual(corpus.meta.dropped, {
    merge: 1,
    bot: 1,
    merge_message: 0,
    wip: 1,
    formatting: 1,
    release: 1,
    revert: 1,
    too_few_source_files: 1,
    too_many_source_files: 2,
    no_rankable_pair: 0,
  });
  const { n_window, n_teaching, n_commits } = corpus.meta;
  assert.deepEqual([n_commits, n_window, n_teaching], [69, 68, 60]);
  const splits = new Map(corpus.cases.map((c) => [c.commit, c.split]));
  const counts = Map.groupBy(splits.values(), (s) => s);
  assert.deepEqual([...counts].map(([s, all]) => [s, all.length]), [["train", 30], ["selection", 12], [
    "test",
    18,
  ]]);
  for (const c of corpus.cases) assert.equal(c.split, splits.get(c.commit));
});

Deno.test("extractCorpus counts blobs it cannot read as code and ranks their files all the same", () => {
  assert.deepEqual(corpus.meta.blobs, { binary: 2, no_grammar: 1, ok: 211, too_large: 1, undecodable: 1 });
  const { snapshot } = corpus.read(corpus.nBlocks - 1);
  for (const path of Object.values(UNREADABLE)) assert.ok(snapshot.files.includes(path), path);
});

Deno.test("candidates are the source files of the parent tree, and every expected file is one of them", () => {
  for (let b = 0; b < corpus.nBlocks; b++) {
    const { snapshot, queries } = corpus.read(b);
    const files = new Set(snapshot.files);
    assert.deepEqual([...tieOrder(snapshot.files)], [...snapshot.files.keys()], "in the fixed tie order");
    corpus.casesOf(b).forEach((c, i) => {
      assert.equal(snapshot.files[queries[i]!.seed], c.seed_file);
      assert.equal(c.n_files, files.size);
      for (const { file } of c.expected) assert.ok(files.has(file) && file !== c.seed_file);
    });
  }
});

Deno.test("chat files are what the author touched earlier in the session, and never the seed", () => {
  const b = corpus.meta.blocks.findIndex((_, i) => corpus.casesOf(i)[0]!.subject === "Weigh before grinding");
  const { snapshot, queries } = corpus.read(b);
  const chat = queries.map((
    q,
  ) => [snapshot.files[q.seed], [...q.sparse.chat.index].map((i) => snapshot.files[i]).sort()]);
  const earlier = [
    "engine/src/grind.rs",
    "engine/src/grind/burr.rs",
    "engine/src/lib.rs",
    "engine/src/scale.rs",
  ];
  assert.deepEqual(chat, [
    ["engine/src/grind.rs", earlier.filter((f) => f !== "engine/src/grind.rs")],
    ["engine/src/scale.rs", earlier.filter((f) => f !== "engine/src/scale.rs")],
  ]);
});

Deno.test("a deleted file is expected, a renamed one by its old name, and an added one only counted", () => {
  const of = (label: string) => corpus.cases.filter((c) => c.commit === shas.get(label));
  assert.deepEqual(of("deleted").map((c) => c.seed_file), ["engine/src/grind.rs", "engine/src/lib.rs"]);
  assert.ok(of("deleted").every((c) => c.expected.some((e) => e.file === "engine/src/scale.rs")));
  assert.deepEqual(of("freed").map((c) => c.seed_file), ["brew/journal.py", "brew/water.py"]);
  assert.equal(of("refilled")[0]!.n_added, 1);
  assert.equal(corpus.meta.n_added, 1);
});

Deno.test("a second extraction opens the kept corpus, a fresh one makes the same bytes again", async () => {
  const stages: string[] = [];
  const kept = await extractCorpus(repository, { ...options, onProgress: (stage) => stages.push(stage) });
  assert.equal(stages.length, 0, "nothing was extracted");
  assert.deepEqual(contents(kept), contents(corpus));
  const again = await extractCorpus(repository, {
    ...options,
    fresh: true,
    onProgress: (stage) => stages.push(stage),
  });
  assert.deepEqual(contents(again), contents(corpus));
  assert.deepEqual([...new Set(stages)], ["history", "trees", "tags", "snapshots"]);
});

Deno.test("other rules make another corpus, kept beside the first", async () => {
  const lockbox = await extractCorpus(repository, { ...options, role: "lockbox", maxCommits: 5 });
  assert.equal(lockbox.meta.n_window, 5);
  assert.notEqual(lockbox.meta.key, corpus.meta.key);
  assert.ok(lockbox.cases.every((c) => c.split === "lockbox"));
  assert.deepEqual(contents(await extractCorpus(repository, options)), contents(corpus));
});

Deno.test("a damaged corpus is made again, whichever of its files was hit", async () => {
  const cache = folder();
  copyFolder(join(CACHE, "tags"), join(cache, "tags"));
  await extractCorpus(repository, { ...options, cacheDir: cache });
  const kept = corpusFolder(cache);
  for (const name of ["corpus.json", "cases.jsonl", "blocks.bin"]) {
    Deno.truncateSync(join(kept, name), 50);
    assert.deepEqual(
      contents(await extractCorpus(repository, { ...options, cacheDir: cache })),
      contents(corpus),
      name,
    );
  }
});

function copyFolder(from: string, to: string) {
  Deno.mkdirSync(to, { recursive: true });
  for (const entry of Deno.readDirSync(from)) {
    if (entry.isDirectory) copyFolder(join(from, entry.name), join(to, entry.name));
    else Deno.copyFileSync(join(from, entry.name), join(to, entry.name));
  }
}

Deno.test("an extraction stopped at any stage leaves no corpus, and the next one ends with the same corpus", async () => {
  const cache = folder();
  for (const at of ["history", "trees", "tags", "snapshots"]) {
    const stop = new AbortController(), reason = new Error(`stopped at ${at}`);
    const stopped = extractCorpus(repository, {
      ...options,
      cacheDir: cache,
      signal: stop.signal,
      onProgress: (stage) => stage === at && stop.abort(reason),
    });
    await assert.rejects(stopped, reason, at);
    const attempts = at === "snapshots" ? [...Deno.readDirSync(corpusFolder(cache))] : [];
    assert.deepEqual(attempts, [], "nothing half-made is left");
  }
  let cachedTags = -1;
  const resumed = await extractCorpus(repository, {
    ...options,
    cacheDir: cache,
    onProgress: (stage, done) => {
      if (stage === "tags" && cachedTags < 0) cachedTags = done;
    },
  });
  assert.equal(cachedTags, 216, "the tags read before the stop were kept");
  assert.deepEqual(contents(resumed), contents(corpus));
});

Deno.test("missing blobs are counted and their files ranked; once they are there the corpus is made again", async () => {
  const { repository } = await script.write(folder(), { loose: true, head: "refilled" });
  const cache = folder();
  copyFolder(join(CACHE, "tags"), join(cache, "tags"));
  const sha = (await runGit(repository.dir, ["rev-parse", "HEAD~1:brew/menu.py"])).trim();
  const object = join(repository.dir, "objects", sha.slice(0, 2), sha.slice(2));
  Deno.renameSync(object, `${root}/aside`);
  const lacking = folder();
  const partial = await extractCorpus(repository, { ...options, cacheDir: lacking });
  assert.equal(partial.meta.blobs["missing"], 1);
  assert.deepEqual(partial.meta.missing, [sha]);
  assert.ok(partial.read(partial.nBlocks - 1).snapshot.files.includes("brew/menu.py"));
  assert.deepEqual((await extractCorpus(repository, { ...options, cacheDir: lacking })).meta, partial.meta);
  Deno.renameSync(`${root}/aside`, object);
  const whole = await extractCorpus(repository, { ...options, cacheDir: lacking });
  assert.equal(whole.meta.blobs["missing"], undefined);
  assert.deepEqual(
    contents(whole),
    contents(await extractCorpus(repository, { ...options, cacheDir: cache })),
  );
});

Deno.test("a missing tree is an error that names it, since files would be missing from the ranking", async () => {
  const { repository } = await script.write(folder(), { loose: true, head: "c3" });
  const sha = (await runGit(repository.dir, ["rev-parse", "HEAD~1:engine"])).trim();
  Deno.removeSync(join(repository.dir, "objects", sha.slice(0, 2), sha.slice(2)));
  await assert.rejects(extractCorpus(repository, { ...options, cacheDir: folder() }), (error) => {
    assert.match((error as Error).message, new RegExp(sha.slice(0, 12)));
    return error instanceof MissingObjectError || (error as Error).name === "GitError";
  });
});

Deno.test("a history that teaches nothing gives an empty corpus that says why", async () => {
  const poor = new RepositoryScript();
  const author = "Ada <ada@tea.example>";
  poor.add({
    label: "a",
    author,
    at_s: 1_600_000_000,
    message: "Open",
    files: { "a.py": "a = 1\n", "b.py": "b = 1\n" },
  });
  poor.add({
    label: "b",
    author,
    at_s: 1_600_000_100,
    message: "WIP",
    files: { "a.py": "a = 2\n", "b.py": "b = 2\n" },
  });
  poor.add({ label: "c", author, at_s: 1_600_000_200, message: "One", files: { "a.py": "a = 3\n" } });
  const { repository } = await poor.write(folder());
  const cacheDir = folder();
  for (let again = 0; again < 2; again++) {
    const { meta, cases, nBlocks } = await extractCorpus(repository, { ...options, cacheDir });
    assert.deepEqual([cases.length, nBlocks, meta.n_cases, meta.n_window], [0, 0, 0, 3]);
    assert.equal(meta.dropped["wip"], 1);
    assert.equal(meta.dropped["too_few_source_files"], 1);
    assert.equal(meta.dropped["no_rankable_pair"], 1, "the first commit has no parent to stand on");
  }
});
