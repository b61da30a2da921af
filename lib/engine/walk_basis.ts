/**
 * Personalised PageRank for every alpha at once.
 *
 * With M the out-normalised matrix and p a restart vector, the ranking vector is proportional to y(alpha) = (1 - alpha) (I - alpha M)^-1 p:
 * dangling mass only rescales it, so y is linear in p. One Krylov basis of M at p serves all alphas (I - alpha M is shift invariant);
 * y is stored at Chebyshev nodes in s = ln(1 - alpha), where it is smooth up to alpha near 1, and read off anywhere by barycentric
 * interpolation. Sources: Boldi, Santini, Vigna 2009; Berrut and Trefethen 2004; ours for the change of variable.
 */
import { rowSums } from "../graph/layers.ts";
import type { EdgeLayer } from "../records/snapshot.ts";

/** Range of alpha the basis is good for: the bounds of the signal's coordinate. */
export const ALPHA_LOW = 0.05;
export const ALPHA_HIGH = 0.99;
/** Interpolation nodes. */
export const NODES = 24;
/**
 * A file h hops from the restart has y of the size of alpha^h, which no polynomial of few terms follows to small alphas. So alpha^h is
 * taken out before and put back after interpolating, h up to this.
 */
export const DEEPEST_HOP = 31;

const MAX_KRYLOV = 48;
const RESIDUAL = 1e-10;

/** Chebyshev nodes of a range of alpha in s = ln(1 - alpha), as alphas, ascending. */
export function chebyshevAlphas(count: number, low = ALPHA_LOW, high = ALPHA_HIGH): Float64Array {
  const a = Math.log(1 - low), b = Math.log(1 - high);
  return Float64Array.from({ length: count }, (_, k) => {
    const x = Math.cos((2 * k + 1) * Math.PI / (2 * count));
    return 1 - Math.exp((a + b) / 2 + (a - b) / 2 * x);
  });
}

/** The alphas at which vectors are stored. */
export const NODE_ALPHAS: Float64Array = chebyshevAlphas(NODES);

/** Barycentric coefficients: y(alpha) = sum over k of c_k y_k. They sum to 1. @throws {RangeError} outside the range of alpha */
export function interpolation(alpha: number): Float64Array {
  return chebyshevWeights(NODE_ALPHAS, alpha);
}

/** As {@link interpolation}, for the nodes of {@link chebyshevAlphas}. */
export function chebyshevWeights(nodes: Float64Array, alpha: number): Float64Array {
  if (!(alpha >= ALPHA_LOW && alpha <= ALPHA_HIGH)) {
    throw new RangeError(
      `Cannot interpolate a walk at alpha ${alpha}: it must lie in [${ALPHA_LOW}, ${ALPHA_HIGH}]`,
    );
  }
  const s = Math.log(1 - alpha);
  const c = new Float64Array(nodes.length);
  let total = 0;
  for (let k = 0; k < nodes.length; k++) {
    const distance = s - Math.log(1 - nodes[k]!);
    if (Math.abs(distance) < 1e-15) return c.fill(0).fill(1, k, k + 1);
    const weight = (k % 2 === 0 ? 1 : -1) * Math.sin((2 * k + 1) * Math.PI / (2 * nodes.length));
    total += c[k] = weight / distance;
  }
  return c.map((v) => v / total);
}

/** A layer by rows of who flows into a file, each edge with its share of the source's out-weight. */
export interface IncomingRows {
  readonly offsets: Uint32Array;
  readonly sources: Uint32Array;
  readonly shares: Float64Array;
}

/** Turns a layer round and normalises it by source. */
export function incomingRows(layer: EdgeLayer): IncomingRows {
  const n = layer.offsets.length - 1, sums = rowSums(layer);
  const offsets = new Uint32Array(n + 1);
  for (const t of layer.targets) offsets[t + 1]!++;
  for (let i = 0; i < n; i++) offsets[i + 1]! += offsets[i]!;
  const next = offsets.slice(0, n);
  const sources = new Uint32Array(layer.targets.length), shares = new Float64Array(layer.targets.length);
  for (let i = 0; i < n; i++) {
    for (let e = layer.offsets[i]!; e < layer.offsets[i + 1]!; e++) {
      const at = next[layer.targets[e]!]!++;
      sources[at] = i;
      shares[at] = layer.weights[e]! / sums[i]!;
    }
  }
  return { offsets, sources, shares };
}

