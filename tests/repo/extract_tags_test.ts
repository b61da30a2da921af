/** Extraction over a repository: the same answer cold, warm, by one worker or two. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { extractTags, type FileChain, type TagProgress } from "../../lib/repo/extract_tags.ts";
import { languageOf } from "../../lib/repo/languages.ts";
import { planJobs } from "../../lib/repo/tag_jobs.ts";
import type { TagStore } from "../../lib/repo/tag_store.ts";
import { extractBlobTags } from "../../lib/repo/tags.ts";

const MISSING = "1234567890".repeat(4);

/** A bare repository that holds objects and no commit, and the versions of some files in it. */
class Fixture {
  readonly dir = Deno.makeTempDirSync();
  readonly chains: FileChain[] = [];
  readonly bytes = new Map<string, Uint8Array>();

  constructor() {
    execFileSync("git", ["init", "-q", "--bare", this.dir]);
  }

  add(path: string, ...versions: (string | Uint8Array)[]): void {
    const shas = versions.map((version) => {
      const bytes = typeof version === "string" ? new TextEncoder().encode(version) : version;
      const sha = execFileSync("git", ["-C", this.dir, "hash-object", "-w", "--stdin"], { input: bytes })
        .toString().trim();
      this.bytes.set(sha, bytes);
      return sha;
    });
    this.chains.push({ language: languageOf(path), path, shas });
  }
}

function kitchen(): Fixture {
  const fixture = new Fixture();
  const module = (n: number) =>
    Array.from({ length: n }, (_, i) => `def f${i}(a):\n    return g${i % 3}(a)\n`).join("\n");
  fixture.add("pot.py", ...Array.from({ length: 40 }, (_, i) => module(i)));
  fixture.add("lid.js", "function lid() { return pot() }\n", "function lid() { return new Pot() }\n");
  fixture.add("lid.ts", "function lid() { return pot() }\n");
  fixture.add("copy.py", module(3), "x = 1\n");
  fixture.add("cup.kt", "fun boilWater() {}\n");
  fixture.add("odd.py", new Uint8Array([1, 0, 2]), new Uint8Array([0xff, 0xfe]), "");
  fixture.chains.push({ language: "rust", path: "gone.rs", shas: [MISSING] });
  return fixture;
}

function contents(store: TagStore, chains: readonly FileChain[]) {
  return chains.map(({ path, language, shas }) => [path, shas.map((sha) => store.get(sha, language))]);
}

Deno.test("every blob has the tags it has alone, cold, warm, by one worker and by two", async () => {
  const { dir, chains, bytes } = kitchen();
  const cacheDir = Deno.makeTempDirSync();
  const cold = await extractTags(dir, chains, { cacheDir, workers: 2 });
  for (const { language, shas, path } of chains) {
    for (const sha of shas.filter((sha) => sha !== MISSING)) {
      assert.deepEqual(cold.get(sha, language), await extractBlobTags(bytes.get(sha)!, language), path);
    }
  }
  const warm = await extractTags(dir, chains, { cacheDir });
  assert.deepEqual(contents(warm, chains), contents(cold, chains));
  const single = await extractTags(dir, chains.toReversed(), { workers: 1 });
  assert.deepEqual(contents(single, chains), contents(cold, chains));
});

Deno.test("the same bytes as JavaScript and as TypeScript are two blobs", async () => {
  const { dir, chains } = kitchen();
  const store = await extractTags(dir, chains.filter(({ path }) => path.startsWith("lid")));
  assert.equal(store.size, 3);
});

Deno.test("a missing blob is reported and asked for again the next time", async () => {
  const { dir, chains } = kitchen();
  const cacheDir = Deno.makeTempDirSync();
  for (let run = 0; run < 2; run++) {
    const seen: TagProgress[] = [];
    const store = await extractTags(dir, chains, { cacheDir, onProgress: (p) => void seen.push(p) });
    assert.equal(store.get(MISSING, "rust")?.parsed, "missing");
    assert.equal(seen.at(-1)!.done, seen[0]!.total);
    assert.equal(seen[0]!.cached, run === 0 ? 0 : seen[0]!.total - 1);
  }
});

Deno.test("an aborted extraction throws the reason and keeps what it read", async () => {
  const { dir, chains } = kitchen();
  const cacheDir = Deno.makeTempDirSync(), stop = new AbortController();
  const run = extractTags(dir, chains, {
    cacheDir,
    workers: 1,
    signal: stop.signal,
    onProgress: ({ done }) => done > 0 && stop.abort(new Error("enough")),
  });
  await assert.rejects(run, /enough/);
  const seen: number[] = [];
  await extractTags(dir, chains, { cacheDir, onProgress: ({ cached }) => void seen.push(cached) });
  assert.ok(seen[0]! > 0);
});

Deno.test("a folder that is no repository is an error with git's words", async () => {
  const dir = Deno.makeTempDirSync();
  await assert.rejects(
    extractTags(dir, kitchen().chains),
    (error: Error) => error.message.includes(dir) && error.message.includes("not a git repository"),
  );
});

Deno.test("jobs hold each unknown blob once a language, in chain order, and no job is too large", () => {
  const shas = Array.from({ length: 70 }, (_, i) => `s${i}`);
  const chains: FileChain[] = [
    { language: "go", path: "a.go", shas },
    { language: "go", path: "b.go", shas: ["s1", "t", "t"] },
    { language: "c", path: "a.c", shas: ["s1"] },
  ];
  const jobs = planJobs(chains, (sha) => sha === "s0");
  const flat = jobs.flat().flatMap(({ language, shas }) => shas.map((sha) => `${language} ${sha}`));
  assert.deepEqual(flat.toSorted(), [...shas.slice(1).map((s) => `go ${s}`), "go t", "c s1"].toSorted());
  for (const job of jobs) assert.ok(job.reduce((sum, { shas }) => sum + shas.length, 0) <= 32);
  const inA = jobs.flat().filter(({ shas }) => shas.length > 1).flatMap(({ shas }) =>
    shas.map((s) => +s.slice(1))
  );
  assert.deepEqual(inA, inA.toSorted((x, y) => x - y));
});
