/** What a walk leaf is worth to a case: class vectors weighed together, then its own vectors, scaled to a mean of 1. */
import { extent, VECTOR } from "./curves";

// @ts-ignore: decorator
@inline
function classWeight(walk: usize, vector: usize): f32 {
  return load<f32>(walk + 20 + (load<u32>(vector) << 2));
}

/** out = sum over classes of weight x vector; returns its total. `padded` is a multiple of 16. */
export function base(walk: usize, group: usize, padded: u32, out: usize): f64 {
  let vector: usize = load<u32>(group, 12), total: f64 = 0;
  const count = load<u32>(group, 16), end = out + (padded << 2);
  for (let v: u32 = 0; v < count; v++) {
    const weight = classWeight(walk, vector), w = f32x4.splat(weight), stop = out + extent(vector);
    let dense: usize = load<u32>(vector, 20), to = out;
    if (v == 0) {
      for (; to < stop; to += 64, dense += 64) {
        v128.store(to, f32x4.mul(w, v128.load(dense)));
        v128.store(to, f32x4.mul(w, v128.load(dense, 16)), 16);
        v128.store(to, f32x4.mul(w, v128.load(dense, 32)), 32);
        v128.store(to, f32x4.mul(w, v128.load(dense, 48)), 48);
      }
      for (; to < end; to += 16) v128.store(to, f32x4.splat(0));
    } else {
      for (; to < stop; to += 64, dense += 64) addScaled(to, to, w, dense);
    }
    total += f64(weight) * load<f64>(vector, 24);
    vector += VECTOR;
  }
  return total;
}

/** 16 floats: out = a + w b. */
// @ts-ignore: decorator
@inline
function addScaled(out: usize, a: usize, w: v128, b: usize): void {
  v128.store(out, f32x4.add(v128.load(a), f32x4.mul(w, v128.load(b))));
  v128.store(out, f32x4.add(v128.load(a, 16), f32x4.mul(w, v128.load(b, 16))), 16);
  v128.store(out, f32x4.add(v128.load(a, 32), f32x4.mul(w, v128.load(b, 32))), 32);
  v128.store(out, f32x4.add(v128.load(a, 48), f32x4.mul(w, v128.load(b, 48))), 48);
}

/**
 * out = files x (base + chat) / total, times `factor` unless that is 0, times the factor of 16 codes unless `codes` is 0.
 *
 * @param codes u8 a file, all below 16
 * @param table byte 0 of 16 values, byte 1 of them, and so on
 */
export function caseValues(
  walk: usize,
  group: usize,
  q: u32,
  nFiles: u32,
  padded: u32,
  baseValues: usize,
  baseTotal: f64,
  factor: usize,
  codes: usize,
  table: usize,
  out: usize,
): void {
  const pair: usize = load<u32>(group, 20) + (q << 3);
  const extra = load<f32>(walk, 36);
  const first: usize = load<u32>(pair), count = load<u32>(pair, 4), bytes: usize = usize(padded) << 2;
  let total = baseTotal;
  for (let v: u32 = 0; v < count; v++) {
    const vector = first + v * VECTOR;
    total += f64(extra * classWeight(walk, vector)) * load<f64>(vector, 24);
  }
  const scale = f64(nFiles) / total, s = f32x4.splat(f32(scale));
  // The last vector is added together with the factors; further ones are rare.
  let from = baseValues, v: u32 = 0;
  for (; v + 1 < count; v++) {
    const vector = first + v * VECTOR, stop = extent(vector);
    const w = f32x4.splat(extra * classWeight(walk, vector));
    const dense: usize = load<u32>(vector, 20);
    if (from != out) memory.copy(out + stop, from + stop, bytes - stop);
    for (let i: usize = 0; i < stop; i += 64) addScaled(out + i, from + i, w, dense + i);
    from = out;
  }
  const vector = first + v * VECTOR, stop = extent(vector), dense: usize = load<u32>(vector, 20);
  const w = f32x4.splat(f32(f64(extra * classWeight(walk, vector)) * scale));
  multiplied(true, s, from, w, dense, factor, codes, table, out, 0, stop);
  multiplied(false, s, from, w, dense, factor, codes, table, out, stop, bytes);
}

