/**
 * A repository larger than memory should have to hold: generates one, passes over it once for several points, and prints seconds and the
 * largest resident memory. Arguments: folder, files, commits, cases a commit.
 */
import { StreamingEngine } from "../lib/engine/streaming_engine.ts";
import { SPEC } from "../lib/formula/builtins.ts";
import { randomPoints } from "./engine_figures.ts";
import { generateCorpus } from "./generate_corpus.ts";
import { peakMemoryMb, timed } from "./measure.ts";

const [folder = "", files = "", commits = "", cases = ""] = Deno.args;
const [corpus, made] = await timed(() =>
  generateCorpus(folder, {
    repo: "large",
    seed: 1,
    files: Number(files),
    commits: Number(commits),
    cases: Number(cases),
  })
);
const engine = new StreamingEngine([corpus], { splits: ["train", "selection", "test"], mode: "seed" }, SPEC);
const next = randomPoints("large"), points = Array.from({ length: 8 }, () => next());
const [means, passed] = await timed(() => engine.means(points));
console.log(JSON.stringify({
  files: Number(files),
  cases: engine.cases.length,
  points: points.length,
  generateS: made / 1000,
  passS: passed / 1000,
  peakMb: peakMemoryMb() ?? null,
  finite: means.every(Number.isFinite),
}));
