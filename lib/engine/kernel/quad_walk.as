/**
 * Walks of four points at once; `walk.as` says what records hold. A value comes out as it does for a point alone, to the last bit.
 *
 * Points of one alpha share the contracted vector their group keeps. Others get one each, which lives only until it is used.
 *
 * State of a walk, 1024 bytes: 128 of weights of functions a point, at 512 four totals (f64), at 544 whether the points share their alpha,
 * then the addresses of their four walk records.
 */
import { contract, contractTwice, extent, VECTOR, weigh } from "./curves";
import { evenRow, firstTwo, four, lastTwo, lower, narrow, oddRow, upper } from "./quad_lane";

// @ts-ignore: decorator
@inline
const TOTALS: usize = 512, SHARED: usize = 544, RECORDS: usize = 548;

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
function ready(state: usize, group: usize, nCases: u32): void {
  const first = walkOf(state, 0), stamp = load<u32>(first, 4);
  let shared = true;
  for (let l: usize = 1; l < 4; l++) shared = shared && load<u32>(walkOf(state, l), 4) == stamp;
  store<u32>(state, u32(shared), SHARED);
  if (shared) contract(first, group, nCases, state);
  else for (let l: usize = 0; l < 4; l++) weigh(walkOf(state, l), group, state + (l << 7));
}

/** Bytes a lane's vector takes where the points' alphas differ: the four stand one behind the other, files as they come. */
// @ts-ignore: decorator
@inline
function laneBytes(nFiles: u32): usize {
  return ((usize(nFiles) + 15) & ~15) << 2;
}

/** Contracts a vector at each point's alpha, as far as it goes; files no walk reaches are 0. */
function contractLanes(state: usize, group: usize, vector: usize, nFiles: u32, lanes: usize, totals: usize): void {
  const one = laneBytes(nFiles), a = lanes, b = a + one, c = b + one, d = c + one;
  let block: usize = load<u32>(vector, 8), from: usize = 0;
  for (const end = block + (load<u32>(vector, 4) << 2); block < end; block += 4) {
    const at = usize(load<u32>(block) & 0xffff) << 4;
    if (from < at) clear(a, b, c, d, from, at);
    from = at + 16;
  }
  clear(a, b, c, d, from, extent(vector));
  contractTwice(walkOf(state, 0), walkOf(state, 1), group, vector, state, state + 128, a, b, totals);
  contractTwice(walkOf(state, 2), walkOf(state, 3), group, vector, state + 256, state + 384, c, d, totals + 16);
}

// @ts-ignore: decorator
@inline
function clear(a: usize, b: usize, c: usize, d: usize, from: usize, to: usize): void {
  const none = f32x4.splat(0);
  for (; from < to; from += 16) {
    v128.store(a + from, none);
    v128.store(b + from, none);
    v128.store(c + from, none);
    v128.store(d + from, none);
  }
}

/** Writes the four totals of a vector, after contracting it a lane at a time unless the points share their alpha. */
// @ts-ignore: decorator
@inline
function bring(state: usize, group: usize, vector: usize, nFiles: u32, lanes: usize, totals: usize): void {
  if (load<u32>(state, SHARED)) {
    const total = v128.load_splat<f64>(vector + 24);
    v128.store(totals, total);
    v128.store(totals, total, 16);
  } else contractLanes(state, group, vector, nFiles, lanes, totals);
}

/**
 * out = sum over classes of weight x vector, in rows; leaves its totals in the walk's state.
 *
 * @param walks addresses of the four walk records
 * @param spare rows for a vector
 */
export function baseRows(
  state: usize, walk0: usize, walk1: usize, walk2: usize, walk3: usize, group: usize, nFiles: u32, nCases: u32, spare: usize,
  out: usize,
): void {
  store<u32>(state, u32(walk0), RECORDS);
  store<u32>(state, u32(walk1), RECORDS + 4);
  store<u32>(state, u32(walk2), RECORDS + 8);
  store<u32>(state, u32(walk3), RECORDS + 12);
  ready(state, group, nCases);
  const count = load<u32>(group, 16), shared = load<u32>(state, SHARED) != 0;
  let vector: usize = load<u32>(group, 12), low = f64x2.splat(0), high = low;
  const end = out + (usize(nFiles) << 4), totals = state + TOTALS;
  for (let v: u32 = 0; v < count; v++) {
    const w = classWeights(state, vector);
    bring(state, group, vector, nFiles, spare, totals);
    low = f64x2.add(low, f64x2.mul(lower(w), v128.load(totals)));
    high = f64x2.add(high, f64x2.mul(upper(w), v128.load(totals, 16)));
    const stop = rowsOf(vector, out, end);
    if (!shared) addLanes(w, spare, laneBytes(nFiles), out, out, stop, v == 0);
    else if (v > 0) addShared(w, load<u32>(vector, 20), out, out, stop);
    else {
      let dense: usize = load<u32>(vector, 20);
      for (let to = out; to < stop; to += 16, dense += 4) v128.store(to, f32x4.mul(w, v128.load_splat<f32>(dense)));
    }
    if (v == 0) for (let to = stop; to < end; to += 16) v128.store(to, f32x4.splat(0));
    vector += VECTOR;
  }
  v128.store(totals, low);
  v128.store(totals, high, 16);
}

