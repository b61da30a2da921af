/** Ranks of four points at once, by counting the rows before a target's. Results are those of `ranks.as`. */
import { CUTOFF, DISCOUNTS, IDEALS, RELEVANCE, TARGETS, TINY, UNDECIDED, VALUES } from "./job";
import { four } from "./quad_lane";

/**
 * Ranks a case's targets and writes their nDCG for each point, or -1 where a score at most `tiny` leaves it undecided.
 *
 * @param jobs addresses of four jobs, of which the first `live` want results
 * @param record 16 bytes: seed, first target, number of targets
 * @param scores in rows: -1 at the seed, all others at least 0
 * @param sums room for four Float64
 */
export function judgeRows(
  jobs: usize, live: u32, position: u32, record: usize, scores: usize, nFiles: u32, sums: usize,
): void {
  const job: usize = load<u32>(jobs), start = load<u32>(record, 4), count = load<u32>(record, 8);
  const targets: usize = load<u32>(job, TARGETS) + (start << 2), cutoff = i32x4.splat(load<u32>(job, CUTOFF));
  const tiny = four(
    job + TINY, usize(load<u32>(jobs, 4)) + TINY, usize(load<u32>(jobs, 8)) + TINY, usize(load<u32>(jobs, 12)) + TINY,
  );
  memory.fill(sums, 0, 32);
  let undecided: u32 = 0;
  for (let t: u32 = 0; t < count; t++) {
    const file: usize = load<u32>(targets + (t << 2));
    undecided |= gain(job, start + t, ahead(scores, file, nFiles), cutoff, scores, file, nFiles, tiny, sums);
  }
  const ideal = load<f64>(usize(load<u32>(job, IDEALS)) + (position << 3));
  for (let l: u32 = 0; l < live; l++) {
    const own: usize = load<u32>(jobs + (l << 2)), value = load<u32>(own, VALUES) + (position << 3);
    if (undecided & (1 << l)) {
      store<u32>(own, 1, UNDECIDED);
      store<f64>(value, -1);
    } else store<f64>(value, load<f64>(sums + (l << 3)) / ideal);
  }
}

/** How many rows come before a file's, for each point. */
function ahead(scores: usize, file: usize, nFiles: u32): v128 {
  const own = scores + (file << 4), bound = v128.load(own);
  // A row before the target comes first if its score is not below the target's, one behind it if its score is above. Scores are not
  // negative, so adding 1 to the bits of one gives the next Float32, and being at least that is being above.
  return i32x4.add(
    reaching(scores, own, bound),
    reaching(own, scores + (usize(nFiles) << 4), i32x4.add(bound, i32x4.splat(1))),
  );
}

/** How many of some rows are at least a bound. */
// @ts-ignore: decorator
@inline
function reaching(at: usize, end: usize, bound: v128): v128 {
  let a = i32x4.splat(0), b = a;
  for (; at + 48 < end; at += 64) {
    a = i32x4.sub(i32x4.sub(a, f32x4.ge(v128.load(at), bound)), f32x4.ge(v128.load(at, 16), bound));
    b = i32x4.sub(i32x4.sub(b, f32x4.ge(v128.load(at, 32), bound)), f32x4.ge(v128.load(at, 48), bound));
  }
  for (; at < end; at += 16) a = i32x4.sub(a, f32x4.ge(v128.load(at), bound));
  return i32x4.add(a, b);
}

/** Adds what a target gains at its four ranks. Returns the points at which it is undecided, a bit each. */
function gain(
  job: usize, target: u32, before: v128, cutoff: v128, scores: usize, file: usize, nFiles: u32, tiny: v128, sums: usize,
): u32 {
  const score = v128.load(scores + (file << 4));
  const within = i32x4.lt_s(before, cutoff), decided = f32x4.gt(score, tiny);
  let undecided: u32 = 0, bits: u32 = i32x4.bitmask(v128.and(within, decided));
  if (!v128.any_true(i32x4.lt_s(before, cutoff)) && i32x4.all_true(decided)) return 0;
  const relevance = load<f64>(usize(load<u32>(job, RELEVANCE)) + (target << 3)), discounts: usize = load<u32>(job, DISCOUNTS);
  for (; bits; bits &= bits - 1) {
    const lane: u32 = ctz(bits), rows = laneOf(before, lane), sum = sums + (lane << 3);
    if (rows < 10) store<f64>(sum, load<f64>(sum) + relevance * load<f64>(discounts + ((rows + 1) << 3)));
  }
  // Too small for its ties to mean anything; but enough files above it settle the matter.
  for (bits = ~u32(i32x4.bitmask(decided)) & 15; bits; bits &= bits - 1) {
    const lane: u32 = ctz(bits), own = load<f32>(scores + (file << 4) + (lane << 2));
    let above: u32 = 0;
    for (let i: usize = 0; i < usize(nFiles); i++) above += u32(load<f32>(scores + (i << 4) + (lane << 2)) > own);
    if (above < u32(i32x4.extract_lane(cutoff, 0))) undecided |= 1 << lane;
  }
  return undecided;
}

// @ts-ignore: decorator
@inline
function laneOf(v: v128, lane: u32): u32 {
  if (lane == 0) return i32x4.extract_lane(v, 0);
  if (lane == 1) return i32x4.extract_lane(v, 1);
  return lane == 2 ? i32x4.extract_lane(v, 2) : i32x4.extract_lane(v, 3);
}
