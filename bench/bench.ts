/** `deno task bench`: speed and memory against their targets, every ratio measured side by side in one run. */
import * as Plot from "@observablehq/plot";
import { dirname, join } from "node:path";
import { writeJson, writeTextAtomic } from "../lib/base/artefacts.ts";
import { PROJECT_ROOT, resultsDir } from "../lib/base/paths.ts";
import { extractCorpus } from "../lib/corpus/extract.ts";
import { Arena } from "../lib/engine/arena.ts";
import { SPEC } from "../lib/formula/builtins.ts";
import { figure } from "../lib/report/figure.ts";
import { openRepository } from "../lib/repo/git.ts";
import { type Command, type Invocation, oneOf, runCommand, wholeNumber } from "../lib/tasks/command.ts";
import { benchCorpora } from "./corpora.ts";
import { type EngineFigures, engineFigures, randomPoints } from "./engine_figures.ts";
import { agreementRows, coreRows, speedRows } from "./engine_rows.ts";
import { type Growth, measureGrowth } from "./growth.ts";
import { timed } from "./measure.ts";
import { networkx, sampleCases } from "./peers.ts";
import { rankFigures, rankRows } from "./rank_figures.ts";
import { type BenchRow, row, skipped, tableText } from "./rows.ts";

export const BENCH: Command = {
  name: "bench",
  summary:
    "Measures the engine's speed and memory, each figure beside what it is compared with or held to, and writes results/bench/.",
  options: {
    study: {
      type: "string",
      value: "NAME",
      help: "measure on the corpora of this study (generated ones of the same size)",
    },
    repo: {
      type: "string",
      value: "PATH",
      help: "time rank on this repository instead of the kit itself, and its cold and warm extraction too",
    },
    only: { type: "string", value: "rank|all", help: "rank: time rank and nothing else (all)" },
    "max-commits": { type: "string", value: "N", help: "newest commits that extraction looks at (500)" },
    python: {
      type: "string",
      value: "PATH",
      help: "Python with networkx and scipy, which PageRank is compared with (python3)",
    },
    large: {
      type: "string",
      value: "CASES",
      help:
        "also measure a pass over a generated repository of 20,000 files with so many cases (5000 take 20 minutes and 6 GB of disk)",
    },
    runs: {
      type: "string",
      value: "N",
      help: "turns of each comparison, of which the median counts (15; with --quick 3)",
    },
    out: {
      type: "string",
      value: "FILE.md",
      writes: "file",
      help: "write the page there too, its figure to figures/speed.svg beside it",
    },
    quick: { type: "boolean", help: "a small corpus and few turns: whether it works, not how fast it is" },
  },
  examples: [
    "deno task bench --quick",
    "deno task bench --study ten --repo ../my-project",
    "deno task bench --only rank --repo ../my-project",
  ],
  notes:
    'Writes NAME.json, NAME.md and NAME-growth.svg, named after the study, or "generated". Nothing else should run meanwhile; the load ' +
    "before and after stands on the page. Exit code 0 whatever the figures are: this is no test.",
};

async function extraction(invocation: Invocation): Promise<BenchRow[]> {
  const path = invocation.values["repo"] as string | undefined;
  const cold = "cold extraction, 500 commits, ~15 MB blobs", warm = "warm extraction";
  if (path === undefined) return [skipped(cold, "no --repo"), skipped(warm, "no --repo")];
  const cacheDir = Deno.makeTempDirSync({ prefix: "ripmap-bench-" });
  try {
    const options = {
      role: "development",
      cacheDir,
      maxCommits: wholeNumber(invocation.values, "max-commits", 500),
    } as const;
    const run = async () => await extractCorpus(await openRepository(path), options);
    const [, first] = await timed(run), [, second] = await timed(run);
    return [row(cold, first / 1000, "s", 8, "most"), row(warm, second / 1000, "s", 1, "most")];
  } finally {
    Deno.removeSync(cacheDir, { recursive: true });
  }
}

async function ranking({ values, progress }: Invocation, runs: number): Promise<BenchRow[]> {
  progress.say("rank");
  return rankRows(await rankFigures((values["repo"] as string | undefined) ?? PROJECT_ROOT, runs));
}

