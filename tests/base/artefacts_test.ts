/** The kit's files: lines that are the truth, whole files that are never half written, and errors that name the place. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { z } from "zod";
import {
  appendLines,
  readJson,
  readLines,
  RecordError,
  writeBytesAtomic,
  writeJson,
  writeTextAtomic,
} from "../../lib/base/artefacts.ts";

const root = Deno.makeTempDirSync({ prefix: "artefacts-test-" });
globalThis.addEventListener("unload", () => Deno.removeSync(root, { recursive: true }));

const Row = z.strictObject({ record: z.literal("row/1"), n: z.number() });
const row = (n: number) => ({ record: "row/1" as const, n });

Deno.test("appended lines come back in order, whatever was there before; a missing file is no line", () => {
  const file = join(root, "deep", "rows.jsonl");
  assert.deepEqual(readLines(file, Row), { records: [] });
  appendLines(file, []);
  assert.throws(() => Deno.statSync(file), "appending nothing makes no file");
  appendLines(file, [row(1), row(2)]);
  appendLines(file, [row(3)]);
  assert.deepEqual(readLines(file, Row).records, [row(1), row(2), row(3)]);
  assert.equal(Deno.readTextFileSync(file).split("\n")[0], '{"n":1,"record":"row/1"}');
});

Deno.test("a foreign line is an error with file, line and field", () => {
  const file = join(root, "foreign.jsonl");
  const table: [string, RegExp][] = [
    ['{"record":"row/2","n":1}\n', /foreign\.jsonl:2: record: /],
    ['{"record":"row/1","n":"x"}\n', /foreign\.jsonl:2: n: .*expected number/],
    ['{"record":"row/1","n":1,"m":1}\n', /foreign\.jsonl:2: .*m/],
    ["not json\n", /foreign\.jsonl:2: not JSON .*"not json"/],
    ["\n", /foreign\.jsonl:2: not JSON/],
  ];
  for (const [line, message] of table) {
    Deno.writeTextFileSync(file, `{"record":"row/1","n":1}\n${line}`);
    assert.throws(() => readLines(file, Row), (error) => {
      assert.ok(error instanceof RecordError);
      assert.equal(error.line, 2);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("a last line cut off by a crash is an error, or reported apart when asked for", () => {
  const file = join(root, "cut.jsonl");
  Deno.writeTextFileSync(file, '{"record":"row/1","n":1}\n{"record":"ro');
  assert.throws(
    () => readLines(file, Row),
    /cut\.jsonl:2: the last line has no newline: a write was cut off/,
  );
  assert.deepEqual(readLines(file, Row, { truncatedTail: "report" }), {
    records: [row(1)],
    truncated: '{"record":"ro',
  });
});

Deno.test("an atomic write replaces the whole file and leaves nothing beside it", () => {
  const folder = join(root, "atomic"), file = join(folder, "a.txt");
  writeTextAtomic(file, "one, long");
  writeTextAtomic(file, "two");
  writeBytesAtomic(join(folder, "b.bin"), Uint8Array.of(0, 255));
  assert.equal(Deno.readTextFileSync(file), "two");
  assert.deepEqual(Deno.readFileSync(join(folder, "b.bin")), Uint8Array.of(0, 255));
  assert.deepEqual([...Deno.readDirSync(folder)].map((e) => e.name).sort(), ["a.txt", "b.bin"]);
});

Deno.test("an atomic write where a folder stands fails, and leaves the folder and nothing beside it", () => {
  const parent = join(root, "taken"), folder = join(parent, "a.txt");
  Deno.mkdirSync(folder, { recursive: true });
  assert.throws(() => writeTextAtomic(folder, "text"), Deno.errors.IsADirectory);
  assert.deepEqual([...Deno.readDirSync(parent)].map((e) => e.name), ["a.txt"]);
});

Deno.test("writeJson sorts keys at every depth, and readJson gives the value back or says what is wrong", () => {
  const file = join(root, "value.json");
  writeJson(file, { n: 1, record: "row/1" });
  const text = Deno.readTextFileSync(file);
  writeJson(file, { record: "row/1", n: 1 });
  assert.equal(Deno.readTextFileSync(file), text);
  assert.deepEqual(readJson(file, Row), row(1));
  assert.throws(() => readJson(join(root, "none.json"), Row), /none\.json:1: no such file/);
  Deno.writeTextFileSync(file, "{");
  assert.throws(() => readJson(file, Row), /value\.json:1: not JSON/);
  Deno.writeTextFileSync(file, "[]");
  assert.throws(() => readJson(file, Row), /value\.json:1: /);
});
