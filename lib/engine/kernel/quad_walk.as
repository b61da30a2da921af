/**
 * Walks of four points at once; `walk.as` says what records hold. A value comes out as it does for a point alone, to the last bit.
 *
 * Points of one alpha share the contracted vector their group keeps. Others get one in rows of four, which lives only until it is used.
 *
 * State of a walk, 512 bytes: four weights a function, at 320 four powers of alpha a hop, at 448 four totals (f64), at 480 whether the
 * points share their alpha, then the addresses of their four walk records.
 */
import { contract, VECTOR } from "./walk";
import { four, lower, narrow, upper } from "./quad_lane";

// @ts-ignore: decorator
@inline
const POWERS: usize = 320, TOTALS: usize = 448, SHARED: usize = 480, RECORDS: usize = 484;

/** Hops that have powers of their own. */
// @ts-ignore: decorator
@inline
const HOPS: usize = 8;

// @ts-ignore: decorator
@inline
function walkOf(state: usize, lane: usize): usize {
  return load<u32>(state + (lane << 2), RECORDS);
}

/** A Float32 of all four walk records. */
// @ts-ignore: decorator
@inline
function ofWalks(state: usize, offset: usize): v128 {
  return four(walkOf(state, 0) + offset, walkOf(state, 1) + offset, walkOf(state, 2) + offset, walkOf(state, 3) + offset);
}

// @ts-ignore: decorator
@inline
function classWeights(state: usize, vector: usize): v128 {
  return ofWalks(state, 20 + (usize(load<u32>(vector)) << 2));
}

/** Readies a walk's state for a group. */
function ready(state: usize, group: usize, nFiles: u32, nCases: u32): void {
  const first = walkOf(state, 0), stamp = load<u32>(first, 4);
  let shared = true;
  for (let l: usize = 1; l < 4; l++) shared = shared && load<u32>(walkOf(state, l), 4) == stamp;
  store<u32>(state, u32(shared), SHARED);
  if (shared) {
    contract(first, group, nFiles, nCases, state);
    return;
  }
  const rank: usize = load<u32>(group, 4), nodes: usize = load<u32>(first, 16);
  for (let l: usize = 0; l < 4; l++) {
    const walk = walkOf(state, l), interpolation: usize = load<u32>(walk, 8), powers: usize = load<u32>(walk, 12);
    let basis: usize = load<u32>(group, 8);
    for (let r: usize = 0; r < rank; r++) {
      let c: f64 = 0;
      for (let k: usize = 0; k < nodes; k++) {
        c += load<f64>(interpolation + (k << 3)) * load<f64>(basis + (k << 3));
      }
      basis += nodes << 3;
      store<f32>(state + (r << 4) + (l << 2), f32(c));
    }
    for (let h: usize = 0; h < HOPS; h++) {
      store<f32>(state + (h << 4) + (l << 2), load<f32>(powers + (h << 2)), POWERS);
    }
  }
}

/** Contracts a vector to rows, those no walk reaches 0, and writes its four totals. Sums are made in the order of `walk.as`. */
function contractRows(state: usize, vector: usize, rank: u32, nFiles: u32, rows: usize, totals: usize): void {
  memory.fill(rows, 0, (usize(nFiles) + 1) << 4);
  if (rank == 8 || rank == 10) contractFew(state, vector, rank == 10, rows, totals);
  else contractAny(state, vector, rank, rows, totals);
}

