/**
 * Whether two files of a case are the same to a formula: every leaf of it gives them the same number.
 *
 * Scores of such files are equal on paper, whatever rounding made of them, and file order decides. Close scores of files that differ
 * somewhere are for double precision to tell apart.
 */
import { CASE_OPS, GROUP_OPS, N_CASE_OPS, N_GROUP_OPS, OPERATION, WALKS } from "./job";
import { alikeIn, VECTOR } from "./curves";

/** @param group, q the group and which of its cases; `position` that of the case in the arena */
export function alike(job: usize, group: u32, q: u32, position: u32, f: u32, t: u32): bool {
  return same(job, load<u32>(job, GROUP_OPS), load<u32>(job, N_GROUP_OPS), group, group, q, f, t) &&
    same(job, load<u32>(job, CASE_OPS), load<u32>(job, N_CASE_OPS), position, group, q, f, t);
}

function same(job: usize, op: usize, count: u32, index: u32, group: u32, q: u32, f: u32, t: u32): bool {
  for (let left = count; left > 0; left--, op += OPERATION) {
    const code = load<u32>(op), a: usize = load<u32>(op, 8);
    if (code >= 1 && code <= 3) {
      if (!sameNumber(op, load<u32>(a + (index << 2)), code == 2, f, t)) return false;
    } else if (code == 4) {
      if (!sameListed(op, a + (index << 2), f, t)) return false;
    } else if (code == 5) {
      const walk = usize(load<u32>(job, WALKS)) + (a << 6), pointers: usize = load<u32>(op, 16);
      if (!sameWalk(walk, usize(load<u32>(walk)) + (usize(group) << 5), q, f, t)) return false;
      if (pointers && !sameNumber(op, load<u32>(pointers + (index << 2)), false, f, t)) return false;
    }
  }
  return true;
}

/** Whether two files' codes stand for the same numbers, to the last digit of a Float64. */
function sameNumber(op: usize, codes: usize, wide: bool, f: u32, t: u32): bool {
  const x: usize = wide ? load<u16>(codes + (usize(f) << 1)) : load<u8>(codes + usize(f));
  const y: usize = wide ? load<u16>(codes + (usize(t) << 1)) : load<u8>(codes + usize(t));
  if (x == y) return true;
  const parts: usize = load<u32>(op, 40), members: usize = load<u32>(parts, 4), values: usize = load<u32>(parts, 8);
  for (let k: usize = 0; k < usize(load<u32>(parts)); k++) {
    // A product numbers the combinations of its factors' codes; a factor by itself has codes of its own.
    const own: usize = members ? load<u32>(members + (k << 2)) : 0, numbers: usize = load<u32>(values + (k << 2));
    const i: usize = own ? load<u16>(own + (x << 1)) : x, j: usize = own ? load<u16>(own + (y << 1)) : y;
    if (load<f64>(numbers + (i << 3)) != load<f64>(numbers + (j << 3))) return false;
  }
  return true;
}

/** Whether a list gives two files the same: the same measurement, none, or the same side of a step. */
function sameListed(op: usize, list: usize, f: u32, t: u32): bool {
  const x = measured(op, list, f), y = measured(op, list, t);
  if (x == y || (isNaN(x) && isNaN(y))) return true;
  const mode = load<u32>(op, 28), r = load<f32>(op, 20), s = load<f32>(op, 24);
  if (!(mode & 2)) return false;
  // Of a step that multiplies by 1 below its threshold, a file below it has what one that is not listed has.
  const high = x >= s, other = y >= s;
  return high == other && (high || !(isNaN(x) || isNaN(y)) || (mode == 3 && r == 1));
}

/** A file's measurement in a list, as it was made; NaN where it is not listed. */
function measured(op: usize, list: usize, file: u32): f32 {
  const positions: usize = load<u32>(op, 32), values: usize = load<u32>(op, 36), end: usize = load<u32>(list, 4);
  for (let i: usize = load<u32>(list); i < end; i++) {
    if (load<u16>(positions + (i << 1)) == file) return load<f32>(values + (i << 2));
  }
  return NaN;
}

function sameWalk(walk: usize, group: usize, q: u32, f: u32, t: u32): bool {
  let vector: usize = load<u32>(group, 12);
  for (let left = load<u32>(group, 16); left > 0; left--, vector += VECTOR) {
    if (!alikeIn(walk, group, vector, f, t)) return false;
  }
  const pair = usize(load<u32>(group, 20)) + (usize(q) << 3);
  vector = load<u32>(pair);
  for (let left = load<u32>(pair, 4); left > 0; left--, vector += VECTOR) {
    if (!alikeIn(walk, group, vector, f, t)) return false;
  }
  return true;
}
