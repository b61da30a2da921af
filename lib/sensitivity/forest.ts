/** A small regression forest on the unit cube, whose leaves are boxes: what functional ANOVA integrates over. */
import { randomIndex, type RandomSource, randomStream } from "../base/random.ts";
import { NO_CHANGE } from "./evaluation.ts";

/** A box of [0, 1]^d and the value predicted in it. */
export interface LeafBox {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly value: number;
}

/** A regression tree; node 0 is its root. A node is a leaf where `feature` is -1. */
export interface Tree {
  readonly feature: Int32Array;
  /** A row goes left where its feature is at most the threshold */
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly value: Float64Array;
}

/** Trees and how well they foretell rows they have not seen. */
export interface Forest {
  readonly dimensions: number;
  readonly trees: readonly Tree[];
  /** For each tree, 1 at every row its sample drew and 0 at the others, which it has not seen */
  readonly bags: readonly Uint8Array[];
  /**
   * Out-of-bag R^2: 1 - squared error over the variance, each row predicted by the trees whose sample lacks it. Near 1 the
   * forest knows the function; near 0 or below, nothing derived from it means anything. NaN when the responses do
   * not vary, or no row is out of any bag.
   */
  readonly r_squared: number;
}

/** Options of {@link fitForest}. */
export interface ForestOptions {
  readonly seed: number | string;
  /** Default 64 */
  readonly trees?: number;
  /** Fewest rows of a leaf; default 3 */
  readonly minLeaf?: number;
  /** Parameters tried at each split; default five sixths of them, rounded up */
  readonly features?: number;
}

/**
 * Fits trees to bootstrap samples of the rows. Each split minimises the squared error over a random subset of the
 * parameters and lies halfway between neighbouring values; a node that no split improves is a leaf.
 *
 * Source: Breiman, Machine Learning 45 (2001).
 * @param x rows of unit positions
 * @param y finite responses, one a row
 * @throws {RangeError} for fewer than 2 rows, unequal lengths, or a response that is not finite
 */
export function fitForest(
  x: readonly ArrayLike<number>[],
  y: ArrayLike<number>,
  options: ForestOptions,
): Forest {
  const n = x.length, d = x[0]?.length ?? 0, count = options.trees ?? 64;
  if (n < 2 || y.length !== n || d === 0) {
    throw new RangeError(
      `A forest cannot be fitted to ${n} rows of ${d} parameters with ${y.length} responses: at least 2 rows and a response for each are wanted`,
    );
  }
  const responses = Float64Array.from(y), bad = responses.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new RangeError(`Response ${bad} is ${responses[bad]}: a finite number is wanted`);
  const random = randomStream(options.seed, "sensitivity/forest");
  const settings = {
    columns: Array.from({ length: d }, (_, j) => Float64Array.from(x, (row) => row[j]!)),
    y: responses,
    minLeaf: options.minLeaf ?? 3,
    features: Math.min(d, options.features ?? Math.ceil(d * 5 / 6)),
    random,
  };
  const sums = new Float64Array(n), votes = new Float64Array(n);
  const bags = Array.from({ length: count }, () => new Uint8Array(n));
  const trees = bags.map((bag) => {
    const rows = Int32Array.from({ length: n }, () => randomIndex(random, n));
    rows.forEach((i) => bag[i] = 1);
    const tree = growTree(settings, rows);
    for (let i = 0; i < n; i++) {
      if (bag[i]) continue;
      sums[i]! += predictTree(tree, x[i]!);
      votes[i]! += 1;
    }
    return tree;
  });
  return { dimensions: d, trees, bags, r_squared: outOfBag(responses, sums, votes) };
}

/** The value of the leaf a row falls in. */
export function predictTree(tree: Tree, row: ArrayLike<number>): number {
  let node = 0;
  while (tree.feature[node]! >= 0) {
    node = row[tree.feature[node]!]! <= tree.threshold[node]! ? tree.left[node]! : tree.right[node]!;
  }
  return tree.value[node]!;
}

/** The mean prediction of the trees. */
export function predictForest(forest: Forest, row: ArrayLike<number>): number {
  return forest.trees.reduce((sum, tree) => sum + predictTree(tree, row), 0) / forest.trees.length;
}

