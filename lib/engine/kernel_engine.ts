/** A formula run by the kernel over an arena. */
import { type ResolvedNode, walkNodes } from "../formula/document.ts";
import { numbersAt } from "../formula/parameters.ts";
import type { Point } from "../records/space.ts";
import { type Arena, CUTOFF } from "./arena.ts";
import { KERNEL_MAX_FILES, KernelMemory, kernelRuns, LANES, paddedFiles, Region } from "./kernel_memory.ts";
import { JOB, KernelLane } from "./kernel_lane.ts";
import type { At } from "./leaf.ts";
import { Unsupported } from "./kernel_operations.ts";
import { LaneTables } from "./kernel_tables.ts";
import type { WalkCurves } from "./walk_curves.ts";
import type { TargetRanks } from "./target_ranks.ts";
import type { WorkerPool } from "./worker_pool.ts";

/** Bytes in front of a worker's registers; `kernel/run.as` says what they hold. */
const SCRATCH_HEAD = 1024;
/** The same for four points: in front, and for each walk. */
const QUAD_HEAD = 64, QUAD_WALK = 1024;

/** What the kernel writes for a case it leaves to double precision, as `kernel/ranks.as` says. */
const TOO_CLOSE = -2;

/** Positions of the cases the kernel leaves to double precision: scores too small for a Float32, or too close for one to tell apart. */
export interface Undecided {
  readonly small: readonly number[];
  readonly close: readonly number[];
}

