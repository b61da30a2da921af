/** The claim of the room: whatever byte a writer dies at, going on gives the study that an unharmed writer gives. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { randomIndex, randomStream } from "../../lib/base/random.ts";
import {
  DISK,
  type Disk,
  EPISODES,
  openJournal,
  readRecords,
  readScratchpad,
} from "../../lib/scratchpad/mod.ts";
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

Deno.test("a study survives 240 deaths at seeded bytes of its writes, none lost, none doubled", () => {
  const root = Deno.makeTempDirSync();
  const quiet = quietStudy(join(root, "quiet"));
  const random = randomStream(20, "deaths");
  let deaths = 0, recoveries = 0;
  for (let round = 0; deaths < 240; round++) {
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

/** Runs one study in child processes that are killed again and again until one of them ends. Gives how many were killed. */
async function killedStudy(dir: string, seed: number): Promise<number> {
  const random = randomStream(seed, "kills");
  for (let kills = 0;; kills++) {
    const share = [0, 1, random()][randomIndex(random, 3)]!;
    // Up to an episode's worth of writes each, so that a study is killed about as often as it has episodes.
    const write = randomIndex(random, 4);
    const { code, signal, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--quiet", CHILD, dir, `${EPISODE_COUNT}`, `${write}`, `${share}`],
      stderr: "piped",
    }).output();
    if (code === 0) return kills;
    assert.equal(signal, "SIGKILL", new TextDecoder().decode(stderr));
  }
}

Deno.test("a study survives 60 SIGKILLs of its process at seeded bytes, none lost, none doubled", async () => {
  const root = Deno.makeTempDirSync();
  const quiet = quietStudy(join(root, "quiet"));
  const state = readScratchpad(join(root, "quiet"));
  let kills = 0;
  for (let round = 0; kills < 60; round++) {
    const dirs = [0, 1].map((twin) => join(root, `round-${round}-${twin}`));
    const counts = await Promise.all(dirs.map((dir, twin) => killedStudy(dir, 2 * round + twin)));
    kills += counts[0]! + counts[1]!;
    for (const dir of dirs) {
      assert.deepEqual(contents(dir), quiet);
      assert.deepEqual(readScratchpad(dir), state);
    }
  }
  Deno.removeSync(root, { recursive: true });
});
