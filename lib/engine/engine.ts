/**
 * Any formula over any number of cases, at any point, in milliseconds; the ranks of the reference evaluation, but where two of its scores
 * differ by less than a Float32 holds.
 *
 * What is independent of the point is prepared once an arena and shared by all engines on it. At a point, the SIMD kernel runs the
 * formula's operations over blocks of files and counts ranks; what it has no operations for, and scores a Float32 cannot hold, go
 * to the plain path in double precision.
 */
import { type Formula, resolveNodes } from "../formula/document.ts";
import type { Point } from "../records/space.ts";
import type { Arena } from "./arena.ts";
import { KernelEngine, targetOffsets, type Traffic } from "./kernel_engine.ts";
import { KernelMemory } from "./kernel_memory.ts";
import { KernelWalk } from "./kernel_walk.ts";
import { PlainEngine, type Visit } from "./plain_engine.ts";
import { ndcgOf, rankOf, type TargetRanks } from "./target_ranks.ts";
import { WorkerPool } from "./worker_pool.ts";

export { ndcgOf, rankOf, type TargetRanks } from "./target_ranks.ts";

/** Which path runs a formula. "auto": the kernel where it can, else the plain path. */
export type Backend = "auto" | "plain" | "simd";

/** Options of {@link Engine}. */
export interface EngineOptions {
  /** Default "auto" */
  readonly backend?: Backend;
}

/** A formula compiled for an arena. */
export class Engine {
  readonly #kernel: KernelEngine | undefined;
  #plain: PlainEngine | undefined;
  /** the path that runs the formula */
  readonly backend: "plain" | "simd";
  /** how many cases were scored since the engine was made */
  caseEvaluations = 0;

  /** @throws {RangeError} when backend is "simd" and the kernel cannot run the formula on this arena or machine */
  constructor(
    readonly arena: Arena,
    readonly formula: Formula,
    options: EngineOptions = {},
    pool?: WorkerPool,
  ) {
    const { backend = "auto" } = options;
    if (backend !== "plain") this.#kernel = KernelEngine.make(arena, resolveNodes(formula), pool);
    if (backend === "simd" && !this.#kernel) {
      throw new RangeError(
        `Cannot run ${formula.name} on the SIMD kernel: it has no operations for it, or this machine no WebAssembly SIMD; use "auto"`,
      );
    }
    this.backend = this.#kernel ? "simd" : "plain";
  }

  /** What a run on the kernel moves and holds; undefined on the plain path. */
  get traffic(): Traffic | undefined {
    return this.#kernel?.traffic;
  }

  /** nDCG@10 of every case at a point, in the arena's order. */
  evaluate(point: Point): Float64Array {
    return this.evaluateAll([point])[0]!;
  }

  /** The same at several points. Eight of them share a pass over the arena, which costs less than a pass each. */
  evaluateAll(points: readonly Point[]): Float64Array[] {
    const { cases } = this.arena, quick = this.#kernel?.evaluate(points);
    return points.map((point, p) => {
      const values = quick?.[p]?.values ?? new Float64Array(cases.length);
      this.#visitRest(point, quick?.[p]?.undecided, (c, scores) => values[c.index] = ndcgOf(c, scores));
      this.caseEvaluations += cases.length;
      return values;
    });
  }

  /** Macro mean of nDCG@10 at a point. */
  mean(point: Point): number {
    return this.arena.mean(this.evaluate(point));
  }

  /** The same at several points, as {@link evaluateAll} makes them. */
  means(points: readonly Point[]): number[] {
    return this.evaluateAll(points).map((values) => this.arena.mean(values));
  }

  /** Ranks of all relevant files at a point, from which any measure follows. */
  ranks(point: Point): TargetRanks {
    const quick = this.#kernel?.ranks(point);
    const offsets = quick?.ranks.offsets ?? targetOffsets(this.arena);
    const ranks = quick?.ranks.ranks ?? new Uint32Array(offsets.at(-1)!);
    this.#visitRest(point, quick?.undecided, (c, scores) => {
      c.targets.forEach((target, k) =>
        ranks[offsets[c.index]! + k] = rankOf(target, scores, c.query.seed, Infinity)
      );
    });
    this.caseEvaluations += this.arena.cases.length;
    return { offsets, ranks };
  }

  /** Calls back with the scores of every case at a point, in double precision. The array is reused: copy what is to be kept. */
  forEachCase(point: Point, visit: Visit): void {
    this.#visit(point, visit);
    this.caseEvaluations += this.arena.cases.length;
  }

  /** Visits the cases the kernel left undecided; all of them where it did not run. */
  #visitRest(point: Point, undecided: readonly number[] | undefined, visit: Visit): void {
    if (undecided === undefined) this.#visit(point, visit);
    else if (undecided.length > 0) this.#visit(point, visit, new Set(undecided));
  }

  #visit(point: Point, visit: Visit, wanted?: ReadonlySet<number>): void {
    const kernel = this.#kernel;
    if (!kernel) {
      (this.#plain ??= new PlainEngine(this.arena, this.formula)).forEachCase(point, visit, wanted);
      return;
    }
    this.#plain ??= new PlainEngine(this.arena, this.formula, (node) => {
      const memory = KernelMemory.of(this.arena);
      const groups = this.arena.origin?.groups ?? Uint32Array.from(memory.arena.groups, (_, g) => g);
      return new KernelWalk(memory, kernel.curvesOf(node), groups);
    });
    kernel.contract(point);
    this.#plain.forEachCase(point, visit, wanted);
  }
}

/** Options of {@link ParallelEngine}. */
export interface ParallelOptions extends EngineOptions {
  /** cores, the caller's included; default 2 */
  readonly cores?: number;
}

/**
 * An engine on several cores, with the same results in the same order.
 *
 * Workers share the arena's memory, so nothing is copied; each core takes groups until none is left. Formulas of the plain path run on
 * the caller's core alone. Dispose it (`using`), or the workers keep the process alive.
 */
export class ParallelEngine extends Engine implements Disposable {
  readonly #pool: WorkerPool;

  constructor(arena: Arena, formula: Formula, options: ParallelOptions = {}) {
    const pool = new WorkerPool(KernelMemory.of(arena), Math.max(0, (options.cores ?? 2) - 1));
    super(arena, formula, options, pool);
    this.#pool = pool;
  }

  /** Fulfilled once all cores are there. Calls before that are merely slower. */
  get ready(): Promise<unknown> {
    return this.#pool.ready;
  }

  [Symbol.dispose](): void {
    this.#pool.close();
  }
}
