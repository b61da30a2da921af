/**
 * Walk vectors of an arena for every alpha, kept as a few coefficients a file in the kernel's memory.
 *
 * With y the vector of `walk_basis.ts` and h a file's hops from the restart, the curve y / (sqrt(1 - alpha) alpha^h) of a file is smooth
 * and of one size over the whole range of alpha. All curves of a commit come from one matrix and span few functions: an orthonormal basis
 * of them (principal components of the unit curves at Chebyshev nodes) keeps every curve to MISFIT, or says that it cannot. The range is
 * cut into cells in which half as many functions do: a new alpha reads those of its cell only. The next commit's graph is nearly the
 * same, so it first tries the last commit's basis.
 */
import { mixLayers, undirectedLayer } from "../graph/layers.ts";
import type { ResolvedNode } from "../formula/document.ts";
import type { SignalNode } from "../formula/node.ts";
import type { WalkSignal } from "../signals/signal.ts";
import type { At } from "./leaf.ts";
import { type KernelMemory, LANES, Region } from "./kernel_memory.ts";
import { ALPHA_HIGH, ALPHA_LOW, chebyshevAlphas, chebyshevWeights } from "./walk_basis.ts";
import {
  CELL_NODES,
  type CellBasis,
  CELLS,
  DEEPEST,
  type Staged,
  WalkWorkspace,
  WHOLE,
} from "./walk_workspace.ts";

/** Largest relative error a basis may leave on any curve at any node. What it blurs is said in `blur.ts`. */
const MISFIT = 1e-6;

/** Alphas whose powers are kept: more than share a pass, so that none of a pass is written over. */
const MOST_POWERS = 2 * LANES;

/** Alphas remembered by their stamp. */
const MOST_STAMPS = 64;

/** Mixes of layers that engines share. */
const MOST_MIXES = 4;

/** Functions a basis has at least. */
const LEAST_RANK = 3;

/** Ends of the cells, chosen so that each needs about as many functions, and the nodes of each. */
const ENDS = [ALPHA_LOW, 0.25, 0.49, 0.76, 0.94, ALPHA_HIGH];
const CELL_ALPHAS = Array.from(
  { length: CELLS },
  (_, c) => chebyshevAlphas(CELL_NODES, ENDS[c], ENDS[c + 1]),
);

const cellOf = (alpha: number) => Math.max(0, ENDS.findLastIndex((end, c) => c < CELLS && alpha >= end));

/** Ways in which the hops of four files can differ. */
const PATTERNS = (DEEPEST + 1) ** 4;

/** A basis and how many of its functions are in use. */
interface Basis {
  readonly basis: CellBasis;
  readonly rank: number;
  /** whether all coefficients are Float32, where 16 bits will not do for some curve of an odd shape */
  readonly wide: boolean;
  /** whether no curve is further off than MISFIT */
  readonly fits: boolean;
}

const sameNumbers = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((x, i) => x === b[i]);

/** One walk over an arena's groups, prepared group by group when first asked for. */
export class WalkCurves {
  /** restart vectors prepared so far, and how many matrices they belong to */
  vectors = 0;
  /** bytes of contracted vectors, and of coefficients with their positions */
  denseBytes = 0;
  coefficientBytes = 0;
  prepared = 0;
  readonly #memory: KernelMemory;
  /** holds coefficients, and contracted vectors; both anew when the matrix changes. Apart, since a run at the same alpha reads vectors only */
  readonly #region: Region;
  readonly #dense: Region;
  /** coefficients by cell: what a point reads stands in a row */
  readonly #cells: readonly Region[];
  /** holds records for as long as the walk is in use */
  readonly #lasting: Region;
  readonly #signal: WalkSignal;
  readonly #options: Readonly<Record<string, string>>;
  readonly #groups: number;
  readonly #alphas: number;
  readonly #inverse: number;
  #done: Uint8Array;
  /** by group and cell */
  readonly #unfit: Uint8Array;
  /** the list of groups that was prepared last */
  #ready: Uint32Array | undefined;
  #shares: readonly number[] = [];
  /** tables of powers by alpha, the last used first: of how many patterns there are some, and room for how many */
  readonly #powers: { stamp: number; known: number; at: number; room: number }[] = [];
  /** hops of four files, four bits each, as they were met; and where each stands among them */
  readonly #patterns: number[] = [];
  readonly #placeOf = new Int32Array(PATTERNS).fill(-1);
  /** the last group's, by cell */
  readonly #bases: (Basis | undefined)[] = new Array(CELLS).fill(undefined);
  /** stamps of the alphas asked for of late: a group that bears one stands at that alpha */
  readonly #stamps = new Map<number, number>();
  #lastStamp = 0;

