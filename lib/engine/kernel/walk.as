/**
 * Walk vectors at one alpha, from the few coefficients kept of each.
 *
 * Vector record, 32 bytes: depth class, number of 4-row blocks, positions (u16), hop of each block (u8), coefficients, dense values,
 * total (f64). Group record, 32 bytes: stamp, rank, basis (f64, rank x nodes), class vectors, their number, vectors of cases (a pair
 * start, count for each). Walk record, 64 bytes: group records, stamp wanted, interpolation (f64 a node), hop powers (f32), nodes,
 * four class weights (f32), chat weight less 1 (f32).
 */

export const VECTOR: usize = 32;

/** Brings a group's vectors to the walk's alpha unless they stand there. `scratch` holds 16 bytes a coefficient. */
export function contract(walk: usize, group: usize, nFiles: u32, nCases: u32, scratch: usize): void {
  const wanted = load<i32>(walk, 4);
  if (load<i32>(group) == wanted) return;
  const rank = load<u32>(group, 4), nodes = load<u32>(walk, 16);
  const interpolation: usize = load<u32>(walk, 8);
  let basis: usize = load<u32>(group, 8);
  for (let r: u32 = 0; r < rank; r++) {
    let c: f64 = 0;
    for (let k: u32 = 0; k < nodes; k++) {
      c += load<f64>(interpolation + (k << 3)) * load<f64>(basis + (k << 3));
    }
    basis += nodes << 3;
    v128.store(scratch + (r << 4), f32x4.splat(f32(c)));
  }
  const powers: usize = load<u32>(walk, 12);
  let vector: usize = load<u32>(group, 12);
  for (let left = load<u32>(group, 16); left > 0; left--) {
    contractVector(vector, rank, scratch, powers, nFiles);
    vector += VECTOR;
  }
  let pair: usize = load<u32>(group, 20);
  for (let q: u32 = 0; q < nCases; q++) {
    vector = load<u32>(pair);
    for (let left = load<u32>(pair, 4); left > 0; left--) {
      contractVector(vector, rank, scratch, powers, nFiles);
      vector += VECTOR;
    }
    pair += 8;
  }
  store<i32>(group, wanted);
}

function contractVector(vector: usize, rank: u32, weights: usize, powers: usize, nFiles: u32): void {
  const blocks = load<u32>(vector, 4), dense: usize = load<u32>(vector, 20);
  let positions: usize = load<u32>(vector, 8), hops: usize = load<u32>(vector, 12);
  let at: usize = load<u32>(vector, 16);
  const end: usize = weights + (rank << 4);
  for (let b: u32 = 0; b < blocks; b++) {
    let even = f32x4.splat(0), odd = even;
    for (let w = weights; w < end; w += 32) {
      even = f32x4.add(even, f32x4.mul(v128.load(w), v128.load(at)));
      odd = f32x4.add(odd, f32x4.mul(v128.load(w, 16), v128.load(at, 16)));
      at += 32;
    }
    let y = f32x4.mul(f32x4.add(even, odd), v128.load_splat<f32>(powers + (usize(load<u8>(hops + b)) << 2)));
    y = f32x4.max(y, f32x4.splat(0));
    v128.store_lane<f32>(dense + (usize(load<u16>(positions)) << 2), y, 0);
    v128.store_lane<f32>(dense + (usize(load<u16>(positions, 2)) << 2), y, 1);
    v128.store_lane<f32>(dense + (usize(load<u16>(positions, 4)) << 2), y, 2);
    v128.store_lane<f32>(dense + (usize(load<u16>(positions, 6)) << 2), y, 3);
    positions += 8;
  }
  // Rows that only fill up a block point behind the last file.
  store<f32>(dense + (nFiles << 2), 0);
  let sum = f32x4.splat(0);
  for (let i: u32 = 0; i < nFiles; i += 4) sum = f32x4.add(sum, v128.load(dense + (i << 2)));
  store<f64>(
    vector,
    f64(f32x4.extract_lane(sum, 0)) + f64(f32x4.extract_lane(sum, 1)) +
      f64(f32x4.extract_lane(sum, 2)) + f64(f32x4.extract_lane(sum, 3)),
    24,
  );
}

// @ts-ignore: decorator
@inline
function classWeight(walk: usize, vector: usize): f32 {
  return load<f32>(walk + 20 + (load<u32>(vector) << 2));
}

/** out = sum over classes of weight x vector; returns its total. `padded` is a multiple of 16. */
export function base(walk: usize, group: usize, padded: u32, out: usize): f64 {
  let vector: usize = load<u32>(group, 12), total: f64 = 0;
  const count = load<u32>(group, 16);
  for (let v: u32 = 0; v < count; v++) {
    const weight = classWeight(walk, vector), w = f32x4.splat(weight);
    const dense: usize = load<u32>(vector, 20);
    if (v == 0) {
      for (let i: usize = 0; i < padded << 2; i += 16) {
        v128.store(out + i, f32x4.mul(w, v128.load(dense + i)));
      }
    } else {
      for (let i: usize = 0; i < padded << 2; i += 16) {
        v128.store(out + i, f32x4.add(v128.load(out + i), f32x4.mul(w, v128.load(dense + i))));
      }
    }
    total += f64(weight) * load<f64>(vector, 24);
    vector += VECTOR;
  }
  return total;
}

/** out = files x (base + chat) / total, times `factor` unless that is 0. */
export function caseValues(
  walk: usize,
  group: usize,
  q: u32,
  nFiles: u32,
  padded: u32,
  baseValues: usize,
  baseTotal: f64,
  factor: usize,
  out: usize,
): void {
  const pair: usize = load<u32>(group, 20) + (q << 3);
  const extra = load<f32>(walk, 36);
  const first: usize = load<u32>(pair), count = load<u32>(pair, 4), end = padded << 2;
  let total = baseTotal;
  for (let v: u32 = 0; v < count; v++) {
    const vector = first + v * VECTOR;
    total += f64(extra * classWeight(walk, vector)) * load<f64>(vector, 24);
  }
  const scale = f64(nFiles) / total, s = f32x4.splat(f32(scale));
  // The last vector is added together with the factor; further ones are rare.
  let from = baseValues, v: u32 = 0;
  for (; v + 1 < count; v++) {
    const vector = first + v * VECTOR, dense: usize = load<u32>(vector, 20);
    const w = f32x4.splat(extra * classWeight(walk, vector));
    for (let i: usize = 0; i < end; i += 16) {
      v128.store(out + i, f32x4.add(v128.load(from + i), f32x4.mul(w, v128.load(dense + i))));
    }
    from = out;
  }
  const vector = first + v * VECTOR, dense: usize = load<u32>(vector, 20);
  const w = f32x4.splat(f32(f64(extra * classWeight(walk, vector)) * scale));
  if (factor == 0) {
    for (let i: usize = 0; i < end; i += 16) {
      v128.store(
        out + i,
        f32x4.add(f32x4.mul(s, v128.load(from + i)), f32x4.mul(w, v128.load(dense + i))),
      );
    }
  } else {
    for (let i: usize = 0; i < end; i += 16) {
      const value = f32x4.add(f32x4.mul(s, v128.load(from + i)), f32x4.mul(w, v128.load(dense + i)));
      v128.store(out + i, f32x4.mul(value, v128.load(factor + i)));
    }
  }
}
