/**
 * Walk vectors of an arena for every alpha, kept as a few coefficients a file in the kernel's memory.
 *
 * With y the vector of `walk_basis.ts` and h a file's hops from the restart, the curve y / (sqrt(1 - alpha) alpha^h) of a file is smooth
 * and of one size over the whole range of alpha. All curves of a commit come from one matrix and span few functions: an orthonormal
 * basis of them (principal components of the unit curves at Chebyshev nodes) of rank about 8 keeps every curve to MISFIT, where plain
 * interpolation would store 16 to 20 values. The next commit's graph is nearly the same, so it first tries the last commit's basis.
 */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { mixLayers, undirectedLayer } from "../graph/layers.ts";
import type { ResolvedNode } from "../formula/document.ts";
import type { WalkSignal } from "../signals/signal.ts";
import type { At } from "./leaf.ts";
import { type KernelMemory, paddedFiles, Region } from "./kernel_memory.ts";
import { chebyshevAlphas, chebyshevWeights, incomingRows } from "./walk_basis.ts";

/** Chebyshev nodes in ln(1 - alpha). */
const NODES = 20;
/** Largest relative error a basis may leave on any curve at any node. */
const MISFIT = 1.5e-6;
/** Values of y below this are held to an absolute error instead: double precision knows no more of them. */
const FLOOR = 1e-10;
/** Hops are told apart up to here. */
const DEEPEST = 7;
/** Columns of a Krylov basis, and the residual at the largest alpha that ends it. */
const MOST_COLUMNS = 64;
const RESIDUAL = 1e-11;

const ALPHAS = chebyshevAlphas(NODES);

interface Basis {
  readonly at: number;
  readonly rank: number;
}

