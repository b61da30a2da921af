/**
 * Ranks by counting the files before a target. Among few files all are compared, four targets in a pass; among many only blocks of 16
 * whose best is not below the target, for no other can hold a file before it.
 */

import { CUTOFF, DISCOUNTS, IDEALS, RANKS, RELEVANCE, TARGETS, TINY, UNDECIDED, VALUES } from "./job";

/** Up to this many files comparing all costs less than choosing blocks. */
// @ts-ignore: decorator
@inline
const FEW: u32 = 1024;

/**
 * Ranks a case's targets and writes their nDCG, or -1 where a score at most `tiny` leaves it undecided, and the ranks if wanted.
 *
 * @param record 16 bytes: seed, first target, number of targets
 * @param scores -1 at the seed and behind the last file; all others at least 0
 * @param room for one float a block, and at least four
 */
export function judge(job: usize, position: u32, record: usize, scores: usize, padded: u32, room: usize): void {
  const blocks = padded >> 4, few = padded <= FEW;
  const start = load<u32>(record, 4), count = load<u32>(record, 8);
  const targets: usize = load<u32>(job, TARGETS) + (start << 2), ranks: usize = load<u32>(job, RANKS);
  const cutoff = load<u32>(job, CUTOFF), tiny = load<f32>(job, TINY);
  const relevance: usize = load<u32>(job, RELEVANCE) + (start << 3), discounts: usize = load<u32>(job, DISCOUNTS);
  if (!few) findMaxima(scores, blocks, room);
  let dcg: f64 = 0;
  for (let t: u32 = 0; t < count; t++) {
    const target = load<u32>(targets + (t << 2));
    let rank: u32;
    if (few) {
      if ((t & 3) == 0) countGreater(targets + (t << 2), count - t, scores, blocks, room);
      rank = rankFrom(load<u32>(room + ((t & 3) << 2)), target, scores, cutoff, tiny);
    } else rank = rankAmongBlocks(target, scores, room, blocks, cutoff, tiny);
    if (rank == 0) {
      store<u32>(job, 1, UNDECIDED);
      store<f64>(usize(load<u32>(job, VALUES)) + (position << 3), -1);
      return;
    }
    if (ranks) store<u32>(ranks + ((start + t) << 2), rank);
    if (rank <= 10) dcg += load<f64>(relevance + (t << 3)) * load<f64>(discounts + (rank << 3));
  }
  const ideal = load<f64>(usize(load<u32>(job, IDEALS)) + (position << 3));
  store<f64>(usize(load<u32>(job, VALUES)) + (position << 3), dcg / ideal);
}

function findMaxima(scores: usize, blocks: u32, maxima: usize): void {
  for (let b: u32 = 0; b < blocks; b++) {
    const at = scores + (b << 6);
    let v = f32x4.pmax(
      f32x4.pmax(v128.load(at), v128.load(at, 16)),
      f32x4.pmax(v128.load(at, 32), v128.load(at, 48)),
    );
    v = f32x4.pmax(v, v128.shuffle<i32>(v, v, 2, 3, 0, 1));
    v = f32x4.pmax(v, v128.shuffle<i32>(v, v, 1, 0, 3, 2));
    v128.store_lane<f32>(maxima + (b << 2), v, 0);
  }
  // Below every score, so that the last four blocks can be compared together.
  for (let b = blocks; b & 3; b++) store<f32>(maxima + (b << 2), -2);
}

// @ts-ignore: decorator
@inline
function lanes(v: v128): u32 {
  const two = i32x4.add(v, v128.shuffle<i32>(v, v, 2, 3, 0, 1));
  return i32x4.extract_lane(two, 0) + i32x4.extract_lane(two, 1);
}

// @ts-ignore: decorator
@inline
function scoreOf(targets: usize, t: u32, scores: usize): v128 {
  return v128.load_splat<f32>(scores + (usize(load<u32>(targets + (t << 2))) << 2));
}

