/**
 * Any formula over any number of cases, at any point, in milliseconds; the ranks of the reference evaluation.
 *
 * What is independent of the point is prepared once an arena and shared by all engines on it. At a point, the SIMD kernel runs the
 * formula's operations over blocks of files and counts ranks; what it has no operations for, and scores a Float32 cannot hold, go
 * to the plain path. Both work walks out to about a millionth of their values. Where a relevant file's score is closer to another's than
 * that, and the files are not alike to the formula, the case goes to the referee, who has the reference's digits.
 */
import { type Formula, type ResolvedNode, resolveNodes, walkNodes } from "../formula/document.ts";
import { numbersAt } from "../formula/parameters.ts";
import type { NodeValues } from "../ranker/evaluate.ts";
import type { Point } from "../records/space.ts";
import { type Arena, type ArenaCase, type ArenaGroup, CUTOFF } from "./arena.ts";
import { KernelEngine, targetOffsets, type Traffic, type Undecided } from "./kernel_engine.ts";
import { KernelMemory } from "./kernel_memory.ts";
import { KernelWalk } from "./kernel_walk.ts";
import { PlainEngine, type Visit } from "./plain_engine.ts";
import { type Guess, Referee } from "./referee.ts";
import { staysInside } from "./reach.ts";
import { isClose, ndcgOf, rankOf, type TargetRanks } from "./target_ranks.ts";
import { WorkerPool } from "./worker_pool.ts";

export { ndcgOf, rankOf, type TargetRanks } from "./target_ranks.ts";

/** Called with a case, the scores of all files of its snapshot, and its group. */
export type CaseVisit = (c: ArenaCase, scores: Float64Array, group: ArenaGroup) => void;

/** Which path runs a formula. "auto": the kernel where it can, else the plain path. */
export type Backend = "auto" | "plain" | "simd";

/** Options of {@link Engine}. */
export interface EngineOptions {
  /** Default "auto" */
  readonly backend?: Backend;
}

/**
 * A formula compiled for an arena.
 *
 * What it holds in the kernel's memory goes back when it is collected. Whoever makes many, one after the other, disposes them (`using`).
 */
export class Engine implements Disposable {
  #kernel: KernelEngine | undefined;
  #disposed = false;
  #plain: PlainEngine | undefined;
  #referee: Referee | undefined;
  /** which group each case is of */
  #groupOf: Uint32Array | undefined;
  #originGroups: Uint32Array | undefined;
  /** the path that runs the formula */
  readonly backend: "plain" | "simd";
  /** how many cases were scored since the engine was made */
  caseEvaluations = 0;
  /** the formula's nodes, the root first */
  readonly #nodes: readonly ResolvedNode[];
  /** whether it has a walk */
  readonly #walks: boolean;
  #mostFiles: number | undefined;
  /** of how many of them the referee settled the order */
  settled = 0;

  /** @throws {RangeError} when backend is "simd" and the kernel cannot run the formula on this arena or machine */
  constructor(
    readonly arena: Arena,
    readonly formula: Formula,
    options: EngineOptions = {},
    pool?: WorkerPool,
  ) {
    const { backend = "auto" } = options, root = resolveNodes(formula);
    this.#nodes = [...walkNodes(root)];
    this.#walks = this.#nodes.some(({ signal }) => signal?.kind === "walk");
    if (backend !== "plain") this.#kernel = KernelEngine.make(arena, root, pool);
    if (backend === "simd" && !this.#kernel) {
      throw new RangeError(
        `Cannot run ${formula.name} on the SIMD kernel: it has no operations for it, or this machine no WebAssembly SIMD; use "auto"`,
      );
    }
    this.backend = this.#kernel ? "simd" : "plain";
  }

  /** Gives back what this engine alone holds; what the engines of an arena share stays. */
  [Symbol.dispose](): void {
    this.#kernel?.release();
    this.#kernel = undefined;
    this.#disposed = true;
  }

