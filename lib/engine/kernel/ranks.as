/**
 * Ranks by counting the files surely above a target. Among few files all are compared, four targets in a pass; among many only blocks of
 * 16 whose best is not below the target, for no other can hold a file before it.
 */

import { alike } from "./alike";
import {
  ABOVE, BELOW, CUTOFF, DISCOUNTS, IDEALS, ORDERS, RANKS, RELEVANCE, TARGETS, TINY, UNDECIDED, VALUES,
} from "./job";

/** Up to this many files comparing all costs less than choosing blocks. */
// @ts-ignore: decorator
@inline
const FEW: u32 = 1024;

/** What stands for the value of a case that is left to double precision: scores too small, or too close. */
export const TOO_SMALL: f64 = -1, TOO_CLOSE: f64 = -2;

/**
 * Ranks a case's targets and writes their nDCG, and the ranks if wanted; or what says why it is left undecided: a score at most `tiny`, or
 * two scores closer than rounding lets them be told apart.
 *
 * @param record 16 bytes: seed, first target, number of targets
 * @param scores -1 at the seed and behind the last file; all others at least 0
 * @param room for one float a block, and at least four
 */
export function judge(
  job: usize, group: u32, q: u32, position: u32, record: usize, scores: usize, n: u32, padded: u32, room: usize,
): void {
  const blocks = padded >> 4, few = padded <= FEW;
  const start = load<u32>(record, 4), count = load<u32>(record, 8);
  const targets: usize = load<u32>(job, TARGETS) + (start << 2), ranks: usize = load<u32>(job, RANKS);
  const cutoff = load<u32>(job, CUTOFF), tiny = load<f32>(job, TINY);
  const relevance: usize = load<u32>(job, RELEVANCE) + (start << 3), discounts: usize = load<u32>(job, DISCOUNTS);
  const value: usize = load<u32>(job, VALUES) + (position << 3);
  if (!few) findMaxima(scores, blocks, room);
  let dcg: f64 = 0;
  for (let t: u32 = 0; t < count; t++) {
    const target = load<u32>(targets + (t << 2));
    if (few && (t & 3) == 0) countAbove(job, targets + (t << 2), count - t, scores, blocks, room);
    let above = few ? load<u32>(room + ((t & 3) << 2)) : aboveAmongBlocks(job, target, scores, room, blocks, cutoff);
    if (above < cutoff) {
      const score = load<f32>(scores + (target << 2));
      let left: f64 = score > tiny ? 0 : TOO_SMALL;
      if (left == 0 && !alone(job, score, scores, blocks, above)) {
        const tied = tiedBefore(job, group, q, position, record, target, scores, 4, n, cutoff - above);
        if (tied < 0) left = TOO_CLOSE;
        else above += tied;
      }
      if (left != 0) {
        leave(job, position, left);
        return;
      }
    }
    const rank = min(above, cutoff) + 1;
    if (ranks) store<u32>(ranks + ((start + t) << 2), rank);
    if (rank <= 10) dcg += load<f64>(relevance + (t << 3)) * load<f64>(discounts + (rank << 3));
  }
  store<f64>(value, dcg / load<f64>(usize(load<u32>(job, IDEALS)) + (position << 3)));
}

/** Leaves a case undecided. @param why TOO_SMALL or TOO_CLOSE */
export function leave(job: usize, position: u32, why: f64): void {
  store<u32>(job, 1, UNDECIDED);
  store<f64>(usize(load<u32>(job, VALUES)) + (position << 3), why);
}

/**
 * How many files equal to a target come before it; `most` as soon as there are so many; -1 where a close score belongs to a file that
 * differs from the target. Which of two targets worth the same comes first changes no value, so unless ranks are wanted their scores as
 * they are decide.
 *
 * @param record of the case, as `judge` takes it
 * @param scores of the point; those of one file after the other are `step` bytes apart
 */