/** A walk from one restart vector at every node alpha. */
export interface WalkVectors {
  /** files the walk reaches, ascending; all others are 0 at every alpha */
  readonly reached: Uint32Array;
  /** y / alpha^hop of the reached files at every node, node-major */
  readonly nodes: Float32Array;
  /** hops of the reached files from the restart, at most DEEPEST_HOP */
  readonly hops: Uint8Array;
  /** the sum of y over all files at every node */
  readonly sums: Float64Array;
  /** whether the basis was enough at every node */
  readonly settled: boolean;
}

/** A layer prepared for walking forward: who flows into whom, with what share. */
export class Walker {
  readonly n: number;
  readonly #rows: IncomingRows;
  readonly #layer: EdgeLayer;

  constructor(layer: EdgeLayer) {
    this.n = layer.offsets.length - 1;
    this.#layer = layer;
    this.#rows = incomingRows(layer);
  }

  /** Computes y at every node alpha for a restart vector given by its non-zero entries, as {@link WalkVectors} says. */
  solve(start: Iterable<readonly [number, number]>): WalkVectors {
    const entries = [...start], reached = this.#reach(entries.map(([i]) => i)), n = reached.length;
    const place = new Map<number, number>();
    reached.forEach((file, i) => place.set(file, i));
    const rows = this.#within(reached), V = basisFor(n), H = HESSENBERG.fill(0), width = MAX_KRYLOV;
    const row = (j: number) => V.subarray(j * n, (j + 1) * n);
    const first = row(0).fill(0), hops = new Uint8Array(n).fill(DEEPEST_HOP), met = new Uint8Array(n);
    let norm = 0;
    for (const [file, value] of entries) {
      const i = place.get(file)!;
      first[i] = value;
      hops[i] = 0;
      met[i] = 1;
      norm += value * value;
    }
    norm = Math.sqrt(norm);
    const sums = new Float64Array(NODES), nodes = new Float32Array(NODES * n);
    if (norm === 0) return { reached, nodes, hops, sums, settled: true };
    for (let i = 0; i < n; i++) first[i]! /= norm;
    let m = 0, settled = this.n <= MAX_KRYLOV;
    // The steps a basis may have follow from all files, so that what is reached changes no digit of what is computed.
    while (m < Math.min(MAX_KRYLOV, this.n)) {
      const w = row(m + 1);
      step(rows, row(m), w);
      if (m + 1 < DEEPEST_HOP) {
        for (let i = 0; i < n; i++) {
          if (w[i] === 0 || met[i]) continue;
          met[i] = 1;
          hops[i] = m + 1;
        }
      }
      const length = orthogonalise(V, n, m, w, H);
      m++;
      if (m < MAX_KRYLOV) H[m * width + m - 1] = length;
      if (length < 1e-14) {
        settled = true;
        break;
      }
      for (let i = 0; i < n; i++) w[i]! /= length;
      if (m >= 10 && m % 3 === 1) {
        const z = solveHessenberg(H, width, m, ALPHA_HIGH);
        if (Math.abs(z[m - 1]!) * length * ALPHA_HIGH < RESIDUAL) {
          settled = true;
          break;
        }
      }
    }
    const y = new Float64Array(n);
    for (let k = 0; k < NODES; k++) {
      const alpha = NODE_ALPHAS[k]!;
      const z = solveHessenberg(H, width, m, alpha);
      const scale = norm * (1 - alpha);
      const inverse = Float64Array.from({ length: DEEPEST_HOP + 1 }, (_, h) => Math.pow(alpha, -h));
      let total = 0;
      y.fill(0);
      for (let j = 0; j < m; j++) {
        const factor = z[j]! * scale, offset = j * n;
        for (let i = 0; i < n; i++) y[i]! += factor * V[offset + i]!;
      }
      for (let i = 0; i < n; i++) {
        // The exact solution is non-negative; what falls below is rounding.
        const value = y[i]! > 0 ? y[i]! : 0;
        nodes[k * n + i] = value * inverse[hops[i]!]!;
        total += value;
      }
      sums[k] = total;
    }
    return { reached, nodes, hops, sums, settled };
  }

