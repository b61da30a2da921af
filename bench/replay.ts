/**
 * Records a long study of reasoning, replays it from its cassettes, and says what the replay took and whether it left the same bytes:
 * `deno run -A bench/replay.ts [OF] [EPISODES]`. Exit code 1 when a replay differs or misses a target.
 *
 * OF: a repository (a path or URL; default this one), "sample" for the generated sample, or a study's name. The embedded analyst is recorded
 * in one process, parameters alone and with edits of the formula open; each replay is a process of its own and may ask nobody.
 * Seconds are those of the whole process, its corpora opened from a warm cache.
 */
import { join } from "node:path";
import process from "node:process";
import { PROJECT_ROOT } from "../lib/base/paths.ts";
import { analystModel } from "../lib/reasoning/analyst.ts";
import { EPISODES } from "../lib/scratchpad/files.ts";
import { readRecords } from "../lib/scratchpad/read.ts";
import { openStudyFor, type StudyRequest } from "../lib/study/open.ts";
import { SAMPLE_STUDY } from "../lib/study/sample_repository.ts";
import { trainStudy } from "../lib/study/train.ts";
import { STUDY_FILES } from "../tests/reasoning/study.ts";
import { peakMemoryMb, timed } from "./measure.ts";

/** What a replay of 200 episodes may take on two cores. */
const TARGETS = { seconds: 60, peakMb: 400 } as const;
/** As the tasks that reason are started: a young generation of V8's own choice takes 100 MB more and saves no time. */
const YOUNG = "--v8-flags=--max-semi-space-size=4";
/** What a study leaves besides its journals. */
const ENDS = ["beyond.jsonl", "trained.json", "scratchpad.json"];

/** What a process that ran a study says of itself. */
interface Run {
  readonly cpuSeconds: number;
  readonly peakMb: number | null;
  readonly cases: number;
  readonly calls: number;
}

const [of = PROJECT_ROOT, count = "200"] = Deno.args[0] === "child" ? [] : Deno.args;
if (Deno.args[0] === "child") await runChild(Deno.args.slice(1));
else await measure(of, count);

async function runChild([of, count, mode, edits, dir]: string[]): Promise<void> {
  const { config, corpora } = await openStudyFor(requestOf(of!));
  await trainStudy(config, corpora, {
    dir: dir!,
    model: analystModel(),
    recording: mode === "replay" ? "replay" : "record",
    episodes: Number(count),
    structural: edits === "edits",
    signal: new AbortController().signal,
  });
  const { user, system } = process.cpuUsage();
  const run: Run = {
    cpuSeconds: (user + system) / 1e6,
    peakMb: peakMemoryMb() ?? null,
    cases: corpora.reduce((n, c) => n + c.cases.length, 0),
    calls: [...Deno.readDirSync(join(dir!, "cassettes"))].length,
  };
  console.log(JSON.stringify(run));
}

function requestOf(of: string): StudyRequest {
  return of === SAMPLE_STUDY ? {} : /[/.]/.test(of) ? { repo: of } : { study: of };
}

async function measure(of: string, count: string): Promise<void> {
  const root = Deno.makeTempDirSync({ prefix: "ripmap-replay-" });
  try {
    for (const edits of ["parameters", "edits"]) {
      const first = join(root, `${edits}-recorded`), again = join(root, `${edits}-replayed`);
      await run(root, [of, count, "record", edits, first]);
      Deno.mkdirSync(join(again, "cassettes"), { recursive: true });
      for (const { name } of Deno.readDirSync(join(first, "cassettes"))) {
        Deno.copyFileSync(join(first, "cassettes", name), join(again, "cassettes", name));
      }
      const [{ cpuSeconds, peakMb, cases, calls }, ms] = await timed(() =>
        run(root, [of, count, "replay", edits, again])
      );
      const differing = [...STUDY_FILES, ...ENDS].filter((name) =>
        contentsOf(join(first, name)) !== contentsOf(join(again, name))
      );
      const episodes = readRecords(again, EPISODES), seconds = ms / 1000;
      console.log(JSON.stringify({
        study: edits === "edits" ? "edits open" : "parameters only",
        cases,
        episodes: episodes.length,
        accepted: episodes.filter((e) => e.decision === "accepted").length,
        calls,
        seconds: Number(seconds.toFixed(1)),
        cpu_seconds: Number(cpuSeconds.toFixed(1)),
        peak_mb: peakMb && Math.round(peakMb),
        differing,
      }));
      if (differing.length > 0 || seconds >= TARGETS.seconds || (peakMb ?? 0) >= TARGETS.peakMb) {
        Deno.exitCode = 1;
      }
    }
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
}

async function run(root: string, args: readonly string[]): Promise<Run> {
  // A named study is read where it stands; any other must not leave its settings among the user's results.
  const named = requestOf(args[0]!).study !== undefined;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", YOUNG, import.meta.filename!, "child", ...args],
    env: named ? {} : { RIPMAP_LAB_RESULTS: join(root, "results") },
    stdout: "piped",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout)) as Run;
}

function contentsOf(file: string): string | undefined {
  try {
    return Deno.readTextFileSync(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return undefined;
  }
}
