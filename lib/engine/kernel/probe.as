/** How fast memory can be read: the yardstick of the benchmark. */

/** Sum of the Float32 in a range whose size is a multiple of 64 bytes. */
export function readAll(from: usize, bytes: usize): f32 {
  let a = f32x4.splat(0), b = a, c = a, d = a;
  for (const end = from + bytes; from < end; from += 64) {
    a = f32x4.add(a, v128.load(from));
    b = f32x4.add(b, v128.load(from, 16));
    c = f32x4.add(c, v128.load(from, 32));
    d = f32x4.add(d, v128.load(from, 48));
  }
  a = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
  return f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1) + f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3);
}