/** 8 functions, or 10: their weights fit into registers. */
function contractFew(state: usize, vector: usize, ten: bool, rows: usize, totals: usize): void {
  let hops: usize = load<u32>(vector, 12), positions: usize = load<u32>(vector, 8), at: usize = load<u32>(vector, 16);
  const end = hops + load<u32>(vector, 4);
  const w0 = v128.load(state), w1 = v128.load(state, 16), w2 = v128.load(state, 32), w3 = v128.load(state, 48),
    w4 = v128.load(state, 64), w5 = v128.load(state, 80), w6 = v128.load(state, 96), w7 = v128.load(state, 112);
  let a = f32x4.splat(0), b = a, c = a, d = a;
  if (ten) {
    const w8 = v128.load(state, 128), w9 = v128.load(state, 144);
    for (; hops < end; hops++, positions += 8, at += 160) {
      const powers = v128.load(state + (usize(load<u8>(hops)) << 4), POWERS);
      a = f32x4.add(a, place(five(at, w0, w2, w4, w6, w8), five(at + 16, w1, w3, w5, w7, w9), powers, rows, positions));
      b = f32x4.add(b, place(five(at + 4, w0, w2, w4, w6, w8), five(at + 20, w1, w3, w5, w7, w9), powers, rows, positions + 2));
      c = f32x4.add(c, place(five(at + 8, w0, w2, w4, w6, w8), five(at + 24, w1, w3, w5, w7, w9), powers, rows, positions + 4));
      d = f32x4.add(d, place(five(at + 12, w0, w2, w4, w6, w8), five(at + 28, w1, w3, w5, w7, w9), powers, rows, positions + 6));
    }
  } else {
    for (; hops < end; hops++, positions += 8, at += 128) {
      const powers = v128.load(state + (usize(load<u8>(hops)) << 4), POWERS);
      a = f32x4.add(a, place(fourOf(at, w0, w2, w4, w6), fourOf(at + 16, w1, w3, w5, w7), powers, rows, positions));
      b = f32x4.add(b, place(fourOf(at + 4, w0, w2, w4, w6), fourOf(at + 20, w1, w3, w5, w7), powers, rows, positions + 2));
      c = f32x4.add(c, place(fourOf(at + 8, w0, w2, w4, w6), fourOf(at + 24, w1, w3, w5, w7), powers, rows, positions + 4));
      d = f32x4.add(d, place(fourOf(at + 12, w0, w2, w4, w6), fourOf(at + 28, w1, w3, w5, w7), powers, rows, positions + 6));
    }
  }
  writeTotals(totals, a, b, c, d);
}

function contractAny(state: usize, vector: usize, rank: u32, rows: usize, totals: usize): void {
  let hops: usize = load<u32>(vector, 12), positions: usize = load<u32>(vector, 8), at: usize = load<u32>(vector, 16);
  const end = hops + load<u32>(vector, 4), last = state + (usize(rank) << 4);
  let a = f32x4.splat(0), b = a, c = a, d = a;
  for (; hops < end; hops++, positions += 8) {
    let even0 = f32x4.splat(0), even1 = even0, even2 = even0, even3 = even0, odd0 = even0, odd1 = even0, odd2 = even0, odd3 = even0;
    for (let weights = state; weights < last; weights += 32, at += 32) {
      const even = v128.load(weights), odd = v128.load(weights, 16);
      even0 = f32x4.add(even0, f32x4.mul(even, v128.load_splat<f32>(at)));
      odd0 = f32x4.add(odd0, f32x4.mul(odd, v128.load_splat<f32>(at, 16)));
      even1 = f32x4.add(even1, f32x4.mul(even, v128.load_splat<f32>(at, 4)));
      odd1 = f32x4.add(odd1, f32x4.mul(odd, v128.load_splat<f32>(at, 20)));
      even2 = f32x4.add(even2, f32x4.mul(even, v128.load_splat<f32>(at, 8)));
      odd2 = f32x4.add(odd2, f32x4.mul(odd, v128.load_splat<f32>(at, 24)));
      even3 = f32x4.add(even3, f32x4.mul(even, v128.load_splat<f32>(at, 12)));
      odd3 = f32x4.add(odd3, f32x4.mul(odd, v128.load_splat<f32>(at, 28)));
    }
    const powers = v128.load(state + (usize(load<u8>(hops)) << 4), POWERS);
    a = f32x4.add(a, place(even0, odd0, powers, rows, positions));
    b = f32x4.add(b, place(even1, odd1, powers, rows, positions + 2));
    c = f32x4.add(c, place(even2, odd2, powers, rows, positions + 4));
    d = f32x4.add(d, place(even3, odd3, powers, rows, positions + 6));
  }
  writeTotals(totals, a, b, c, d);
}

/** Every second function of a file, times the weights of four points. */
// @ts-ignore: decorator
@inline
function fourOf(at: usize, w0: v128, w1: v128, w2: v128, w3: v128): v128 {
  let sum = f32x4.mul(w0, v128.load_splat<f32>(at));
  sum = f32x4.add(sum, f32x4.mul(w1, v128.load_splat<f32>(at, 32)));
  sum = f32x4.add(sum, f32x4.mul(w2, v128.load_splat<f32>(at, 64)));
  return f32x4.add(sum, f32x4.mul(w3, v128.load_splat<f32>(at, 96)));
}

