/** Blocks and corpora on disk: what was written comes back, and what was damaged does not. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { RecordError } from "../../lib/base/artefacts.ts";
import { decodeBlock, encodeBlock } from "../../lib/corpus/block_codec.ts";
import { type Corpus, CorpusWriter, openCorpus } from "../../lib/corpus/corpus.ts";
import type { Case } from "../../lib/records/case.ts";
import type { SnapshotBlock } from "../../lib/records/snapshot.ts";
import { randomBlock } from "../helpers/snapshots.ts";

const root = Deno.makeTempDirSync({ prefix: "corpus-test-" });
globalThis.addEventListener("unload", () => Deno.removeSync(root, { recursive: true }));
let folders = 0;
const folder = () => join(root, `${folders++}`);

Deno.test("decodeBlock gives back the block that encodeBlock was given, bit for bit", () => {
  for (const [n, seeds] of [[12, 2], [1, 1], [40, 3]] as const) {
    const block = randomBlock(n, n, seeds);
    const paths = [...block.snapshot.files].reverse();
    const bytes = encodeBlock(block, (path) => paths.indexOf(path));
    assert.deepEqual(decodeBlock(bytes, paths), block);
    assert.deepEqual(encodeBlock(decodeBlock(bytes, paths), (path) => paths.indexOf(path)), bytes);
  }
});

function casesFor({ snapshot, queries }: SnapshotBlock): Case[] {
  return queries.map((query): Case => ({
    record: "case/1",
    case_id: query.case_id,
    repo: snapshot.repo,
    commit: snapshot.commit,
    parent: snapshot.parent,
    committed_at_s: snapshot.now_s,
    subject: "odd \ud83c\udf75 \u2028 subject",
    intent: "explore",
    weight: 1,
    split: "train",
    seed_file: snapshot.files[query.seed]!,
    expected: [{ file: snapshot.files.at(-1)!, coupling: 0 }],
    n_added: 0,
    n_files: snapshot.files.length,
  }));
}

const blocks = [randomBlock(1, 5, 1), randomBlock(2, 12, 2), randomBlock(3, 9, 3)];
function write(into: string): Corpus {
  const writer = new CorpusWriter(into);
  for (const block of blocks) writer.add(block, casesFor(block));
  return writer.finish({
    repo: "made/up",
    head: "h",
    key: "k",
    role: "development",
    n_commits: 3,
    n_window: 3,
    n_teaching: 3,
    n_case_files: 0,
    dropped: {},
    blobs: {},
    missing: [],
    n_added: 0,
    n_changed: 0,
  });
}

Deno.test("a corpus gives back its blocks in any order, each with its own cases in the order of its queries", () => {
  const corpus = openCorpus((write(join(root, "kept")), join(root, "kept")))!;
  assert.equal(corpus.meta.n_cases, 6);
  for (const i of [2, 0, 1]) {
    assert.deepEqual(corpus.read(i), blocks[i]);
    assert.deepEqual(corpus.casesOf(i), casesFor(blocks[i]!));
    assert.deepEqual(corpus.casesOf(i).map((c) => c.case_id), corpus.read(i).queries.map((q) => q.case_id));
  }
});

Deno.test("openCorpus finds nothing where nothing was finished", () => {
  assert.equal(openCorpus(folder()), undefined);
  const started = folder(), writer = new CorpusWriter(started);
  writer.add(blocks[0]!, casesFor(blocks[0]!));
  assert.equal(openCorpus(started), undefined);
  writer.abandon();
  assert.equal(openCorpus(started), undefined);
  assert.deepEqual([...Deno.readDirSync(started)], [], "and an abandoned attempt leaves no file");
});

Deno.test("an attempt that is given up leaves the finished corpus of the folder as it was", () => {
  const kept = folder();
  write(kept);
  const writer = new CorpusWriter(kept);
  writer.add(blocks[2]!, casesFor(blocks[2]!));
  writer.abandon();
  assert.deepEqual(openCorpus(kept)!.read(1), blocks[1]);
});

Deno.test("a corpus that is finished twice, by two processes, is never missing while one of them reads it", () => {
  const shared = folder(), seen: boolean[] = [];
  write(shared);
  const remove = Deno.removeSync, rename = Deno.renameSync;
  try {
    // What another process would find before and after each step of the second one.
    Deno.removeSync = (path) => (remove(path), void seen.push(openCorpus(shared) !== undefined));
    Deno.renameSync = (from, to) => (rename(from, to), void seen.push(openCorpus(shared) !== undefined));
    write(shared);
  } finally {
    [Deno.removeSync, Deno.renameSync] = [remove, rename];
  }
  assert.ok(seen.length >= 3 && seen.every(Boolean), `${seen}`);
});

Deno.test("openCorpus says which file of a finished corpus was damaged, and never opens it short", () => {
  const table: [string, (file: string) => void, RegExp][] = [
    ["corpus.json", (f) => Deno.truncateSync(f, 40), /corpus\.json:1: not JSON/],
    ["corpus.json", (f) => Deno.writeTextFileSync(f, "{}"), /corpus\.json:1: record: /],
    [
      "cases.jsonl",
      (f) => Deno.removeSync(f),
      /cases\.jsonl:1: 0 cases, 6 wanted: delete its folder and extract again/,
    ],
    ["cases.jsonl", (f) => Deno.truncateSync(f, 700), /cases\.jsonl:\d: the last line has no newline/],
    ["cases.jsonl", (f) => {
      const text = Deno.readTextFileSync(f);
      Deno.writeTextFileSync(f, text.slice(0, text.trimEnd().lastIndexOf("\n") + 1));
    }, /5 cases, 6 wanted/],
    [
      "cases.jsonl",
      (f) => Deno.writeTextFileSync(f, Deno.readTextFileSync(f).replace("explore", "debug")),
      /other cases/,
    ],
    ["blocks.bin", (f) => Deno.removeSync(f), /blocks\.bin:1: 0 bytes, \d+ wanted/],
    ["blocks.bin", (f) => Deno.truncateSync(f, 100), /blocks\.bin:1: 100 bytes, \d+ wanted/],
  ];
  for (const [name, damage, message] of table) {
    const into = folder();
    write(into);
    damage(join(into, name));
    assert.throws(() => openCorpus(into), (error) => {
      assert.ok(error instanceof RecordError, `${name}: ${error}`);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("a flipped bit in a block is found when the block is read, and the others still read", () => {
  const into = folder();
  const { offset } = write(into).meta.blocks[1]!;
  const file = join(into, "blocks.bin"), bytes = Deno.readFileSync(file);
  bytes[offset + 900]! ^= 4;
  Deno.writeFileSync(file, bytes);
  const corpus = openCorpus(into)!;
  assert.throws(
    () => corpus.read(1),
    /blocks\.bin:1: block 1 is damaged: delete its folder and extract again/,
  );
  assert.deepEqual(corpus.read(2), blocks[2]);
});
