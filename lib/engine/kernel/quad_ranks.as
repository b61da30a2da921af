/** Ranks of four points at once, by counting the rows surely above a target's. Results are those of `ranks.as`. */
import { ABOVE, BELOW, CUTOFF, DISCOUNTS, IDEALS, RELEVANCE, TARGETS, TINY, VALUES } from "./job";
import { four } from "./quad_lane";
import { leave, tiedBefore, TOO_CLOSE, TOO_SMALL } from "./ranks";

/**
 * Ranks a case's targets and writes their nDCG for each point, or what says why it is left undecided.
 *
 * @param jobs addresses of four jobs, of which the first `live` want results
 * @param unsure points, a bit each, at which a value was too close to a step to tell its side
 * @param record 16 bytes: seed, first target, number of targets
 * @param scores in rows: -1 at the seed, all others at least 0
 * @param sums room for four Float64
 */
export function judgeRows(
  jobs: usize, live: u32, unsure: u32, group: u32, q: u32, position: u32, record: usize, scores: usize, n: u32, sums: usize,
): void {
  const job: usize = load<u32>(jobs), start = load<u32>(record, 4), count = load<u32>(record, 8);
  const targets: usize = load<u32>(job, TARGETS) + (start << 2), cutoff = i32x4.splat(load<u32>(job, CUTOFF));
  const tiny = ofJobs(jobs, TINY), above = ofJobs(jobs, ABOVE), below = ofJobs(jobs, BELOW);
  const relevance: usize = load<u32>(job, RELEVANCE) + (start << 3), discounts: usize = load<u32>(job, DISCOUNTS);
  memory.fill(sums, 0, 32);
  // A bit for each point that still needs, or lacks, a value.
  let open: u32 = (1 << live) - 1;
  for (let bits = unsure & open; bits; bits &= bits - 1) leave(load<u32>(jobs + (usize(ctz(bits)) << 2)), position, TOO_CLOSE);
  open &= ~unsure;
  for (let t: u32 = 0; t < count && open; t++) {
    const file = load<u32>(targets + (t << 2)), own = v128.load(scores + (usize(file) << 4));
    const before = rowsAbove(scores, n, f32x4.mul(own, above), cutoff);
    let bits: u32 = i32x4.bitmask(i32x4.lt_s(before, cutoff)) & open;
    if (!bits) continue;
    const near = i32x4.sub(rowsFrom(scores, n, f32x4.mul(own, below)), before);
    const decided: u32 = i32x4.bitmask(f32x4.gt(own, tiny)), single: u32 = i32x4.bitmask(i32x4.eq(near, i32x4.splat(1)));
    for (; bits; bits &= bits - 1) {
      const lane: u32 = ctz(bits), at: usize = load<u32>(jobs + (lane << 2));
      let rows = laneOf(before, lane);
      if (!((decided >> lane) & 1)) {
        leave(at, position, TOO_SMALL);
        open &= ~(1 << lane);
        continue;
      }
      if (!((single >> lane) & 1)) {
        const most = u32(i32x4.extract_lane(cutoff, 0)) - rows;
        const tied = tiedBefore(at, group, q, position, record, file, scores + (lane << 2), 16, n, most);
        if (tied < 0) {
          leave(at, position, TOO_CLOSE);
          open &= ~(1 << lane);
          continue;
        }
        rows += tied;
      }
      const sum = sums + (lane << 3);
      if (rows < 10) store<f64>(sum, load<f64>(sum) + load<f64>(relevance + (t << 3)) * load<f64>(discounts + ((rows + 1) << 3)));
    }
  }
  const ideal = load<f64>(usize(load<u32>(job, IDEALS)) + (position << 3));
  for (; open; open &= open - 1) {
    const lane: u32 = ctz(open), at: usize = load<u32>(jobs + (lane << 2));
    store<f64>(usize(load<u32>(at, VALUES)) + (position << 3), load<f64>(sums + (lane << 3)) / ideal);
  }
}

/** A Float32 of each of four jobs. */
// @ts-ignore: decorator
@inline
function ofJobs(jobs: usize, offset: usize): v128 {
  return four(
    usize(load<u32>(jobs)) + offset, usize(load<u32>(jobs, 4)) + offset, usize(load<u32>(jobs, 8)) + offset,
    usize(load<u32>(jobs, 12)) + offset,
  );
}

/** How many rows are above a bound; at least `cutoff` as soon as there are so many for each point. */
function rowsAbove(at: usize, n: u32, bound: v128, cutoff: v128): v128 {
  const end = at + (usize(n) << 4);
  let a = i32x4.splat(0), b = a;
  while (at + 496 < end) {
    for (const stop = at + 512; at < stop; at += 64) {
      a = i32x4.sub(i32x4.sub(a, f32x4.gt(v128.load(at), bound)), f32x4.gt(v128.load(at, 16), bound));
      b = i32x4.sub(i32x4.sub(b, f32x4.gt(v128.load(at, 32), bound)), f32x4.gt(v128.load(at, 48), bound));
    }
    if (i32x4.all_true(i32x4.ge_s(i32x4.add(a, b), cutoff))) return i32x4.add(a, b);
  }
  for (; at < end; at += 16) a = i32x4.sub(a, f32x4.gt(v128.load(at), bound));
  return i32x4.add(a, b);
}

/** How many rows are at least a bound. */
function rowsFrom(at: usize, n: u32, bound: v128): v128 {
  const end = at + (usize(n) << 4);
  let a = i32x4.splat(0), b = a;
  for (; at + 48 < end; at += 64) {
    a = i32x4.sub(i32x4.sub(a, f32x4.ge(v128.load(at), bound)), f32x4.ge(v128.load(at, 16), bound));
    b = i32x4.sub(i32x4.sub(b, f32x4.ge(v128.load(at, 32), bound)), f32x4.ge(v128.load(at, 48), bound));
  }
  for (; at < end; at += 16) a = i32x4.sub(a, f32x4.ge(v128.load(at), bound));
  return i32x4.add(a, b);
}

// @ts-ignore: decorator
@inline
function laneOf(v: v128, lane: u32): u32 {
  if (lane == 0) return i32x4.extract_lane(v, 0);
  if (lane == 1) return i32x4.extract_lane(v, 1);
  return lane == 2 ? i32x4.extract_lane(v, 2) : i32x4.extract_lane(v, 3);
}
