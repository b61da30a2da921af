/**
 * Walk vectors at one alpha, from the few coefficients kept of each.
 *
 * The range of alpha is cut into cells, each with functions of its own; a point reads the coefficients of its alpha's cell only. A file's
 * first three are Float32. Further ones are small beside the first and kept as what of it they are, in 16 bits.
 *
 * Vector record, 32 bytes: depth class, number of blocks of four files, blocks (u32: where the block stands, and above 16 bits its
 * pattern of hops), bytes of dense values, behind which all are 0, place of the first block's coefficients among the group's blocks,
 * dense values, total (f64). Group record, 32 bytes: stamp, free, cells, class vectors, their number, vectors of cases (a pair start,
 * count for each). Cell, 16 bytes: rank, functions (f64 by nodes), coefficients, flags (1: these are not good enough, 2: all of them are Float32). Walk record, 64
 * bytes: group records, stamp wanted, interpolation (f64 a node), powers (four Float32 a pattern), nodes of a cell, four class weights
 * (f32), chat weight less 1 (f32), cell.
 */

export const VECTOR: usize = 32;

/** Bytes of a vector's dense values, a multiple of 64. */
// @ts-ignore: decorator
@inline
export function extent(vector: usize): usize {
  return load<u32>(vector, 12);
}

// @ts-ignore: decorator
@inline
function cellOf(walk: usize, group: usize): usize {
  return usize(load<u32>(group, 8)) + (usize(load<u32>(walk, 40)) << 4);
}

/** Whether what is kept for the walk's alpha is further from the truth than scores may be. */
export function unfit(walk: usize, group: usize): bool {
  return (load<u32>(cellOf(walk, group), 12) & 1) != 0;
}

/** Weights of a group's functions at the walk's alpha, each four times over. `out` holds 16 bytes a function. */
export function weigh(walk: usize, group: usize, out: usize): void {
  const cell = cellOf(walk, group), rank = load<u32>(cell), nodes: usize = load<u32>(walk, 16);
  const interpolation: usize = load<u32>(walk, 8);
  let basis: usize = load<u32>(cell, 4);
  for (let r: u32 = 0; r < rank; r++) {
    let c = f64x2.splat(0);
    for (let k: usize = 0; k < nodes << 3; k += 16) {
      c = f64x2.add(c, f64x2.mul(v128.load(interpolation + k), v128.load(basis + k)));
    }
    basis += nodes << 3;
    v128.store(out + (r << 4), f32x4.splat(f32(f64x2.extract_lane(c, 0) + f64x2.extract_lane(c, 1))));
  }
}

/** Brings a group's vectors to the walk's alpha unless they stand there. `scratch` holds 16 bytes a function. */
export function contract(walk: usize, group: usize, nCases: u32, scratch: usize): void {
  const wanted = load<i32>(walk, 4);
  if (load<i32>(group) == wanted) return;
  weigh(walk, group, scratch);
  let vector: usize = load<u32>(group, 12);
  contractAll(walk, group, vector, load<u32>(group, 16), scratch);
  let pair: usize = load<u32>(group, 20);
  for (let q: u32 = 0; q < nCases; q++) {
    contractAll(walk, group, load<u32>(pair), load<u32>(pair, 4), scratch);
    pair += 8;
  }
  store<i32>(group, wanted);
}

function contractAll(walk: usize, group: usize, vector: usize, count: u32, weights: usize): void {
  for (let left = count; left > 0; left--) {
    store<f64>(vector, contractVector(walk, group, vector, weights, load<u32>(vector, 20)), 24);
    vector += VECTOR;
  }
}

/** Writes the blocks a vector reaches to `dense`, and returns the sum of their values. */
export function contractVector(walk: usize, group: usize, vector: usize, weights: usize, dense: usize): f64 {
  const cell = cellOf(walk, group), rank: usize = load<u32>(cell);
  const blocks: usize = load<u32>(vector, 8), end = blocks + (load<u32>(vector, 4) << 2), powers: usize = load<u32>(walk, 12);
  const first: usize = load<u32>(vector, 16), coefficients: usize = load<u32>(cell, 8);
  if (isWide(cell)) return contractWide(rank, blocks, end, coefficients + first * (rank << 4), weights, powers, dense);
  const at = coefficients + first * blockBytes(rank);
  if (rank == 3) return contractFew(3, blocks, end, at, weights, powers, dense);
  if (rank == 4) return contractFew(4, blocks, end, at, weights, powers, dense);
  if (rank == 5) return contractFew(5, blocks, end, at, weights, powers, dense);
  if (rank == 6) return contractFew(6, blocks, end, at, weights, powers, dense);
  if (rank == 7) return contractFew(7, blocks, end, at, weights, powers, dense);
  return contractFew(8, blocks, end, at, weights, powers, dense);
}

