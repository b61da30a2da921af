/** Lists of the few files that have a measurement, largest first, one list behind the other. */

/**
 * Where in each list a step ends: behind its last value of at least the threshold.
 *
 * @param starts u32 a list: where it starts in `values` (f32); and of where the last one ends
 * @param out u32 a list, counted as `starts` counts
 */
export function findStops(starts: usize, lists: u32, values: usize, threshold: f32, out: usize): void {
  for (let i: usize = 0; i < usize(lists); i++) {
    let from = load<u32>(starts + (i << 2)), left = load<u32>(starts + (i << 2), 4) - from;
    // Halves without a branch, for where a list ends cannot be foreseen.
    while (left > 0) {
      const half = left >> 1, reached = load<f32>(values + (usize(from + half) << 2)) >= threshold;
      from = select(from + half + 1, from, reached);
      left = select(left - half - 1, half, reached);
    }
    store<u32>(out + (i << 2), from);
  }
}

/**
 * Writes or multiplies the listed files: mode bit 0 multiply, bit 1 step instead of line.
 *
 * A line is p + r v; a step is p up to where it ends, then r.
 *
 * @param list where the list starts in positions (u16) and values, and where it ends
 * @param values f32 of a line; of a step u32 a list, as {@link findStops} made them
 */
export function applyList(list: usize, positions: usize, values: usize, index: u32, p: f32, r: f32, mode: u32, out: usize): void {
  const first: usize = load<u32>(list), end = positions + (usize(load<u32>(list, 4)) << 1);
  let at = positions + (first << 1);
  if (mode & 2) {
    const stop = positions + (usize(load<u32>(values + (index << 2))) << 1);
    if (mode & 1) {
      at = step(true, at, stop, p, out);
      // Behind it all multiply by r, which need not be done where that is 1.
      if (r != 1) step(true, at, end, r, out);
    } else {
      at = step(false, at, stop, p, out);
      step(false, at, end, r, out);
    }
  } else {
    for (let from = values + (first << 2); at < end; at += 2, from += 4) {
      const to = out + (usize(load<u16>(at)) << 2), x = p + r * load<f32>(from);
      store<f32>(to, (mode & 1) ? load<f32>(to) * x : x);
    }
  }
}

// @ts-ignore: decorator
@inline
function step(multiply: bool, at: usize, end: usize, factor: f32, out: usize): usize {
  for (; at < end; at += 2) {
    const to = out + (usize(load<u16>(at)) << 2);
    store<f32>(to, multiply ? load<f32>(to) * factor : factor);
  }
  return at;
}
