/** Corpora larger than memory: points evaluated while snapshots pass by. */
import type { Corpus } from "../corpus/corpus.ts";
import type { Formula } from "../formula/document.ts";
import { caseShares } from "../metrics/commits.ts";
import type { Case } from "../records/case.ts";
import type { Point } from "../records/space.ts";
import { Arena, type ArenaOptions } from "./arena.ts";
import { Engine, type EngineOptions } from "./engine.ts";

/** Options of {@link StreamingEngine}. */
export interface StreamingOptions extends EngineOptions {
  /** candidates summed over the cases held at a time, a snapshot counting as ten cases; default 2,000,000, about 700 MB */
  readonly mostCaseFiles?: number;
}

/**
 * An engine that holds a few commits at a time.
 *
 * A pass reads and prepares every commit once, which costs more than evaluating a point: hand over many points at once. No candidate
 * is left out: a bound on what a file may score at any point is not known for an arbitrary formula, so pruning would not be safe.
 */
export class StreamingEngine {
  /** the chosen cases in the order of values: that of the corpora and of time inside each */
  readonly cases: readonly Case[];
  /** weight of each case in the macro mean over repositories */
  readonly shares: Float64Array;

  constructor(
    readonly corpora: readonly Corpus[],
    readonly arenaOptions: ArenaOptions,
    readonly formula: Formula,
    readonly options: StreamingOptions = {},
  ) {
    const { splits, keep } = arenaOptions;
    this.cases = corpora.flatMap((c) => c.cases).filter((c) =>
      splits.includes(c.split) && (keep?.(c) ?? true)
    );
    this.shares = this.cases.length === 0
      ? new Float64Array(0)
      : caseShares(this.cases.map((c) => ({ ...c, value: 0 })));
  }

  /** nDCG@10 of every case at every point, one array a point, in one pass over the corpora. */
  evaluate(points: readonly Point[]): Float64Array[] {
    const values = points.map(() => new Float64Array(this.cases.length));
    let from = 0;
    for (
      const arena of Arena.stream(this.corpora, this.arenaOptions, this.options.mostCaseFiles ?? 2_000_000)
    ) {
      const engine = new Engine(arena, this.formula, this.options);
      engine.evaluateAll(points).forEach((made, p) => values[p]!.set(made, from));
      from += arena.cases.length;
    }
    return values;
  }

  /** Macro mean of nDCG@10 at every point, in one pass. */
  means(points: readonly Point[]): number[] {
    return this.evaluate(points).map((values) => values.reduce((sum, v, i) => sum + this.shares[i]! * v, 0));
  }
}
