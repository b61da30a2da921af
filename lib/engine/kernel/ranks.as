/** Ranks by counting. Blocks of 16 files whose best is below a file cannot hold one before it, and are not looked at. */

/** Job record, from where `run.as` leaves off. */
// @ts-ignore: decorator
@inline
const TARGETS: usize = 24, RELEVANCE: usize = 28, DISCOUNTS: usize = 32, VALUES: usize = 60, RANKS: usize = 64,
  TINY: usize = 76, CUTOFF: usize = 80;

/**
 * Ranks a case's targets and writes their DCG, or -1 where a score at most `tiny` leaves it undecided, and the ranks if wanted.
 *
 * @param record 16 bytes: seed, first target, number of targets
 * @param scores -1 at the seed and behind the last file; all others at least 0
 * @param maxima room for one float a block
 */
export function judge(job: usize, position: u32, record: usize, scores: usize, padded: u32, maxima: usize): void {
  const blocks = padded >> 4;
  findMaxima(scores, blocks, maxima);
  const start = load<u32>(record, 4), count = load<u32>(record, 8);
  const targets: usize = load<u32>(job, TARGETS) + (start << 2), ranks: usize = load<u32>(job, RANKS);
  const cutoff = load<u32>(job, CUTOFF), tiny = load<f32>(job, TINY);
  const relevance: usize = load<u32>(job, RELEVANCE) + (start << 3), discounts: usize = load<u32>(job, DISCOUNTS);
  let dcg: f64 = 0;
  for (let t: u32 = 0; t < count; t++) {
    const rank = rankOf(load<u32>(targets + (t << 2)), scores, maxima, blocks, cutoff, tiny);
    if (rank == 0) {
      dcg = -1;
      break;
    }
    if (ranks) store<u32>(ranks + ((start + t) << 2), rank);
    if (rank <= 10) dcg += load<f64>(relevance + (t << 3)) * load<f64>(discounts + (rank << 3));
  }
  store<f64>(usize(load<u32>(job, VALUES)) + (position << 3), dcg);
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

/** 1-based rank, ties in file order; cutoff + 1 as soon as it is beyond the cutoff; 0 where it is undecided. */
function rankOf(target: u32, scores: usize, maxima: usize, blocks: u32, cutoff: u32, tiny: f32): u32 {
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