/** One walk over an arena's groups, prepared group by group when first asked for. */
export class WalkCurves {
  /** address of the walk record the kernel reads; see `kernel/walk.as` */
  readonly record: number;
  /** restart vectors prepared so far, and how many matrices they belong to */
  vectors = 0;
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
  readonly #interpolation: number;
  readonly #powers: number;
  readonly #alphas: number;
  readonly #inverse: number;
  #done: Uint8Array;
  #shares: readonly number[] = [];
  #basis: Basis | undefined;
  #stamp = 0;
  #alpha = NaN;

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
    this.record = lasting.take(64);
    this.#groups = lasting.take(32 * nGroups);
    this.#interpolation = lasting.take(8 * NODES);
    this.#powers = lasting.take(4 * (DEEPEST + 1));
    this.#alphas = lasting.take(8 * NODES);
    this.#inverse = lasting.take(8 * NODES * (DEEPEST + 1));
    memory.f64(this.#alphas, NODES).set(ALPHAS);
    const inverse = memory.f64(this.#inverse, NODES * (DEEPEST + 1));
    // The kernel's solve() has already left one sqrt(1 - alpha) out.
    ALPHAS.forEach((alpha, k) => {
      for (let h = 0; h <= DEEPEST; h++) inverse[k * (DEEPEST + 1) + h] = Math.pow(alpha, -h);
    });
    memory.u32(this.record, 5).set([this.#groups, 0, this.#interpolation, this.#powers, NODES]);
  }

  /** Whether the matrix depends on the point. */
  get mixed(): boolean {
    return this.#signal.layers(this.#options).length > 1;
  }

  /** Address of the record of a group of the origin arena. */
  groupRecord(g: number): number {
    return this.#groups + 32 * g;
  }

  /** Prepares what is not, for the groups that will be run. */
  moveTo(at: At, groups: Uint32Array): void {
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
    let work: Workspace | undefined;
    for (const g of groups) {
      if (!this.#done[g]) this.#prepare(g, work ??= new Workspace(this.#memory));
    }
    work?.release();
    const alpha = at["alpha"]!;
    if (alpha !== this.#alpha) {
      this.#alpha = alpha;
      this.#stamp++;
      this.#memory.f64(this.#interpolation, NODES).set(chebyshevWeights(ALPHAS, alpha));
      const powers = this.#memory.f32(this.#powers, DEEPEST + 1);
      for (let h = 0; h <= DEEPEST; h++) powers[h] = Math.sqrt(1 - alpha) * Math.pow(alpha, h);
      this.#memory.u32(this.record, 2)[1] = this.#stamp;
    }
    this.#memory.f32(this.record + 20, 5).set([
      at["depth_root"]!,
      at["depth_moderate"]!,
      at["depth_deep"]!,
      at["depth_vendor"]!,
      at["chat_multiplier"]! - 1,
    ]);
  }

  #prepare(g: number, work: Workspace): void {
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
    this.prepared++;
  }

  /** The last basis where it still fits, else a new one of the least even rank that does. */
  #basisFor(staged: readonly Staged[], work: Workspace): Basis {
    const fits = (basis: Basis) =>
      staged.every((s) => work.misfit(s, basis.at, basis.rank, this.#inverse) <= MISFIT);
    if (this.#basis && fits(this.#basis)) return this.#basis;
    const functions = work.principalCurves(staged);
    const at = this.#region.take(8 * NODES * NODES);
    this.#memory.f64(at, NODES * NODES).set(functions);
    let rank = 6;
    while (rank < NODES && !fits({ at, rank })) rank += 2;
    return this.#basis = { at, rank };
  }
}

interface Staged {
  readonly positions: number;
  readonly hops: number;
  readonly curves: number;
  readonly blocks: number;
}

/** Addresses the preparation of a group works in, reused from group to group. */
class Workspace {
  readonly #region: Region;
  readonly #staging: Region;
  #n = 0;
  #stride = 0;
  room = 0;
  /** NODES rows of `room` doubles */
  rows = 0;
  #matrix = { offsets: 0, sources: 0, shares: 0 };
  #space = { starts: 0, hops: 0, V: 0, H: 0, A: 0, z: 0, values: 0 };

  constructor(readonly memory: KernelMemory) {
    this.#region = new Region(memory);
    this.#staging = new Region(memory);
  }

  begin(n: number, layer: Parameters<typeof incomingRows>[0]): void {
    const region = this.#region, { memory } = this;
    region.release();
    this.#staging.release();
    this.#n = n;
    this.#stride = (n + 3) & ~3;
    this.room = (n + 3 * (DEEPEST + 1) + 3) & ~3;
    const rows = incomingRows(layer);
    const offsets = region.take(4 * (n + 1)), sources = region.take(4 * rows.sources.length);
    const shares = region.take(8 * rows.shares.length);
    memory.u32(offsets, n + 1).set(rows.offsets);
    memory.u32(sources, rows.sources.length).set(rows.sources);
    memory.f64(shares, rows.shares.length).set(rows.shares);
    this.#matrix = { offsets, sources, shares };
    const columns = Math.min(MOST_COLUMNS, n) + 1;
    this.#space = {
      starts: region.take(4 * n),
      hops: region.take(n),
      V: region.take(8 * columns * this.#stride),
      H: region.take(8 * (MOST_COLUMNS + 1) * MOST_COLUMNS),
      A: region.take(8 * MOST_COLUMNS * MOST_COLUMNS),
      z: region.take(8 * MOST_COLUMNS),
      values: region.take(8 * NODES * this.#stride),
    };
    this.rows = region.take(8 * NODES * this.room);
  }

  solve(files: readonly number[], alphas: number, inverse: number): Staged {
    const { memory, room } = this, s = this.#space, staging = this.#staging;
    const positions = staging.take(2 * room), hops = staging.take(room >> 2);
    const curves = staging.take(8 * NODES * room);
    memory.u32(s.starts, files.length).set(files);
    const { offsets, sources, shares } = this.#matrix;
    memory.kernel.solve(
      this.#n,
      this.#stride,
      offsets,
      sources,
      shares,
      s.starts,
      files.length,
      alphas,
      NODES,
      MOST_COLUMNS,
      RESIDUAL,
      s.hops,
      s.V,
      s.H,
      s.A,
      s.z,
      s.values,
    );
    const blocks = memory.kernel.gather(
      this.#n,
      this.#stride,
      NODES,
      s.values,
      s.hops,
      DEEPEST,
      inverse,
      positions,
      hops,
      curves,
      room,
    );
    return { positions, hops, curves, blocks };
  }

  misfit(s: Staged, basis: number, rank: number, inverse: number): number {
    return this.memory.kernel.misfit(
      s.curves,
      4 * s.blocks,
      this.room,
      NODES,
      basis,
      rank,
      this.rows,
      s.hops,
      inverse,
      DEEPEST,
      FLOOR,
    );
  }

  /** Eigenvectors of the unit curves' products, largest first, one a row of NODES. */
  principalCurves(staged: readonly Staged[]): Float64Array {
    const matrix = this.#region.take(8 * NODES * NODES), { memory } = this;
    for (const s of staged) {
      memory.kernel.addProducts(s.curves, 4 * s.blocks, this.room, NODES, this.rows, matrix);
    }
    const products = memory.f64(matrix, NODES * NODES);
    const symmetric = Matrix.zeros(NODES, NODES);
    for (let k = 0; k < NODES; k++) {
      for (let l = k; l < NODES; l++) {
        symmetric.set(k, l, products[k * NODES + l]!);
        symmetric.set(l, k, products[k * NODES + l]!);
      }
    }
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric, {
      assumeSymmetric: true,
    });
    const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
    const functions = new Float64Array(NODES * NODES);
    order.forEach((column, r) => {
      for (let k = 0; k < NODES; k++) functions[r * NODES + k] = eigenvectorMatrix.get(k, column);
    });
    return functions;
  }

  release(): void {
    this.#region.release();
    this.#staging.release();
  }
}
