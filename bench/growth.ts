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

/** Measures every series. @param folder for corpora, the caller's to remove */
export function measureGrowth(folder: string, quick: boolean, runs: number): Growth {
  const points: GrowthPoint[] = [];
  const scale = quick ? 1 : 4;
  const arenaOf = (name: string, files: number, commits: number) =>
    Arena.load([generateCorpus(join(folder, name), { repo: name, seed: 1, files, commits, cases: 3 })], {
      splits: ["train", "selection", "test"],
      mode: "seed",
    });
  for (const files of [100, 200, 400, 800]) {
    points.push({
      along: "files",
      size: files,
      ms: cost(arenaOf(`files-${files}`, files, 10 * scale), SPEC, runs),
    });
  }
  for (const commits of [10, 20, 40, 80]) {
    const arena = arenaOf(`cases-${commits}`, 200, commits * scale);
    points.push({ along: "cases", size: arena.cases.length, ms: cost(arena, SPEC, runs) });
  }
  const arena = arenaOf("parameters", 200, 20 * scale), { terms } = SPEC.root as CombineNode;
  for (const count of [1, 4, 8]) {
    const formula = parseFormula({
      ...SPEC,
      name: "part",
      root: { ...SPEC.root, terms: terms.slice(0, count) },
    });
    points.push({ along: "parameters", size: searchSpace(formula).length, ms: cost(arena, formula, runs) });
  }
  const of = (along: GrowthPoint["along"]) =>
    slope(points.filter((p) => p.along === along).map((p) => [p.size, p.ms] as const));
  return { points, slopes: { files: of("files"), cases: of("cases"), parameters: of("parameters") } };
}

function cost(arena: Arena, formula: Formula, runs: number): number {
  const engine = new Engine(arena, formula), space = searchSpace(formula), random = randomStream(1, "growth");
  engine.evaluate(defaultPoint(space));
  return byTurns({
    evaluate: () =>
      void engine.evaluate(Object.fromEntries(space.map((p) => [p.name, fromUnit(p, random())]))),
  }, runs).evaluate.median;
}
