/** The kernel's memory: one shared block a loaded arena, holding its cases and everything prepared from them. */
import { discount } from "../metrics/ndcg.ts";
import type { Snapshot } from "../records/snapshot.ts";
import { type Arena, CUTOFF } from "./arena.ts";
import { KERNEL_BASE64 } from "./kernel/binary.ts";

/** Functions of the kernel; see `kernel/*.as` for what each does. Addresses and counts are unsigned. */
export interface KernelExports {
  run(job: number, scratch: number): void;
  runQuads(job: number, scratch: number): void;
  contractAll(job: number, scratch: number): void;
  contractGroup(job: number, group: number, scratch: number): void;
  powers(
    from: number,
    to: number,
    count: number,
    a: number,
    b: number,
    floor: number,
    exponent: number,
  ): void;
  findStops(starts: number, lists: number, values: number, threshold: number, out: number): void;
  multiply(codes: number, values: number, count: number, size: number, out: number, step: number): void;
  readAll(from: number, bytes: number): number;
  solve(...numbers: number[]): number;
  gather(...numbers: number[]): number;
  addProducts(...numbers: number[]): void;
  misfit(...numbers: number[]): number;
  proportions(...numbers: number[]): void;
  project(...numbers: number[]): void;
}

/** Points that share a pass over the arena: what a pass reads is read once for all of them, and their tables still fit a core's cache. */
export const LANES = 8;

const PAGE = 65536;
/** Most files a snapshot may have: positions are 16-bit, and one is needed behind the last file. */
export const KERNEL_MAX_FILES = 65_520;

let compiled: WebAssembly.Module | undefined;

/** The kernel, compiled once a process. */
export function kernelModule(): WebAssembly.Module {
  return compiled ??= new WebAssembly.Module(
    Uint8Array.from(atob(KERNEL_BASE64), (c) => c.charCodeAt(0)),
  );
}

/** Whether this machine runs the kernel: WebAssembly with SIMD and shared memory. */
export function kernelRuns(): boolean {
  try {
    kernelModule();
    return typeof SharedArrayBuffer === "function";
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) return false;
    throw error;
  }
}

/** Floats in a register for n files: whole blocks of 16 with at least one place behind the last file. */
export const paddedFiles = (n: number) => (n + 16) & ~15;

/** Files others refer to, then those nobody does: walks come to the former only, so what is kept of a walk is not strewn with zeros. */
function reachedFirst({ files, layers }: Snapshot): Uint16Array {
  const reached = new Uint8Array(files.length), order = new Uint16Array(files.length);
  for (const target of layers.references.targets) reached[target] = 1;
  let n = 0;
  for (const wanted of [1, 0]) {
    for (let i = 0; i < files.length; i++) if (reached[i] === wanted) order[n++] = i;
  }
  return order;
}

interface Block {
  readonly at: number;
  readonly size: number;
}

const memories = new WeakMap<Arena, KernelMemory>();

/** Addresses handed out from blocks of a {@link KernelMemory}; given back all at once. */
export class Region {
  /** an array of its own, so that the blocks can go back when nobody holds the region any more */
  readonly #blocks: Block[] = [];
  #at = 0;
  #end = 0;

