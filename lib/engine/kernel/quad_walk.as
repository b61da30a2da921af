/**
 * Walks of four points at once; `walk.as` says what records hold. A value comes out as it does for a point alone, to the last bit.
 *
 * Points of one alpha share the contracted vector their group keeps. Others get one in rows of four, which lives only until it is used.
 *
 * State of a walk, 1024 bytes: 128 of weights of functions a point, at 512 four totals (f64), at 544 whether the points share their alpha,
 * then the addresses of their four walk records.
 */
import { contract, contractVector, VECTOR, weigh } from "./curves";
import { four, lower, narrow, turn, upper } from "./quad_lane";

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

/** Contracts a vector at each alpha, one behind the other, and turns them to rows; those no walk reaches are 0. */
function contractRows(state: usize, group: usize, vector: usize, nFiles: u32, rows: usize, totals: usize): void {
  const one = (usize(nFiles) + 3) & ~3, room = rows + (one << 4);
  memory.fill(rows, 0, one << 4);
  for (let l: usize = 0; l < 4; l++) {
    const own = contractVector(walkOf(state, l), group, vector, state + (l << 7), room + l * (one << 2));
    store<f64>(totals + (l << 3), own);
  }
  let block: usize = load<u32>(vector, 8);
  for (const end = block + (load<u32>(vector, 4) << 2); block < end; block += 4) {
    const index: usize = load<u32>(block) & 0xffff, at = room + (index << 4);
    turn(at, at + (one << 2), at + (one << 3), at + 3 * (one << 2), rows + (index << 6));
  }
}

/** Writes the four totals of a vector, after contracting it to rows unless the points share their alpha. */
// @ts-ignore: decorator
@inline
function bring(state: usize, group: usize, vector: usize, nFiles: u32, rows: usize, totals: usize): void {
  if (load<u32>(state, SHARED)) {
    const total = v128.load_splat<f64>(vector + 24);
    v128.store(totals, total);
    v128.store(totals, total, 16);
  } else contractRows(state, group, vector, nFiles, rows, totals);
}

/**
 * out = sum over classes of weight x vector, in rows; leaves its totals in the walk's state.
 *
 * @param walks addresses of the four walk records
 * @param spare rows for two vectors
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
  const rank = load<u32>(group, 4), count = load<u32>(group, 16), shared = load<u32>(state, SHARED) != 0;
  let vector: usize = load<u32>(group, 12), low = f64x2.splat(0), high = low;
  const end = out + (usize(nFiles) << 4), totals = state + TOTALS;
  for (let v: u32 = 0; v < count; v++) {
    const w = classWeights(state, vector);
    bring(state, group, vector, nFiles, spare, totals);
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
 * @param spare rows for two vectors
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
    bring(state, group, vector, nFiles, spare, own);
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
