/** Powers of many numbers at once, in double precision: about 1e-11 relative, far below what a Float32 keeps. */

// @ts-ignore: decorator
@inline
const SQRT2: f64 = 1.4142135623730951;

/** log2 of two positive normal numbers. */
// @ts-ignore: decorator
@inline
function log2(x: v128): v128 {
  const one = f64x2.splat(1.0);
  let exponent = i64x2.shr_u(x, 52);
  let m = v128.or(
    v128.and(x, i64x2.splat(0x000f_ffff_ffff_ffff)),
    i64x2.splat(0x3ff0_0000_0000_0000),
  );
  const big = f64x2.gt(m, f64x2.splat(SQRT2));
  m = v128.bitselect(f64x2.mul(m, f64x2.splat(0.5)), m, big);
  // A mask is -1, so subtracting it adds the halving back to the exponent.
  exponent = i64x2.sub(exponent, big);
  // 2^52 + e has e in its last bits: an integer becomes a double without a conversion.
  const e = f64x2.sub(
    v128.or(exponent, i64x2.splat(0x4330_0000_0000_0000)),
    f64x2.splat(4503599627370496.0 + 1023.0),
  );
  const t = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one));
  const s = f64x2.mul(t, t);
  let p = f64x2.splat(1.0 / 15.0);
  p = f64x2.add(f64x2.mul(p, s), f64x2.splat(1.0 / 13.0));
  p = f64x2.add(f64x2.mul(p, s), f64x2.splat(1.0 / 11.0));
  p = f64x2.add(f64x2.mul(p, s), f64x2.splat(1.0 / 9.0));
  p = f64x2.add(f64x2.mul(p, s), f64x2.splat(1.0 / 7.0));
  p = f64x2.add(f64x2.mul(p, s), f64x2.splat(1.0 / 5.0));
  p = f64x2.add(f64x2.mul(p, s), f64x2.splat(1.0 / 3.0));
  p = f64x2.add(f64x2.mul(p, s), one);
  return f64x2.add(e, f64x2.mul(f64x2.mul(t, p), f64x2.splat(2.8853900817779268)));
}

/** 2 to the power of two numbers, held inside [-1000, 1000]. */
// @ts-ignore: decorator
@inline
function exp2(y: v128): v128 {
  y = f64x2.pmax(f64x2.pmin(y, f64x2.splat(1000.0)), f64x2.splat(-1000.0));
  const k = f64x2.nearest(y);
  const f = f64x2.mul(f64x2.sub(y, k), f64x2.splat(0.6931471805599453));
  let p = f64x2.splat(1.0 / 39916800.0);
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(1.0 / 3628800.0));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(1.0 / 362880.0));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(1.0 / 40320.0));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(1.0 / 5040.0));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(1.0 / 720.0));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(1.0 / 120.0));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(1.0 / 24.0));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(1.0 / 6.0));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(0.5));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(1.0));
  p = f64x2.add(f64x2.mul(p, f), f64x2.splat(1.0));
  // The same trick backwards: k + 1023 lands in the last bits and is shifted into the exponent.
  const bits = f64x2.add(k, f64x2.splat(4503599627370496.0 + 1023.0));
  return f64x2.mul(p, i64x2.shl(bits, 52));
}

/** (a + b x + floor) ^ exponent of four Float32; a base that is not positive gives 0. */
// @ts-ignore: decorator
@inline
export function power4(x: v128, a: f64, b: f64, floor: f64, exponent: f64): v128 {
  const e = f64x2.splat(exponent);
  return powersOf(x, a, b, floor, e, e);
}

/** The same with an exponent for each: doubles of the first two, and of the last. */
// @ts-ignore: decorator
@inline
export function powersOf(x: v128, a: f64, b: f64, floor: f64, e: v128, f: v128): v128 {
  const shift = f64x2.splat(a + floor), slope = f64x2.splat(b);
  const low = f64x2.add(f64x2.mul(f64x2.promote_low_f32x4(x), slope), shift);
  const swapped = v128.shuffle<i32>(x, x, 2, 3, 2, 3);
  const high = f64x2.add(f64x2.mul(f64x2.promote_low_f32x4(swapped), slope), shift);
  const zero = f64x2.splat(0.0);
  const first = v128.and(exp2(f64x2.mul(log2(low), e)), f64x2.gt(low, zero));
  const second = v128.and(exp2(f64x2.mul(log2(high), f)), f64x2.gt(high, zero));
  return v128.shuffle<i32>(f32x4.demote_f64x2_zero(first), f32x4.demote_f64x2_zero(second), 0, 1, 4, 5);
}

/** to[i] = (a + b from[i] + floor) ^ exponent. Both arrays have room for a multiple of 4. */
export function powers(from: usize, to: usize, count: u32, a: f64, b: f64, floor: f64, exponent: f64): void {
  for (let i: u32 = 0; i < count; i += 4) {
    v128.store(to + (i << 2), power4(v128.load(from + (i << 2)), a, b, floor, exponent));
  }
}