export function tiedBefore(
  job: usize, group: u32, q: u32, position: u32, record: usize, target: u32, scores: usize, step: usize, n: u32, most: u32,
): i32 {
  const own = load<f32>(scores + usize(target) * step), above = load<f32>(job, ABOVE), high = own * above;
  const order: usize = load<u32>(usize(load<u32>(job, ORDERS)) + (group << 2)), place = load<u16>(order + (target << 1));
  const ranked = load<u32>(job, RANKS) != 0;
  let before: u32 = 0;
  for (let f: u32 = 0; f < n; f++) {
    const score = load<f32>(scores + usize(f) * step);
    // As the other would find: neither is surely above the other.
    if (score > high || own > score * above || score < 0 || f == target) continue;
    // Nothing is exactly nothing, whatever it is made of.
    const equal = own == 0 || (score == own && alike(job, group, q, position, f, target));
    if (!equal && (ranked || !worthTheSame(job, record, f, target))) return -1;
    if ((score > own || (score == own && load<u16>(order + (f << 1)) < place)) && ++before == most) return most;
  }
  return before;
}

/** Whether a file is a target of the case as well, with the relevance of another. */
function worthTheSame(job: usize, record: usize, file: u32, target: u32): bool {
  const start = load<u32>(record, 4), count = load<u32>(record, 8);
  const targets: usize = load<u32>(job, TARGETS) + (start << 2), relevance: usize = load<u32>(job, RELEVANCE) + (start << 3);
  let own: f64 = -1, other: f64 = -2;
  for (let t: u32 = 0; t < count; t++) {
    const at = load<u32>(targets + (t << 2));
    if (at == file) own = load<f64>(relevance + (t << 3));
    else if (at == target) other = load<f64>(relevance + (t << 3));
  }
  return own == other;
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
function boundOf(targets: usize, t: u32, scores: usize, above: v128): v128 {
  return f32x4.mul(v128.load_splat<f32>(scores + (usize(load<u32>(targets + (t << 2))) << 2)), above);
}

/** Writes how many scores are surely above that of each of the next four targets, or of as many as there are: one pass for all of them. */
function countAbove(job: usize, targets: usize, left: u32, scores: usize, blocks: u32, out: usize): void {
  const end = scores + (blocks << 6), above = v128.load_splat<f32>(job + ABOVE), p = boundOf(targets, 0, scores, above);
  const q = left > 1 ? boundOf(targets, 1, scores, above) : p;
  let a = i32x4.splat(0), b = a, c = a, d = a;
  if (left > 2) {
    const r = boundOf(targets, 2, scores, above), s = left > 3 ? boundOf(targets, 3, scores, above) : r;
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

/** Whether no other score is as close to a target's as rounding may have brought it. @param above how many are surely above it */
function alone(job: usize, score: f32, scores: usize, blocks: u32, above: u32): bool {
  const low = f32x4.splat(score * load<f32>(job, BELOW)), end = scores + (blocks << 6);
  let a = i32x4.splat(0), b = a;
  for (let at = scores; at < end; at += 64) {
    a = i32x4.sub(i32x4.sub(a, f32x4.ge(v128.load(at), low)), f32x4.ge(v128.load(at, 16), low));
    b = i32x4.sub(i32x4.sub(b, f32x4.ge(v128.load(at, 32), low)), f32x4.ge(v128.load(at, 48), low));
  }
  return lanes(i32x4.add(a, b)) == above + 1;
}

/** How many scores are surely above a target's; at least `cutoff` as soon as there are so many. */
function aboveAmongBlocks(job: usize, target: u32, scores: usize, maxima: usize, blocks: u32, cutoff: u32): u32 {
  const bound = f32x4.splat(load<f32>(scores + (target << 2)) * load<f32>(job, ABOVE));
  let above: u32 = 0;
  for (let four: u32 = 0; four < blocks; four += 4) {
    let mask: u32 = i32x4.bitmask(f32x4.gt(v128.load(maxima + (four << 2)), bound));
    for (; mask; mask &= mask - 1) {
      const at = scores + ((four + ctz(mask)) << 6);
      const v = v128.load(at), w = v128.load(at, 16), x = v128.load(at, 32), y = v128.load(at, 48);
      above -= lanes(i32x4.add(
        i32x4.add(f32x4.gt(v, bound), f32x4.gt(w, bound)),
        i32x4.add(f32x4.gt(x, bound), f32x4.gt(y, bound)),
      ));
      if (above >= cutoff) return above;
    }
  }
  return above;
}