  /**
   * The walk of a leaf. One over a single layer, or over several whose shares are constants, is shared by all engines of the arena, up to
   * MOST_MIXES of the latter; others change their matrix with a point.
   */
  static of(memory: KernelMemory, node: ResolvedNode): WalkCurves {
    const signal = node.signal as WalkSignal, { bind } = node.node as SignalNode;
    const shares = signal.layers(node.options!).map(({ share }) => share === undefined ? 1 : bind?.[share]);
    if (shares.some((share) => typeof share !== "number")) return WalkCurves.own(memory, node);
    const kind = `walk ${signal.name} ${JSON.stringify(node.options)} `, key = `${kind}${shares.join(" ")}`;
    let walk = memory.cache.get(key) as WalkCurves | undefined;
    // What is shared stays for as long as the arena: of ever new mixes only the first.
    const mixes = () => [...memory.cache.keys()].filter((k) => k.startsWith(kind)).length;
    if (!walk && shares.length > 1 && mixes() >= MOST_MIXES) return WalkCurves.own(memory, node);
    if (!walk) memory.cache.set(key, walk = new WalkCurves(memory, node, memory.lasting, memory.lasting));
    return walk;
  }

  /** A walk nobody shares; what it holds goes back with it. */
  static own(memory: KernelMemory, node: ResolvedNode): WalkCurves {
    return new WalkCurves(memory, node, new Region(memory), new Region(memory));
  }

