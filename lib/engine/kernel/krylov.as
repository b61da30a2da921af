/** One restart vector's walk at many alphas: an Arnoldi basis, small Hessenberg systems, curves by file. */

// @ts-ignore: decorator
@inline
function at(base: usize, i: usize): f64 {
  return load<f64>(base + (i << 3));
}

/** Solves (I - alpha H) z = e_1 for an upper Hessenberg H of m rows, `width` a row. A and z are work space. */
function hessenberg(H: usize, width: usize, m: usize, alpha: f64, A: usize, z: usize): void {
  for (let i: usize = 0; i < m; i++) {
    for (let j: usize = i > 0 ? i - 1 : 0; j < m; j++) {
      store<f64>(A + ((i * m + j) << 3), (i == j ? 1.0 : 0.0) - alpha * at(H, i * width + j));
    }
    store<f64>(z + (i << 3), i == 0 ? 1.0 : 0.0);
  }
  for (let k: usize = 0; k + 1 < m; k++) {
    const row = k * m, next = row + m;
    if (Math.abs(at(A, next + k)) > Math.abs(at(A, row + k))) {
      for (let j = k; j < m; j++) {
        const t = at(A, row + j);
        store<f64>(A + ((row + j) << 3), at(A, next + j));
        store<f64>(A + ((next + j) << 3), t);
      }
      const t = at(z, k);
      store<f64>(z + (k << 3), at(z, k + 1));
      store<f64>(z + ((k + 1) << 3), t);
    }
    const factor = at(A, next + k) / at(A, row + k);
    if (factor == 0) continue;
    for (let j = k; j < m; j++) {
      store<f64>(A + ((next + j) << 3), at(A, next + j) - factor * at(A, row + j));
    }
    store<f64>(z + ((k + 1) << 3), at(z, k + 1) - factor * at(z, k));
  }
  for (let i: isize = isize(m) - 1; i >= 0; i--) {
    let sum = at(z, i);
    for (let j: usize = i + 1; j < m; j++) sum -= at(A, i * m + j) * at(z, j);
    store<f64>(z + (i << 3), sum / at(A, i * m + i));
  }
}

// @ts-ignore: decorator
@inline
function dot(a: usize, b: usize, bytes: usize): f64 {
  let s = f64x2.splat(0), t = s;
  for (let i: usize = 0; i < bytes; i += 32) {
    s = f64x2.add(s, f64x2.mul(v128.load(a + i), v128.load(b + i)));
    t = f64x2.add(t, f64x2.mul(v128.load(a + i, 16), v128.load(b + i, 16)));
  }
  s = f64x2.add(s, t);
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}

/** y += factor x over `bytes` bytes, a multiple of 32. */
// @ts-ignore: decorator
@inline
function axpy(factor: f64, x: usize, y: usize, bytes: usize): void {
  const f = f64x2.splat(factor);
  for (let i: usize = 0; i < bytes; i += 32) {
    v128.store(y + i, f64x2.add(v128.load(y + i), f64x2.mul(f, v128.load(x + i))));
    v128.store(y + i, f64x2.add(v128.load(y + i, 16), f64x2.mul(f, v128.load(x + i, 16))), 16);
  }
}

/**
 * Writes sqrt(1 - alpha) (I - alpha M)^-1 p at every node alpha, node-major with `stride` doubles a node, and each file's first hop.
 *
 * @param offsets, sources, shares rows of M: who flows into a file, with what share
 * @param start positions of the restart files, each with weight 1
 * @param hops u8 a file: steps from the restart to it, 255 where the walk never comes
 * @param V (most + 1) x stride doubles, H (most + 1) x most, A most x most, z most: work space
 * @returns columns of the basis
 */