/** The leaves of a tree as boxes that tile [0, 1]^d. */
export function leafBoxes(tree: Tree, d: number): LeafBox[] {
  const boxes: LeafBox[] = [];
  const walk = (node: number, low: Float64Array, high: Float64Array) => {
    const feature = tree.feature[node]!;
    if (feature < 0) {
      boxes.push({ low, high, value: tree.value[node]! });
      return;
    }
    const below = high.slice(), above = low.slice();
    below[feature] = above[feature] = tree.threshold[node]!;
    walk(tree.left[node]!, low, below);
    walk(tree.right[node]!, above, high);
  };
  walk(0, new Float64Array(d), new Float64Array(d).fill(1));
  return boxes;
}

/** The volume of a box. */
export function volumeOf(box: LeafBox): number {
  return box.low.reduce((volume, low, j) => volume * (box.high[j]! - low), 1);
}

interface Growing {
  columns: readonly Float64Array[];
  y: Float64Array;
  minLeaf: number;
  features: number;
  random: RandomSource;
}

function growTree(settings: Growing, rows: Int32Array): Tree {
  const feature: number[] = [], threshold: number[] = [], left: number[] = [], right: number[] = [];
  const value: number[] = [];
  const grow = (rows: Int32Array): number => {
    const node = feature.push(-1) - 1;
    threshold.push(NaN), left.push(-1), right.push(-1);
    value.push(rows.reduce((sum, i) => sum + settings.y[i]!, 0) / rows.length);
    const split = bestSplit(settings, rows, value[node]!);
    if (split === undefined) return node;
    const column = settings.columns[split.feature]!;
    feature[node] = split.feature;
    threshold[node] = split.threshold;
    left[node] = grow(rows.filter((i) => column[i]! <= split.threshold));
    right[node] = grow(rows.filter((i) => column[i]! > split.threshold));
    return node;
  };
  grow(rows);
  return {
    feature: Int32Array.from(feature),
    threshold: Float64Array.from(threshold),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    value: Float64Array.from(value),
  };
}

/** The split with the largest drop of squared error, or undefined where none is allowed or none helps. */
function bestSplit({ columns, y, minLeaf, features, random }: Growing, rows: Int32Array, mean: number) {
  const n = rows.length;
  if (n < 2 * minLeaf) return undefined;
  const order = Int32Array.from(columns, (_, j) => j);
  const spread = rows.reduce((sum, i) => sum + (y[i]! - mean) ** 2, 0);
  // Rounding alone makes drops of this size; splitting on them would draw structure out of a constant.
  let best = Math.max(spread, mean * mean * n) * 1e-14,
    found: { feature: number; threshold: number } | undefined;
  for (let k = 0; k < features; k++) {
    const j = k + randomIndex(random, order.length - k);
    [order[k], order[j]] = [order[j]!, order[k]!];
    const column = columns[order[k]!]!;
    const sorted = rows.slice().sort((a, b) => column[a]! - column[b]!);
    let sum = 0;
    for (let i = 1; i <= n - minLeaf; i++) {
      sum += y[sorted[i - 1]!]! - mean;
      const from = column[sorted[i - 1]!]!, to = column[sorted[i]!]!;
      if (i < minLeaf || from === to) continue;
      const drop = sum * sum / i + sum * sum / (n - i);
      if (drop > best) {
        const middle = (from + to) / 2;
        best = drop;
        found = { feature: order[k]!, threshold: middle < to ? middle : from };
      }
    }
  }
  return found;
}

function outOfBag(y: Float64Array, sums: Float64Array, votes: Float64Array): number {
  const seen = [...y.keys()].filter((i) => votes[i]! > 0);
  const mean = seen.reduce((sum, i) => sum + y[i]!, 0) / seen.length;
  const error = seen.reduce((sum, i) => sum + (y[i]! - sums[i]! / votes[i]!) ** 2, 0);
  const spread = seen.reduce((sum, i) => sum + (y[i]! - mean) ** 2, 0);
  return spread > seen.length * (NO_CHANGE * Math.max(1, Math.abs(mean))) ** 2 ? 1 - error / spread : NaN;
}
