/** A group's curves in alpha span few functions: an orthonormal basis of them, and the curves in it. */

/** Adds the products of a vector's curves, each of unit length, to a nodes x nodes matrix (upper triangle). */
export function addProducts(curves: usize, rows: u32, room: u32, nodes: u32, lengths: usize, matrix: usize): void {
  for (let p: usize = 0; p < usize(rows); p++) {
    let sum: f64 = 0;
    for (let k: u32 = 0; k < nodes; k++) {
      const v = load<f64>(curves + ((usize(k * room) + p) << 3));
      sum += v * v;
    }
    store<f64>(lengths + (p << 3), sum > 0 ? 1 / sum : 0);
  }
  for (let k: u32 = 0; k < nodes; k++) {
    const a = curves + (usize(k * room) << 3);
    for (let l = k; l < nodes; l++) {
      const b = curves + (usize(l * room) << 3);
      let sum = f64x2.splat(0);
      for (let p: usize = 0; p < usize(rows) << 3; p += 16) {
        sum = f64x2.add(
          sum,
          f64x2.mul(f64x2.mul(v128.load(a + p), v128.load(b + p)), v128.load(lengths + p)),
        );
      }
      const cell = matrix + (usize(k * nodes + l) << 3);
      store<f64>(cell, load<f64>(cell) + f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
    }
  }
}

/** Coefficients of curves in the first `rank` functions, node-major layout in and rank-major out; doubles. */
function coefficients(curves: usize, rows: u32, room: u32, nodes: u32, basis: usize, rank: u32, out: usize): void {
  for (let r: u32 = 0; r < rank; r++) {
    const target = out + (usize(r * room) << 3);
    for (let p: usize = 0; p < usize(rows) << 3; p += 16) {
      let sum = f64x2.splat(0);
      for (let k: u32 = 0; k < nodes; k++) {
        sum = f64x2.add(
          sum,
          f64x2.mul(
            v128.load_splat<f64>(basis + (usize(r * nodes + k) << 3)),
            v128.load(curves + (usize(k * room) << 3) + p),
          ),
        );
      }
      v128.store(target + p, sum);
    }
  }
}

/**
 * Raises `out[r]` to the largest size a coefficient of function r has beside the file's first.
 *
 * @param out f64 a function
 */
export function proportions(curves: usize, rows: u32, room: u32, nodes: u32, basis: usize, rank: u32, work: usize, out: usize): void {
  coefficients(curves, rows, room, nodes, basis, rank, work);
  for (let r: u32 = 0; r < rank; r++) {
    let most = load<f64>(out + (r << 3));
    for (let p: usize = 0; p < usize(rows); p++) {
      const first = Math.abs(load<f64>(work + (p << 3)));
      if (first > 0) most = Math.max(most, Math.abs(load<f64>(work + ((usize(r * room) + p) << 3))) / first);
    }
    store<f64>(out + (r << 3), most);
  }
}

/** A coefficient as it is kept: the first `whole` as Float32, others as a whole number of steps, in 16 bits, of the file's first. */
// @ts-ignore: decorator
@inline
function kept(r: u32, whole: u32, value: f64, first: f64, step: f64): f64 {
  if (r < whole) return f64(f32(value));
  return first == 0 ? 0 : Math.max(-32767, Math.min(32767, nearest(value / first / step)));
}

/**
 * Largest relative error of a vector's curves, at any node, when only the first `rank` functions are kept, as they are kept.
 *
 * @param hops u8 a row; `inverse` f64, nodes x (deepest + 1): alpha^-hop; `steps` f64 a function
 * @param floor value below which an error counts as if the value were this: what double precision leaves of small ones is noise
 */
export function misfit(
  curves: usize, rows: u32, room: u32, nodes: u32, basis: usize, rank: u32, work: usize,
  hops: usize, inverse: usize, deepest: u32, floor: f64, steps: usize, whole: u32,
): f64 {
  coefficients(curves, rows, room, nodes, basis, rank, work);
  for (let p: usize = 0; p < usize(rows); p++) {
    const first = load<f64>(work + (p << 3));
    for (let r: u32 = 0; r < rank; r++) {
      const cell = work + ((usize(r * room) + p) << 3), step = load<f64>(steps + (r << 3));
      const value = kept(r, whole, load<f64>(cell), first, step);
      store<f64>(cell, r < whole ? value : value * step * first);
    }
  }
  let worst = f64x2.splat(0);
  for (let p: usize = 0; p < usize(rows) << 3; p += 16) {
    const hop: usize = load<u8>(hops + (p >> 3)), next: usize = load<u8>(hops + (p >> 3) + 1);
    for (let k: u32 = 0; k < nodes; k++) {
      const value = v128.load(curves + (usize(k * room) << 3) + p);
      let rest = value;
      for (let r: u32 = 0; r < rank; r++) {
        rest = f64x2.sub(
          rest,
          f64x2.mul(
            v128.load_splat<f64>(basis + (usize(r * nodes + k) << 3)),
            v128.load(work + (usize(r * room) << 3) + p),
          ),
        );
      }
      const powers = inverse + (usize(k * (deepest + 1)) << 3);
      const two = v128.load_lane<f64>(powers + (next << 3), v128.load64_zero(powers + (hop << 3)), 1);
      const least = f64x2.mul(f64x2.splat(floor), two);
      worst = f64x2.pmax(worst, f64x2.div(f64x2.abs(rest), f64x2.add(value, least)));
    }
  }
  return Math.max(f64x2.extract_lane(worst, 0), f64x2.extract_lane(worst, 1));
}

/** Writes coefficients in the order they are read: block by block, in each the functions, in each four files. */
export function project(
  curves: usize, rows: u32, room: u32, nodes: u32, basis: usize, rank: u32, work: usize, out: usize, steps: usize, whole: u32,
): void {
  coefficients(curves, rows, room, nodes, basis, rank, work);
  for (let p: u32 = 0; p < rows; p += 4) {
    for (let r: u32 = 0; r < rank; r++) {
      for (let i: u32 = 0; i < 4; i++) {
        const first = load<f64>(work + (usize(p + i) << 3)), value = load<f64>(work + (usize(r * room + p + i) << 3));
        const put = kept(r, whole, value, first, load<f64>(steps + (r << 3)));
        if (r < whole) {
          store<f32>(out, f32(put));
          out += 4;
        } else {
          store<i16>(out, i16(put));
          out += 2;
        }
      }
    }
  }
}
