import assert from "node:assert/strict";
import { join } from "node:path";
import { RecordError } from "../../lib/base/artefacts.ts";
import {
  describeRecovery,
  DISK,
  type Disk,
  EPISODES,
  FAILURES,
  INSIGHTS,
  MANIFESTS,
  openJournal,
  readFailures,
  readRecords,
  readScratchpad,
  recordManifest,
} from "../../lib/scratchpad/mod.ts";
import { episode, failure, manifest, runEpisode, runStudy } from "./scripted_study.ts";

const folder = () => Deno.makeTempDirSync();
const linesOf = (dir: string, name: string) =>
  Deno.readTextFileSync(join(dir, name)).split("\n").slice(0, -1);

Deno.test("append() numbers lines from 1 within each file and read() gives the records back", () => {
  const dir = folder();
  using journal = openJournal(dir);
  assert.equal(journal.append(FAILURES, failure(0), failure(1)), 2);
  assert.equal(journal.append(FAILURES, failure(2)), 1);
  assert.deepEqual(linesOf(dir, "failures.jsonl").map((line) => JSON.parse(line).seq), [1, 2, 3]);
  assert.deepEqual(journal.read(FAILURES), [failure(0), failure(1), failure(2)]);
  assert.deepEqual(readRecords(dir, FAILURES), journal.read(FAILURES), "a reader needs no lock");
  assert.deepEqual([...readFailures(dir).keys()], [0, 1, 2].map((i) => failure(i).id));
});

Deno.test("append() passes over a record that stands there, within one call too", () => {
  const dir = folder();
  using journal = openJournal(dir);
  assert.equal(journal.append(FAILURES, failure(0), failure(0)), 1);
  assert.equal(journal.append(FAILURES, failure(0)), 0);
  assert.equal(linesOf(dir, "failures.jsonl").length, 1);
});

Deno.test("append() refuses another content under a known id and writes nothing of that call", () => {
  const dir = folder();
  using journal = openJournal(dir);
  journal.append(EPISODES, episode(0, undefined));
  assert.throws(
    () => journal.append(EPISODES, episode(1, episode(0, undefined)), episode(0, undefined, "rejected")),
    /RangeError: Cannot append e0000 to episodes\.jsonl: it stands there with other content/,
  );
  assert.equal(linesOf(dir, "episodes.jsonl").length, 1);
});

Deno.test("append() refuses a record of another shape and a field the shape does not know", () => {
  using journal = openJournal(folder());
  assert.throws(() => journal.append(FAILURES, { ...failure(0), ndcg: 2 }), /TypeError: .*ndcg: /);
  const extra = { ...failure(0), n_dcg: 0.2 };
  assert.throws(() => journal.append(FAILURES, extra), /TypeError: .*a field its shape does not know/);
  assert.deepEqual(journal.read(FAILURES), []);
});

Deno.test("what read() gives is the caller's: changing it changes nothing that was written", () => {
  const dir = folder();
  using journal = openJournal(dir);
  const mine = failure(0);
  journal.append(FAILURES, mine);
  mine.query = "changed";
  journal.read(FAILURES).pop();
  assert.deepEqual(journal.read(FAILURES), [failure(0)]);
});

Deno.test("opening for writing sets a cut last line aside, reports it and goes on", () => {
  const dir = folder(), file = join(dir, "episodes.jsonl");
  {
    using journal = openJournal(dir);
    runStudy(journal, 3);
  }
  const whole = Deno.readTextFileSync(file), cut = whole.length - 40;
  Deno.truncateSync(file, cut);
  assert.equal(readScratchpad(dir).episodes.length, 2, "a reader passes over a line that is not finished");
  using journal = openJournal(dir);
  const tail = whole.slice(whole.lastIndexOf("\n", whole.length - 2) + 1, cut);
  assert.deepEqual(journal.recovered, [{
    file,
    bytes: new TextEncoder().encode(tail).length,
    asideFile: `${file}.truncated`,
  }]);
  assert.match(
    describeRecovery(journal.recovered[0]!),
    /^episodes\.jsonl: .* moved to episodes\.jsonl\.truncated/,
  );
  assert.equal(Deno.readTextFileSync(`${file}.truncated`), tail + "\n");
  runStudy(journal, 3);
  assert.equal(Deno.readTextFileSync(file), whole);
});

Deno.test("a line that is whole but for its newline was never acknowledged and is set aside too", () => {
  const dir = folder(), file = join(dir, "failures.jsonl");
  {
    using journal = openJournal(dir);
    journal.append(FAILURES, failure(0), failure(1));
  }
  Deno.truncateSync(file, Deno.statSync(file).size - 1);
  using journal = openJournal(dir);
  assert.deepEqual(journal.read(FAILURES), [failure(0)]);
  assert.equal(journal.recovered.length, 1);
});