/**
 * The same at the alphas of two walk records. Where those are of one cell, what it keeps is read once.
 *
 * @param totals where the two sums go (f64)
 */
export function contractTwice(
  walk: usize, other: usize, group: usize, vector: usize, weights: usize, weights2: usize, dense: usize, dense2: usize, totals: usize,
): void {
  const cell = cellOf(walk, group);
  if (cell != cellOf(other, group) || isWide(cell)) {
    store<f64>(totals, contractVector(walk, group, vector, weights, dense));
    store<f64>(totals, contractVector(other, group, vector, weights2, dense2), 8);
    return;
  }
  const rank: usize = load<u32>(cell), at = usize(load<u32>(cell, 8)) + usize(load<u32>(vector, 16)) * blockBytes(rank);
  const blocks: usize = load<u32>(vector, 8), end = blocks + (load<u32>(vector, 4) << 2);
  const powers: usize = load<u32>(walk, 12), powers2: usize = load<u32>(other, 12);
  if (rank == 3) contractPair(3, blocks, end, at, weights, weights2, powers, powers2, dense, dense2, totals);
  else if (rank == 4) contractPair(4, blocks, end, at, weights, weights2, powers, powers2, dense, dense2, totals);
  else if (rank == 5) contractPair(5, blocks, end, at, weights, weights2, powers, powers2, dense, dense2, totals);
  else if (rank == 6) contractPair(6, blocks, end, at, weights, weights2, powers, powers2, dense, dense2, totals);
  else if (rank == 7) contractPair(7, blocks, end, at, weights, weights2, powers, powers2, dense, dense2, totals);
  else contractPair(8, blocks, end, at, weights, weights2, powers, powers2, dense, dense2, totals);
}

// @ts-ignore: decorator
@inline
function isWide(cell: usize): bool {
  return (load<u32>(cell, 12) & 2) != 0;
}

// @ts-ignore: decorator
@inline
function blockBytes(rank: usize): usize {
  return 24 + (rank << 3);
}

/** @param rank a constant: what is for further functions is left out */
// @ts-ignore: decorator
@inline
function contractFew(rank: u32, block: usize, end: usize, at: usize, weights: usize, powers: usize, dense: usize): f64 {
  const w0 = v128.load(weights), w1 = v128.load(weights, 16), w2 = v128.load(weights, 32), w3 = v128.load(weights, 48),
    w4 = v128.load(weights, 64), w5 = v128.load(weights, 80), w6 = v128.load(weights, 96), w7 = v128.load(weights, 112);
  let sum = f32x4.splat(0);
  for (; block < end; block += 4, at += blockBytes(rank)) {
    const where = load<u32>(block);
    sum = f32x4.add(sum, put(
      curve(
        rank, w0, w1, w2, w3, w4, w5, w6, w7, v128.load(at), v128.load(at, 16), v128.load(at, 32), part(rank > 3, at, 48),
        part(rank > 4, at, 56), part(rank > 5, at, 64), part(rank > 6, at, 72), part(rank > 7, at, 80),
      ),
      where, powers, dense,
    ));
  }
  return total(sum);
}

/** @param rank a constant, as above */
// @ts-ignore: decorator
@inline
function contractPair(
  rank: u32, block: usize, end: usize, at: usize, weights: usize, weights2: usize, powers: usize, powers2: usize, dense: usize,
  dense2: usize, totals: usize,
): void {
  let sum = f32x4.splat(0), sum2 = sum;
  for (; block < end; block += 4, at += blockBytes(rank)) {
    const where = load<u32>(block), c0 = v128.load(at), c1 = v128.load(at, 16), c2 = v128.load(at, 32);
    const c3 = part(rank > 3, at, 48), c4 = part(rank > 4, at, 56), c5 = part(rank > 5, at, 64), c6 = part(rank > 6, at, 72),
      c7 = part(rank > 7, at, 80);
    sum = f32x4.add(sum, put(curveBy(rank, weights, c0, c1, c2, c3, c4, c5, c6, c7), where, powers, dense));
    sum2 = f32x4.add(sum2, put(curveBy(rank, weights2, c0, c1, c2, c3, c4, c5, c6, c7), where, powers2, dense2));
  }
  store<f64>(totals, total(sum));
  store<f64>(totals, total(sum2), 8);
}

/** Where all coefficients are Float32. */
function contractWide(rank: usize, block: usize, end: usize, at: usize, weights: usize, powers: usize, dense: usize): f64 {
  let sum = f32x4.splat(0);
  for (; block < end; block += 4) {
    let values = f32x4.splat(0);
    for (let r: usize = 0; r < rank; r++, at += 16) {
      values = f32x4.add(values, f32x4.mul(v128.load(weights + (r << 4)), v128.load(at)));
    }
    sum = f32x4.add(sum, put(values, load<u32>(block), powers, dense));
  }
  return total(sum);
}