/** What the kernel made of a point: values of cases, meaningless for undecided ones. */
export interface KernelValues {
  readonly values: Float64Array;
  readonly undecided: Undecided;
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
  readonly #root: ResolvedNode;
  readonly #lanes: KernelLane[] = [];
  readonly #tables: LaneTables;
  readonly #nodes: readonly ResolvedNode[];
  /** the groups to be run, in the origin arena, and where the kernel finds them */
  readonly #list: Uint32Array;
  readonly #listAt: number;
  /** position in the origin arena of every case */
  readonly #positions: Uint32Array;
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
    this.#tables = new LaneTables(memory, region);
    this.#root = root;
    this.#nodes = [...walkNodes(root)];
    this.#pool = pool;
    const origin = memory.arena;
    this.#list = arena.origin?.groups ?? Uint32Array.from(origin.groups, (_, g) => g);
    this.#positions = Uint32Array.from(
      [...this.#list].flatMap((g) => origin.groups[g]!.cases.map((c) => c.index)),
    );
    this.#listAt = region.take(4 * this.#list.length);
    memory.u32(this.#listAt, this.#list.length).set(this.#list);
    const { registers, walks } = this.#lane(0).program;
    const register = 4 * paddedFiles(memory.maxFiles);
    this.#scratchBytes = Math.max(
      SCRATCH_HEAD + register * (registers + 1),
      QUAD_HEAD + QUAD_WALK * walks.length + 4 * register * (registers + 1),
    );
    this.#scratch = region.take(this.#scratchBytes * (1 + (pool?.size ?? 0)));
  }

  /** nDCG@10 of every case at each point; undefined for a point at which scores leave the range of a Float32. */
  evaluate(points: readonly Point[]): (KernelValues | undefined)[] {
    this.#pool?.expect();
    const made: (KernelValues | undefined)[] = new Array(points.length);
    const order = this.#byAlpha(points);
    for (let from = 0; from < points.length;) {
      const some = order.slice(from, from + this.#share(points.length - from)), together = some.length > 1;
      const good = some.map((p, i) => this.#moveTo(this.#lane(i), points[p]!, together));
      const lanes = some.map((_, i) => this.#lane(i));
      lanes.forEach((lane, i) => lane.ready(CUTOFF, 0, lanes[i + 1]?.job));
      // Lanes that share a pass run whether good or not: the others' numbers stand beside theirs.
      if (together || good[0]) this.#run(lanes[0]!, together);
      some.forEach((p, i) => made[p] = good[i] ? this.#valuesOf(lanes[i]!) : undefined);
      from += some.length;
    }
    return made;
  }

  /** Positions of points, those side by side whose walks read the same coefficients. */
  #byAlpha(points: readonly Point[]): number[] {
    const walk = this.#nodes.find((node) => node.signal?.kind === "walk");
    const alphas = points.map((point) => walk ? numbersAt(walk, point)["alpha"]! : 0);
    return [...points.keys()].sort((a, b) => alphas[a]! - alphas[b]! || a - b);
  }

  /** Whether no walk's matrix changes with the point, which to go back to would cost more than a pass. */
  get steady(): boolean {
    return this.#lane(0).program.walks.every(({ curves }) => curves.shared);
  }

  /** How many of the points left share the next pass. Rows hold four; one or two points cost less by themselves. */
  #share(left: number): number {
    if (!this.steady) return 1;
    return left >= LANES - 1 ? Math.min(left, LANES) : left >= 4 ? 4 : left === 3 ? 3 : 1;
  }

  #valuesOf(lane: KernelLane): KernelValues {
    const all = lane.values;
    const values = this.arena.origin
      ? Float64Array.from(this.#positions, (position) => all[position]!)
      : all.slice();
    return { values, undecided: undecidedOf(values, lane.words[JOB.UNDECIDED] !== 0) };
  }

  /**
   * Ranks of all relevant files, or undefined as in {@link evaluate}.
   * @returns ranks of undecided cases are 0
   */
  ranks(point: Point): { readonly ranks: TargetRanks; readonly undecided: Undecided } | undefined {
    const lane = this.#lane(0);
    if (!this.#moveTo(lane, point)) return undefined;
    const memory = this.#memory, origin = memory.arena;
    const nTargets = origin.cases.reduce((n, c) => n + c.targets.length, 0);
    const region = new Region(memory), at = region.take(4 * nTargets);
    lane.ready(0x7fffffff, at);
    this.#run(lane);
    const values = lane.values;
    const all = memory.u32(at, nTargets), records = memory.u32(memory.cases, 4 * origin.cases.length);
    const offsets = targetOffsets(this.arena), ranks = new Uint32Array(offsets.at(-1)!);
    const undecided = undecidedOf(Float64Array.from(this.#positions, (position) => values[position]!), true);
    this.#positions.forEach((position, index) => {
      if (values[position]! < 0) return;
      const first = records[4 * position + 1]!;
      ranks.set(all.subarray(first, first + this.arena.cases[index]!.targets.length), offsets[index]);
    });
    region.release();
    return { ranks: { offsets, ranks }, undecided };
  }

  /** What a run reads, and what preparing took; of the whole origin arena. */
  get traffic(): Traffic {
    const { walks, featureBytes } = this.#lane(0).program;
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
    return this.#lane(0).program.walks.find((w) => w.node === node)!.curves;
  }

  /** Brings every walk to a point, of one group of the arena or all, for readers of {@link curvesOf}. */
  contract(point: Point, group?: number): void {
    const { kernel } = this.#memory, lane = this.#lane(0);
    lane.moveWalks(this.#ats(point), this.#list);
    if (group === undefined) kernel.contractAll(lane.job, this.#scratch);
    else kernel.contractGroup(lane.job, this.#list[group]!, this.#scratch);
  }

  /** Gives back what this engine alone holds. It must not be used afterwards. */
  release(): void {
    for (const { program } of this.#lanes) {
      for (const { curves } of program.walks) if (!curves.shared) curves.release();
    }
    this.#region.release();
  }

  #lane(i: number): KernelLane {
    return this.#lanes[i] ??= new KernelLane(
      this.#memory,
      this.#region,
      this.#root,
      this.#listAt,
      this.#list.length,
      this.#tables,
      i,
    );
  }

  #moveTo(lane: KernelLane, point: Point, together = false): boolean {
    return lane.moveTo(this.#ats(point), this.#list, together);
  }

  #ats(point: Point): ReadonlyMap<string, At> {
    return new Map(this.#nodes.map((node) => [node.id, numbersAt(node, point)]));
  }

  #run({ job }: KernelLane, together = false): void {
    const { kernel } = this.#memory;
    if (this.#pool) this.#pool.run(job, together, this.#scratch, this.#scratchBytes);
    else if (together) kernel.runQuads(job, this.#scratch);
    else kernel.run(job, this.#scratch);
  }
}

function undecidedOf(values: Float64Array, any: boolean): Undecided {
  const small: number[] = [], close: number[] = [];
  if (any) {
    for (let i = 0; i < values.length; i++) {
      if (values[i]! < 0) (values[i] === TOO_CLOSE ? close : small).push(i);
    }
  }
  return { small, close };
}

/** Where each case's targets start in a list of all targets; one more entry than cases. */
export function targetOffsets(arena: Arena): Uint32Array {
  const offsets = new Uint32Array(arena.cases.length + 1);
  arena.cases.forEach((c, i) => offsets[i + 1] = offsets[i]! + c.targets.length);
  return offsets;
}
