/**
 * The time law: what is said of a case is what would be said in a world that ends at its commit.
 *
 * Every case commit's block is extracted twice: from the whole history, and from a repository that holds nothing but the commit
 * and its ancestors. Features must agree in every byte and labels in every field but the split, which is the whole's to give.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { encodeBlock } from "../../lib/corpus/block_codec.ts";
import type { Corpus } from "../../lib/corpus/corpus.ts";
import { extractCorpus } from "../../lib/corpus/extract.ts";
import type { SnapshotBlock } from "../../lib/records/snapshot.ts";
import { randomHistory } from "../helpers/random_history.ts";
import type { RepositoryScript } from "../helpers/repository_script.ts";
import { ODD, teaHouse } from "../helpers/scripted_repository.ts";

const root = Deno.makeTempDirSync({ prefix: "time-law-" });
globalThis.addEventListener("unload", () => Deno.removeSync(root, { recursive: true }));

let folders = 0;
const folder = () => `${root}/${folders++}`;
const SHARED_CACHE = folder();

/** Extracts a script up to a commit. All of its history by default; only the last commit's cases with `maxCommits` 1. */
async function extracted(script: RepositoryScript, head: string, maxCommits: number, cacheDir: string) {
  const { repository, shas } = await script.write(folder(), { head });
  return { shas, corpus: await extractCorpus(repository, { role: "lockbox", maxCommits, cacheDir }) };
}

/** Bytes of a block with paths numbered by their place in it, so that no other block takes part. */
function canonicalBytes(block: SnapshotBlock): Uint8Array {
  const place = new Map(block.snapshot.files.map((file, i) => [file, i]));
  return encodeBlock(block, (path) => place.get(path)!);
}

function blockOf(corpus: Corpus, commit: string) {
  for (let i = 0; i < corpus.nBlocks; i++) {
    if (corpus.casesOf(i)[0]!.commit !== commit) continue;
    const cases = corpus.casesOf(i).map(({ split: _, ...rest }) => rest);
    return { block: corpus.read(i), cases };
  }
  return undefined;
}

function assertSame(whole: Corpus, cut: Corpus, commit: string, label: string) {
  const before = blockOf(whole, commit)!, after = blockOf(cut, commit);
  assert.ok(after, `${label} makes a case in the cut repository too`);
  assert.deepEqual(after.cases, before.cases, `labels of ${label}`);
  assert.deepEqual(after.block.snapshot.files, before.block.snapshot.files);
  assert.ok(
    Buffer.from(canonicalBytes(after.block)).equals(canonicalBytes(before.block)),
    `features of ${label} differ without its future`,
  );
}

Deno.test("without its future, every case of the scripted repository has the same features and labels, bit for bit", async () => {
  const script = teaHouse();
  const whole = await extracted(script, script.labels.at(-1)!, 10_000, SHARED_CACHE);
  const labels = script.labels.filter((label) => blockOf(whole.corpus, whole.shas.get(label)!));
  assert.equal(labels.length, 60);
  for (const label of labels) {
    const cut = await extracted(script, label, 1, SHARED_CACHE);
    assertSame(whole.corpus, cut.corpus, whole.shas.get(label)!, label);
  }
});

/** A snapshot and one of its queries as bytes, with the names of commit and case taken out. */
function namelessBytes({ snapshot, queries }: SnapshotBlock, seed: string): Uint8Array {
  const query = queries.find((q) => snapshot.files[q.seed] === seed)!;
  return canonicalBytes({ snapshot: { ...snapshot, commit: "" }, queries: [{ ...query, case_id: "" }] });
}

Deno.test("a case does not know its own commit: had that changed other files, all features would be the same", async () => {
  const script = teaHouse();
  const whole = await extracted(script, script.labels.at(-1)!, 10_000, SHARED_CACHE);
  for (
    const label of script.labels.filter((l) => blockOf(whole.corpus, whole.shas.get(l)!)).filter((_, i) =>
      i % 4 === 3
    )
  ) {
    const { block, cases } = blockOf(whole.corpus, whole.shas.get(label)!)!;
    const { author, at_s, message, parents } = script.commitOf(label);
    const seed = cases[0]!.seed_file, changed = new Set([seed, ...cases[0]!.expected.map((e) => e.file)]);
    const other = [
      "brew/kettle.py",
      "engine/src/lib.rs",
      "web/src/price.ts",
      "server/main.go",
      "brew/well.py",
    ]
      .find((file) => !changed.has(file) && block.snapshot.files.includes(file))!;
    const twin = `${label}, had it changed ${other}`, tree = script.treeOf(parents[0]!);
    const path = seed === ODD.rawShown ? ODD.raw : seed;
    const again = (file: string) =>
      typeof tree.get(file) === "string" ? `${tree.get(file)}\n` : new Uint8Array([0]);
    script.add({
      label: twin,
      parents,
      author,
      at_s,
      message,
      files: { [path]: again(path), [other]: again(other) },
    });
    const { corpus, shas } = await extracted(script, twin, 1, SHARED_CACHE);
    const changedOtherwise = blockOf(corpus, shas.get(twin)!)!;
    assert.notEqual(shas.get(twin), whole.shas.get(label));
    assert.ok(
      Buffer.from(namelessBytes(changedOtherwise.block, seed)).equals(namelessBytes(block, seed)),
      `features of ${label} know what it changed`,
    );
  }
});

Deno.test("the same holds with empty caches and all older cases extracted beside it", async () => {
  const script = teaHouse();
  const whole = await extracted(script, script.labels.at(-1)!, 10_000, SHARED_CACHE);
  for (const label of ["main-beside-2", "deleted"]) {
    const cut = await extracted(script, label, 10_000, folder());
    assert.ok(cut.corpus.nBlocks > 10);
    for (let i = 0; i < cut.corpus.nBlocks; i++) {
      assertSame(whole.corpus, cut.corpus, cut.corpus.casesOf(i)[0]!.commit, `a commit before ${label}`);
    }
  }
});

Deno.test("a rename on a side branch changes nothing for the commits beside it", async () => {
  const script = teaHouse();
  const whole = await extracted(script, script.labels.at(-1)!, 10_000, SHARED_CACHE);
  const { block } = blockOf(whole.corpus, whole.shas.get("main-beside-2")!)!;
  const cart = block.snapshot.files.indexOf("web/src/cart.ts");
  const query = block.queries.find((q) => block.snapshot.files[q.seed] === "web/src/checkout.ts")!;
  const { index, values } = query.sparse.jaccard;
  // The first commit and the one that touches 22 files are too large to couple. checkout.ts: the price, the vendored clock,
  // "main-beside"; cart.ts: the price, the release, formatPrice, "main-beside". Two in common of five. The side branch touched
  // the cart twice more, under both names.
  assert.equal(values[index.indexOf(cart)], Math.fround(2 / 5));
});

Deno.test("without their future, cases of random histories keep features and labels, whatever the branches and clocks", async () => {
  for (const seed of [21, 22]) {
    const script = randomHistory(seed, 60);
    const whole = await extracted(script, script.labels.at(-1)!, 10_000, SHARED_CACHE);
    const labels = script.labels.filter((label) => blockOf(whole.corpus, whole.shas.get(label)!));
    assert.ok(labels.length >= 15, `${labels.length} case commits`);
    for (const label of labels.filter((_, i) => i % 2 === 0)) {
      const cut = await extracted(script, label, 1, SHARED_CACHE);
      assertSame(whole.corpus, cut.corpus, whole.shas.get(label)!, `${label} of seed ${seed}`);
    }
  }
});
