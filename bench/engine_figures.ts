/** Speed of the engine beside its peers on one arena. */
import { randomStream } from "../lib/base/random.ts";
import type { Corpus } from "../lib/corpus/corpus.ts";
import { Arena } from "../lib/engine/arena.ts";
import { Engine, ParallelEngine } from "../lib/engine/engine.ts";
import { KernelMemory } from "../lib/engine/kernel_memory.ts";
import { SPEC } from "../lib/formula/builtins.ts";
import { parseFormula } from "../lib/formula/document.ts";
import { searchSpace } from "../lib/formula/parameters.ts";
import { defaultPoint, fromUnit, type Point } from "../lib/records/space.ts";
import { byTurns, timed } from "./measure.ts";
import { type Agreement, agreement, naive, readBandwidth, sampleCases } from "./peers.ts";

const SPLITS = ["train", "selection", "test"] as const;
const SPACE = searchSpace(SPEC);
/** A walk whose matrix changes with the point. */
const LAYERED = parseFormula({
  record: "formula/1",
  name: "layers",
  description: "one walk over several layers",
  root: { op: "signal", id: "layers", signal: "multi_layer_pagerank" },
});
/** Points that share a pass, and points of a turn: one after the other, as a sampler asks, or pass by pass. */
const TOGETHER = 8, POINTS = 32;

/** Everything measured on one arena in one run. */
export interface EngineFigures {
  readonly cases: number;
  readonly caseFiles: number;
  readonly vectors: number;
  /** milliseconds a point, or a case, or a vector */
  readonly anyAlphaMs: number;
  readonly fixedAlphaMs: number;
  /** the same a point, where eight points share a pass */
  readonly anyAlphaTogetherMs: number;
  readonly fixedAlphaTogetherMs: number;
  readonly plainMs: number;
  /** the same of one walk over several layers, at a new mix of them and at the last one */
  readonly newMixMs: number;
  readonly sameMixMs: number;
  readonly naiveCaseMs: number;
  readonly vectorMs: number;
  readonly oneCoreMs: number;
  readonly twoCoresMs: number;
  readonly oneCoreTogetherMs: number;
  readonly twoCoresTogetherMs: number;
  readonly oneCoreFixedMs: number;
  readonly twoCoresFixedMs: number;
  readonly readGbS: number;
  readonly fixedAlphaGbS: number;
  /** megabytes a point reads at a fixed alpha, and on top at a new one */
  readonly fixedAlphaMb: number;
  readonly newAlphaMb: number;
  readonly kernelMb: number;
  readonly agreement: Agreement;
  /** share of cases settled in double precision, over points with every parameter drawn */
  readonly settledShare: number;
}

/** A point with every parameter drawn, or all but alpha. */
export function randomPoints(seed: string): (alpha?: number) => Point {
  const random = randomStream(1, seed);
  return (alpha) =>
    Object.fromEntries(SPACE.map((p) => {
      const drawn = fromUnit(p, random());
      return [p.name, p.name === "pagerank_alpha" && alpha !== undefined ? alpha : drawn];
    }));
}