Deno.test("a damaged middle line stops reading and writing with file, line and field, and stays as it is", () => {
  const dir = folder(), file = join(dir, "episodes.jsonl");
  {
    using journal = openJournal(dir);
    runStudy(journal, 3);
  }
  const good = linesOf(dir, "episodes.jsonl");
  const damage: [string, RegExp][] = [
    [good[1]!.slice(0, 50), /episodes\.jsonl:2: not JSON/],
    [good[1]!.replace('"agent":"analyst"', '"agent":7'), /episodes\.jsonl:2: agent: /],
    [good[1]!.replace('"sign":1', '"sign":5'), /episodes\.jsonl:2: proposal\.forecast\.sign: /],
    [good[1]!.replace('"record":"episode/1"', '"record":"episode/9"'), /episodes\.jsonl:2: record: /],
    [good[1]!.replace('"seq":2', '"seq":3'), /episodes\.jsonl:2: seq: found 3, wanted 2/],
    [good[0]!.replace('"seq":1', '"seq":2'), /episodes\.jsonl:2: id: e0000 stands in the file twice/],
    ["", /episodes\.jsonl:2: not JSON/],
  ];
  for (const [line, message] of damage) {
    const text = [good[0], line, good[2], ""].join("\n");
    Deno.writeTextFileSync(file, text);
    const says = (error: unknown) => error instanceof RecordError && message.test(error.message);
    assert.throws(() => readScratchpad(dir), says);
    using journal = openJournal(dir);
    assert.throws(() => journal.read(EPISODES), says);
    assert.throws(() => journal.append(EPISODES, episode(9, undefined)), says);
    assert.equal(Deno.readTextFileSync(file), text);
  }
  Deno.writeTextFileSync(file, [good[0], good[2], ""].join("\n"));
  assert.throws(
    () => readScratchpad(dir),
    /episodes\.jsonl:2: seq: found 3, wanted 2: a line before it is missing/,
  );
});

/** A disk with room for so many bytes. */
function smallDisk(room: number, canTruncate = true): Disk & { room: number } {
  return {
    room,
    append(file, bytes) {
      const part = bytes.subarray(0, Math.min(bytes.length, this.room));
      DISK.append(file, part);
      this.room -= part.length;
      if (part.length < bytes.length) throw new Error("No space left on device (os error 28)");
    },
    truncate(file, length) {
      if (!canTruncate) throw new Error("Input/output error (os error 5)");
      this.room += Deno.statSync(file).size - length;
      DISK.truncate(file, length);
    },
  };
}

Deno.test("a full disk is a clear error, the half-written line is taken back and nothing before it is lost", () => {
  const dir = folder(), disk = smallDisk(10_000);
  using journal = openJournal(dir, { disk });
  const full =
    /Cannot append to .*\.jsonl: No space left on device.* taken back; the \d+ lines before it are safe.*--resume/;
  assert.throws(() => runStudy(journal, 50), full);
  const before = journal.read(EPISODES);
  assert.ok(before.length > 0);
  assert.deepEqual(readScratchpad(dir).episodes, before);
  disk.room = 1e6;
  runStudy(journal, 12);
  const quiet = folder();
  using other = openJournal(quiet);
  runStudy(other, 12);
  assert.deepEqual(readScratchpad(dir), readScratchpad(quiet));
  assert.equal(linesOf(dir, "insights.jsonl").join(), linesOf(quiet, "insights.jsonl").join());
});

Deno.test("when not even the taking back works, nothing is written behind the half line and reopening sets it aside", () => {
  const dir = folder(), disk = smallDisk(1000, false);
  {
    using journal = openJournal(dir, { disk });
    assert.throws(
      () => journal.append(FAILURES, failure(0), failure(1)),
      /will be set aside when the study is opened again/,
    );
    disk.room = 1e6;
    assert.throws(
      () => journal.append(FAILURES, failure(2)),
      /an earlier write failed half-way; open the study again/,
    );
  }
  using journal = openJournal(dir);
  assert.equal(journal.recovered.length, 1);
  assert.deepEqual(journal.read(FAILURES), [failure(0)], "the first line of the two was whole");
  assert.equal(journal.append(FAILURES, failure(0), failure(1)), 1);
});

Deno.test("lines of an attempt that never committed count for nothing, even when the next attempt says other things", () => {
  const dir = folder();
  {
    using journal = openJournal(dir);
    runStudy(journal, 2);
    const stray = journal.read(INSIGHTS)[0]!;
    assert.equal(stray.event, "created");
    if (stray.event !== "created") return;
    journal.append(INSIGHTS, {
      ...stray,
      id: "x-stray",
      insight: "i-stray",
      text: "never committed",
      episode: "e0002",
      episode_index: 2,
      provenance: ["e0002"],
    });
  }
  using journal = openJournal(dir);
  runEpisode(journal);
  const state = readScratchpad(dir);
  assert.deepEqual(state.ignored_events, { uncommitted: ["x-stray"], orphaned: [] });
  assert.ok(!state.insights.some((insight) => insight.text === "never committed"));
});

Deno.test("recordManifest() keeps every state of a run and manifest.json is the latest", () => {
  const dir = folder();
  using journal = openJournal(dir);
  recordManifest(journal, manifest("started", 0));
  recordManifest(journal, manifest("finished", 80));
  assert.deepEqual(journal.read(MANIFESTS).map((line) => line.state), ["started", "finished"]);
  assert.deepEqual(JSON.parse(Deno.readTextFileSync(join(dir, "manifest.json"))), manifest("finished", 80));
});

Deno.test("a closed journal refuses further use, and closing twice is harmless", () => {
  const journal = openJournal(folder());
  journal.close();
  journal.close();
  assert.throws(() => journal.append(FAILURES, failure(0)), /it is closed; open it again/);
});