// @ts-ignore: decorator
@inline
function five(at: usize, w0: v128, w1: v128, w2: v128, w3: v128, w4: v128): v128 {
  return f32x4.add(fourOf(at, w0, w1, w2, w3), f32x4.mul(w4, v128.load_splat<f32>(at, 128)));
}

/** Totals of the four points, from those of every fourth file. */
// @ts-ignore: decorator
@inline
function writeTotals(totals: usize, a: v128, b: v128, c: v128, d: v128): void {
  v128.store(totals, f64x2.add(f64x2.add(f64x2.add(lower(a), lower(b)), lower(c)), lower(d)));
  v128.store(totals, f64x2.add(f64x2.add(f64x2.add(upper(a), upper(b)), upper(c)), upper(d)), 16);
}

/** Writes a file's row where it belongs, never below 0, and returns it. */
// @ts-ignore: decorator
@inline
function place(even: v128, odd: v128, powers: v128, rows: usize, position: usize): v128 {
  const y = f32x4.pmax(f32x4.splat(0), f32x4.mul(f32x4.add(even, odd), powers));
  v128.store(rows + (usize(load<u16>(position)) << 4), y);
  return y;
}

/** Writes the four totals of a vector, after contracting it to rows unless the points share their alpha. */
// @ts-ignore: decorator
@inline
function bring(state: usize, vector: usize, rank: u32, nFiles: u32, rows: usize, totals: usize): void {
  if (load<u32>(state, SHARED)) {
    const total = v128.load_splat<f64>(vector + 24);
    v128.store(totals, total);
    v128.store(totals, total, 16);
  } else contractRows(state, vector, rank, nFiles, rows, totals);
}

/**
 * out = sum over classes of weight x vector, in rows; leaves its totals in the walk's state.
 *
 * @param walks addresses of the four walk records
 * @param spare rows for one vector
 */
export function baseRows(
  state: usize, walk0: usize, walk1: usize, walk2: usize, walk3: usize, group: usize, nFiles: u32, nCases: u32, spare: usize,
  out: usize,
): void {
  store<u32>(state, u32(walk0), RECORDS);
  store<u32>(state, u32(walk1), RECORDS + 4);
  store<u32>(state, u32(walk2), RECORDS + 8);
  store<u32>(state, u32(walk3), RECORDS + 12);
  ready(state, group, nFiles, nCases);
  const rank = load<u32>(group, 4), count = load<u32>(group, 16), shared = load<u32>(state, SHARED) != 0;
  let vector: usize = load<u32>(group, 12), low = f64x2.splat(0), high = low;
  const end = out + (usize(nFiles) << 4), totals = state + TOTALS;
  for (let v: u32 = 0; v < count; v++) {
    const w = classWeights(state, vector);
    bring(state, vector, rank, nFiles, spare, totals);
    low = f64x2.add(low, f64x2.mul(lower(w), v128.load(totals)));
    high = f64x2.add(high, f64x2.mul(upper(w), v128.load(totals, 16)));
    let dense: usize = shared ? load<u32>(vector, 20) : spare;
    if (v == 0) {
      if (shared) {
        for (let to = out; to < end; to += 16, dense += 4) v128.store(to, f32x4.mul(w, v128.load_splat<f32>(dense)));
      } else {
        for (let to = out; to < end; to += 16, dense += 16) v128.store(to, f32x4.mul(w, v128.load(dense)));
      }
    } else addRows(shared, w, dense, out, out, end);
    vector += VECTOR;
  }
  v128.store(totals, low);
  v128.store(totals, high, 16);
}

/** out = from + w x dense. */
function addRows(shared: bool, w: v128, dense: usize, from: usize, out: usize, end: usize): void {
  if (shared) {
    for (; out < end; out += 16, from += 16, dense += 4) {
      v128.store(out, f32x4.add(v128.load(from), f32x4.mul(w, v128.load_splat<f32>(dense))));
    }
  } else {
    for (; out < end; out += 16, from += 16, dense += 16) {
      v128.store(out, f32x4.add(v128.load(from), f32x4.mul(w, v128.load(dense))));
    }
  }
}

/**
 * out = files x (base + chat) / total, times `factor` unless that is 0, times what `table` has for a file's code unless `codes` is 0.
 *
 * @param codes u8 a file
 * @param table 32 bytes a code, of which the first 16 are these points'
 * @param spare rows for one vector
 */
