import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { feedbackCorpus } from "../../lib/corpus/feedback_corpus.ts";
import { openWorkIndex } from "../../lib/corpus/work_index.ts";
import { WorkSnapshot } from "../../lib/corpus/work_snapshot.ts";
import { feedbackId } from "../../lib/records/feedback.ts";
import { DENSE_FEATURES, LAYERS, SPARSE_FEATURES } from "../../lib/records/snapshot.ts";
import { runGit } from "../../lib/repo/git.ts";
import { isSourcePath } from "../../lib/repo/languages.ts";
import { blobName, readWorkTree } from "../../lib/repo/work_tree.ts";
import { adviseOn, describeAdvice, NO_QUERY } from "../../lib/wisdom/advice.ts";
import { type RankRequest, rankTree } from "../../lib/wisdom/rank_tree.ts";
import { specWisdom } from "../../lib/wisdom/releases.ts";
import { tagMap } from "../../lib/wisdom/tag_map.ts";
import { SCRIPT_START_S, teaHouse } from "../helpers/scripted_repository.ts";

const dir = Deno.makeTempDirSync();
globalThis.addEventListener("unload", () => Deno.removeSync(dir, { recursive: true }));
const written = await teaHouse().write(join(dir, "bare"), { name: "scripted/tea" });
const bare = written.repository.dir, tree = join(dir, "tree"), cacheDir = join(dir, "cache");
await runGit(dir, ["-c", "core.autocrlf=false", "clone", "-q", bare, tree]);
const NOW_S = SCRIPT_START_S + 400 * 86400;

const look = async (path = tree, cache = cacheDir) =>
  new WorkSnapshot(await openWorkIndex(path, { cacheDir: cache }), NOW_S);
const wisdom = specWisdom();
const ranking = (work: WorkSnapshot, request: RankRequest) => rankTree(work, wisdom, request).files;
const KETTLE: RankRequest = { focus: "kettle & boil_water", chat: ["brew/journal.py"] };
const work = await look();

Deno.test("a warm look gives what the cold one gave, a damaged cache included", async () => {
  const first = ranking(work, KETTLE);
  assert.ok(first.length > 20);
  assert.deepEqual(ranking(await look(), KETTLE), first);
  assert.deepEqual(ranking(await look(tree, join(dir, "cache-2")), KETTLE), first);
  for (const folder of Deno.readDirSync(join(cacheDir, "work"))) {
    for (const name of ["tags.pack", "history.pack"]) {
      const file = join(cacheDir, "work", folder.name, name), bytes = Deno.readFileSync(file);
      bytes[bytes.length - 5]! ^= 1;
      Deno.writeFileSync(file, bytes);
    }
  }
  assert.deepEqual(ranking(await look(), KETTLE), first);
});

Deno.test("a bare repository ranks as its clean work tree does", async () => {
  assert.deepEqual(ranking(await look(bare), KETTLE), ranking(work, KETTLE));
});

Deno.test("each score is the product of the parts shown, and ranks follow scores", () => {
  const files = ranking(work, KETTLE);
  files.forEach(({ score, parts, rank }, i) => {
    const product = Object.values(parts).reduce((all, part) => all * part, 1);
    assert.ok(Math.abs(product - score) <= 1e-9 * score);
    assert.equal(rank, i + 1);
    if (i > 0) assert.ok(score <= files[i - 1]!.score);
  });
  assert.ok(files.slice(0, 3).some(({ file }) => file === "brew/kettle.py"));
  assert.ok(files.find(({ file }) => file === "brew/journal.py")!.open);
});

Deno.test("with one seed the features are those of a training case at the same commit", async () => {
  const key = {
    repo: "scripted/tea",
    commit: written.repository.head,
    query: "",
    seed_file: "brew/leaf.py",
    chat: ["brew/kettle.py"],
    expected: ["brew/menu.py"],
  };
  const corpus = (await feedbackCorpus(written.repository, [{
    record: "feedback/1",
    id: feedbackId(key),
    ...key,
    intent: "explore",
    ranks: [3],
  }], { cacheDir }))!;
  const block = corpus.read(0), { snapshot } = new WorkSnapshot(work.index, block.snapshot.now_s);
  assert.deepEqual(snapshot.files, block.snapshot.files);
  for (const name of ["depth_class", "days", "churn"] as const) {
    assert.deepEqual(snapshot[name], block.snapshot[name], name);
  }
  for (const name of LAYERS) assert.deepEqual(snapshot.layers[name], block.snapshot.layers[name], name);
  const at = (file: string) => snapshot.files.indexOf(file);
  const query = new WorkSnapshot(work.index, block.snapshot.now_s).query({
    anchors: [{ file: at("brew/leaf.py"), weight: 1 }],
    chat: [at("brew/kettle.py")],
    text: "",
  });
  const wanted = block.queries[0]!;
  assert.deepEqual([query.seed, [...query.hops]], [wanted.seed, [...wanted.hops]]);
  for (const name of SPARSE_FEATURES) assert.deepEqual(query.sparse[name], wanted.sparse[name], name);
  for (const name of DENSE_FEATURES) assert.deepEqual(query.dense[name], wanted.dense[name], name);
});

