/** A formula run by the kernel over an arena. */
import { type ResolvedNode, walkNodes } from "../formula/document.ts";
import { numbersAt } from "../formula/parameters.ts";
import type { Point } from "../records/space.ts";
import { type Arena, CUTOFF } from "./arena.ts";
import { KERNEL_MAX_FILES, KernelMemory, kernelRuns, paddedFiles, Region } from "./kernel_memory.ts";
import { Unsupported } from "./kernel_operations.ts";
import { KernelProgram } from "./kernel_program.ts";
import type { At } from "./leaf.ts";
import type { WalkCurves } from "./walk_curves.ts";
import type { TargetRanks } from "./target_ranks.ts";
import type { WorkerPool } from "./worker_pool.ts";

/** Words of a job record; `kernel/run.as` reads them. */
const JOB = { VALUES: 15, RANKS: 16, CUTOFF: 20, MAXIMA: 21, IDEALS: 22, UNDECIDED: 23, WORDS: 24 };
const SCRATCH_HEAD = 1024;
/** Groups a core takes at a time: enough that taking costs nothing, few enough that both cores end together. */
const CHUNK = 8;
/** Powers of ten a walk's values may spread over, downwards. */
const WALK_LOW = -9;
/** Powers of ten of a Float32 that are left to scores. */
const FLOAT_HIGH = 36, FLOAT_LOW = -36;
/** Scores up to this may have been positive numbers that a Float32 could not hold. */
const TINY = 1e-30;

/** What the kernel made of a point: values of cases, and the cases it leaves to double precision. */
export interface KernelValues {
  /** one a case of the arena; meaningless for undecided ones */
  readonly values: Float64Array;
  readonly undecided: readonly number[];
}

/** Bytes a run moves, restart vectors prepared, bytes held. */
export interface Traffic {
  readonly atFixedAlpha: number;
  /** on top, once a new alpha */
  readonly perNewAlpha: number;
  readonly vectors: number;
  readonly memory: number;
}

/** A formula compiled for the kernel. */
export class KernelEngine {
  readonly #memory: KernelMemory;
  readonly #region: Region;
  readonly #program: KernelProgram;
  readonly #nodes: readonly ResolvedNode[];
  readonly #list: Uint32Array;
  /** position in the origin arena of every case */
  readonly #positions: Uint32Array;
  readonly #job: number;
  readonly #walks: number;
  readonly #scratch: number;
  /** bytes of one core's scratch; a further core's stands behind it */
  readonly #scratchBytes: number;
  readonly #pool: WorkerPool | undefined;

  /** The engine, or undefined where the kernel does not run here, or has no form for the formula or the arena. */
  static make(arena: Arena, root: ResolvedNode, pool?: WorkerPool): KernelEngine | undefined {
    if (!kernelRuns() || arena.cases.length === 0) return undefined;
    if (arena.groups.some((g) => g.snapshot.files.length > KERNEL_MAX_FILES)) return undefined;
    try {
      return new KernelEngine(arena, root, pool);
    } catch (error) {
      if (error instanceof Unsupported) return undefined;
      throw error;
    }
  }

