/** The claim of the room: whatever byte a writer dies at, going on gives the study that an unharmed writer gives. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { randomIndex, randomStream } from "../../lib/base/random.ts";
import { DISK, type Disk } from "../../lib/scratchpad/disk.ts";
import { EPISODES } from "../../lib/scratchpad/files.ts";
import { type Journal, openJournal } from "../../lib/scratchpad/journal.ts";
import { readRecords, readScratchpad } from "../../lib/scratchpad/read.ts";
import { runStudy } from "./scripted_study.ts";

const EPISODE_COUNT = 12;
const FILES = ["episodes.jsonl", "evaluations.jsonl", "failures.jsonl", "insights.jsonl"];

/** Text of each file of a study: after any number of kills it must be what one quiet run writes, byte for byte. */
function contents(dir: string): Record<string, string> {
  return Object.fromEntries(FILES.map((name) => [name, Deno.readTextFileSync(join(dir, name))]));
}

function quietStudy(dir: string): Record<string, string> {
  using journal = openJournal(dir);
  runStudy(journal, EPISODE_COUNT);
  return contents(dir);
}

/** The writer is dead: it does nothing more, not even tidy up. */
class Death extends Error {}

/** A disk that lets some writes through, puts part of the next one down and dies. */
function dyingDisk(writesBefore: number, share: number): Disk {
  let left = writesBefore, dead = false;
  return {
    append(file, bytes) {
      if (dead) throw new Death();
      if (left-- > 0) return DISK.append(file, bytes);
      dead = true;
      DISK.append(file, bytes.subarray(0, Math.round(bytes.length * share)));
      throw new Death();
    },
    truncate(file, length) {
      if (dead) throw new Death();
      DISK.truncate(file, length);
    },
  };
}

Deno.test("a study survives 284 deaths at seeded bytes of its writes, none lost, none doubled", () => {
  const root = Deno.makeTempDirSync();
  const quiet = quietStudy(join(root, "quiet"));
  const random = randomStream(20, "deaths");
  let deaths = 0, recoveries = 0;
  for (let round = 0; deaths < 284; round++) {
    const dir = join(root, `round-${round}`);
    for (let finished = false; !finished;) {
      // A share of 0 dies before the write, 1 after it and before anybody hears of it.
      const share = [0, 1, random()][randomIndex(random, 3)]!;
      const before = readRecords(dir, EPISODES).map((episode) => episode.id);
      let journal: Journal | undefined;
      try {
        journal = openJournal(dir, { disk: dyingDisk(randomIndex(random, 6), share) });
        recoveries += journal.recovered.length;
        assert.deepEqual(journal.read(EPISODES).map((e) => e.id), before, "what was read stays");
        runStudy(journal, EPISODE_COUNT);
        finished = true;
      } catch (error) {
        assert.ok(error instanceof Error && error.cause instanceof Death, String(error));
        deaths++;
      } finally {
        journal?.close();
      }
    }
    assert.deepEqual(contents(dir), quiet);
  }
  assert.ok(recoveries > 50, `only ${recoveries} deaths were inside a line`);
  Deno.removeSync(root, { recursive: true });
});

const CHILD = join(import.meta.dirname!, "kill_child.ts");

/** Runs a study in child processes, killed `kills` times at seeded bytes and then left to end. */
async function killedStudy(dir: string, kills: number, seed: number): Promise<void> {
  const random = randomStream(seed, "kills");
  for (let left = kills; left >= 0; left--) {
    const share = [0, 1, random()][randomIndex(random, 3)]!;
    // Two writes at the most before the end: the study is not over before it was killed as often as it should be.
    const write = left > 0 ? randomIndex(random, 3) : Infinity;
    const { code, signal, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--no-check",
        "--no-lock",
        "--quiet",
        CHILD,
        dir,
        `${EPISODE_COUNT}`,
        `${write}`,
        `${share}`,
      ],
      stderr: "piped",
    }).output();
    assert.deepEqual(
      [code === 0, signal],
      left > 0 ? [false, "SIGKILL"] : [true, null],
      new TextDecoder().decode(stderr),
    );
  }
}

Deno.test("a study survives 16 SIGKILLs of its process at seeded bytes, none lost, none doubled", async () => {
  const root = Deno.makeTempDirSync();
  const quiet = quietStudy(join(root, "quiet"));
  const state = readScratchpad(join(root, "quiet"));
  await Promise.all([22, 23].map(async (seed) => {
    const dir = join(root, `killed-${seed}`);
    await killedStudy(dir, 8, seed);
    assert.deepEqual(contents(dir), quiet);
    assert.deepEqual(readScratchpad(dir), state);
  }));
  Deno.removeSync(root, { recursive: true });
});
