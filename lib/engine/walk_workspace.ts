/** Where walk vectors are worked out, a commit at a time: one Krylov basis a restart vector, curves in alpha, their common basis. */
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { type KernelMemory, Region } from "./kernel_memory.ts";
import { incomingRows } from "./walk_basis.ts";

/** Cells the range of alpha is cut into. */
export const CELLS = 5;
/** Chebyshev nodes of a cell in ln(1 - alpha). */
export const CELL_NODES = 8;
const NODES = CELLS * CELL_NODES;
/** Hops are told apart up to here. */
export const DEEPEST = 15;
/** Values of y below this are held to an absolute error instead: double precision knows no more of them. */
const FLOOR = 1e-10;
/** Coefficients kept as Float32. */
export const WHOLE = 3;
/** How much larger than the largest at hand the others may be, so that the next commit's still fit. */
const SLACK = 1.25;
/** Columns of a Krylov basis, and the residual at the largest alpha that ends it. */
const MOST_COLUMNS = 128;
const RESIDUAL = 1e-11;

/** One restart vector's curves before they have a basis: addresses, and the number of blocks of four files. */
export interface Staged {
  readonly blocks: number;
  readonly count: number;
  readonly hops: number;
  readonly curves: number;
  /** whether the basis of the walk was enough at every node */
  readonly settled: boolean;
}

/** Functions of a cell by nodes: addresses of themselves, of them times their steps, and of the steps of coefficients kept in 16 bits. */
export interface CellBasis {
  readonly functions: number;
  readonly scaled: number;
  readonly steps: number;
}

/** Addresses the preparation of a group works in, reused from group to group. */
export class WalkWorkspace {
  readonly #region: Region;
  readonly #staging: Region;
  #n = 0;
  #stride = 0;
  room = 0;
  /** CELL_NODES rows of `room` doubles */
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
    this.room = this.#stride;
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
    this.rows = region.take(8 * CELL_NODES * this.room);
  }

  /** @param alphas, inverse addresses of the first cell's nodes, and of what their powers are multiplied by */
  solve(files: readonly number[], order: number, alphas: number, inverse: number): Staged {
    const { memory, room } = this, s = this.#space, staging = this.#staging;
    const blocks = staging.take(room),
      hops = staging.take(room),
      curves = staging.take(8 * NODES * room);
    memory.u32(s.starts, files.length).set(files);
    const { offsets, sources, shares } = this.#matrix;
    const columns = memory.kernel.solve(
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
    const count = memory.kernel.gather(
      this.#n,
      this.#stride,
      NODES,
      s.values,
      s.hops,
      order,
      DEEPEST,
      inverse,
      blocks,
      hops,
      curves,
      room,
    );
    return { blocks, count, hops, curves, settled: columns < MOST_COLUMNS || columns === this.#n };
  }

  /** Largest relative error of a vector's curves in a cell when only the first functions of its basis are kept. */
  misfit(
    s: Staged,
    cell: number,
    { functions, steps }: CellBasis,
    rank: number,
    inverse: number,
    wide: boolean,
  ): number {
    return this.memory.kernel.misfit(
      ...this.#inBasis(s, cell, functions, rank),
      s.hops,
      inverse + 8 * CELL_NODES * (DEEPEST + 1) * cell,
      DEEPEST,
      FLOOR,
      steps,
      wide ? rank : WHOLE,
    );
  }

  /** Writes a vector's coefficients in a cell as the kernel reads them. */
  project(
    s: Staged,
    cell: number,
    { functions, steps }: CellBasis,
    rank: number,
    out: number,
    wide: boolean,
  ): void {
    this.memory.kernel.project(
      ...this.#inBasis(s, cell, functions, rank),
      out,
      steps,
      wide ? rank : WHOLE,
    );
  }

  /** What the kernel asks about curves of a cell in the first functions of a basis. */
  #inBasis(s: Staged, cell: number, functions: number, rank: number): number[] {
    return [this.#curvesOf(s, cell), 4 * s.count, this.room, CELL_NODES, functions, rank, this.rows];
  }

  #curvesOf(s: Staged, cell: number): number {
    return s.curves + 8 * CELL_NODES * this.room * cell;
  }

  /** A basis of a cell's curves, made in `region`: eigenvectors of the products of unit curves, largest first. */
  basisOf(staged: readonly Staged[], cell: number, region: Region): CellBasis {
    const { memory } = this, size = CELL_NODES, matrix = this.#region.take(8 * size * size);
    for (const s of staged) {
      memory.kernel.addProducts(this.#curvesOf(s, cell), 4 * s.count, this.room, size, this.rows, matrix);
    }
    const products = memory.f64(matrix, size * size);
    const symmetric = Matrix.zeros(size, size);
    for (let k = 0; k < size; k++) {
      for (let l = k; l < size; l++) {
        symmetric.set(k, l, products[k * size + l]!);
        symmetric.set(l, k, products[k * size + l]!);
      }
    }
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric, {
      assumeSymmetric: true,
    });
    const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
    const basis = {
      functions: region.take(8 * size * size),
      scaled: region.take(8 * size * size),
      steps: region.take(8 * size),
    };
    const functions = memory.f64(basis.functions, size * size),
      scaled = memory.f64(basis.scaled, size * size);
    order.forEach((column, r) => {
      for (let k = 0; k < size; k++) functions[r * size + k] = eigenvectorMatrix.get(k, column);
    });
    for (const s of staged) {
      memory.kernel.proportions(...this.#inBasis(s, cell, basis.functions, size), basis.steps);
    }
    const steps = memory.f64(basis.steps, size);
    for (let r = 0; r < size; r++) {
      steps[r] = r < WHOLE ? 1 : Math.max(SLACK * steps[r]! / 32767, Number.MIN_VALUE);
      for (let k = 0; k < size; k++) scaled[r * size + k] = functions[r * size + k]! * steps[r]!;
    }
    return basis;
  }

  release(): void {
    this.#region.release();
    this.#staging.release();
  }
}