/** What a script of this folder prints when it is run in a process of its own, whose memory is then its own as well. */
async function child<T>(script: string, ...words: string[]): Promise<T> {
  const config = join(PROJECT_ROOT, "deno.json"), path = join(PROJECT_ROOT, "bench", script);
  // The young generation as the tasks that load cases are started with: left alone it grows by 100 MB and saves no time.
  const args = ["run", "-A", "--v8-flags=--max-semi-space-size=4", "--config", config, path, ...words];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  if (!success) throw new Error(`Cannot measure with ${script}: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout)) as T;
}

/** Files of the large repository, and cases of each of its commits. */
const LARGE_FILES = 20_000, LARGE_CASES = 4;

async function large(invocation: Invocation, folder: string): Promise<BenchRow[]> {
  const cases = wholeNumber(invocation.values, "large", 0);
  const memory = `peak memory, ${LARGE_FILES} files streamed`,
    time = "the same, seconds a pass of eight points";
  if (cases === 0) return [skipped(memory, "no --large"), skipped(time, "no --large")];
  const commits = Math.ceil(cases / LARGE_CASES);
  const made = await child<{ peakMb: number | null; passS: number; cases: number }>(
    "large_child.ts",
    join(folder, "large"),
    `${LARGE_FILES}`,
    `${commits}`,
    `${LARGE_CASES}`,
  );
  return [
    made.peakMb === null
      ? skipped(memory, "the system does not say")
      : row(`${memory}, ${made.cases} cases`, made.peakMb, "MB"),
    row(time, made.passS, "s"),
  ];
}

/** Why the share of the bandwidth is what it is. */
function bandwidthNote(f: EngineFigures): string {
  const bound = f.fixedAlphaMb / f.readGbS;
  return `A point at a fixed alpha reads ${f.fixedAlphaMb.toFixed(1)} MB, which at ${
    f.readGbS.toFixed(0)
  } GB/s pass by in ${bound.toFixed(2)} ms of its ${
    f.fixedAlphaMs.toFixed(2)
  }: arithmetic takes the rest, so the share of the bandwidth says how little is read, not how ` +
    `slowly. A new alpha reads ${
      f.newAlphaMb.toFixed(0)
    } MB more, which is more than a cache holds; points that share a pass read what they share of them once.`;
}

/** How the engine comes to the reference's order. */
function agreementNote({ agreement: { cases, sameTop10, widestGap }, settledShare }: EngineFigures): string {
  const others = Math.round(cases * (1 - sameTop10));
  const found = others === 0
    ? `All of ${cases} rankings at random points have their first ten in the reference's order.`
    : `Of ${cases} rankings at random points ${others} have their first ten in another order than the reference, whose scores there ` +
      `differ by at most ${widestGap.toExponential(0)} of their size.`;
  return `${found} Every candidate of those cases was a target, and a case with two scores too close for a Float32 to tell apart is ` +
    `settled in double precision; of ordinary cases that were ${
      (100 * settledShare).toPrecision(2)
    } % a point, and their time is in the figures above.`;
}

function growthFigure({ points, slopes }: Growth) {
  const named = points.map((p) => ({ ...p, series: `${p.along}: exponent ${slopes[p.along].toFixed(2)}` }));
  return figure({
    x: { type: "log", label: "size" },
    y: { type: "log", label: "milliseconds a point, alpha changing", tickFormat: (ms: number) => `${ms}` },
    marginLeft: 48,
    color: { legend: true },
    grid: true,
    marks: [
      Plot.line(named, { x: "size", y: "ms", stroke: "series" }),
      Plot.dot(named, { x: "size", y: "ms", fill: "series" }),
    ],
  }, {
    alt:
      "Time of one point against number of files, cases and parameters, both axes logarithmic, near straight lines",
    title: "How the cost of a point grows",
  });
}

if (import.meta.main) {
  await runCommand(BENCH, async (invocation) => {
    const { values, progress } = invocation, quick = values["quick"] === true;
    const study = (values["study"] as string | undefined) ?? "",
      runs = wholeNumber(values, "runs", quick ? 3 : 15);
    if (oneOf(values, "only", ["rank", "all"], "all") === "rank") {
      const rows = await ranking(invocation, runs);
      return { json: { rows }, text: tableText(rows) };
    }
    const folder = Deno.makeTempDirSync({ prefix: "ripmap-bench-" });
    try {
      progress.say("loading");
      const corpora = await benchCorpora(study, folder, quick);
      progress.say("engine and peers, by turns");
      const loadBefore = Deno.loadavg()[0]!;
      const f = await engineFigures(corpora, runs, quick);
      progress.say("networkx");
      const cases = sampleCases(Arena.load(corpora, { splits: ["test"], mode: "seed" }), quick ? 5 : 40);
      const peer = await networkx(
        (values["python"] as string | undefined) ?? "python3",
        SPEC,
        randomPoints("peer")(0.85),
        cases,
      );
      progress.say("growth");
      const growth = measureGrowth(folder, quick, quick ? 3 : 41);
      progress.say("memory");
      const { peakMb } = await child<{ peakMb: number | null }>(
        "memory_child.ts",
        study,
        folder,
        quick ? "quick" : "",
      );
      const rows: BenchRow[] = [
        ...speedRows(f, peer),
        ...await extraction(invocation),
        ...await ranking(invocation, runs),
        peakMb === null
          ? skipped("peak memory, corpora loaded", "the system does not say")
          : row("peak memory, corpora loaded", peakMb, "MB", 500, "most"),
        ...await large(invocation, folder),
        ...coreRows(f),
        ...agreementRows(f),
        row("growth with files, exponent", growth.slopes.files, ""),
        row("growth with cases, exponent", growth.slopes.cases, ""),
        row("growth with parameters, exponent", growth.slopes.parameters, ""),
      ];
      const conditions = {
        cores: navigator.hardwareConcurrency,
        loadBefore,
        loadAfter: Deno.loadavg()[0]!,
        runs,
      };
      const name = `${study || "generated"}${quick ? "-quick" : ""}`, dir = join(resultsDir(), "bench");
      writeJson(join(dir, `${name}.json`), {
        record: "bench/1",
        study,
        quick,
        conditions,
        engine: f,
        growth,
        rows,
      });
      writeTextAtomic(join(dir, `${name}-growth.svg`), growthFigure(growth).svg);
      const text = `${f.cases} cases, ${f.caseFiles} case-files, ${f.vectors} walk vectors; load ${
        conditions.loadBefore.toFixed(1)
      } before and ${conditions.loadAfter.toFixed(1)} after, on ${conditions.cores} cores\n\n${
        tableText(rows)
      }\n`;
      const made = [
        ...(study ? [`--study ${study}`] : []),
        ...(quick ? ["--quick"] : []),
        ...["repo", "python"].flatMap((option) => values[option] === undefined ? [] : [`--${option} PATH`]),
        ...(values["large"] === undefined ? [] : [`--large ${values["large"]}`]),
      ].join(" ");
      const page = (svg: string) =>
        [
          "# Speed and memory",
          text,
          `Made by \`deno task bench ${made}\`, Deno ${Deno.version.deno}. Median of ${runs} turns; what is compared took turns in one ` +
          'process. A turn is 32 points: one after the other, or, as "eight points a pass", by `Engine.evaluateAll`, as ascents and ' +
          "designs ask. Within a turn, later points find in the cache what earlier ones left there.",
          bandwidthNote(f),
          agreementNote(f),
          `![How the time of a point grows with files, cases and parameters](${svg})\n`,
        ].join("\n\n");
      writeTextAtomic(join(dir, `${name}.md`), page(`${name}-growth.svg`));
      const out = values["out"] as string | undefined;
      if (out !== undefined) {
        writeTextAtomic(join(dirname(out), "figures", "speed.svg"), growthFigure(growth).svg);
        writeTextAtomic(out, page("figures/speed.svg"));
      }
      return {
        json: { conditions, rows, engine: f, growth },
        text: `${text}\nwritten to results/bench/${name}.*`,
      };
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  });
}
