/** What was written comes back; what was damaged is left out and never believed. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type BlobTags, emptyTags, PARSE_STATUSES } from "../../lib/repo/blob_tags.ts";
import { TagCache } from "../../lib/repo/tag_cache.ts";
import { SegmentReader, SegmentWriter, type TagRecord } from "../../lib/repo/tag_segment.ts";
import { recordKey, TagStore } from "../../lib/repo/tag_store.ts";

const name = fc.oneof(
  fc.constantFrom("run", "parse", "größe", "𝒳"),
  fc.string({ unit: "grapheme", maxLength: 6 }),
);
const counted = fc.array(fc.tuple(name, fc.integer({ min: 1, max: 1 << 20 })), { maxLength: 20 });
const tags: fc.Arbitrary<BlobTags> = fc.record({
  parsed: fc.constantFrom(...PARSE_STATUSES),
  definitions: fc.array(fc.tuple(name, name, fc.integer({ min: 1, max: 100_000 })), { maxLength: 20 }),
  references: counted,
  imports: fc.array(name, { maxLength: 5 }),
  identifiers: counted,
}, { noNullPrototype: true });
const sha = fc.oneof(
  ...[40, 64].map((n) =>
    fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: n, maxLength: n })
  ),
);
const records: fc.Arbitrary<TagRecord[]> = fc.array(
  fc.record({ sha, key: name, tags }, { noNullPrototype: true }),
  { maxLength: 8 },
);

function segmentOf(items: readonly TagRecord[]): Uint8Array {
  const writer = new SegmentWriter();
  for (const item of items) writer.add(item);
  return writer.done();
}

const blob = (digit: string, word: string): TagRecord => ({
  sha: digit.repeat(40),
  key: recordKey("python"),
  tags: { ...emptyTags("ok"), definitions: [[word, "function", 7]], identifiers: [[word, 2]] },
});

const readAll = (cache: TagCache) => {
  const store = new TagStore();
  for (const segment of cache.load().segments) store.add(segment);
  return store;
};

Deno.test("a segment gives back every record as it was added", () => {
  fc.assert(
    fc.property(records, (items) => {
      const reader = new SegmentReader(segmentOf(items));
      const found = [...reader.entries()].map(({ sha, key, offset }) => ({
        sha,
        key,
        tags: reader.tagsAt(offset),
      }));
      assert.deepEqual(found, items);
    }),
    { seed: 3, numRuns: 200 },
  );
});

Deno.test("appended segments come back in order; a missing file holds none", () => {
  const cache = new TagCache(Deno.makeTempDirSync());
  assert.deepEqual(cache.load(), { segments: [], damaged: 0, tornBytes: 0 });
  cache.append([segmentOf([blob("1", "one")]), segmentOf([blob("2", "two")])]);
  cache.append([segmentOf([blob("3", "three")])]);
  const store = readAll(cache);
  assert.equal(store.size, 3);
  assert.deepEqual(store.get("3".repeat(40), "python"), blob("3", "three").tags);
  assert.equal(store.get("3".repeat(40), "rust"), undefined);
});

Deno.test("a tail cut off anywhere is left out, and the next append overwrites it", () => {
  const cache = new TagCache(Deno.makeTempDirSync());
  cache.append([segmentOf([blob("1", "one")])]);
  const whole = Deno.readFileSync(cache.file);
  cache.append([segmentOf([blob("2", "two")])]);
  const both = Deno.readFileSync(cache.file);
  for (let length = whole.length; length < both.length; length += 7) {
    Deno.writeFileSync(cache.file, both.subarray(0, length));
    const { segments, tornBytes } = cache.load();
    assert.deepEqual([segments.length, tornBytes], [1, length - whole.length]);
    cache.append([segmentOf([blob("3", "three")])]);
    assert.deepEqual(cache.load().tornBytes, 0);
    assert.deepEqual(readAll(cache).get("3".repeat(40), "python"), blob("3", "three").tags);
  }
});

Deno.test("a segment with a flipped bit is left out and counted; the others stay", () => {
  const cache = new TagCache(Deno.makeTempDirSync());
  cache.append([segmentOf([blob("1", "one")])]);
  const first = Deno.statSync(cache.file).size;
  cache.append([segmentOf([blob("2", "two")])]);
  const bytes = Deno.readFileSync(cache.file);
  bytes[first - 3]! ^= 4;
  Deno.writeFileSync(cache.file, bytes);
  assert.equal(cache.load().damaged, 1);
  const store = readAll(cache);
  assert.equal(store.has("1".repeat(40), "python"), false);
  assert.equal(store.has("2".repeat(40), "python"), true);
});

Deno.test("processes appending at once lose nothing of each other", async () => {
  const dir = Deno.makeTempDirSync();
  const program = (digit: string) => `
    import { TagCache } from ${JSON.stringify(import.meta.resolve("../../lib/repo/tag_cache.ts"))};
    const cache = new TagCache(${JSON.stringify(dir)});
    for (let i = 0; i < 40; i++) cache.append([new Uint8Array(1000 + i).fill(${digit})]);`;
  const runs = ["1", "2"].map((digit) =>
    new Deno.Command(Deno.execPath(), { args: ["eval", program(digit)], stdout: "null" }).output()
  );
  for (const { success } of await Promise.all(runs)) assert.ok(success);
  const { segments, damaged, tornBytes } = new TagCache(dir).load();
  assert.deepEqual([segments.length, damaged, tornBytes], [80, 0, 0]);
  assert.deepEqual(
    segments.filter(([first]) => first === 2).map((s) => s.length),
    Array.from({ length: 40 }, (_, i) => 1000 + i),
  );
});

Deno.test("records of other grammar versions are not believed", () => {
  const store = new TagStore();
  store.add(
    segmentOf([{ ...blob("1", "one"), key: "python web-tree-sitter@0.0.1 tree-sitter-python@0.0.1" }]),
  );
  assert.equal(store.size, 0);
});
