/**
 * Runs a compiled formula over groups of cases: vector operations on registers of one Float32 a file, then ranks and nDCG.
 *
 * An operation is 12 words: opcode, register out, a, b, p, q, r, s, t and, for look-ups, where `quad_run.as` finds their table and where
 * `alike.as` finds what its numbers are products of; for lists, where their measurements stand.
 * Registers are `stride` floats apart in the worker's scratch.
 */
import { contract, unfit } from "./curves";
import { base, caseValues } from "./walk";
import { power4 } from "./power";
import {
  CASE_OPS, CASES, CHUNK, GROUP_OPS, GROUPS, LIST, LISTED, N_CASE_OPS, N_GROUP_OPS, N_WALKS, NEXT, OPERATION, SCORE, SPARE, STRIDE,
  WALKS,
} from "./job";
import { applyList } from "./lists";
import { judge, leave, TOO_CLOSE } from "./ranks";

/** How far before the totals stands whether a value was too close to a step to tell its side. */
// @ts-ignore: decorator
@inline
const UNSURE: usize = 16;

/** Takes chunks of groups from a job until none is left. `scratch` is this worker's own. */
export function run(job: usize, scratch: usize): void {
  const listed = load<u32>(job, LISTED), chunk = load<u32>(job, CHUNK), list: usize = load<u32>(job, LIST);
  while (true) {
    const from = atomic.add<u32>(job + NEXT, chunk);
    if (from >= listed) return;
    const to = min(from + chunk, listed);
    for (let g = from; g < to; g++) runGroup(job, load<u32>(list + (g << 2)), scratch);
  }
}

/** Brings every listed group's walks to their alphas, and nothing else. */
export function contractAll(job: usize, scratch: usize): void {
  const listed = load<u32>(job, LISTED), list: usize = load<u32>(job, LIST);
  for (let g: u32 = 0; g < listed; g++) contractGroup(job, load<u32>(list + (g << 2)), scratch);
}

/** Brings one group's walks to their alphas. */
export function contractGroup(job: usize, index: u32, scratch: usize): void {
  moveWalks(job, index, load<u32>(usize(load<u32>(job, GROUPS)) + (index << 4), 8), scratch);
}

function moveWalks(job: usize, index: u32, nCases: u32, scratch: usize): void {
  let walk: usize = load<u32>(job, WALKS);
  for (let left = load<u32>(job, N_WALKS); left > 0; left--) {
    contract(walk, load<u32>(walk) + (index << 5), nCases, scratch);
    walk += 64;
  }
}

function runGroup(job: usize, index: u32, scratch: usize): void {
  const group: usize = load<u32>(job, GROUPS) + (index << 4);
  const n = load<u32>(group), first = load<u32>(group, 4), nCases = load<u32>(group, 8);
  const padded = (n + 16) & ~15, stride: usize = usize(load<u32>(job, STRIDE)) << 2;
  const walks: usize = load<u32>(job, WALKS), nWalks = load<u32>(job, N_WALKS);
  moveWalks(job, index, nCases, scratch);
  // Scratch: 512 bytes of weights, the last of them for what is unsure, a total a walk, then registers; the first are the walks' shared parts.
  const totals = scratch + 512, registers = scratch + 1024, unsure = totals - UNSURE;
  store<u32>(unsure, 0);
  for (let w: u32 = 0; w < nWalks; w++) {
    const walk = walks + (w << 6);
    const total = base(walk, load<u32>(walk) + (index << 5), padded, registers + w * stride);
    store<f64>(totals + (w << 3), total);
    if (unfit(walk, load<u32>(walk) + (index << 5))) store<u32>(unsure, 1);
  }
  perform(load<u32>(job, GROUP_OPS), load<u32>(job, N_GROUP_OPS), index, index, 0, n, padded, walks, totals, registers, stride);
  const score = registers + usize(load<u32>(job, SCORE)) * stride, cases: usize = load<u32>(job, CASES);
  // A step that no case can be sure of, or only this one.
  const common = load<u32>(unsure);
  for (let q: u32 = 0; q < nCases; q++) {
    const position = first + q;
    store<u32>(unsure, common);
    perform(
      load<u32>(job, CASE_OPS), load<u32>(job, N_CASE_OPS), position, index, q, n, padded, walks, totals, registers, stride,
    );
    const record = cases + (position << 4);
    store<f32>(score + (usize(load<u32>(record)) << 2), -1);
    const end = score + (padded << 2);
    for (let k: u32 = 0; k < 4; k++) {
      const at = end - 64 + (k << 4), file = i32x4.add(i32x4.splat(padded - 16 + (k << 2)), i32x4(0, 1, 2, 3));
      v128.store(at, v128.bitselect(v128.load(at), f32x4.splat(-1), i32x4.lt_s(file, i32x4.splat(n))));
    }
    if (load<u32>(unsure)) {
      leave(job, position, TOO_CLOSE);
      continue;
    }
    judge(job, index, q, position, record, score, n, padded, registers + usize(load<u32>(job, SPARE)) * stride);
  }
}