/** Measures. @param runs turns of each comparison */
export async function engineFigures(
  corpora: readonly Corpus[],
  runs: number,
  quick: boolean,
): Promise<EngineFigures> {
  const arena = Arena.load(corpora, { splits: SPLITS, mode: "seed" });
  const engine = new Engine(arena, SPEC, { backend: "simd" }), start = defaultPoint(SPACE);
  const [, first] = await timed(() => engine.evaluate(start));
  const [, second] = await timed(() => engine.evaluate(start));
  const { vectors, atFixedAlpha, perNewAlpha, memory } = engine.traffic!;
  const next = randomPoints("points"), kernel = KernelMemory.of(arena);
  const sample = sampleCases(arena, quick ? 40 : 200);
  let settledShare = 0;
  const eight = (alpha?: number) => Array.from({ length: TOGETHER }, () => next(alpha));
  const inARow = (evaluate: () => void) => () => {
    for (let i = 0; i < POINTS; i++) evaluate();
  };
  const byEights = (evaluate: () => void) => () => {
    for (let i = 0; i < POINTS; i += TOGETHER) evaluate();
  };
  const times = byTurns({
    any: inARow(() => void engine.evaluate(next())),
    // A change of alpha is contracted before the clock starts.
    settle: () => void engine.evaluate(start),
    fixed: inARow(() => void engine.evaluate(next(start["pagerank_alpha"]))),
    anyTogether: byEights(() => void engine.evaluateAll(eight())),
    settleTogether: () => void engine.evaluate(start),
    fixedTogether: byEights(() => void engine.evaluateAll(eight(start["pagerank_alpha"]))),
    naive: () => void naive(SPEC, next(), sample),
  }, runs);
  for (let p = 0; p < runs; p++) {
    const before = engine.settled;
    engine.evaluate(next());
    settledShare += (engine.settled - before) / arena.cases.length / runs;
  }
  const readGbS = readBandwidth(kernel, Math.min(runs, 7));
  using both = new ParallelEngine(arena, SPEC, { cores: 2 });
  await both.ready;
  const cores = byTurns({
    one: inARow(() => void engine.evaluate(next())),
    two: inARow(() => void both.evaluate(next())),
    oneTogether: byEights(() => void engine.evaluateAll(eight())),
    twoTogether: byEights(() => void both.evaluateAll(eight())),
    settleFixed: () => void engine.evaluate(start),
    oneFixed: inARow(() => void engine.evaluate(next(start["pagerank_alpha"]))),
    twoFixed: inARow(() => void both.evaluate(next(start["pagerank_alpha"]))),
  }, runs);
  // The plain path prepares vectors of its own, so a part of the arena has to do.
  const part = arena.subset((g) => g.cases[0]!.index % (quick ? 4 : 20) < 3);
  const plain = new Engine(part, SPEC, { backend: "plain" }), layered = new Engine(part, LAYERED);
  const mixed = (share: number) => ({ ...defaultPoint(searchSpace(LAYERED)), layers_beta_reference: share });
  let share = 0.2;
  const parts = byTurns({
    plain: () => void plain.evaluate(next(start["pagerank_alpha"])),
    newMix: () => void layered.evaluate(mixed(share += 0.05)),
    sameMix: () => void layered.evaluate(mixed(share)),
  }, 3);
  const wholeMs = (ms: number) => ms * arena.cases.length / Math.max(1, part.cases.length);
  return {
    cases: arena.cases.length,
    caseFiles: arena.nCaseFiles,
    vectors,
    anyAlphaMs: times.any.median / POINTS,
    fixedAlphaMs: times.fixed.median / POINTS,
    anyAlphaTogetherMs: times.anyTogether.median / POINTS,
    fixedAlphaTogetherMs: times.fixedTogether.median / POINTS,
    plainMs: wholeMs(parts.plain.median),
    newMixMs: wholeMs(parts.newMix.median),
    sameMixMs: wholeMs(parts.sameMix.median),
    naiveCaseMs: times.naive.median / sample.length,
    vectorMs: (first - second) / vectors,
    oneCoreMs: cores.one.median / POINTS,
    twoCoresMs: cores.two.median / POINTS,
    oneCoreTogetherMs: cores.oneTogether.median / POINTS,
    twoCoresTogetherMs: cores.twoTogether.median / POINTS,
    oneCoreFixedMs: cores.oneFixed.median / POINTS,
    twoCoresFixedMs: cores.twoFixed.median / POINTS,
    readGbS,
    fixedAlphaGbS: atFixedAlpha * POINTS / times.fixed.median / 1e6,
    fixedAlphaMb: atFixedAlpha / 1e6,
    newAlphaMb: perNewAlpha / 1e6,
    kernelMb: memory / 1e6,
    settledShare,
    agreement: agree(
      corpora,
      sampleCases(arena, quick ? 60 : 600).map(([c]) => c.case.case_id),
      quick ? 3 : 16,
    ),
  };
}

/** The kernel's first ten files against the reference's: in an arena of the sampled cases where every candidate is a target. */
function agree(
  corpora: readonly Corpus[],
  ids: readonly string[],
  points: number,
): Agreement {
  // A stream of its own: which points are compared must not depend on what was timed before.
  const next = randomPoints("agreement");
  const chosen = new Set(ids), keep = (c: { case_id: string }) => chosen.has(c.case_id);
  const own = Arena.load(corpora, { splits: SPLITS, mode: "seed", keep });
  const everything = Arena.load(corpora, { splits: SPLITS, mode: "seed", keep });
  for (const { snapshot, cases } of everything.groups) {
    for (const c of cases) {
      const targets = Uint32Array.from(snapshot.files.keys()).filter((i) => i !== c.query.seed);
      Object.assign(c, { targets, relevance: new Float64Array(targets.length).fill(1) });
    }
  }
  const engine = new Engine(own, SPEC, { backend: "simd" }),
    ranker = new Engine(everything, SPEC, { backend: "simd" });
  let at: Point | undefined, ranks = ranker.ranks(defaultPoint(SPACE));
  return agreement(
    own,
    SPEC,
    Array.from({ length: points }, () => next()),
    (point, c) => {
      if (point !== at) [at, ranks] = [point, ranker.ranks(point)];
      const first = ranks.offsets[c.index]!, { targets } = everything.cases[c.index]!;
      const top: number[] = [];
      targets.forEach((file, k) => {
        const rank = ranks.ranks[first + k]!;
        if (rank <= 10) top[rank - 1] = file;
      });
      return top;
    },
    (point) => engine.evaluate(point),
    ids.length,
  );
}