/** Where the rows that a vector reaches end. */
// @ts-ignore: decorator
@inline
function rowsOf(vector: usize, out: usize, end: usize): usize {
  return min(end, out + (extent(vector) << 2));
}

/** out = from + w x dense, whose values all points share. */
function addShared(w: v128, dense: usize, from: usize, out: usize, end: usize): void {
  for (; out < end; out += 16, from += 16, dense += 4) {
    v128.store(out, f32x4.add(v128.load(from), f32x4.mul(w, v128.load_splat<f32>(dense))));
  }
}

/** out = from + w x lanes; without `from` if it is the first. */
function addLanes(w: v128, lanes: usize, one: usize, from: usize, out: usize, end: usize, first: bool): void {
  for (; out < end; out += 64, from += 64, lanes += 16) {
    const p = v128.load(lanes), q = v128.load(lanes + one), r = v128.load(lanes + 2 * one), s = v128.load(lanes + 3 * one);
    const lowPq = firstTwo(p, q), highPq = lastTwo(p, q), lowRs = firstTwo(r, s), highRs = lastTwo(r, s);
    added(w, evenRow(lowPq, lowRs), from, out, first);
    added(w, oddRow(lowPq, lowRs), from + 16, out + 16, first);
    added(w, evenRow(highPq, highRs), from + 32, out + 32, first);
    added(w, oddRow(highPq, highRs), from + 48, out + 48, first);
  }
}

// @ts-ignore: decorator
@inline
function added(w: v128, row: v128, from: usize, out: usize, first: bool): void {
  const x = f32x4.mul(w, row);
  v128.store(out, first ? x : f32x4.add(v128.load(from), x));
}

/**
 * out = files x (base + chat) / total, times `factor` unless that is 0, times what `table` has for a file's code unless `codes` is 0.
 *
 * @param codes u8 a file
 * @param table 32 bytes a code, of which the first 16 are these points'
 * @param spare rows for a vector
 */
export function caseRows(
  state: usize, group: usize, q: u32, nFiles: u32, base: usize, factor: usize, codes: usize, table: usize, spare: usize, out: usize,
): void {
  const pair: usize = load<u32>(group, 20) + (q << 3);
  const count = load<u32>(pair, 4), end = out + (usize(nFiles) << 4), shared = load<u32>(state, SHARED) != 0;
  const extra = ofWalks(state, 36), own = state + TOTALS;
  let vector: usize = load<u32>(pair), low = v128.load(own), high = v128.load(own, 16), from = base, w = extra, dense = spare;
  // One total after the other overwrites what the state holds of the base, so it is put back.
  const baseLow = low, baseHigh = high;
  for (let v: u32 = 0; v < count; v++, vector += VECTOR) {
    w = f32x4.mul(extra, classWeights(state, vector));
    bring(state, group, vector, nFiles, spare, own);
    low = f64x2.add(low, f64x2.mul(lower(w), v128.load(own)));
    high = f64x2.add(high, f64x2.mul(upper(w), v128.load(own, 16)));
    dense = shared ? load<u32>(vector, 20) : spare;
    // The last vector is added together with the factors; further ones are rare.
    if (v + 1 == count) break;
    const stop = rowsOf(vector, out, end);
    if (from != out) memory.copy(stop, from + (stop - out), end - stop);
    if (shared) addShared(w, dense, from, out, stop);
    else addLanes(w, dense, laneBytes(nFiles), from, out, stop, false);
    from = out;
  }
  v128.store(own, baseLow);
  v128.store(own, baseHigh, 16);
  const files = f64x2.splat(f64(nFiles)), scaleLow = f64x2.div(files, low), scaleHigh = f64x2.div(files, high);
  const s = narrow(scaleLow, scaleHigh), t = narrow(f64x2.mul(lower(w), scaleLow), f64x2.mul(upper(w), scaleHigh));
  const stop = rowsOf(vector, out, end), rows = stop - out;
  if (shared) finishShared(s, t, from, dense, factor, codes, table, out, stop);
  else finishLanes(s, t, from, dense, laneBytes(nFiles), factor, codes, table, out, stop);
  finishRest(s, from + rows, factor == 0 ? 0 : factor + rows, codes == 0 ? 0 : codes + (rows >> 4), table, stop, end);
}