  constructor(readonly memory: KernelMemory) {
    memory.returning.register(this, this.#blocks);
  }

  /** Address of so many zeroed bytes, at a multiple of 16. */
  take(bytes: number): number {
    const size = (bytes + 15) & ~15;
    if (this.#at + size > this.#end) {
      const block = this.memory.takeBlock(size);
      this.#blocks.push(block);
      [this.#at, this.#end] = [block.at, block.at + block.size];
    }
    const at = this.#at;
    this.#at += size;
    this.memory.u8(at, size).fill(0);
    return at;
  }

  /** Gives every block back. Addresses taken before are void. */
  release(): void {
    this.memory.giveBack(this.#blocks);
    this.#at = this.#end = 0;
  }
}

/** An arena as the kernel sees it. Arenas made by `subset` share their origin's. */
export class KernelMemory {
  readonly wasm = new WebAssembly.Memory({ initial: 1, maximum: PAGE, shared: true });
  readonly kernel: KernelExports;
  /** addresses: 16 bytes a group (files, first case, cases), 16 a case (seed, first target, targets) */
  readonly groups: number;
  readonly cases: number;
  readonly targets: number;
  readonly relevance: number;
  readonly ideals: number;
  readonly discounts: number;
  /** address of one address a group: which file of the snapshot stands in each place (u16) */
  readonly orders: number;
  readonly maxFiles: number;
  /** what lives as long as the arena */
  readonly lasting: Region;
  /** things prepared once and used by many engines, by a key of their maker's */
  readonly cache = new Map<string, unknown>();
  #end = PAGE;
  #free: Block[] = [];
  /** takes back the blocks of regions that were collected */
  readonly returning = new FinalizationRegistry<Block[]>((blocks) => this.giveBack(blocks));

  /** The memory of an arena's origin, made at first use. */
  static of(arena: Arena): KernelMemory {
    const origin = arena.origin?.arena ?? arena;
    let memory = memories.get(origin);
    if (!memory) memories.set(origin, memory = new KernelMemory(origin));
    return memory;
  }

  private constructor(readonly arena: Arena) {
    const { exports } = new WebAssembly.Instance(kernelModule(), { env: { memory: this.wasm } });
    this.kernel = exports as unknown as KernelExports;
    this.lasting = new Region(this);
    const nTargets = arena.cases.reduce((n, c) => n + c.targets.length, 0);
    this.groups = this.lasting.take(16 * arena.groups.length);
    this.cases = this.lasting.take(16 * arena.cases.length);
    this.targets = this.lasting.take(4 * nTargets);
    this.relevance = this.lasting.take(8 * nTargets);
    this.ideals = this.lasting.take(8 * arena.cases.length);
    this.discounts = this.lasting.take(8 * (CUTOFF + 1));
    this.maxFiles = arena.groups.reduce((n, g) => Math.max(n, g.snapshot.files.length), 0);
    this.orders = this.lasting.take(4 * arena.groups.length);
    arena.groups.forEach(({ snapshot }, g) => {
      const n = snapshot.files.length,
        at = this.u32(this.orders, arena.groups.length)[g] = this.lasting.take(2 * n);
      this.u16(at, n).set(reachedFirst(snapshot));
    });
    const groups = this.u32(this.groups, 4 * arena.groups.length);
    const cases = this.u32(this.cases, 4 * arena.cases.length);
    const targets = this.u32(this.targets, nTargets), relevance = this.f64(this.relevance, nTargets);
    let at = 0;
    arena.groups.forEach((group, g) => {
      groups.set([group.snapshot.files.length, group.cases[0]?.index ?? 0, group.cases.length], 4 * g);
      const places = this.places(g);
      for (const c of group.cases) {
        cases.set([places[c.query.seed]!, at, c.targets.length], 4 * c.index);
        targets.set(c.targets.map((file) => places[file]!), at);
        relevance.set(c.relevance, at);
        at += c.targets.length;
      }
    });
    this.f64(this.ideals, arena.cases.length).set(arena.cases.map((c) => c.ideal));
    const discounts = this.f64(this.discounts, CUTOFF + 1);
    for (let rank = 1; rank <= CUTOFF; rank++) discounts[rank] = discount(rank);
  }

  /** Where each file of a group's snapshot stands in the kernel's arrays. */
  places(g: number): Uint16Array {
    const n = this.arena.groups[g]!.snapshot.files.length, places = new Uint16Array(n);
    this.u16(this.u32(this.orders, g + 1)[g]!, n).forEach((file, place) => places[file] = place);
    return places;
  }

  /** Bytes in use, free blocks included. */
  get size(): number {
    return this.#end;
  }

  /** A block of at least so many bytes: a free one that fits, else new. @throws {RangeError} beyond 4 GB */
  takeBlock(bytes: number): Block {
    const wanted = Math.max(bytes, 4 * PAGE);
    const i = this.#free.findIndex(({ size }) => size >= wanted && size <= 4 * wanted);
    if (i >= 0) return this.#free.splice(i, 1)[0]!;
    const size = Math.ceil(wanted / PAGE) * PAGE, at = this.#end;
    if (at + size > PAGE * PAGE) {
      throw new RangeError(
        `Cannot hold the arena in the kernel's memory: ${at + size} bytes, at most ${
          PAGE * PAGE
        } are there; stream it, or load fewer cases`,
      );
    }
    const pages = Math.ceil((at + size) / PAGE) - this.wasm.buffer.byteLength / PAGE;
    if (pages > 0) this.wasm.grow(pages);
    this.#end += size;
    return { at, size };
  }

  /** Empties a list of blocks; they may be handed out again. */
  giveBack(blocks: Block[]): void {
    this.#free.push(...blocks.splice(0));
  }

  u8 = (at: number, length: number) => new Uint8Array(this.wasm.buffer, at, length);
  u16 = (at: number, length: number) => new Uint16Array(this.wasm.buffer, at, length);
  u32 = (at: number, length: number) => new Uint32Array(this.wasm.buffer, at, length);
  f32 = (at: number, length: number) => new Float32Array(this.wasm.buffer, at, length);
  f64 = (at: number, length: number) => new Float64Array(this.wasm.buffer, at, length);
}
