/** The exact variance decomposition of one tree: sums over boxes, no sampling. */
import { type LeafBox, volumeOf } from "./forest.ts";

/** Variances of a piecewise constant function on [0, 1]^d under the uniform measure. */
export interface BoxVariances {
  readonly mean: number;
  readonly total: number;
  /** Variance of each main effect, by parameter */
  readonly first: Float64Array;
  /** Variance of each pure two-way effect, pairs i < j in lexicographic order */
  readonly second: Float64Array;
}

/** What one or two parameters do on average over the others: values on the cells between their breakpoints. */
export interface Marginal {
  /** Ascending, 0 and 1 among them; cell k lies between breakpoint k and k + 1 */
  readonly breakpoints: Float64Array;
  readonly values: Float64Array;
}

/**
 * First- and second-order variances of the function that boxes tiling [0, 1]^d define.
 *
 * Marginals are piecewise constant between the boxes' edges, so every integral is a finite sum.
 * Source: Hutter, Hoos and Leyton-Brown, ICML 2014, algorithms 1 and 2.
 */
export function boxVariances(boxes: readonly LeafBox[], d: number): BoxVariances {
  const volumes = Float64Array.from(boxes, volumeOf);
  let mean = 0, total = 0;
  boxes.forEach((box, b) => mean += volumes[b]! * box.value);
  boxes.forEach((box, b) => total += volumes[b]! * (box.value - mean) ** 2);
  const edges = Array.from({ length: d }, (_, j) => breakpointsOf(boxes, j));
  const spans = edges.map((breakpoints, j) => spansOf(boxes, breakpoints, j));
  const first = Float64Array.from(edges, (breakpoints, j) => {
    const { values } = marginalOf(boxes, volumes, breakpoints, spans[j]!, j, mean);
    let variance = 0;
    values.forEach((value, k) => variance += (breakpoints[k + 1]! - breakpoints[k]!) * value * value);
    return variance;
  });
  const second: number[] = [];
  for (let i = 0; i < d; i++) {
    for (let j = i + 1; j < d; j++) {
      const closed = pairVariance(
        boxes,
        volumes,
        [edges[i]!, edges[j]!],
        [spans[i]!, spans[j]!],
        [i, j],
        mean,
      );
      // Exact zero is reached only up to rounding; a variance is never below it.
      second.push(Math.max(0, closed - first[i]! - first[j]!));
    }
  }
  return { mean, total, first, second: Float64Array.from(second) };
}

/** The main effect of parameter j: its average over all others, less the mean. */
export function mainEffect(boxes: readonly LeafBox[], j: number): Marginal {
  const volumes = Float64Array.from(boxes, volumeOf);
  const mean = boxes.reduce((sum, box, b) => sum + volumes[b]! * box.value, 0);
  const breakpoints = breakpointsOf(boxes, j);
  return marginalOf(boxes, volumes, breakpoints, spansOf(boxes, breakpoints, j), j, mean);
}

function breakpointsOf(boxes: readonly LeafBox[], j: number): Float64Array {
  return Float64Array.from(new Set(boxes.flatMap((box) => [box.low[j]!, box.high[j]!]))).sort();
}

/** First cell of each box and the cell after its last, along one parameter. */
function spansOf(boxes: readonly LeafBox[], breakpoints: Float64Array, j: number): [number, number][] {
  const index = new Map([...breakpoints].map((edge, k) => [edge, k]));
  return boxes.map((box) => [index.get(box.low[j]!)!, index.get(box.high[j]!)!]);
}

type Spans = readonly (readonly [number, number])[];

function marginalOf(
  boxes: readonly LeafBox[],
  volumes: Float64Array,
  breakpoints: Float64Array,
  spans: Spans,
  j: number,
  mean: number,
): Marginal {
  const values = new Float64Array(breakpoints.length - 1);
  boxes.forEach((box, b) => {
    const part = (box.value - mean) * volumes[b]! / (box.high[j]! - box.low[j]!);
    const [from, to] = spans[b]!;
    for (let k = from; k < to; k++) values[k]! += part;
  });
  return { breakpoints, values };
}

/** Variance of the joint marginal of two parameters, single effects included. */
function pairVariance(
  boxes: readonly LeafBox[],
  volumes: Float64Array,
  [xs, ys]: readonly [Float64Array, Float64Array],
  [xSpans, ySpans]: readonly [Spans, Spans],
  [i, j]: readonly [number, number],
  mean: number,
): number {
  // Each box adds a constant to a rectangle of cells: four corners of a difference table, summed up once at the end.
  const width = ys.length, table = new Float64Array(xs.length * width);
  boxes.forEach((box, b) => {
    const part = (box.value - mean) * volumes[b]! /
      ((box.high[i]! - box.low[i]!) * (box.high[j]! - box.low[j]!));
    const [left, right] = xSpans[b]!, [bottom, top] = ySpans[b]!;
    table[left * width + bottom]! += part;
    table[left * width + top]! -= part;
    table[right * width + bottom]! -= part;
    table[right * width + top]! += part;
  });
  let variance = 0;
  const column = new Float64Array(width);
  for (let k = 0; k + 1 < xs.length; k++) {
    let value = 0;
    for (let l = 0; l + 1 < width; l++) {
      column[l]! += table[k * width + l]!;
      value += column[l]!;
      variance += (xs[k + 1]! - xs[k]!) * (ys[l + 1]! - ys[l]!) * value * value;
    }
  }
  return variance;
}
