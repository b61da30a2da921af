/** Numbers of four points side by side: one of each in a row of four Float32. */

/** Float32 at four addresses. */
// @ts-ignore: decorator
@inline
export function four(a: usize, b: usize, c: usize, d: usize): v128 {
  const two = v128.load_lane<f32>(b, v128.load32_zero(a), 1);
  return v128.load_lane<f32>(d, v128.load_lane<f32>(c, two, 2), 3);
}

/** Float64 of the first two of four Float32. */
// @ts-ignore: decorator
@inline
export function lower(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}

/** Float64 of the last two of four Float32. */
// @ts-ignore: decorator
@inline
export function upper(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 2, 3));
}

/** Four Float32 of two and two Float64. */
// @ts-ignore: decorator
@inline
export function narrow(low: v128, high: v128): v128 {
  return v128.shuffle<i32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

// Four files of points p, q, r and s are turned to four rows of four points by halves: the first two files and the last two of two
// points, then of those of p, q and of r, s every other.

// @ts-ignore: decorator
@inline
export function firstTwo(p: v128, q: v128): v128 {
  return v128.shuffle<i32>(p, q, 0, 4, 1, 5);
}

// @ts-ignore: decorator
@inline
export function lastTwo(p: v128, q: v128): v128 {
  return v128.shuffle<i32>(p, q, 2, 6, 3, 7);
}

// @ts-ignore: decorator
@inline
export function evenRow(pq: v128, rs: v128): v128 {
  return v128.shuffle<i64>(pq, rs, 0, 2);
}

// @ts-ignore: decorator
@inline
export function oddRow(pq: v128, rs: v128): v128 {
  return v128.shuffle<i64>(pq, rs, 1, 3);
}