/** Four files at a time; registers have room for what that writes behind the last. */
function finishShared(
  s: v128, w: v128, from: usize, dense: usize, factor: usize, codes: usize, table: usize, out: usize, end: usize,
): void {
  if (codes != 0 && factor != 0) {
    for (; out < end; out += 64, from += 64, dense += 16, factor += 64, codes += 4) {
      coded(s, w, v128.load_splat<f32>(dense), from, factor, load<u8>(codes), table, out);
      coded(s, w, v128.load_splat<f32>(dense, 4), from + 16, factor + 16, load<u8>(codes, 1), table, out + 16);
      coded(s, w, v128.load_splat<f32>(dense, 8), from + 32, factor + 32, load<u8>(codes, 2), table, out + 32);
      coded(s, w, v128.load_splat<f32>(dense, 12), from + 48, factor + 48, load<u8>(codes, 3), table, out + 48);
    }
  } else if (factor != 0) {
    for (; out < end; out += 64, from += 64, dense += 16, factor += 64) {
      v128.store(out, f32x4.mul(mixed(s, w, v128.load_splat<f32>(dense), from), v128.load(factor)));
      v128.store(out, f32x4.mul(mixed(s, w, v128.load_splat<f32>(dense, 4), from + 16), v128.load(factor, 16)), 16);
      v128.store(out, f32x4.mul(mixed(s, w, v128.load_splat<f32>(dense, 8), from + 32), v128.load(factor, 32)), 32);
      v128.store(out, f32x4.mul(mixed(s, w, v128.load_splat<f32>(dense, 12), from + 48), v128.load(factor, 48)), 48);
    }
  } else {
    for (; out < end; out += 16, from += 16, dense += 4) v128.store(out, mixed(s, w, v128.load_splat<f32>(dense), from));
  }
}

function finishLanes(
  s: v128, w: v128, from: usize, lanes: usize, one: usize, factor: usize, codes: usize, table: usize, out: usize, end: usize,
): void {
  for (; out < end; out += 64, from += 64, lanes += 16) {
    const p = v128.load(lanes), q = v128.load(lanes + one), r = v128.load(lanes + 2 * one), t = v128.load(lanes + 3 * one);
    const lowPq = firstTwo(p, q), highPq = lastTwo(p, q), lowRt = firstTwo(r, t), highRt = lastTwo(r, t);
    const a = evenRow(lowPq, lowRt), b = oddRow(lowPq, lowRt), c = evenRow(highPq, highRt), d = oddRow(highPq, highRt);
    if (codes != 0 && factor != 0) {
      coded(s, w, a, from, factor, load<u8>(codes), table, out);
      coded(s, w, b, from + 16, factor + 16, load<u8>(codes, 1), table, out + 16);
      coded(s, w, c, from + 32, factor + 32, load<u8>(codes, 2), table, out + 32);
      coded(s, w, d, from + 48, factor + 48, load<u8>(codes, 3), table, out + 48);
      factor += 64;
      codes += 4;
    } else if (factor != 0) {
      v128.store(out, f32x4.mul(mixed(s, w, a, from), v128.load(factor)));
      v128.store(out, f32x4.mul(mixed(s, w, b, from + 16), v128.load(factor, 16)), 16);
      v128.store(out, f32x4.mul(mixed(s, w, c, from + 32), v128.load(factor, 32)), 32);
      v128.store(out, f32x4.mul(mixed(s, w, d, from + 48), v128.load(factor, 48)), 48);
      factor += 64;
    } else {
      v128.store(out, mixed(s, w, a, from));
      v128.store(out, mixed(s, w, b, from + 16), 16);
      v128.store(out, mixed(s, w, c, from + 32), 32);
      v128.store(out, mixed(s, w, d, from + 48), 48);
    }
  }
}

/** Rows that the vector does not reach. */
function finishRest(s: v128, from: usize, factor: usize, codes: usize, table: usize, out: usize, end: usize): void {
  for (; out < end; out += 16, from += 16) {
    let x = f32x4.mul(s, v128.load(from));
    if (factor != 0) {
      x = f32x4.mul(x, v128.load(factor));
      factor += 16;
    }
    if (codes != 0 && factor != 0) x = f32x4.mul(x, v128.load(table + (usize(load<u8>(codes++)) << 5)));
    v128.store(out, x);
  }
}

// @ts-ignore: decorator
@inline
function coded(s: v128, w: v128, row: v128, from: usize, factor: usize, code: u32, table: usize, out: usize): void {
  const x = f32x4.mul(mixed(s, w, row, from), v128.load(factor));
  v128.store(out, f32x4.mul(x, v128.load(table + (usize(code) << 5))));
}

/** s from + w row. */
// @ts-ignore: decorator
@inline
function mixed(s: v128, w: v128, row: v128, from: usize): v128 {
  return f32x4.add(f32x4.mul(s, v128.load(from)), f32x4.mul(w, row));
}