/** Four files' coefficients of a function that is kept in 16 bits. */
// @ts-ignore: decorator
@inline
function part(there: bool, at: usize, offset: usize): v128 {
  return there ? f32x4.convert_i32x4_s(v128.load16x4_s(at + offset)) : f32x4.splat(0);
}

/** Four files' curves at the alpha of the weights. */
// @ts-ignore: decorator
@inline
function curve(
  rank: u32, w0: v128, w1: v128, w2: v128, w3: v128, w4: v128, w5: v128, w6: v128, w7: v128,
  c0: v128, c1: v128, c2: v128, c3: v128, c4: v128, c5: v128, c6: v128, c7: v128,
): v128 {
  // Two sums, so that one need not wait for the other.
  let even = w0, odd = f32x4.splat(0);
  if (rank > 3) odd = f32x4.mul(c3, w3);
  if (rank > 4) even = f32x4.add(even, f32x4.mul(c4, w4));
  if (rank > 5) odd = f32x4.add(odd, f32x4.mul(c5, w5));
  if (rank > 6) even = f32x4.add(even, f32x4.mul(c6, w6));
  if (rank > 7) odd = f32x4.add(odd, f32x4.mul(c7, w7));
  const bend = rank > 3 ? f32x4.add(even, odd) : even;
  return f32x4.add(f32x4.mul(bend, c0), f32x4.add(f32x4.mul(c1, w1), f32x4.mul(c2, w2)));
}

/** As {@link curve}; there are too many weights for registers. */
// @ts-ignore: decorator
@inline
function curveBy(
  rank: u32, w: usize, c0: v128, c1: v128, c2: v128, c3: v128, c4: v128, c5: v128, c6: v128, c7: v128,
): v128 {
  return curve(
    rank, v128.load(w), v128.load(w, 16), v128.load(w, 32), v128.load(w, 48), v128.load(w, 64), v128.load(w, 80), v128.load(w, 96),
    v128.load(w, 112), c0, c1, c2, c3, c4, c5, c6, c7,
  );
}

/** Writes a block's four values where they belong, never below 0, and returns them. */
// @ts-ignore: decorator
@inline
function put(values: v128, where: u32, powers: usize, dense: usize): v128 {
  // Unlike max, pmax is one instruction.
  const y = f32x4.pmax(f32x4.splat(0), f32x4.mul(values, v128.load(powers + (usize(where >> 16) << 4))));
  v128.store(dense + (usize(where & 0xffff) << 4), y);
  return y;
}

// @ts-ignore: decorator
@inline
function total(sum: v128): f64 {
  return f64(f32x4.extract_lane(sum, 0)) + f64(f32x4.extract_lane(sum, 1)) +
    f64(f32x4.extract_lane(sum, 2)) + f64(f32x4.extract_lane(sum, 3));
}

/** Whether a vector's curves of two files are kept as the same coefficients, in the walk's cell. */
export function alikeIn(walk: usize, group: usize, vector: usize, f: u32, t: u32): bool {
  const cell = cellOf(walk, group), rank: usize = load<u32>(cell), whole: usize = isWide(cell) ? rank : 3;
  const bytes = isWide(cell) ? rank << 4 : blockBytes(rank);
  const blocks: usize = load<u32>(vector, 8), count: usize = load<u32>(vector, 4), powers: usize = load<u32>(walk, 12);
  const first = usize(load<u32>(cell, 8)) + usize(load<u32>(vector, 16)) * bytes;
  const i = blockOf(blocks, count, f >> 2), j = blockOf(blocks, count, t >> 2), x: usize = f & 3, y: usize = t & 3;
  const at = first + i * bytes, to = first + j * bytes;
  const live = i < count && load<u32>(at + (x << 2)) != 0, other = j < count && load<u32>(to + (y << 2)) != 0;
  if (!live || !other) return live == other;
  const power = powers + (usize(load<u16>(blocks + (i << 2), 2)) << 4) + (x << 2);
  if (load<u32>(power) != load<u32>(powers + (usize(load<u16>(blocks + (j << 2), 2)) << 4) + (y << 2))) return false;
  for (let r: usize = 0; r < whole; r++) {
    if (load<u32>(at + (r << 4) + (x << 2)) != load<u32>(to + (r << 4) + (y << 2))) return false;
  }
  for (let r = whole; r < rank; r++) {
    const offset = 48 + ((r - 3) << 3);
    if (load<u16>(at + offset + (x << 1)) != load<u16>(to + offset + (y << 1))) return false;
  }
  return true;
}

/** Which of the blocks, in ascending order, stands at a place; their number where none does. */
function blockOf(blocks: usize, count: usize, place: u32): usize {
  for (let i: usize = 0; i < count; i++) if (u32(load<u16>(blocks + (i << 2))) == place) return i;
  return count;
}