  /** Files that some path leads to from the start, the start included. */
  #reach(start: readonly number[]): Uint32Array {
    const { offsets, targets, weights } = this.#layer;
    const seen = new Uint8Array(this.n), open = [...start];
    for (const i of start) seen[i] = 1;
    for (let i = open.pop(); i !== undefined; i = open.pop()) {
      for (let e = offsets[i]!; e < offsets[i + 1]!; e++) {
        const to = targets[e]!;
        if (seen[to] || weights[e] === 0) continue;
        seen[to] = 1;
        open.push(to);
      }
    }
    let n = 0;
    for (let i = 0; i < this.n; i++) n += seen[i]!;
    const reached = new Uint32Array(n);
    for (let i = 0, k = 0; i < this.n; i++) if (seen[i]) reached[k++] = i;
    return reached;
  }

  /** The rows among some files only, by their places in the list; edges keep their order, so that sums have the same last digit. */
  #within(files: Uint32Array): IncomingRows {
    if (files.length === this.n) return this.#rows;
    const { offsets, sources, shares } = this.#rows, place = new Int32Array(this.n).fill(-1);
    files.forEach((file, i) => place[file] = i);
    const own = new Uint32Array(files.length + 1);
    let most = 0;
    for (const file of files) most += offsets[file + 1]! - offsets[file]!;
    const from = new Uint32Array(most), weights = new Float64Array(most);
    let edges = 0;
    for (let i = 0; i < files.length; i++) {
      const file = files[i]!;
      for (let e = offsets[file]!; e < offsets[file + 1]!; e++) {
        const source = place[sources[e]!]!;
        if (source < 0) continue;
        from[edges] = source;
        weights[edges++] = shares[e]!;
      }
      own[i + 1] = edges;
    }
    return { offsets: own, sources: from, shares: weights };
  }
}

const HESSENBERG = new Float64Array((MAX_KRYLOV + 1) * MAX_KRYLOV);

let basis = new Float64Array(0);

/** Room for a Krylov basis. One serves all walkers: nothing of it outlives a call of `solve`. */
function basisFor(n: number): Float64Array {
  const length = (MAX_KRYLOV + 1) * n;
  if (basis.length < length) basis = new Float64Array(length);
  return basis;
}

function step({ offsets, sources, shares }: IncomingRows, from: Float64Array, to: Float64Array): void {
  for (let i = 0; i < to.length; i++) {
    let sum = 0;
    for (let e = offsets[i]!; e < offsets[i + 1]!; e++) sum += shares[e]! * from[sources[e]!]!;
    to[i] = sum;
  }
}

/** Takes out of w what lies along the first m + 1 rows, one after the other, into column m of H. Returns the length that is left. */
function orthogonalise(V: Float64Array, n: number, m: number, w: Float64Array, H: Float64Array): number {
  let dot = 0;
  for (let i = 0; i < n; i++) dot += w[i]! * V[i]!;
  // What a row takes away and what the next one has in common with the rest are found in one pass.
  for (let j = 0; j < m; j++) {
    H[j * MAX_KRYLOV + m] = dot;
    const at = j * n, then = at + n;
    let next = 0;
    for (let i = 0; i < n; i++) {
      const left = w[i]! - dot * V[at + i]!;
      w[i] = left;
      next += left * V[then + i]!;
    }
    dot = next;
  }
  H[m * MAX_KRYLOV + m] = dot;
  let length = 0;
  for (let i = 0; i < n; i++) {
    const left = w[i]! - dot * V[m * n + i]!;
    w[i] = left;
    length += left * left;
  }
  return Math.sqrt(length);
}

/** Solves (I - alpha H) z = e_1 for an m x m upper Hessenberg H by Gaussian elimination with neighbouring-row pivoting. */
function solveHessenberg(H: Float64Array, width: number, m: number, alpha: number): Float64Array {
  const A = new Float64Array(m * m), z = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    for (let j = Math.max(0, i - 1); j < m; j++) A[i * m + j] = (i === j ? 1 : 0) - alpha * H[i * width + j]!;
  }
  z[0] = 1;
  for (let k = 0; k < m - 1; k++) {
    if (Math.abs(A[(k + 1) * m + k]!) > Math.abs(A[k * m + k]!)) {
      for (let j = k; j < m; j++) {
        const t = A[k * m + j]!;
        A[k * m + j] = A[(k + 1) * m + j]!;
        A[(k + 1) * m + j] = t;
      }
      const t = z[k]!;
      z[k] = z[k + 1]!;
      z[k + 1] = t;
    }
    const factor = A[(k + 1) * m + k]! / A[k * m + k]!;
    if (factor === 0) continue;
    for (let j = k; j < m; j++) A[(k + 1) * m + j]! -= factor * A[k * m + j]!;
    z[k + 1]! -= factor * z[k]!;
  }
  for (let i = m - 1; i >= 0; i--) {
    let sum = z[i]!;
    for (let j = i + 1; j < m; j++) sum -= A[i * m + j]! * z[j]!;
    z[i] = sum / A[i * m + i]!;
  }
  return z;
}