  private constructor(readonly arena: Arena, root: ResolvedNode, pool: WorkerPool | undefined) {
    const memory = this.#memory = KernelMemory.of(arena);
    const region = this.#region = new Region(memory);
    this.#program = new KernelProgram(memory, region, root);
    this.#nodes = [...walkNodes(root)];
    this.#pool = pool;
    const origin = memory.arena;
    this.#list = arena.origin?.groups ?? Uint32Array.from(origin.groups, (_, g) => g);
    this.#positions = Uint32Array.from(
      [...this.#list].flatMap((g) => origin.groups[g]!.cases.map((c) => c.index)),
    );
    const list = region.take(4 * this.#list.length);
    memory.u32(list, this.#list.length).set(this.#list);
    this.#walks = region.take(64 * this.#program.walks.length);
    const stride = paddedFiles(memory.maxFiles);
    const scratchBytes = this.#scratchBytes = SCRATCH_HEAD + 4 * stride * (this.#program.registers + 1);
    this.#scratch = region.take(scratchBytes * (1 + (pool?.size ?? 0)));
    this.#job = region.take(4 * JOB.WORDS);
    const { groupOps, caseOps, score } = this.#program;
    memory.u32(this.#job, JOB.WORDS).set([
      0,
      memory.groups,
      list,
      this.#list.length,
      CHUNK,
      memory.cases,
      memory.targets,
      memory.relevance,
      memory.discounts,
      groupOps.at,
      groupOps.count,
      caseOps.at,
      caseOps.count,
      this.#walks,
      this.#program.walks.length,
      region.take(8 * origin.cases.length),
      0,
      stride,
      score,
    ]);
    // A register of its own holds the best score of every block of files.
    memory.u32(this.#job, JOB.WORDS)[JOB.MAXIMA] = this.#program.registers;
    memory.u32(this.#job, JOB.WORDS)[JOB.IDEALS] = memory.ideals;
  }

  /** nDCG@10 of every case, or undefined where scores at this point leave the range of a Float32. */
  evaluate(point: Point): KernelValues | undefined {
    if (!this.#moveTo(point)) return undefined;
    this.#perform(CUTOFF, 0);
    const job = this.#memory.u32(this.#job, JOB.WORDS), positions = this.#positions;
    const all = this.#memory.f64(job[JOB.VALUES]!, this.#memory.arena.cases.length);
    const values = this.arena.origin
      ? Float64Array.from(positions, (position) => all[position]!)
      : all.slice();
    const undecided: number[] = [];
    if (job[JOB.UNDECIDED]) {
      values.forEach((value, i) => {
        if (value < 0) undecided.push(i);
      });
    }
    return { values, undecided };
  }

  /**
   * Ranks of all relevant files, or undefined as in {@link evaluate}.
   * @returns ranks of undecided cases are 0
   */
  ranks(point: Point): { readonly ranks: TargetRanks; readonly undecided: readonly number[] } | undefined {
    if (!this.#moveTo(point)) return undefined;
    const memory = this.#memory, origin = memory.arena;
    const nTargets = origin.cases.reduce((n, c) => n + c.targets.length, 0);
    const region = new Region(memory), at = region.take(4 * nTargets);
    this.#perform(0x7fffffff, at);
    const dcg = memory.f64(memory.u32(this.#job, JOB.WORDS)[JOB.VALUES]!, origin.cases.length);
    const all = memory.u32(at, nTargets), records = memory.u32(memory.cases, 4 * origin.cases.length);
    const offsets = targetOffsets(this.arena), ranks = new Uint32Array(offsets.at(-1)!);
    const undecided: number[] = [];
    this.#positions.forEach((position, index) => {
      if (dcg[position]! < 0) {
        undecided.push(index);
        return;
      }
      const first = records[4 * position + 1]!;
      ranks.set(all.subarray(first, first + this.arena.cases[index]!.targets.length), offsets[index]);
    });
    region.release();
    return { ranks: { offsets, ranks }, undecided };
  }

  /** What a run reads, and what preparing took; of the whole origin arena. */
  get traffic(): Traffic {
    const { walks, featureBytes } = this.#program;
    const sum = (f: (c: WalkCurves) => number) => walks.reduce((n, { curves }) => n + f(curves), 0);
    return {
      atFixedAlpha: featureBytes + sum((c) => c.denseBytes),
      perNewAlpha: sum((c) => c.coefficientBytes + c.denseBytes),
      vectors: sum((c) => c.vectors),
      memory: this.#memory.size,
    };
  }

  /** Where the walk of a leaf is kept. */
  curvesOf(node: ResolvedNode): WalkCurves {
    return this.#program.walks.find((w) => w.node === node)!.curves;
  }

  /** Brings every walk to a point, for readers of {@link curvesOf}. */
  contract(point: Point): void {
    this.#moveTo(point);
    const { kernel } = this.#memory;
    kernel.contractAll(this.#job, this.#scratch);
  }

  #moveTo(point: Point): boolean {
    const at: ReadonlyMap<string, At> = new Map(this.#nodes.map((node) => [node.id, numbersAt(node, point)]));
    const memory = this.#memory, { walks } = this.#program;
    walks.forEach(({ node, curves }, w) => {
      curves.moveTo(at.get(node.id)!, this.#list);
      memory.u8(this.#walks + 64 * w, 64).set(memory.u8(curves.record, 64));
    });
    const { high, low } = this.#program.moveTo(at);
    const walkHigh = walks.length * Math.log10(memory.maxFiles + 1);
    if (!(high + walkHigh < FLOAT_HIGH)) return false;
    memory.f32(this.#job + 76, 1)[0] = low + WALK_LOW * walks.length > FLOAT_LOW ? -1 : TINY;
    return true;
  }

  #perform(cutoff: number, ranks: number): void {
    const job = this.#memory.u32(this.#job, JOB.WORDS);
    job[0] = job[JOB.UNDECIDED] = 0;
    job[JOB.RANKS] = ranks;
    job[JOB.CUTOFF] = cutoff;
    if (this.#pool) this.#pool.run(this.#job, this.#scratch, this.#scratchBytes);
    else this.#memory.kernel.run(this.#job, this.#scratch);
  }
}

/** Where each case's targets start in a list of all targets; one more entry than cases. */
export function targetOffsets(arena: Arena): Uint32Array {
  const offsets = new Uint32Array(arena.cases.length + 1);
  arena.cases.forEach((c, i) => offsets[i + 1] = offsets[i]! + c.targets.length);
  return offsets;
}
