/**
 * Kills a replayed study at random moments until it was killed so often, and says whether an episode was lost or doubled and whether every
 * study ended as the quiet one: `deno run -A bench/kills.ts [KILLS] [SEED] [EPISODES]`. Exit code 1 when one did not.
 *
 * The study is the small synthetic one of the tests, recorded once; each death is a SIGKILL from outside, of a process that replays, after
 * a time drawn between 0 and the length of a quiet run. A study that ends before its kill makes room for the next.
 */
import { join } from "node:path";
import { randomStream } from "../lib/base/random.ts";
import { EPISODES } from "../lib/scratchpad/files.ts";
import { readRecords, readScratchpad } from "../lib/scratchpad/read.ts";
import { canonicalJson, sha256 } from "../lib/base/canonical.ts";
import { runStudy, smallStudy, STUDY_FILES } from "../tests/reasoning/study.ts";

const [kills = 300, seed = 1, episodes = 6] = Deno.args.filter((a) => a !== "replay").map(Number);
if (Deno.args[0] === "replay") {
  const [, dir, count] = Deno.args;
  await runStudy(smallStudy(dir!, { recording: "replay", episodes: Number(count) }));
  Deno.exit(0);
}

const root = Deno.makeTempDirSync({ prefix: "ripmap-kills-" });
try {
  const quiet = join(root, "quiet");
  await runStudy(smallStudy(quiet, { episodes }));
  const state = (dir: string) =>
    sha256(canonicalJson([
      STUDY_FILES.map((name) => Deno.readTextFileSync(join(dir, name))),
      JSON.parse(JSON.stringify(readScratchpad(dir))),
    ]));
  const wanted = state(quiet), random = randomStream(seed, "bench/kills");
  const start = (dir: string) =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", import.meta.filename!, "replay", dir, `${episodes}`],
      stdout: "null",
      stderr: "piped",
    }).spawn();
  let killed = 0, studies = 0, lost = 0, doubled = 0, different = 0, inside = 0, length = 3000;
  while (killed < kills) {
    const dir = join(root, `study-${studies++}`);
    copyCassettes(quiet, dir);
    for (let done = false; !done;) {
      const before = readRecords(dir, EPISODES).map((e) => e.id);
      const from = performance.now(), child = start(dir);
      // The first run is let alone: its length is what kills are drawn from.
      const timer = studies === 1 || killed >= kills ? undefined : setTimeout(() => {
        try {
          child.kill("SIGKILL");
        } catch (error) {
          if (!(error instanceof TypeError)) throw error;
        }
      }, random() * length);
      const { success, signal, stderr } = await child.output();
      clearTimeout(timer);
      if (!success && signal !== "SIGKILL") throw new Error(new TextDecoder().decode(stderr));
      // A run that got through whole says anew how long that takes: on a busy machine the first one alone would be a poor measure.
      if (success && before.length === 0) length = performance.now() - from;
      const after = readRecords(dir, EPISODES).map((e) => e.id);
      if (!before.every((id, i) => after[i] === id)) lost++;
      if (new Set(after).size !== after.length) doubled++;
      if (signal === "SIGKILL") {
        killed++;
        if (after.length > 0 && after.length < episodes) inside++;
      }
      done = success;
    }
    if (state(dir) !== wanted) different++;
    Deno.removeSync(dir, { recursive: true });
  }
  console.log(JSON.stringify({ kills: killed, studies, lost, doubled, different, between_episodes: inside }));
  if (lost + doubled + different > 0) Deno.exitCode = 1;
} finally {
  Deno.removeSync(root, { recursive: true });
}

function copyCassettes(from: string, to: string): void {
  Deno.mkdirSync(join(to, "cassettes"), { recursive: true });
  for (const { name } of Deno.readDirSync(join(from, "cassettes"))) {
    Deno.copyFileSync(join(from, "cassettes", name), join(to, "cassettes", name));
  }
}
