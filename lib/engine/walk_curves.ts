/**
 * Walk vectors of an arena for every alpha, kept as a few coefficients a file in the kernel's memory.
 *
 * With y the vector of `walk_basis.ts` and h a file's hops from the restart, the curve y / (sqrt(1 - alpha) alpha^h) of a file is smooth
 * and of one size over the whole range of alpha. All curves of a commit come from one matrix and span few functions: an orthonormal
 * basis of them (principal components of the unit curves at Chebyshev nodes) of rank about 8 keeps every curve to MISFIT, where plain
 * interpolation would store 16 to 20 values. The next commit's graph is nearly the same, so it first tries the last commit's basis.
 */
import { mixLayers, undirectedLayer } from "../graph/layers.ts";
import type { ResolvedNode } from "../formula/document.ts";
import type { WalkSignal } from "../signals/signal.ts";
import type { At } from "./leaf.ts";
import { type KernelMemory, paddedFiles, Region } from "./kernel_memory.ts";
import { chebyshevAlphas, chebyshevWeights } from "./walk_basis.ts";
import { DEEPEST, NODES, type Staged, WalkWorkspace } from "./walk_workspace.ts";

/**
 * Largest relative error a basis may leave on any curve at any node. The order of the first ten files is the same from 1e-4 down to
 * 1e-6 wherever exact ties do not decide it; a new alpha reads 8 % less memory than at 4e-6.
 */
const MISFIT = 1e-5;

/** Alphas remembered by their stamp. */
const MOST_STAMPS = 64;

/** Functions a basis has at least; ranks are even. */
const LEAST_RANK = 6;

const ALPHAS = chebyshevAlphas(NODES);

