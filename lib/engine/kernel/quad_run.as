/**
 * Runs linked jobs four at a time: the operations of `run.as` on registers of one row a file, a Float32 of each point in a row.
 *
 * What is read of the arena is read once for four points, a look-up finds the numbers of all four side by side, and nothing has to be
 * turned or added across lanes. Points get the values they get alone.
 *
 * Scratch: four addresses of jobs, four sums (f64), at 48 the points (a bit each) too close to a step to tell their side, from 64 on 1024
 * bytes a walk, then registers.
 */
import { baseRows, caseRows } from "./quad_walk";
import {
  CASE_OPS, CASES, CHUNK, GROUP_OPS, GROUPS, LINK, LIST, LISTED, N_CASE_OPS, N_GROUP_OPS, N_WALKS, NEXT, OPERATION, SCORE, SPARE,
  STRIDE, WALKS,
} from "./job";
import { four, lower, upper } from "./quad_lane";
import { powersOf } from "./power";
import { judgeRows } from "./quad_ranks";
import { unfit } from "./curves";
import { doubtful } from "./run";

// @ts-ignore: decorator
@inline
const SUMS: usize = 16, UNSURE: usize = 48, STATES: usize = 64;

/** Takes chunks of groups from the first of linked jobs until none is left. `scratch` is this worker's own. */
export function runQuads(job: usize, scratch: usize): void {
  const listed = load<u32>(job, LISTED), chunk = load<u32>(job, CHUNK), list: usize = load<u32>(job, LIST);
  while (true) {
    const from = atomic.add<u32>(job + NEXT, chunk);
    if (from >= listed) return;
    const to = min(from + chunk, listed);
    for (let g = from; g < to; g++) {
      const index = load<u32>(list + (g << 2));
      let next: usize = job;
      for (let column: usize = 0; next != 0; column += 16) {
        let live: u32 = 0, last = next;
        // Where fewer than four are left the last one fills up; nobody looks at what comes out for it.
        for (let l: usize = 0; l < 4; l++) {
          if (next) {
            last = next;
            next = load<u32>(last, LINK);
            live++;
          }
          store<u32>(scratch + (l << 2), u32(last));
        }
        runGroup(scratch, live, column, index);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function jobOf(scratch: usize, lane: usize): usize {
  return load<u32>(scratch + (lane << 2));
}

/** @param column where the four points stand in a row of eight, in bytes */
function runGroup(scratch: usize, live: u32, column: usize, index: u32): void {
  const job = jobOf(scratch, 0), group: usize = load<u32>(job, GROUPS) + (index << 4);
  const n = load<u32>(group), first = load<u32>(group, 4), nCases = load<u32>(group, 8);
  const stride: usize = usize(load<u32>(job, STRIDE)) << 4, nWalks: usize = load<u32>(job, N_WALKS);
  const registers = scratch + STATES + (nWalks << 10);
  const spare = registers + usize(load<u32>(job, SPARE)) * stride;
  let unsure: u32 = 0;
  for (let w: usize = 0; w < nWalks; w++) {
    const walk: usize = load<u32>(job, WALKS) + (w << 6);
    for (let l: usize = 0; l < 4; l++) {
      const own: usize = usize(load<u32>(jobOf(scratch, l), WALKS)) + (w << 6);
      if (unfit(own, load<u32>(own) + (index << 5))) unsure |= 1 << u32(l);
    }
    baseRows(
      scratch + STATES + (w << 10), walk, usize(load<u32>(jobOf(scratch, 1), WALKS)) + (w << 6),
      usize(load<u32>(jobOf(scratch, 2), WALKS)) + (w << 6), usize(load<u32>(jobOf(scratch, 3), WALKS)) + (w << 6),
      load<u32>(walk) + (index << 5), n, nCases, spare, registers + w * stride,
    );
  }
  store<u32>(scratch + UNSURE, unsure);
  perform(scratch, GROUP_OPS, N_GROUP_OPS, index, index, 0, n, column, registers, stride);
  const score = registers + usize(load<u32>(job, SCORE)) * stride, cases: usize = load<u32>(job, CASES);
  const common = load<u32>(scratch + UNSURE);
  for (let q: u32 = 0; q < nCases; q++) {
    store<u32>(scratch + UNSURE, common);
    const position = first + q, record = cases + (position << 4);
    perform(scratch, CASE_OPS, N_CASE_OPS, position, index, q, n, column, registers, stride);
    v128.store(score + (usize(load<u32>(record)) << 4), f32x4.splat(-1));
    judgeRows(scratch, live, load<u32>(scratch + UNSURE), index, q, position, record, score, n, scratch + SUMS);
  }
}

/** @param list, length where a job holds the operations and their number */
function perform(
  scratch: usize, list: usize, length: usize, index: u32, group: u32, q: u32, n: u32, column: usize, registers: usize, stride: usize,
): void {
  const job = jobOf(scratch, 0), bytes: usize = usize(n) << 4;
  let op: usize = load<u32>(job + list), op1: usize = load<u32>(jobOf(scratch, 1) + list),
    op2: usize = load<u32>(jobOf(scratch, 2) + list), op3: usize = load<u32>(jobOf(scratch, 3) + list);
  for (let left = load<u32>(job + length); left > 0; left--) {
    const code = load<u32>(op), out = registers + usize(load<u32>(op, 4)) * stride, a: usize = load<u32>(op, 8);
    const source = registers + a * stride;
    if (code == 0) {
      const v = four(op + 16, op1 + 16, op2 + 16, op3 + 16);
      for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, v);
    } else if (code <= 3) {
      lookUp(load<u32>(op, 36), index, n, column, out, load<u32>(op, 24) != 0);
    } else if (code == 4) {
      const p = four(op + 16, op1 + 16, op2 + 16, op3 + 16), r = four(op + 20, op1 + 20, op2 + 20, op3 + 20);
      sparse(
        a + (index << 2), load<u32>(op, 32), load<u32>(op, 12), load<u32>(op1, 12), load<u32>(op2, 12), load<u32>(op3, 12), index, p, r,
        load<u32>(op, 28), out,
      );
    } else if (code == 5) {
      const walk: usize = load<u32>(job, WALKS) + (a << 6), factor = load<u32>(op, 12), rows: usize = load<u32>(op, 36);
      caseRows(
        scratch + STATES + (a << 10), load<u32>(walk) + (group << 5), q, n, registers + a * stride,
        factor == 0xffffffff ? 0 : registers + usize(factor) * stride,
        rows ? load<u32>(usize(load<u32>(rows)) + (index << 2)) : 0, rows ? load<u32>(rows, 8) + column : 0,
        registers + usize(load<u32>(job, SPARE)) * stride, out,
      );
    } else if (code == 6) {
      const shift = four(op + 16, op1 + 16, op2 + 16, op3 + 16), slope = four(op + 20, op1 + 20, op2 + 20, op3 + 20);
      for (let i: usize = 0; i < bytes; i += 16) {
        v128.store(out + i, f32x4.add(shift, f32x4.mul(slope, v128.load(source + i))));
      }
    } else if (code == 7) {
      const threshold = four(op + 16, op1 + 16, op2 + 16, op3 + 16), on = four(op + 20, op1 + 20, op2 + 20, op3 + 20);
      const off = four(op + 24, op1 + 24, op2 + 24, op3 + 24);
      const blur = four(op + 28, op1 + 28, op2 + 28, op3 + 28), exact = four(op + 32, op1 + 32, op2 + 32, op3 + 32);
      let unsure = i32x4.splat(0);
      for (let i: usize = 0; i < bytes; i += 16) {
        const v = v128.load(source + i);
        v128.store(out + i, v128.bitselect(on, off, f32x4.ge(v, threshold)));
        unsure = v128.or(unsure, doubtful(v, threshold, blur, exact));
      }
      store<u32>(scratch + UNSURE, load<u32>(scratch + UNSURE) | i32x4.bitmask(unsure));
    } else if (code == 8) {
      const floor = load<f64>(op, 16);
      const e = v128.load_lane<f64>(op1 + 24, v128.load64_zero(op + 24), 1);
      const f = v128.load_lane<f64>(op3 + 24, v128.load64_zero(op2 + 24), 1);
      for (let i: usize = 0; i < bytes; i += 16) {
        v128.store(out + i, powersOf(v128.load(source + i), 0, 1, floor, e, f));
      }
    } else if (code == 9) {
      for (let i: usize = 0; i < bytes; i += 16) {
        v128.store(out + i, f32x4.mul(v128.load(out + i), v128.load(source + i)));
      }
    } else if (code == 10) {
      const w = four(op + 16, op1 + 16, op2 + 16, op3 + 16);
      for (let i: usize = 0; i < bytes; i += 16) {
        v128.store(out + i, f32x4.add(v128.load(out + i), f32x4.mul(w, v128.load(source + i))));
      }
    } else if (code == 11) {
      const w = four(op + 16, op1 + 16, op2 + 16, op3 + 16);
      for (let i: usize = 0; i < bytes; i += 16) {
        v128.store(out + i, f32x4.pmax(v128.load(out + i), f32x4.mul(w, v128.load(source + i))));
      }
    } else if (code == 12) {
      memory.copy(out, source, bytes);
    }
    op += OPERATION;
    op1 += OPERATION;
    op2 += OPERATION;
    op3 += OPERATION;
  }
}

/**
 * Writes or multiplies by what a table has for each file's code.
 *
 * @param record the codes by group or case, the width of a code, and the table: 32 bytes a code
 */
function lookUp(record: usize, index: u32, n: u32, column: usize, out: usize, multiply: bool): void {
  const codes: usize = load<u32>(usize(load<u32>(record)) + (index << 2)), table: usize = load<u32>(record, 8) + column;
  const end = out + (usize(n) << 4);
  if (load<u32>(record, 4) == 1) {
    for (let to = out, at = codes; to < end; to += 16, at++) put(to, v128.load(table + (usize(load<u8>(at)) << 5)), multiply);
  } else {
    for (let to = out, at = codes; to < end; to += 16, at += 2) put(to, v128.load(table + (usize(load<u16>(at)) << 5)), multiply);
  }
}

// @ts-ignore: decorator
@inline
function put(to: usize, v: v128, multiply: bool): void {
  v128.store(to, multiply ? f32x4.mul(v, v128.load(to)) : v);
}

/**
 * Writes or multiplies the listed files, as `lists.as` does.
 * @param list where the list starts in positions (u16) and values, and where it ends
 */
function sparse(
  list: usize, positions: usize, values: usize, values1: usize, values2: usize, values3: usize, index: u32, p: v128, r: v128, mode: u32,
  out: usize,
): void {
  const first: usize = load<u32>(list), one = values == values1 && values == values2 && values == values3;
  let at = positions + (first << 1), end = positions + (usize(load<u32>(list, 4)) << 1);
  if (mode & 2) {
    const offset: usize = index << 2, stops = four(values + offset, values1 + offset, values2 + offset, values3 + offset);
    if (mode == 3 && i32x4.all_true(f32x4.eq(r, f32x4.splat(1)))) {
      // Behind the furthest step all multiply by 1.
      const two = i32x4.max_u(stops, v128.shuffle<i32>(stops, stops, 2, 3, 0, 1));
      end = positions + (usize(max(u32(i32x4.extract_lane(two, 0)), u32(i32x4.extract_lane(two, 1)))) << 1);
    }
    for (let i = u32(first); at < end; at += 2, i++) {
      const to = out + (usize(load<u16>(at)) << 4), y = v128.bitselect(p, r, i32x4.gt_u(stops, i32x4.splat(i)));
      v128.store(to, (mode & 1) ? f32x4.mul(v128.load(to), y) : y);
    }
    return;
  }
  for (let from = first << 2; at < end; at += 2, from += 4) {
    const to = out + (usize(load<u16>(at)) << 4);
    const x = one ? v128.load_splat<f32>(values + from) : four(values + from, values1 + from, values2 + from, values3 + from);
    const y = f32x4.add(p, f32x4.mul(r, x));
    v128.store(to, (mode & 1) ? f32x4.mul(v128.load(to), y) : y);
  }
}
