/** Where walk vectors are worked out, a commit at a time: one Krylov basis a restart vector, curves in alpha, their common basis. */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { type KernelMemory, Region } from "./kernel_memory.ts";
import { incomingRows } from "./walk_basis.ts";

/** Chebyshev nodes in ln(1 - alpha). */
export const NODES = 20;
/** Hops are told apart up to here. */
export const DEEPEST = 7;
/** Values of y below this are held to an absolute error instead: double precision knows no more of them. */
const FLOOR = 1e-10;
/** Columns of a Krylov basis, and the residual at the largest alpha that ends it. */
const MOST_COLUMNS = 64;
const RESIDUAL = 1e-11;

/** One restart vector's curves before they have a basis: addresses, and the number of blocks of four files. */
export interface Staged {
  readonly positions: number;
  readonly hops: number;
  readonly curves: number;
  readonly blocks: number;
}

/** Addresses the preparation of a group works in, reused from group to group. */
export class WalkWorkspace {
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