interface Basis {
  readonly at: number;
  readonly rank: number;
}

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
  /** holds records for as long as the walk is in use */
  readonly #lasting: Region;
  readonly #signal: WalkSignal;
  readonly #options: Readonly<Record<string, string>>;
  readonly #groups: number;
  readonly #alphas: number;
  readonly #inverse: number;
  #done: Uint8Array;
  #shares: readonly number[] = [];
  #basis: Basis | undefined;
  /** stamps of the alphas asked for of late: a group that bears one stands at that alpha */
  readonly #stamps = new Map<number, number>();
  #lastStamp = 0;

  /** The walk of a leaf. One over a single layer is shared by all engines of the arena; others change their matrix with a point. */
  static of(memory: KernelMemory, node: ResolvedNode): WalkCurves {
    const signal = node.signal as WalkSignal;
    if (signal.layers(node.options!).length > 1) return WalkCurves.own(memory, node);
    const key = `walk ${signal.name} ${JSON.stringify(node.options)}`;
    let walk = memory.cache.get(key) as WalkCurves | undefined;
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
    this.#lasting = lasting;
    this.#signal = node.signal as WalkSignal;
    this.#options = node.options!;
    const nGroups = memory.arena.groups.length;
    this.#done = new Uint8Array(nGroups);
    this.#groups = lasting.take(32 * nGroups);
    this.#alphas = lasting.take(8 * NODES);
    this.#inverse = lasting.take(8 * NODES * (DEEPEST + 1));
    memory.f64(this.#alphas, NODES).set(ALPHAS);
    const inverse = memory.f64(this.#inverse, NODES * (DEEPEST + 1));
    // The kernel's solve() has already left one sqrt(1 - alpha) out.
    ALPHAS.forEach((alpha, k) => {
      for (let h = 0; h <= DEEPEST; h++) inverse[k * (DEEPEST + 1) + h] = Math.pow(alpha, -h);
    });
  }

  /** Whether all engines of the arena use this one. */
  get shared(): boolean {
    return this.#region === this.#memory.lasting;
  }

  /** Address of the record of a group of the origin arena. */
  groupRecord(g: number): number {
    return this.#groups + 32 * g;
  }

  /** Address of a new walk record as the kernel reads it, to be moved from point to point; see `kernel/walk.as`. */
  newRecord(region: Region): number {
    const record = region.take(64), interpolation = region.take(8 * NODES);
    this.#memory.u32(record, 5).set([this.#groups, 0, interpolation, region.take(4 * (DEEPEST + 1)), NODES]);
    return record;
  }

  /** Moves a record to a point, and prepares what is not, for the groups that will be run. */
  moveTo(record: number, at: At, groups: Uint32Array): void {
    this.#prepareAll(at, groups);
    const memory = this.#memory, alpha = at["alpha"]!, stamp = this.#stampOf(alpha);
    const [, last, interpolation, powers] = memory.u32(record, 4);
    if (last !== stamp) {
      memory.f64(interpolation!, NODES).set(chebyshevWeights(ALPHAS, alpha));
      const byHop = memory.f32(powers!, DEEPEST + 1);
      for (let h = 0; h <= DEEPEST; h++) byHop[h] = Math.sqrt(1 - alpha) * Math.pow(alpha, h);
      memory.u32(record, 2)[1] = stamp;
    }
    memory.f32(record + 20, 5).set([
      at["depth_root"]!,
      at["depth_moderate"]!,
      at["depth_deep"]!,
      at["depth_vendor"]!,
      at["chat_multiplier"]! - 1,
    ]);
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
    if (wanted.length !== this.#shares.length || wanted.some((s, i) => s !== this.#shares[i])) {
      this.#shares = wanted;
      this.#done.fill(0);
      this.#basis = undefined;
      if (layers.length > 1) {
        this.#region.release();
        this.#dense.release();
      }
    }
    let work: WalkWorkspace | undefined;
    for (const g of groups) {
      if (!this.#done[g]) this.#prepare(g, work ??= new WalkWorkspace(this.#memory));
    }
    work?.release();
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
    const staged = starts.map(({ files }) => work.solve(files, this.#alphas, this.#inverse));
    const basis = this.#basisFor(staged, work);
    const region = this.#region, records = this.#dense.take(32 * starts.length);
    const stride = 4 * paddedFiles(n), dense = this.#dense.take(stride * starts.length);
    starts.forEach(({ depthClass }, v) => {
      const { positions, hops, curves, blocks } = staged[v]!;
      const target = {
        positions: region.take(8 * blocks),
        hops: region.take(blocks),
        coefficients: region.take(16 * blocks * basis.rank),
      };
      memory.u16(target.positions, 4 * blocks).set(memory.u16(positions, 4 * blocks));
      memory.u8(target.hops, blocks).set(memory.u8(hops, blocks));
      memory.kernel.project(
        curves,
        4 * blocks,
        work.room,
        NODES,
        basis.at,
        basis.rank,
        work.rows,
        target.coefficients,
      );
      memory.u32(records + 32 * v, 6).set([
        depthClass,
        blocks,
        target.positions,
        target.hops,
        target.coefficients,
        dense + stride * v,
      ]);
    });
    const pairs = this.#dense.take(8 * cases.length);
    firsts.forEach((first, q) =>
      memory.u32(pairs + 8 * q, 2).set([records + 32 * first, (firsts[q + 1] ?? starts.length) - first])
    );
    memory.u32(this.groupRecord(g), 6).set([0, basis.rank, basis.at, records, nClasses, pairs]);
    this.#done[g] = 1;
    this.vectors += starts.length;
    this.denseBytes += stride * starts.length;
    this.coefficientBytes += staged.reduce((sum, { blocks }) => sum + blocks * (16 * basis.rank + 9), 0);
    this.prepared++;
  }

  /** The last basis where it still fits, else a new one of the least even rank that does. */
  #basisFor(staged: readonly Staged[], work: WalkWorkspace): Basis {
    const fits = (basis: Basis) =>
      staged.every((s) => work.misfit(s, basis.at, basis.rank, this.#inverse) <= MISFIT);
    const last = this.#basis;
    if (last) {
      // One hard commit must not leave its rank to all after it.
      const less = { at: last.at, rank: last.rank - 2 };
      if (less.rank >= LEAST_RANK && fits(less)) return this.#basis = less;
      if (fits(last)) return last;
    }
    const functions = work.principalCurves(staged);
    const at = this.#region.take(8 * NODES * NODES);
    this.#memory.f64(at, NODES * NODES).set(functions);
    let rank = LEAST_RANK;
    while (rank < NODES && !fits({ at, rank })) rank += 2;
    return this.#basis = { at, rank };
  }
}