function perform(
  op: usize, count: u32, index: u32, group: u32, q: u32, n: u32, padded: u32, walks: usize, totals: usize,
  registers: usize, stride: usize,
): void {
  const bytes: usize = padded << 2;
  for (let left = count; left > 0; left--, op += OPERATION) {
    const code = load<u32>(op), out = registers + usize(load<u32>(op, 4)) * stride;
    const a = load<u32>(op, 8), b: usize = load<u32>(op, 12);
    const p = load<f32>(op, 16), r = load<f32>(op, 20);
    const source = registers + usize(a) * stride;
    if (code == 0) {
      const v = f32x4.splat(p);
      for (let i: usize = 0; i < bytes; i += 16) v128.store(out + i, v);
    } else if (code == 1) {
      gather8(load<u32>(usize(a) + (index << 2)), b, n, out, load<u32>(op, 24) != 0);
    } else if (code == 2) {
      gather16(load<u32>(usize(a) + (index << 2)), b, n, out, load<u32>(op, 24) != 0);
    } else if (code == 3) {
      swizzle(load<u32>(usize(a) + (index << 2)), b, padded, load<u32>(op, 28), out, load<u32>(op, 24) != 0);
    } else if (code == 4) {
      applyList(usize(a) + (index << 2), load<u32>(op, 32), b, index, p, r, load<u32>(op, 28), out);
    } else if (code == 5) {
      const walk = walks + (a << 6);
      const factor: usize = load<u32>(op, 12) == 0xffffffff ? 0 : registers + b * stride;
      const pointers: usize = load<u32>(op, 16);
      caseValues(
        walk, load<u32>(walk) + (group << 5), q, n, padded, registers + usize(a) * stride,
        load<f64>(totals + (a << 3)), factor, pointers ? load<u32>(pointers + (index << 2)) : 0, load<u32>(op, 20), out,
      );
    } else if (code == 6) {
      const shift = f32x4.splat(p), slope = f32x4.splat(r);
      for (let i: usize = 0; i < bytes; i += 16) {
        v128.store(out + i, f32x4.add(shift, f32x4.mul(slope, v128.load(source + i))));
      }
    } else if (code == 7) {
      const threshold = f32x4.splat(p), on = f32x4.splat(r), off = f32x4.splat(load<f32>(op, 24));
      const blur = f32x4.splat(load<f32>(op, 28)), exact = i32x4.splat(load<i32>(op, 32));
      let unsure = i32x4.splat(0);
      for (let i: usize = 0; i < bytes; i += 16) {
        const v = v128.load(source + i);
        v128.store(out + i, v128.bitselect(on, off, f32x4.ge(v, threshold)));
        unsure = v128.or(unsure, doubtful(v, threshold, blur, exact));
      }
      if (v128.any_true(unsure)) store<u32>(totals - UNSURE, 1);
    } else if (code == 8) {
      const floor = load<f64>(op, 16), exponent = load<f64>(op, 24);
      for (let i: usize = 0; i < bytes; i += 16) {
        v128.store(out + i, power4(v128.load(source + i), 0, 1, floor, exponent));
      }
    } else if (code == 9) {
      for (let i: usize = 0; i < bytes; i += 16) {
        v128.store(out + i, f32x4.mul(v128.load(out + i), v128.load(source + i)));
      }
    } else if (code == 10) {
      const w = f32x4.splat(p);
      for (let i: usize = 0; i < bytes; i += 16) {
        v128.store(out + i, f32x4.add(v128.load(out + i), f32x4.mul(w, v128.load(source + i))));
      }
    } else if (code == 11) {
      const w = f32x4.splat(p);
      for (let i: usize = 0; i < bytes; i += 16) {
        v128.store(out + i, f32x4.pmax(v128.load(out + i), f32x4.mul(w, v128.load(source + i))));
      }
    } else if (code == 12) {
      memory.copy(out, source, bytes);
    }
  }
}

