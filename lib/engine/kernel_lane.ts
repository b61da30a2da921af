/** One point at a time of a formula in the kernel: its operations, tables, walk records and job. Several lanes share a pass over the arena. */
import type { ResolvedNode } from "../formula/document.ts";
import { blurOf, KERNEL_BLUR } from "./blur.ts";
import { type KernelMemory, paddedFiles, type Region } from "./kernel_memory.ts";
import { KernelProgram } from "./kernel_program.ts";
import type { LaneTables } from "./kernel_tables.ts";
import type { At } from "./leaf.ts";

/** Words of a job record; `kernel/job.as` says what they hold. */
export const JOB = {
  NEXT: 0,
  VALUES: 15,
  RANKS: 16,
  TINY: 19,
  CUTOFF: 20,
  SPARE: 21,
  IDEALS: 22,
  UNDECIDED: 23,
  LINK: 24,
  ABOVE: 25,
  BELOW: 26,
  ORDERS: 27,
  WORDS: 28,
};

/** Groups a core takes at a time: enough that taking costs nothing, few enough that both cores end together. */
const CHUNK = 8;
/** Powers of ten a walk's values may spread over, downwards. */
const WALK_LOW = -9;
/** Powers of ten of a Float32 that are left to scores. */
const FLOAT_HIGH = 36, FLOAT_LOW = -36;
/** By how much more a bound is lowered than raised, so that what one file finds surely above the other never finds alone. */
const MARGIN = 2e-7;
/** Scores up to this may have been positive numbers that a Float32 could not hold. */
const TINY = 1e-30;

/** A formula laid out for one point. */
export class KernelLane {
  readonly program: KernelProgram;
  /** address of the job record */
  readonly job: number;
  readonly #walks: number;
  readonly #records: readonly number[];

  /**
   * @param list address of the groups to be run, in the origin arena
   * @param tables of all lanes, of which this is the `number`-th
   * @throws {Unsupported} as {@link KernelProgram}
   */
  constructor(
    readonly memory: KernelMemory,
    region: Region,
    readonly root: ResolvedNode,
    list: number,
    listed: number,
    tables: LaneTables,
    number: number,
  ) {
    const program = this.program = new KernelProgram(memory, region, root, tables, number);
    this.#walks = region.take(64 * program.walks.length);
    this.#records = program.walks.map(({ curves }) => curves.newRecord(region));
    this.job = region.take(4 * JOB.WORDS);
    this.words.set([
      0,
      memory.groups,
      list,
      listed,
      CHUNK,
      memory.cases,
      memory.targets,
      memory.relevance,
      memory.discounts,
      program.groupOps.at,
      program.groupOps.count,
      program.caseOps.at,
      program.caseOps.count,
      this.#walks,
      program.walks.length,
      region.take(8 * memory.arena.cases.length),
      0,
      paddedFiles(memory.maxFiles),
      program.score,
    ]);
    // One behind all others is for whatever a run needs for a moment.
    this.words[JOB.SPARE] = program.registers;
    this.words[JOB.IDEALS] = memory.ideals;
    this.words[JOB.ORDERS] = memory.orders;
  }

  /** The job record. */
  get words(): Uint32Array {
    return this.memory.u32(this.job, JOB.WORDS);
  }

  /** nDCG@10 by position in the origin arena, as the last run left it; below 0 where the kernel leaves a case undecided. */
  get values(): Float64Array {
    return this.memory.f64(this.words[JOB.VALUES]!, this.memory.arena.cases.length);
  }

  /** Writes what the walks need at a point, and prepares what is not, for the groups that will be run. */
  moveWalks(ats: ReadonlyMap<string, At>, groups: Uint32Array): void {
    const { memory } = this;
    this.program.walks.forEach(({ node, curves }, w) => {
      curves.moveTo(this.#records[w]!, ats.get(node.id)!, groups);
      memory.u8(this.#walks + 64 * w, 64).set(memory.u8(this.#records[w]!, 64));
    });
  }

  /**
   * Writes every number that depends on the point.
   * @param together whether the pass will be shared with other lanes
   * @returns false where scores may leave the range of a Float32
   */
  moveTo(ats: ReadonlyMap<string, At>, groups: Uint32Array, together: boolean): boolean {
    const { memory, program } = this, { walks } = program;
    this.moveWalks(ats, groups);
    const { high, low } = program.moveTo(ats, together), blur = blurOf(this.root, ats, KERNEL_BLUR);
    memory.f32(this.job + 4 * JOB.ABOVE, 2).set([1 + blur, 1 - blur - MARGIN]);
    const walkHigh = walks.length * Math.log10(memory.maxFiles + 1);
    if (!(high + walkHigh < FLOAT_HIGH)) return false;
    memory.f32(this.job + 4 * JOB.TINY, 1)[0] = low + WALK_LOW * walks.length > FLOAT_LOW ? -1 : TINY;
    return true;
  }

  /** Readies the job for a run, together with the job `link` unless that is 0. */
  ready(cutoff: number, ranks: number, link = 0): void {
    const { words } = this;
    words[JOB.NEXT] = words[JOB.UNDECIDED] = 0;
    words[JOB.RANKS] = ranks;
    words[JOB.CUTOFF] = cutoff;
    words[JOB.LINK] = link;
  }
}