Deno.test("a filed ranking becomes a train case of double weight at the commit it was filed at", async () => {
  const key = {
    repo: "scripted/tea",
    query: "steep",
    seed_file: "brew/leaf.py",
    chat: [],
    expected: ["brew/menu.py", "gone.py"],
  };
  const file = (commit: string, more = {}) => {
    const full = { ...key, commit, ...more };
    return {
      record: "feedback/1" as const,
      id: feedbackId(full),
      ...full,
      intent: "debug" as const,
      ranks: full.expected.map(() => null),
    };
  };
  const corpus = (await feedbackCorpus(written.repository, [
    file(written.shas.get("merge")!),
    file("f".repeat(40)),
    file(written.repository.head, { seed_file: "no/such.py" }),
    file(written.repository.head, { repo: "another" }),
  ], { cacheDir }))!;
  assert.deepEqual(corpus.meta.dropped, { unknown_commit: 1, no_rankable_pair: 1 });
  const [only] = corpus.cases;
  assert.deepEqual(
    [
      corpus.cases.length,
      only!.split,
      only!.weight,
      only!.parent,
      only!.n_added,
      only!.expected.map((e) => e.file),
    ],
    [1, "train", 2, written.shas.get("merge"), 1, ["brew/menu.py"]],
  );
  assert.equal(await feedbackCorpus(written.repository, [], { cacheDir }), undefined);
});

Deno.test("uncommitted files count as they stand: new, edited, deleted, ignored", async () => {
  const fresh = join(dir, "dirty");
  await runGit(dir, ["clone", "-q", bare, fresh]);
  Deno.writeTextFileSync(join(fresh, "brew/samovar.py"), "def heat_samovar(cup):\n    boil_water(cup)\n");
  Deno.writeTextFileSync(join(fresh, "brew/kettle.py"), "def whistle_loud(cup):\n    return cup\n");
  Deno.removeSync(join(fresh, "brew/menu.py"));
  Deno.writeTextFileSync(join(fresh, ".gitignore"), "brew/secret.py\n");
  Deno.writeTextFileSync(join(fresh, "brew/secret.py"), "def hide(): pass\n");
  const read = await readWorkTree(fresh, isSourcePath);
  assert.deepEqual([...read.changed.keys()].sort(), ["brew/kettle.py", "brew/samovar.py"]);
  const dirty = await look(fresh), files = dirty.snapshot.files;
  assert.ok(
    files.includes("brew/samovar.py") && !files.includes("brew/menu.py") && !files.includes("brew/secret.py"),
  );
  assert.deepEqual(dirty.index.tags.definitionsOf(files.indexOf("brew/kettle.py")).map((d) => d.name), [
    "whistle_loud",
  ]);
  assert.equal(ranking(dirty, { focus: "whistle_loud" })[0]!.file, "brew/kettle.py");
  assert.ok(ranking(dirty, { focus: "heat_samovar" }).slice(0, 3).some((f) => f.file === "brew/samovar.py"));
  assert.deepEqual(ranking(await look(fresh), KETTLE), ranking(dirty, KETTLE));
});

Deno.test("a blob has the name git gives it", async () => {
  for (const text of ["", "tea\n", "thé\u0000"]) {
    const file = join(dir, "blob.txt");
    Deno.writeTextFileSync(file, text);
    assert.equal(
      await blobName(new TextEncoder().encode(text)),
      (await runGit(tree, ["hash-object", "--no-filters", file])).trim(),
    );
  }
});

Deno.test("a map never takes more than its budget and leaves open files out", () => {
  const files = ranking(work, KETTLE);
  for (const budget of [0, 1, 5, 20, 60, 61, 150, 400, 1000, 5000]) {
    const map = tagMap(work, files, budget);
    assert.ok(map.tokens <= budget);
    assert.ok(Math.ceil(new TextEncoder().encode(map.text).length / 4) <= budget || map.text === "");
    assert.ok(!map.text.includes("brew/journal.py:"));
  }
  const large = tagMap(work, files, 5000);
  assert.match(large.text, /brew\/kettle\.py:\n +\d+ class Kettle:\n +\d+ def boil_water/);
  assert.deepEqual(tagMap(work, files, 5000), large);
});