/** Which values lie so close to a step that rounding may have put them on the wrong side. One exactly at a Float32 is taken to be there. */
// @ts-ignore: decorator
@inline
export function doubtful(v: v128, threshold: v128, blur: v128, exact: v128): v128 {
  return v128.andnot(
    f32x4.le(f32x4.abs(f32x4.sub(v, threshold)), blur),
    v128.and(exact, f32x4.eq(v, threshold)),
  );
}

function gather8(codes: usize, table: usize, n: u32, out: usize, multiply: bool): void {
  for (let i: u32 = 0; i < n; i += 4) {
    let v = v128.load32_zero(table + (usize(load<u8>(codes + i)) << 2));
    v = v128.load_lane<f32>(table + (usize(load<u8>(codes + i, 1)) << 2), v, 1);
    v = v128.load_lane<f32>(table + (usize(load<u8>(codes + i, 2)) << 2), v, 2);
    v = v128.load_lane<f32>(table + (usize(load<u8>(codes + i, 3)) << 2), v, 3);
    const to = out + (i << 2);
    v128.store(to, multiply ? f32x4.mul(v, v128.load(to)) : v);
  }
}

function gather16(codes: usize, table: usize, n: u32, out: usize, multiply: bool): void {
  for (let i: u32 = 0; i < n; i += 4) {
    const four = load<u64>(codes + (i << 1));
    let v = v128.load32_zero(table + (usize(four & 0xffff) << 2));
    v = v128.load_lane<f32>(table + (usize((four >> 16) & 0xffff) << 2), v, 1);
    v = v128.load_lane<f32>(table + (usize((four >> 32) & 0xffff) << 2), v, 2);
    v = v128.load_lane<f32>(table + (usize(four >> 48) << 2), v, 3);
    const to = out + (i << 2);
    v128.store(to, multiply ? f32x4.mul(v, v128.load(to)) : v);
  }
}

/** Looks 16 codes up at once. The table holds byte 0 of 16 values, byte 1 of them, and so on; then the next 16 values. */
function swizzle(codes: usize, table: usize, padded: u32, size: u32, out: usize, multiply: bool): void {
  for (let i: u32 = 0; i < padded; i += 16) {
    let c = v128.load(codes + i);
    let b0 = i8x16.swizzle(v128.load(table), c), b1 = i8x16.swizzle(v128.load(table, 16), c);
    let b2 = i8x16.swizzle(v128.load(table, 32), c), b3 = i8x16.swizzle(v128.load(table, 48), c);
    for (let t: u32 = 16; t < size; t += 16) {
      // A code outside the 16 of this part, below or above, looks up 0.
      c = i8x16.sub(c, i8x16.splat(16));
      const part = table + (t << 2);
      b0 = v128.or(b0, i8x16.swizzle(v128.load(part), c));
      b1 = v128.or(b1, i8x16.swizzle(v128.load(part, 16), c));
      b2 = v128.or(b2, i8x16.swizzle(v128.load(part, 32), c));
      b3 = v128.or(b3, i8x16.swizzle(v128.load(part, 48), c));
    }
    const low01 = v128.shuffle<i8>(b0, b1, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const high01 = v128.shuffle<i8>(b0, b1, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const low23 = v128.shuffle<i8>(b2, b3, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const high23 = v128.shuffle<i8>(b2, b3, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const to = out + (i << 2);
    put(to, v128.shuffle<i16>(low01, low23, 0, 8, 1, 9, 2, 10, 3, 11), multiply);
    put(to + 16, v128.shuffle<i16>(low01, low23, 4, 12, 5, 13, 6, 14, 7, 15), multiply);
    put(to + 32, v128.shuffle<i16>(high01, high23, 0, 8, 1, 9, 2, 10, 3, 11), multiply);
    put(to + 48, v128.shuffle<i16>(high01, high23, 4, 12, 5, 13, 6, 14, 7, 15), multiply);
  }
}

// @ts-ignore: decorator
@inline
function put(to: usize, v: v128, multiply: bool): void {
  v128.store(to, multiply ? f32x4.mul(v, v128.load(to)) : v);
}