/** out = (s from + w dense) x factors, of the bytes `i` to `end`; without `dense` where there is none. */
// @ts-ignore: decorator
@inline
function multiplied(
  there: bool, s: v128, from: usize, w: v128, dense: usize, factor: usize, codes: usize, table: usize, out: usize, i: usize, end: usize,
): void {
  if (codes != 0 && factor != 0) {
    const t0 = v128.load(table), t1 = v128.load(table, 16), t2 = v128.load(table, 32), t3 = v128.load(table, 48);
    for (; i < end; i += 64) {
      const c = v128.load(codes + (i >> 2)), a = from + i, b = dense + i, f = factor + i, to = out + i;
      // Every code is below 16, so the relaxed instruction gives on every machine what the strict one gives.
      const b0 = i8x16.relaxed_swizzle(t0, c), b1 = i8x16.relaxed_swizzle(t1, c);
      const b2 = i8x16.relaxed_swizzle(t2, c), b3 = i8x16.relaxed_swizzle(t3, c);
      const low01 = v128.shuffle<i8>(b0, b1, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const low23 = v128.shuffle<i8>(b2, b3, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const f0 = v128.shuffle<i16>(low01, low23, 0, 8, 1, 9, 2, 10, 3, 11);
      const f1 = v128.shuffle<i16>(low01, low23, 4, 12, 5, 13, 6, 14, 7, 15);
      v128.store(to, f32x4.mul(f32x4.mul(mixed(there, s, a, w, b), v128.load(f)), f0));
      v128.store(to, f32x4.mul(f32x4.mul(mixed(there, s, a + 16, w, b + 16), v128.load(f, 16)), f1), 16);
      const high01 = v128.shuffle<i8>(b0, b1, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      const high23 = v128.shuffle<i8>(b2, b3, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      const f2 = v128.shuffle<i16>(high01, high23, 0, 8, 1, 9, 2, 10, 3, 11);
      const f3 = v128.shuffle<i16>(high01, high23, 4, 12, 5, 13, 6, 14, 7, 15);
      v128.store(to, f32x4.mul(f32x4.mul(mixed(there, s, a + 32, w, b + 32), v128.load(f, 32)), f2), 32);
      v128.store(to, f32x4.mul(f32x4.mul(mixed(there, s, a + 48, w, b + 48), v128.load(f, 48)), f3), 48);
    }
  } else if (factor != 0) {
    for (; i < end; i += 64) {
      const a = from + i, b = dense + i, f = factor + i, to = out + i;
      v128.store(to, f32x4.mul(mixed(there, s, a, w, b), v128.load(f)));
      v128.store(to, f32x4.mul(mixed(there, s, a + 16, w, b + 16), v128.load(f, 16)), 16);
      v128.store(to, f32x4.mul(mixed(there, s, a + 32, w, b + 32), v128.load(f, 32)), 32);
      v128.store(to, f32x4.mul(mixed(there, s, a + 48, w, b + 48), v128.load(f, 48)), 48);
    }
  } else {
    for (; i < end; i += 64) {
      const a = from + i, b = dense + i, to = out + i;
      v128.store(to, mixed(there, s, a, w, b));
      v128.store(to, mixed(there, s, a + 16, w, b + 16), 16);
      v128.store(to, mixed(there, s, a + 32, w, b + 32), 32);
      v128.store(to, mixed(there, s, a + 48, w, b + 48), 48);
    }
  }
}

/** Four floats of s a + w b. */
// @ts-ignore: decorator
@inline
function mixed(there: bool, s: v128, a: usize, w: v128, b: usize): v128 {
  const x = f32x4.mul(s, v128.load(a));
  return there ? f32x4.add(x, f32x4.mul(w, v128.load(b))) : x;
}