Deno.test("what cannot be asked is said, with what to do", () => {
  assert.throws(() => ranking(work, {}), /give a focus/);
  assert.throws(() => ranking(work, { focus: "   " }), /give a focus/);
  assert.throws(() => ranking(work, { focus: "zzzzqqqq" }), /fits no file.*zzzzqqqq/);
  assert.throws(
    () => ranking(work, { focus: '"brew/kettle.py" & "brew/leaf.py"' }),
    /"brew\/kettle\.py" fits 1, "brew\/leaf\.py" fits 1, but no file is left of them together/,
  );
  assert.throws(() => ranking(work, { focus: "kettle & zzzzqqqq" }), /nothing is known of "zzzzqqqq"\./);
  assert.throws(() => ranking(work, { seedFile: "nope.py" }), /nope\.py is no source file/);
  assert.throws(() => ranking(work, { focus: "kettle &" }), /column/);
  assert.throws(() => ranking(work, { focus: "kettle", preset: "turbo" }), /no preset "turbo"/);
  assert.ok(!ranking(work, { seedFile: "brew/leaf.py" }).some(({ file }) => file === "brew/leaf.py"));
});

Deno.test("any focus text ranks every file once or is refused in words", () => {
  const names = fc.constantFrom("kettle", "boil", "leaf", '"tray"', "panel.ts", "*.go", "zzz");
  const words = fc.oneof(
    names,
    fc.constantFrom("@", "2", "%", "recent", "&", "|", "->", "(", ")", "lang:py"),
  );
  const sentences = fc.tuple(
    names,
    fc.constantFrom("&", "|", "->", ","),
    names,
    fc.constantFrom("", "@ 1", "% source"),
  )
    .map((parts) => parts.join(" "));
  let ranked = 0;
  fc.assert(
    fc.property(
      fc.oneof(
        sentences,
        fc.array(words, { maxLength: 7 }).map((w) => w.join(" ")),
        fc.string({ unit: "binary", maxLength: 20 }),
      ),
      (focus) => {
        try {
          const files = ranking(work, { focus });
          ranked++;
          assert.equal(new Set(files.map((f) => f.file)).size, work.snapshot.files.length);
          assert.ok(files.every((f) => f.score >= 0 && Number.isFinite(f.score)));
        } catch (error) {
          assert.ok(error instanceof SyntaxError || error instanceof RangeError, String(error));
        }
      },
    ),
    { seed: 8, numRuns: 300 },
  );
  assert.ok(ranked > 30);
});

Deno.test("advice names rules, presets and warnings with their reasons", () => {
  const tested = {
    ...wisdom.default_on,
    verdict: "supported" as const,
    reason: "planted",
    judged_on: ["r2"],
  };
  const rule = {
    origin: "analyst" as const,
    episodes: ["s/e0000"],
    written_from: ["r1"],
    left_out: false,
    tested,
    elsewhere: null,
  };
  const wise = {
    ...wisdom,
    presets: [{
      name: "little",
      description: "for little trees",
      stratum: "repo.file_count < 100",
      formula: null,
      params: { ...wisdom.defaults, pagerank_alpha: 0.2 },
      origin: "analyst" as const,
      episodes: ["s/e0000"],
      tested,
      beyond_tuned: null,
      kept: true,
    }],
    heuristics: [
      { ...rule, text: "if repo.file_count < 100: boost_chat_file *= 2", default_on: true },
      { ...rule, text: "if repo.file_count < 99: boost_chat_file *= 3", default_on: false },
    ],
    warnings: [{
      text:
        "warn if pagerank_alpha <= 0.3 and boost_chat_file >= 40: tunnel vision - hypothesis 12345678, undetermined",
      origin: "spec" as const,
      episodes: [],
      cites: { kind: "hypothesis" as const, id: "12345678", claim: null },
      status: "undetermined" as const,
      reason: "r",
      effect: null,
    }],
  };
  const plain = adviseOn(work, wise, NO_QUERY);
  assert.deepEqual([plain.suitable, plain.rules.length, plain.off.length, plain.warnings.length], [
    ["little"],
    1,
    1,
    0,
  ]);
  const little = adviseOn(work, wise, { ...NO_QUERY, preset: "little" });
  assert.deepEqual(little.warnings[0]!.because, { boost_chat_file: 40, pagerank_alpha: 0.2 });
  assert.match(describeAdvice(little), /tunnel vision.*pagerank_alpha = 0\.2/);
  const files = rankTree(work, wise, { focus: "kettle", preset: "little" });
  assert.equal(files.configuration.point["boost_chat_file"], 40);
  const dropped = { ...wise, presets: wise.presets.map((preset) => ({ ...preset, kept: false })) };
  assert.throws(
    () => adviseOn(work, dropped, { ...NO_QUERY, preset: "little" }),
    /little was put forward and not kept/,
  );
  const many = {
    ...wise,
    heuristics: Array.from({ length: 9 }, (_, i) => ({
      ...rule,
      text: `if repo.file_count < ${90 + i}: boost_chat_file *= 2`,
      default_on: false,
    })),
  };
  assert.match(describeAdvice(adviseOn(work, many, NO_QUERY)), /and 4 more; --json has them all/);
});
