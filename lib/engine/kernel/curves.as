/**
 * Walk vectors at one alpha, from the few coefficients kept of each.
 *
 * The range of alpha is cut into cells, each with functions of its own; a point reads the coefficients of its alpha's cell only. A file's
 * first three are Float32. Further ones are small beside the first and kept as what of it they are, in 16 bits.
 *
 * Vector record, 32 bytes: depth class, number of blocks of four files, blocks (u32: where the block stands, and above 16 bits its
 * pattern of hops), free, place of the first block's coefficients among the group's blocks, dense values, total (f64). Group record, 32
 * bytes: stamp, free, cells, class vectors, their number, vectors of cases (a pair start, count for each). Cell, 16 bytes: rank,
 * functions (f64 by nodes), coefficients. Walk record, 64 bytes: group records, stamp wanted, interpolation (f64 a node), powers (four
 * Float32 a pattern), nodes of a cell, four class weights (f32), chat weight less 1 (f32), cell.
 */

export const VECTOR: usize = 32;

// @ts-ignore: decorator
@inline
function cellOf(walk: usize, group: usize): usize {
  return usize(load<u32>(group, 8)) + (usize(load<u32>(walk, 40)) << 4);
}

/** Weights of a group's functions at the walk's alpha, each four times over. `out` holds 16 bytes a function. */
export function weigh(walk: usize, group: usize, out: usize): void {
  const cell = cellOf(walk, group), rank = load<u32>(cell), nodes: usize = load<u32>(walk, 16);
  const interpolation: usize = load<u32>(walk, 8);
  let basis: usize = load<u32>(cell, 4);
  for (let r: u32 = 0; r < rank; r++) {
    let c: f64 = 0;
    for (let k: usize = 0; k < nodes; k++) {
      c += load<f64>(interpolation + (k << 3)) * load<f64>(basis + (k << 3));
    }
    basis += nodes << 3;
    v128.store(out + (r << 4), f32x4.splat(f32(c)));
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
  const at = usize(load<u32>(cell, 8)) + usize(load<u32>(vector, 16)) * blockBytes(rank);
  const blocks: usize = load<u32>(vector, 8), end = blocks + (load<u32>(vector, 4) << 2), powers: usize = load<u32>(walk, 12);
  let sum: v128;
  if (rank == 3) sum = contractFew(3, blocks, end, at, weights, powers, dense);
  else if (rank == 4) sum = contractFew(4, blocks, end, at, weights, powers, dense);
  else if (rank == 5) sum = contractFew(5, blocks, end, at, weights, powers, dense);
  else if (rank == 6) sum = contractFew(6, blocks, end, at, weights, powers, dense);
  else if (rank == 7) sum = contractFew(7, blocks, end, at, weights, powers, dense);
  else sum = contractFew(8, blocks, end, at, weights, powers, dense);
  return f64(f32x4.extract_lane(sum, 0)) + f64(f32x4.extract_lane(sum, 1)) +
    f64(f32x4.extract_lane(sum, 2)) + f64(f32x4.extract_lane(sum, 3));
}

// @ts-ignore: decorator
@inline
function blockBytes(rank: usize): usize {
  return 48 + ((rank - 3) << 3);
}

/** @param rank a constant: what is for further functions is left out */
// @ts-ignore: decorator
@inline
function contractFew(rank: usize, block: usize, end: usize, at: usize, weights: usize, powers: usize, dense: usize): v128 {
  const w0 = v128.load(weights), w1 = v128.load(weights, 16), w2 = v128.load(weights, 32), w3 = v128.load(weights, 48),
    w4 = v128.load(weights, 64), w5 = v128.load(weights, 80), w6 = v128.load(weights, 96), w7 = v128.load(weights, 112);
  let sum = f32x4.splat(0);
  for (; block < end; block += 4, at += blockBytes(rank)) {
    // Two sums, so that one need not wait for the other.
    let even = w0, odd = f32x4.splat(0);
    if (rank > 3) odd = part(w3, at, 48);
    if (rank > 4) even = f32x4.add(even, part(w4, at, 56));
    if (rank > 5) odd = f32x4.add(odd, part(w5, at, 64));
    if (rank > 6) even = f32x4.add(even, part(w6, at, 72));
    if (rank > 7) odd = f32x4.add(odd, part(w7, at, 80));
    const bend = rank > 3 ? f32x4.add(even, odd) : even;
    const rest = f32x4.add(f32x4.mul(w1, v128.load(at, 16)), f32x4.mul(w2, v128.load(at, 32)));
    const curve = f32x4.add(f32x4.mul(bend, v128.load(at)), rest);
    const where = load<u32>(block);
    // Unlike max, pmax is one instruction.
    const y = f32x4.pmax(f32x4.splat(0), f32x4.mul(curve, v128.load(powers + (usize(where >> 16) << 4))));
    v128.store(dense + (usize(where & 0xffff) << 4), y);
    sum = f32x4.add(sum, y);
  }
  return sum;
}

/** A function's weight times four files' parts of it. */
// @ts-ignore: decorator
@inline
function part(weight: v128, at: usize, offset: usize): v128 {
  return f32x4.mul(weight, f32x4.convert_i32x4_s(v128.load16x4_s(at + offset)));
}