/** Writes how many scores are above that of each of the next four targets, or of as many as there are: one pass for all of them. */
function countGreater(targets: usize, left: u32, scores: usize, blocks: u32, out: usize): void {
  const end = scores + (blocks << 6), p = scoreOf(targets, 0, scores);
  const q = left > 1 ? scoreOf(targets, 1, scores) : p;
  let a = i32x4.splat(0), b = a, c = a, d = a;
  if (left > 2) {
    const r = scoreOf(targets, 2, scores), s = left > 3 ? scoreOf(targets, 3, scores) : r;
    for (let at = scores; at < end; at += 32) {
      const v = v128.load(at), w = v128.load(at, 16);
      a = i32x4.sub(i32x4.sub(a, f32x4.gt(v, p)), f32x4.gt(w, p));
      b = i32x4.sub(i32x4.sub(b, f32x4.gt(v, q)), f32x4.gt(w, q));
      c = i32x4.sub(i32x4.sub(c, f32x4.gt(v, r)), f32x4.gt(w, r));
      d = i32x4.sub(i32x4.sub(d, f32x4.gt(v, s)), f32x4.gt(w, s));
    }
  } else {
    for (let at = scores; at < end; at += 64) {
      const v = v128.load(at), w = v128.load(at, 16), x = v128.load(at, 32), y = v128.load(at, 48);
      a = i32x4.sub(i32x4.sub(a, f32x4.gt(v, p)), f32x4.gt(x, p));
      b = i32x4.sub(i32x4.sub(b, f32x4.gt(v, q)), f32x4.gt(x, q));
      c = i32x4.sub(i32x4.sub(c, f32x4.gt(w, p)), f32x4.gt(y, p));
      d = i32x4.sub(i32x4.sub(d, f32x4.gt(w, q)), f32x4.gt(y, q));
    }
    a = i32x4.add(a, c);
    b = i32x4.add(b, d);
  }
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  v128.store(out, i32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7)));
}

/** 1-based rank, ties in file order; cutoff + 1 if it is beyond the cutoff; 0 where it is undecided. */
function rankFrom(greater: u32, target: u32, scores: usize, cutoff: u32, tiny: f32): u32 {
  if (greater >= cutoff) return cutoff + 1;
  const score = load<f32>(scores + (target << 2));
  if (!(score > tiny)) return 0;
  // Equal scores count where they stand before the target.
  const own = f32x4.splat(score), middle = scores + ((target >> 2) << 4);
  let equal = i32x4.splat(0);
  for (let at = scores; at < middle; at += 16) equal = i32x4.sub(equal, f32x4.eq(v128.load(at), own));
  const beside: u32 = i32x4.bitmask(f32x4.eq(v128.load(middle), own)) & ((1 << (target & 3)) - 1);
  const rank: u32 = 1 + greater + lanes(equal) + popcnt(beside);
  return rank > cutoff ? cutoff + 1 : rank;
}

/** 1-based rank, ties in file order; cutoff + 1 as soon as it is beyond the cutoff; 0 where it is undecided. */
function rankAmongBlocks(target: u32, scores: usize, maxima: usize, blocks: u32, cutoff: u32, tiny: f32): u32 {
  const score = load<f32>(scores + (target << 2)), own = f32x4.splat(score);
  const decided = score > tiny;
  let above: u32 = 0;
  for (let four: u32 = 0; four < blocks; four += 4) {
    let mask: u32 = i32x4.bitmask(f32x4.ge(v128.load(maxima + (four << 2)), own));
    for (; mask; mask &= mask - 1) {
      const b = four + ctz(mask), at = scores + (b << 6);
      const v = v128.load(at), w = v128.load(at, 16), x = v128.load(at, 32), y = v128.load(at, 48);
      const greater = i32x4.add(
        i32x4.add(f32x4.gt(v, own), f32x4.gt(w, own)),
        i32x4.add(f32x4.gt(x, own), f32x4.gt(y, own)),
      );
      above -= lanes(greater);
      // Equal scores count where they stand before the target.
      if (decided && b <= target >> 4) {
        const equal = i32x4.add(
          i32x4.add(f32x4.eq(v, own), f32x4.eq(w, own)),
          i32x4.add(f32x4.eq(x, own), f32x4.eq(y, own)),
        );
        const ties: u32 = 0 - lanes(equal);
        if (ties > u32(b == target >> 4)) {
          const end = min((b + 1) << 4, target);
          for (let i = b << 4; i < end; i++) if (load<f32>(scores + (i << 2)) == score) above++;
        }
      }
      if (above >= cutoff) return cutoff + 1;
    }
  }
  return decided ? above + 1 : 0;
}