export function solve(
  n: u32, stride: u32, offsets: usize, sources: usize, shares: usize, start: usize, nStart: u32,
  alphas: usize, nodes: u32, most: u32, residual: f64, hops: usize,
  V: usize, H: usize, A: usize, z: usize, out: usize,
): u32 {
  const width: usize = most, bytes: usize = usize(stride) << 3;
  memory.fill(H, 0, (usize(most) + 1) * width << 3);
  memory.fill(hops, 255, n);
  memory.fill(V, 0, bytes);
  const norm = Math.sqrt(f64(nStart));
  for (let i: u32 = 0; i < nStart; i++) {
    const file: usize = load<u32>(start + (i << 2));
    store<f64>(V + (file << 3), 1.0 / norm);
    store<u8>(hops + file, 0);
  }
  const top = load<f64>(alphas + (usize(nodes - 1) << 3));
  let m: usize = 0;
  while (m < usize(min(most, n))) {
    const from = V + m * bytes, w = from + bytes, hop: u32 = min<u32>(u32(m) + 1, 254);
    memory.fill(w + (usize(n) << 3), 0, bytes - (usize(n) << 3));
    let e: usize = load<u32>(offsets);
    for (let i: usize = 0; i < usize(n); i++) {
      const stop: usize = load<u32>(offsets + ((i + 1) << 2));
      let sum: f64 = 0;
      for (; e < stop; e++) {
        sum += load<f64>(shares + (e << 3)) * load<f64>(from + (usize(load<u32>(sources + (e << 2))) << 3));
      }
      store<f64>(w + (i << 3), sum);
      if (sum != 0 && load<u8>(hops + i) == 255) store<u8>(hops + i, u8(hop));
    }
    for (let j: usize = 0; j <= m; j++) {
      const v = V + j * bytes, d = dot(w, v, bytes);
      store<f64>(H + ((j * width + m) << 3), d);
      axpy(-d, v, w, bytes);
    }
    const length = Math.sqrt(dot(w, w, bytes));
    m++;
    if (m < width) store<f64>(H + ((m * width + m - 1) << 3), length);
    if (length < 1e-14) break;
    const inverse = f64x2.splat(1.0 / length);
    for (let i: usize = 0; i < bytes; i += 16) v128.store(w + i, f64x2.mul(inverse, v128.load(w + i)));
    if (m >= 8 && m % 2 == 0) {
      hessenberg(H, width, m, top, A, z);
      if (Math.abs(at(z, m - 1)) * length * top < residual) break;
    }
  }
  for (let k: usize = 0; k < usize(nodes); k++) {
    const alpha = at(alphas, k), y = out + k * bytes;
    hessenberg(H, width, m, alpha, A, z);
    const scale = norm * Math.sqrt(1 - alpha);
    memory.fill(y, 0, bytes);
    for (let j: usize = 0; j < m; j++) axpy(at(z, j) * scale, V + j * bytes, y, bytes);
  }
  return u32(m);
}

/**
 * Takes the blocks of four files a walk reaches out of node-major values, and takes alpha^hop out of their curves.
 *
 * Blocks are of files as `order` (u16) has them. Files of such a block the walk does not reach have curves of 0. Hops above `deepest`
 * count as `deepest`.
 * @param inverse f64, nodes x (deepest + 1): alpha^-hop
 * @param blocks out, u32 a block: where it stands, and from bit 16 on its four hops of four bits each
 * @param rowHops out, u8 a row of curves
 * @param curves out, node-major with `room` doubles a node
 * @returns number of blocks
 */
export function gather(
  n: u32, stride: u32, nodes: u32, values: usize, hops: usize, order: usize, deepest: u32, inverse: usize,
  blocks: usize, rowHops: usize, curves: usize, room: u32,
): u32 {
  const top = values + (usize((nodes - 1) * stride) << 3);
  let count: u32 = 0;
  for (let first: u32 = 0; first < n; first += 4) {
    let reached: u32 = 0, pattern: u32 = 0;
    for (let i: u32 = 0; i < 4; i++) {
      const row = rowHops + (count << 2) + i;
      store<u8>(row, 0);
      if (first + i >= n) continue;
      const file: usize = load<u16>(order + ((first + i) << 1));
      // What rounding left nothing of even at the largest alpha has no curve worth keeping.
      if (load<u8>(hops + file) == 255 || !(load<f64>(top + (file << 3)) > 0)) continue;
      const hop = min(u32(load<u8>(hops + file)), deepest);
      reached |= 1 << i;
      pattern |= hop << (4 * i);
      store<u8>(row, u8(hop));
    }
    if (reached == 0) continue;
    store<u32>(blocks + (count << 2), (first >> 2) | (pattern << 16));
    for (let k: u32 = 0; k < nodes; k++) {
      const from = values + (usize(k * stride) << 3), to = curves + (usize(k * room + (count << 2)) << 3);
      for (let i: u32 = 0; i < 4; i++) {
        const factor = load<f64>(inverse + (usize(k * (deepest + 1) + load<u8>(rowHops + (count << 2) + i)) << 3));
        const live = (reached >> i) & 1, file: usize = live ? load<u16>(order + ((first + i) << 1)) : 0;
        store<f64>(to + (i << 3), live ? Math.max(0, load<f64>(from + (file << 3))) * factor : 0);
      }
    }
    count++;
  }
  return count;
}