export function caseRows(
  state: usize, group: usize, q: u32, nFiles: u32, base: usize, factor: usize, codes: usize, table: usize, spare: usize, out: usize,
): void {
  const pair: usize = load<u32>(group, 20) + (q << 3), rank = load<u32>(group, 4);
  const count = load<u32>(pair, 4), end = out + (usize(nFiles) << 4), shared = load<u32>(state, SHARED) != 0;
  const extra = ofWalks(state, 36), own = state + TOTALS;
  let vector: usize = load<u32>(pair), low = v128.load(own), high = v128.load(own, 16), from = base, w = extra, dense = spare;
  // One total after the other overwrites what the state holds of the base, so it is put back.
  const baseLow = low, baseHigh = high;
  for (let v: u32 = 0; v < count; v++, vector += VECTOR) {
    w = f32x4.mul(extra, classWeights(state, vector));
    bring(state, vector, rank, nFiles, spare, own);
    low = f64x2.add(low, f64x2.mul(lower(w), v128.load(own)));
    high = f64x2.add(high, f64x2.mul(upper(w), v128.load(own, 16)));
    dense = shared ? load<u32>(vector, 20) : spare;
    // The last vector is added together with the factors; further ones are rare.
    if (v + 1 == count) break;
    addRows(shared, w, dense, from, out, end);
    from = out;
  }
  v128.store(own, baseLow);
  v128.store(own, baseHigh, 16);
  const files = f64x2.splat(f64(nFiles)), scaleLow = f64x2.div(files, low), scaleHigh = f64x2.div(files, high);
  const s = narrow(scaleLow, scaleHigh), t = narrow(f64x2.mul(lower(w), scaleLow), f64x2.mul(upper(w), scaleHigh));
  if (shared) finish(true, s, t, from, dense, factor, codes, table, out, end);
  else finish(false, s, t, from, dense, factor, codes, table, out, end);
}

/** Four files at a time; registers have room for what that writes behind the last. */
// @ts-ignore: decorator
@inline
function finish(
  shared: bool, s: v128, w: v128, from: usize, dense: usize, factor: usize, codes: usize, table: usize, out: usize, end: usize,
): void {
  const step: usize = shared ? 4 : 16;
  if (codes != 0 && factor != 0) {
    for (; out < end; out += 64, from += 64, dense += step << 2, factor += 64, codes += 4) {
      coded(shared, s, w, from, dense, factor, load<u8>(codes), table, out);
      coded(shared, s, w, from + 16, dense + step, factor + 16, load<u8>(codes, 1), table, out + 16);
      coded(shared, s, w, from + 32, dense + 2 * step, factor + 32, load<u8>(codes, 2), table, out + 32);
      coded(shared, s, w, from + 48, dense + 3 * step, factor + 48, load<u8>(codes, 3), table, out + 48);
    }
  } else if (factor != 0) {
    for (; out < end; out += 64, from += 64, dense += step << 2, factor += 64) {
      v128.store(out, f32x4.mul(mixed(shared, s, w, from, dense), v128.load(factor)));
      v128.store(out, f32x4.mul(mixed(shared, s, w, from + 16, dense + step), v128.load(factor, 16)), 16);
      v128.store(out, f32x4.mul(mixed(shared, s, w, from + 32, dense + 2 * step), v128.load(factor, 32)), 32);
      v128.store(out, f32x4.mul(mixed(shared, s, w, from + 48, dense + 3 * step), v128.load(factor, 48)), 48);
    }
  } else {
    for (; out < end; out += 16, from += 16, dense += step) v128.store(out, mixed(shared, s, w, from, dense));
  }
}

// @ts-ignore: decorator
@inline
function coded(
  shared: bool, s: v128, w: v128, from: usize, dense: usize, factor: usize, code: u32, table: usize, out: usize,
): void {
  const x = f32x4.mul(mixed(shared, s, w, from, dense), v128.load(factor));
  v128.store(out, f32x4.mul(x, v128.load(table + (usize(code) << 5))));
}

/** s from + w dense of a row. */
// @ts-ignore: decorator
@inline
function mixed(shared: bool, s: v128, w: v128, from: usize, dense: usize): v128 {
  return f32x4.add(
    f32x4.mul(s, v128.load(from)),
    f32x4.mul(w, shared ? v128.load_splat<f32>(dense) : v128.load(dense)),
  );
}