  private constructor(memory: KernelMemory, node: ResolvedNode, region: Region, lasting: Region) {
    this.#memory = memory;
    this.#region = region;
    this.#dense = new Region(memory);
    this.#cells = CELL_ALPHAS.map(() => new Region(memory));
    this.#lasting = lasting;
    this.#signal = node.signal as WalkSignal;
    this.#options = node.options!;
    const nGroups = memory.arena.groups.length;
    this.#done = new Uint8Array(nGroups);
    this.#unfit = new Uint8Array(CELLS * nGroups);
    this.#groups = lasting.take(32 * nGroups);
    const alphas = CELL_ALPHAS.flatMap((cell) => [...cell]);
    this.#alphas = lasting.take(8 * alphas.length);
    this.#inverse = lasting.take(8 * alphas.length * (DEEPEST + 1));
    memory.f64(this.#alphas, alphas.length).set(alphas);
    const inverse = memory.f64(this.#inverse, alphas.length * (DEEPEST + 1));
    // The kernel's solve() has already left one sqrt(1 - alpha) out.
    alphas.forEach((alpha, k) => {
      for (let h = 0; h <= DEEPEST; h++) inverse[k * (DEEPEST + 1) + h] = Math.pow(alpha, -h);
    });
  }

  /** Gives everything back; of a walk nobody shares. */
  release(): void {
    for (const region of [this.#region, this.#dense, this.#lasting, ...this.#cells]) region.release();
  }

  /** Whether all engines of the arena use this one. */
  get shared(): boolean {
    return this.#region === this.#memory.lasting;
  }

  /** Whether what is kept of a group of the origin arena is good at an alpha. */
  fits(g: number, alpha: number): boolean {
    return this.#unfit[CELLS * g + cellOf(alpha)] === 0;
  }

  /** Address of the record of a group of the origin arena. */
  groupRecord(g: number): number {
    return this.#groups + 32 * g;
  }

  /** Address of a new walk record as the kernel reads it, to be moved from point to point; see `kernel/walk.as`. */
  newRecord(region: Region): number {
    const record = region.take(64), interpolation = region.take(8 * CELL_NODES);
    this.#memory.u32(record, 5).set([this.#groups, 0, interpolation, 0, CELL_NODES]);
    return record;
  }

  /** Moves a record to a point, and prepares what is not, for the groups that will be run. */
  moveTo(record: number, at: At, groups: Uint32Array): void {
    const memory = this.#memory, alpha = at["alpha"]!, stamp = this.#stampOf(alpha);
    const cell = cellOf(alpha);
    this.#prepareAll(at, groups);
    const words = memory.u32(record, 11), [, last, interpolation] = words;
    if (last !== stamp) {
      memory.f64(interpolation!, CELL_NODES).set(chebyshevWeights(CELL_ALPHAS[cell]!, alpha));
      words[1] = stamp;
      words[10] = cell;
    }
    words[3] = this.#powersAt(alpha, stamp);
    memory.f32(record + 20, 5).set([
      at["depth_root"]!,
      at["depth_moderate"]!,
      at["depth_deep"]!,
      at["depth_vendor"]!,
      at["chat_multiplier"]! - 1,
    ]);
  }

  /** Address of what the curves of each pattern's files are multiplied by at an alpha. */
  #powersAt(alpha: number, stamp: number): number {
    const memory = this.#memory, patterns = this.#patterns;
    const i = this.#powers.findIndex((p) => p.stamp === stamp);
    const powers = i >= 0
      ? this.#powers.splice(i, 1)[0]!
      : this.#powers.length < MOST_POWERS
      ? { stamp, known: 0, at: 0, room: 0 }
      : { ...this.#powers.pop()!, stamp, known: 0 };
    this.#powers.unshift(powers);
    if (powers.room < patterns.length) {
      powers.room = 2 * patterns.length;
      powers.at = this.#lasting.take(16 * powers.room);
      powers.known = 0;
    }
    if (powers.known < patterns.length) {
      const byHop = Float64Array.from(
        { length: DEEPEST + 1 },
        (_, h) => Math.sqrt(1 - alpha) * Math.pow(alpha, h),
      );
      const table = memory.f32(powers.at, 4 * patterns.length);
      for (let p = powers.known; p < patterns.length; p++) {
        for (let i = 0; i < 4; i++) table[4 * p + i] = byHop[patterns[p]! >> (4 * i) & 15]!;
      }
      powers.known = patterns.length;
    }
    return powers.at;
  }

  #stampOf(alpha: number): number {
    const stamp = this.#stamps.get(alpha) ?? ++this.#lastStamp;
    this.#stamps.delete(alpha);
    this.#stamps.set(alpha, stamp);
    if (this.#stamps.size > MOST_STAMPS) this.#stamps.delete(this.#stamps.keys().next().value!);
    return stamp;
  }

  #prepareAll(at: At, groups: Uint32Array): void {
    const layers = this.#signal.layers(this.#options);
    const shares = layers.map(({ share }) => share === undefined ? 1 : at[share]!);
    const total = shares.reduce((a, b) => a + b, 0);
    const wanted = layers.length === 1 ? [1] : shares.map((s) => s / total);
    if (!sameNumbers(wanted, this.#shares)) {
      this.#shares = wanted;
      this.#done.fill(0);
      this.#ready = undefined;
      this.#bases.fill(undefined);
      if (!this.shared) {
        this.#region.release();
        this.#dense.release();
        this.#cells.forEach((own) => own.release());
      }
    }
    if (this.#ready === groups) return;
    let work: WalkWorkspace | undefined;
    for (const g of groups) {
      if (!this.#done[g]) this.#prepare(g, work ??= new WalkWorkspace(this.#memory));
    }
    work?.release();
    this.#ready = groups;
  }

  #prepare(g: number, work: WalkWorkspace): void {
    const { snapshot, cases } = this.#memory.arena.groups[g]!, memory = this.#memory;
    const n = snapshot.files.length;
    const parts = this.#signal.layers(this.#options).map(({ layer, undirected }, i) => ({
      layer: undirected ? undirectedLayer(snapshot.layers[layer]) : snapshot.layers[layer],
      share: this.#shares[i]!,
    }));
    work.begin(n, parts.length === 1 ? parts[0]!.layer : mixLayers(parts, true));
    const starts: { depthClass: number; files: number[] }[] = [];
    const split = (files: Iterable<number>) => {
      const byClass: number[][] = [[], [], [], []];
      for (const i of files) byClass[snapshot.depth_class[i]!]!.push(i);
      byClass.forEach((list, depthClass) => {
        if (list.length > 0) starts.push({ depthClass, files: list });
      });
    };
    split(snapshot.depth_class.keys());
    const nClasses = starts.length;
    const firsts = cases.map(({ query }) => {
      const first = starts.length;
      split(new Set([query.seed, ...query.sparse.chat.index]));
      return first;
    });
    const order = memory.u32(memory.orders, g + 1)[g]!;
    const staged = starts.map(({ files }) => work.solve(files, order, this.#alphas, this.#inverse));
    const bases = CELL_ALPHAS.map((_, cell) => this.#basisFor(staged, cell, work));
    const region = this.#region, records = this.#dense.take(32 * starts.length);
    const extents = staged.map(({ blocks, count }) =>
      count === 0 ? 0 : 64 * (((memory.u32(blocks, count)[count - 1]! & 0xffff) >> 2) + 1)
    );
    let dense = this.#dense.take(extents.reduce((sum, bytes) => sum + bytes, 0));
    this.denseBytes += extents.reduce((sum, bytes) => sum + bytes, 0);
    const blocks = staged.reduce((sum, { count }) => sum + count, 0), places = region.take(4 * blocks);
    const cells = region.take(16 * CELLS),
      sizes = bases.map(({ rank, wide }) => wide ? 16 * rank : 16 * WHOLE + 8 * (rank - WHOLE));
    const coefficients = sizes.map((size, i) => this.#cells[i]!.take(size * blocks));
    let before = 0;
    starts.forEach(({ depthClass }, v) => {
      const own = staged[v]!, placed = memory.u32(places + 4 * before, own.count);
      memory.u32(own.blocks, own.count).forEach((block, b) => {
        placed[b] = block & 0xffff | this.#placeOfPattern(block >>> 16) << 16;
      });
      bases.forEach(({ basis, rank, wide }, i) =>
        work.project(own, i, basis, rank, coefficients[i]! + sizes[i]! * before, wide)
      );
      memory.u32(records + 32 * v, 6).set([
        depthClass,
        own.count,
        places + 4 * before,
        extents[v]!,
        before,
        dense,
      ]);
      before += own.count;
      dense += extents[v]!;
    });
    const settled = staged.every((s) => s.settled);
    bases.forEach(({ basis, rank, wide, fits }, i) => {
      const good = settled && fits, flags = (good ? 0 : 1) | (wide ? 2 : 0);
      const functions = wide ? basis.functions : basis.scaled;
      memory.u32(cells + 16 * i, 4).set([rank, functions, coefficients[i]!, flags]);
      this.#unfit[CELLS * g + i] = good ? 0 : 1;
    });
    const pairs = this.#dense.take(8 * cases.length);
    firsts.forEach((first, q) =>
      memory.u32(pairs + 8 * q, 2).set([records + 32 * first, (firsts[q + 1] ?? starts.length) - first])
    );
    memory.u32(this.groupRecord(g), 6).set([0, 0, cells, records, nClasses, pairs]);
    this.#done[g] = 1;
    this.vectors += starts.length;
    this.coefficientBytes += blocks * (4 + sizes.reduce((a, b) => a + b, 0) / CELLS);
    this.prepared++;
  }

  #placeOfPattern(hops: number): number {
    if (this.#placeOf[hops] === -1) this.#placeOf[hops] = this.#patterns.push(hops) - 1;
    return this.#placeOf[hops]!;
  }

  /** The last group's basis of a cell where it still fits, else a new one, with the least rank that does. */
  #basisFor(staged: readonly Staged[], cell: number, work: WalkWorkspace): Basis {
    const fits = (basis: CellBasis, rank: number, wide: boolean) =>
      staged.every((s) => work.misfit(s, cell, basis, rank, this.#inverse, wide) <= MISFIT);
    const last = this.#bases[cell];
    if (last) {
      // One hard commit must not leave its rank to all after it.
      if (last.rank > LEAST_RANK && fits(last.basis, last.rank - 1, last.wide)) {
        return this.#bases[cell] = { ...last, rank: last.rank - 1, fits: true };
      }
      if (fits(last.basis, last.rank, last.wide)) return { ...last, fits: true };
    }
    const basis = work.basisOf(staged, cell, this.#region);
    for (const wide of [false, true]) {
      for (let rank = LEAST_RANK; rank <= CELL_NODES; rank++) {
        if (fits(basis, rank, wide)) return this.#bases[cell] = { basis, rank, wide, fits: true };
      }
    }
    return this.#bases[cell] = { basis, rank: CELL_NODES, wide: true, fits: false };
  }
}