  #requireAlive(): void {
    if (this.#disposed) {
      throw new RangeError(`Cannot evaluate ${this.formula.name}: the engine was disposed; make another`);
    }
  }

  /** What a run on the kernel moves and holds; undefined on the plain path. */
  get traffic(): Traffic | undefined {
    return this.#kernel?.traffic;
  }

  /** nDCG@10 of every case at a point, in the arena's order. @throws {RangeError} as the reference, where a node gives a file no finite number */
  evaluate(point: Point): Float64Array {
    return this.evaluateAll([point])[0]!;
  }

  /** The same at several points. Eight of them share a pass over the arena, which costs less than a pass each. */
  evaluateAll(points: readonly Point[]): Float64Array[] {
    this.#requireAlive();
    // Settled before its matrix is gone.
    if (points.length > 1 && this.#kernel?.steady === false) {
      return points.map((point) => this.evaluate(point));
    }
    const { cases } = this.arena, inside = points.map((point) => this.#isInside(point));
    const quick = this.#kernel?.evaluate(points);
    return points.map((point, p) => {
      const values = quick?.[p]?.values ?? new Float64Array(cases.length);
      const visit: CaseVisit = (c, scores) => values[c.index] = ndcgOf(c, scores);
      if (inside[p]) this.#visitRest(point, quick?.[p]?.undecided, CUTOFF, visit);
      else this.#visitByReferee(point, visit);
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
    this.#requireAlive();
    const inside = this.#isInside(point), quick = inside ? this.#kernel?.ranks(point) : undefined;
    const offsets = quick?.ranks.offsets ?? targetOffsets(this.arena);
    const ranks = quick?.ranks.ranks ?? new Uint32Array(offsets.at(-1)!);
    const visit: CaseVisit = (c, scores) =>
      c.targets.forEach((target, k) =>
        ranks[offsets[c.index]! + k] = rankOf(target, scores, c.query.seed, Infinity)
      );
    if (inside) this.#visitRest(point, quick?.undecided, Infinity, visit);
    else this.#visitByReferee(point, visit);
    this.caseEvaluations += this.arena.cases.length;
    return { offsets, ranks };
  }

  /**
   * Scores of one case taken apart: what every node of the formula gives each file of the snapshot, by node id, in the reference's digits.
   *
   * @param index position of the case in the arena
   * @throws {RangeError} for a case the arena lacks, and as the reference where a value is no finite number
   */
  parts(point: Point, index: number): NodeValues {
    this.#requireAlive();
    const c = this.arena.cases[index];
    if (!c) {
      throw new RangeError(
        `Cannot take case ${index} apart: the arena has ${this.arena.cases.length} cases, the first is 0`,
      );
    }
    const { group, guess } = this.#place(point, index);
    return this.#ownReferee().parts(point, c, group, guess);
  }

  /** Calls back with the scores of every case at a point, in double precision. The array is reused: copy what is to be kept. */
  forEachCase(point: Point, visit: CaseVisit): void {
    this.#requireAlive();
    if (this.#isInside(point)) {
      this.#visit(point, (c, scores, group, unsure) => {
        visit(c, unsure ? this.#refereed(point, c, group) : scores, group);
      });
    } else this.#visitByReferee(point, visit);
    this.caseEvaluations += this.arena.cases.length;
  }

  /**
   * Visits the cases the kernel left undecided, all of them where it did not run, with scores that order every relevant file as the
   * reference does up to `cutoff`.
   */
  #visitRest(point: Point, undecided: Undecided | undefined, cutoff: number, visit: CaseVisit): void {
    // Without a walk the plain path is exact to a few digits of a Float64, and tells most close scores apart.
    const plain = undecided && (this.#walks ? undecided.small : [...undecided.small, ...undecided.close]);
    if (plain === undefined || plain.length > 0) {
      const blur = this.#plainEngine().blur(point);
      this.#visit(point, (c, scores, group, unsure) => {
        const close = unsure || isClose(c, scores, blur, cutoff);
        visit(c, close ? this.#refereed(point, c, group) : scores, group);
      }, plain && new Set(plain));
    }
    if (this.#walks) { for (const index of undecided?.close ?? []) this.#settle(point, index, visit); }
  }

  /** Visits a case with the referee's scores, who starts from what the kernel knows. */
  #settle(point: Point, index: number, visit: CaseVisit): void {
    const c = this.arena.cases[index]!, { group, guess } = this.#place(point, index);
    visit(c, this.#refereed(point, c, group, guess), group);
  }

  /** The group of a case, and what the kernel takes its walks for, where it runs the formula. */
  #place(point: Point, index: number): { readonly group: ArenaGroup; readonly guess?: Guess } {
    const { groups } = this.arena;
    this.#groupOf ??= Uint32Array.from(groups.flatMap((group, g) => group.cases.map(() => g)));
    const g = this.#groupOf[index]!, group = groups[g]!, n = group.snapshot.files.length;
    if (!this.#kernel) return { group };
    this.#kernel.contract(point, g);
    return {
      group,
      guess: (node, at) => this.#kernelWalk(node).solution(g, index - group.cases[0]!.index, at, n),
    };
  }

  #refereed(point: Point, c: ArenaCase, group: ArenaGroup, guess?: Guess): Float64Array {
    this.settled++;
    return this.#ownReferee().scores(point, c, group, guess);
  }

  #ownReferee(): Referee {
    return this.#referee ??= new Referee(this.arena, this.formula);
  }

  #visit(point: Point, visit: Visit, wanted?: ReadonlySet<number>): void {
    this.#kernel?.contract(point);
    this.#plainEngine().forEachCase(point, visit, wanted);
  }

  /** Whether the formula's values at a point stay inside a Float64; elsewhere every case is the referee's. */
  #isInside(point: Point): boolean {
    this.#mostFiles ??= this.arena.groups.reduce((n, g) => Math.max(n, g.snapshot.files.length), 0);
    const ats = new Map(this.#nodes.map((node) => [node.id, numbersAt(node, point)]));
    return staysInside(this.#nodes[0]!, ats, this.#mostFiles);
  }

  #visitByReferee(point: Point, visit: CaseVisit): void {
    for (const group of this.arena.groups) {
      for (const c of group.cases) visit(c, this.#refereed(point, c, group), group);
    }
  }

  #plainEngine(): PlainEngine {
    return this.#plain ??= new PlainEngine(
      this.arena,
      this.formula,
      this.#kernel && ((node) => this.#kernelWalk(node)),
    );
  }

  #kernelWalk(node: ResolvedNode): KernelWalk {
    const memory = KernelMemory.of(this.arena);
    this.#originGroups ??= this.arena.origin?.groups ?? Uint32Array.from(memory.arena.groups, (_, g) => g);
    return new KernelWalk(memory, this.#kernel!.curvesOf(node), this.#originGroups);
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
export class ParallelEngine extends Engine {
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

  override [Symbol.dispose](): void {
    this.#pool.close();
    super[Symbol.dispose]();
  }
}
