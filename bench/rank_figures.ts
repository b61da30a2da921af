/** How long somebody waits for `rank`: a process of its own, warm, beside a bare start of Deno; and an open session. */
import { join } from "node:path";
import { PROJECT_ROOT } from "../lib/base/paths.ts";
import { openWorkIndex } from "../lib/corpus/work_index.ts";
import { RankSession } from "../lib/wisdom/rank_session.ts";
import { findWisdom } from "../lib/wisdom/releases.ts";
import { type Timing, timing } from "./measure.ts";
import { type BenchRow, row } from "./rows.ts";

/** Milliseconds of a warm `rank`. */
export interface RankFigures {
  readonly files: number;
  readonly process: Timing;
  /** A Deno that prints one line */
  readonly bare: Timing;
  /** An answer of `rank --serve` that looks at the working tree again, and one that does not */
  readonly session: Timing;
  readonly seen: Timing;
}

/** Measures on one repository, by turns; one turn before is not counted, so everything is warm. @param runs turns, at least 1 */
export async function rankFigures(repo: string, runs: number): Promise<RankFigures> {
  const cacheDir = Deno.makeTempDirSync({ prefix: "ripmap-bench-" });
  try {
    const { tags, tree } = await openWorkIndex(repo, { cacheDir });
    // A name that is defined in the middle of the tree: any will do, it only has to be there.
    const focus = JSON.stringify(tags.names[tags.names.length >> 1]!);
    const bare = join(cacheDir, "bare.ts");
    Deno.writeTextFileSync(bare, "console.log(1);\n");
    const start = async (args: readonly string[]) => {
      const from = performance.now();
      const { success, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", ...args],
        env: { RIPMAP_LAB_CACHE: cacheDir },
      }).output();
      if (!success) throw new Error(`Cannot measure rank: ${new TextDecoder().decode(stderr)}`);
      return performance.now() - from;
    };
    const task = join(PROJECT_ROOT, "lib", "tasks", "rank.ts");
    const session = await RankSession.open(repo, findWisdom(undefined), {
      cacheDir,
      now: () => performance.timeOrigin / 1000,
    });
    const ask = async (refresh: boolean) => {
      const from = performance.now();
      const answer = await session.answer(JSON.stringify({ focus, refresh }));
      if (answer["error"] !== undefined) {
        throw new Error(`Cannot measure rank: ${JSON.stringify(answer["error"])}`);
      }
      return performance.now() - from;
    };
    const times = {
      process: [] as number[],
      bare: [] as number[],
      session: [] as number[],
      seen: [] as number[],
    };
    for (let run = -1; run < runs; run++) {
      const one = {
        process: await start([task, "--repo", repo, "--focus", focus]),
        bare: await start([bare]),
        session: await ask(true),
        seen: await ask(false),
      };
      if (run >= 0) {
        for (const name of Object.keys(times) as (keyof typeof times)[]) times[name].push(one[name]);
      }
    }
    return {
      files: tree.files.length,
      process: timing(times.process),
      bare: timing(times.bare),
      session: timing(times.session),
      seen: timing(times.seen),
    };
  } finally {
    Deno.removeSync(cacheDir, { recursive: true });
  }
}

/** The figures as rows of the table. */
export function rankRows(f: RankFigures): BenchRow[] {
  return [
    row(`rank, warm, a process of its own, ${f.files} files`, f.process.median, "ms", 300, "most"),
    row("the same over a bare start of Deno", f.process.median / f.bare.median, "x"),
    row("rank --serve, an answer after a look at the working tree", f.session.median, "ms"),
    row("the same without that look", f.seen.median, "ms"),
  ];
}
