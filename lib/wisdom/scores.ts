/** Points scored on an arena, once each, and what two columns of values say about a difference. */
import { randomStream } from "../base/random.ts";
import type { Arena } from "../engine/arena.ts";
import { Engine } from "../engine/engine.ts";
import type { Formula } from "../formula/document.ts";
import type { Estimate } from "../records/evaluation.ts";
import { type Point, pointHash } from "../records/space.ts";

/** nDCG@10 of every case of an arena at points of one formula; a point asked for twice is scored once. */
export class PointScores {
  readonly #engine: Engine;
  readonly #known = new Map<string, Float64Array>();

  constructor(readonly arena: Arena, readonly formula: Formula) {
    this.#engine = new Engine(arena, formula);
  }

  /** Values in the arena's order. Not to be written to. */
  at(point: Point): Float64Array {
    const key = pointHash(point);
    let values = this.#known.get(key);
    if (values === undefined) this.#known.set(key, values = this.#engine.evaluate(point));
    return values;
  }

  /** Distinct points scored so far. */
  get evaluations(): number {
    return this.#known.size;
  }
}

/** A difference with its interval and the chance of none. */
export interface Difference {
  readonly estimate: Estimate;
  /** Two-sided, by sign flips of whole commits */
  readonly p: number;
}

/** How differences are resampled. */
export interface DifferenceOptions {
  readonly seed: number | string;
  readonly stream: string;
  /** Default 2,000 */
  readonly resamples?: number;
}

/** A mean over commits with its standard error: cheap enough to sift hundreds of candidates by. */
export interface QuickMean {
  readonly mean: number;
  /** 0 for fewer than two commits */
  readonly standardError: number;
  readonly commits: number;
}

/** Mean of `with - without` over the commits of some cases, every commit alike whatever its repository. */
export function quickDifference(
  arena: Arena,
  treated: Float64Array,
  plain: Float64Array,
  keep: (index: number) => boolean,
): QuickMean {
  const sums = new Map<string, { sum: number; n: number }>();
  for (const { index, case: c } of arena.cases) {
    if (!keep(index)) continue;
    const key = `${c.repo}@${c.commit}`, entry = sums.get(key) ?? { sum: 0, n: 0 };
    entry.sum += treated[index]! - plain[index]!;
    entry.n++;
    sums.set(key, entry);
  }
  const values = [...sums.values()].map(({ sum, n }) => sum / n), commits = values.length;
  if (commits === 0) return { mean: 0, standardError: 0, commits };
  const mean = values.reduce((a, b) => a + b, 0) / commits;
  const variance = commits < 2
    ? 0
    : values.reduce((s, v) => s + (v - mean) * (v - mean), 0) / (commits - 1) / commits;
  return { mean, standardError: Math.sqrt(variance), commits };
}

/**
 * Splits repositories into those a rule may be written from and those it is judged on: halves, by a draw of the study's seed.
 *
 * A single repository can only be written from. @returns both sorted
 */
export function splitRepositories(
  names: readonly string[],
  seed: number | string,
): { readonly writers: readonly string[]; readonly judges: readonly string[] } {
  const random = randomStream(seed, "wisdom/repositories");
  const drawn = [...new Set(names)].sort().map((name) => ({ name, key: random() })).sort((a, b) =>
    a.key - b.key
  );
  const half = Math.ceil(drawn.length / 2);
  const take = (part: typeof drawn) => part.map(({ name }) => name).sort();
  return { writers: take(drawn.slice(0, half)), judges: take(drawn.slice(half)) };
}
