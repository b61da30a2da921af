/** Whatever byte the loop dies at, going on gives the study that a quiet run gives. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { randomIndex, randomStream } from "../../lib/base/random.ts";
import { DISK, type Disk } from "../../lib/scratchpad/disk.ts";
import { EPISODES } from "../../lib/scratchpad/files.ts";
import { readRecords, readScratchpad } from "../../lib/scratchpad/read.ts";
import { runStudy, smallStudy, STUDY_FILES } from "./study.ts";

const contents = (dir: string) => STUDY_FILES.map((name) => Deno.readTextFileSync(join(dir, name)));

class Death extends Error {}

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

Deno.test("a study of reasoning survives 60 deaths at seeded bytes: no episode lost or doubled, no call made twice", async () => {
  const root = Deno.makeTempDirSync(), quiet = join(root, "quiet");
  await runStudy(smallStudy(quiet));
  const wanted = contents(quiet), calls = [...Deno.readDirSync(join(quiet, "cassettes"))].length;
  const random = randomStream(31, "deaths");
  let deaths = 0;
  for (let round = 0; deaths < 60; round++) {
    const dir = join(root, `round-${round}`);
    for (let finished = false; !finished;) {
      const share = [0, 1, random()][randomIndex(random, 3)]!,
        before = readRecords(dir, EPISODES).map((e) => e.id);
      try {
        await runStudy(smallStudy(dir, { disk: dyingDisk(randomIndex(random, 4), share) }));
        finished = true;
      } catch (error) {
        assert.ok((error as Error).cause instanceof Death, String(error));
        assert.deepEqual(readRecords(dir, EPISODES).map((e) => e.id).slice(0, before.length), before);
        deaths++;
      }
    }
    assert.deepEqual(contents(dir), wanted);
    assert.equal([...Deno.readDirSync(join(dir, "cassettes"))].length, calls);
  }
  Deno.removeSync(root, { recursive: true });
});

Deno.test("a study of reasoning survives 6 SIGKILLs of its process at seeded bytes", async () => {
  const root = Deno.makeTempDirSync(), quiet = join(root, "quiet"), dir = join(root, "killed");
  await runStudy(smallStudy(quiet));
  const random = randomStream(32, "kills");
  for (let left = 6; left >= 0; left--) {
    const write = left > 0 ? randomIndex(random, 3) : Infinity,
      share = [0, 1, random()][randomIndex(random, 3)]!;
    const { code, signal, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--no-check",
        "--no-lock",
        "--quiet",
        join(import.meta.dirname!, "kill_child.ts"),
        dir,
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
  assert.deepEqual(contents(dir), contents(quiet));
  assert.deepEqual(readScratchpad(dir), readScratchpad(quiet));
  Deno.removeSync(root, { recursive: true });
});
