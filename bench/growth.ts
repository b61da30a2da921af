/** How the cost of a point grows with files, cases and parameters, on generated corpora. */
import { join } from "node:path";
import { randomStream } from "../lib/base/random.ts";
import { Arena } from "../lib/engine/arena.ts";
import { Engine } from "../lib/engine/engine.ts";
import { SPEC } from "../lib/formula/builtins.ts";
import { type CombineNode, type Formula, parseFormula } from "../lib/formula/document.ts";
import { searchSpace } from "../lib/formula/parameters.ts";
import { defaultPoint, fromUnit } from "../lib/records/space.ts";
import { generateCorpus } from "./generate_corpus.ts";
import { byTurns, slope } from "./measure.ts";

/** One measured size. */
export interface GrowthPoint {
  readonly along: "files" | "cases" | "parameters";
  readonly size: number;
  /** milliseconds a point, alpha changing */
  readonly ms: number;
}

/** Sizes measured and the exponent of the power law through each series. */
export interface Growth {
  readonly points: readonly GrowthPoint[];
  readonly slopes: Readonly<Record<GrowthPoint["along"], number>>;
}

/**
 * Measures every series, all sizes by turns, so that what else the machine does falls on all of them alike.
 * @param folder for corpora, the caller's to remove
 */
export function measureGrowth(folder: string, quick: boolean, runs: number): Growth {
  const things: { along: GrowthPoint["along"]; size: number; evaluate: () => void }[] = [];
  const scale = quick ? 1 : 4;
  const arenaOf = (name: string, files: number, commits: number) =>
    Arena.load([generateCorpus(join(folder, name), { repo: name, seed: 1, files, commits, cases: 3 })], {
      splits: ["train", "selection", "test"],
      mode: "seed",
    });
  for (const files of [100, 200, 400, 800]) {
    const arena = arenaOf(`files-${files}`, files, 20 * scale);
    things.push({ along: "files", size: files, evaluate: drawn(arena, SPEC) });
  }
  for (const commits of [20, 40, 80, 160]) {
    const arena = arenaOf(`cases-${commits}`, 200, commits * scale);
    things.push({ along: "cases", size: arena.cases.length, evaluate: drawn(arena, SPEC) });
  }
  const arena = arenaOf("parameters", 200, 40 * scale), { terms } = SPEC.root as CombineNode;
  for (const count of [1, 4, 8]) {
    const formula = parseFormula({
      ...SPEC,
      name: "part",
      root: { ...SPEC.root, terms: terms.slice(0, count) },
    });
    things.push({
      along: "parameters",
      size: searchSpace(formula).length,
      evaluate: drawn(arena, formula),
    });
  }
  const times = byTurns(Object.fromEntries(things.map(({ evaluate }, i) => [i, evaluate])), runs);
  const points = things.map(({ along, size }, i) => ({ along, size, ms: times[i]!.median }));
  const of = (along: GrowthPoint["along"]) =>
    slope(points.filter((p) => p.along === along).map((p) => [p.size, p.ms] as const));
  return { points, slopes: { files: of("files"), cases: of("cases"), parameters: of("parameters") } };
}

/** One evaluation at a point drawn anew each time. */
function drawn(arena: Arena, formula: Formula): () => void {
  const engine = new Engine(arena, formula), space = searchSpace(formula), random = randomStream(1, "growth");
  engine.evaluate(defaultPoint(space));
  return () => void engine.evaluate(Object.fromEntries(space.map((p) => [p.name, fromUnit(p, random())])));
}
