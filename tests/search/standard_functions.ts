/** Functions with known optima, as search spaces and scores to maximise (minus the usual cost). */
import type { Point, SearchSpace } from "../../lib/records/space.ts";

/** A test problem: regret of a score is `optimum - score`, at least 0. */
export interface StandardFunction {
  readonly name: string;
  readonly space: SearchSpace;
  readonly optimum: number;
  readonly score: (point: Point) => number;
}

function continuousSpace(
  low: readonly number[],
  high: readonly number[],
  start: readonly number[],
): SearchSpace {
  return start.map((value, i) => ({
    name: `x${i + 1}`,
    default: value,
    low: low[i]!,
    high: high[i]!,
    scale: "linear",
    integer: false,
    description: `coordinate ${i + 1}`,
    layer: "test",
  }));
}

function cube(d: number, low: number, high: number, start: readonly number[]): SearchSpace {
  return continuousSpace(new Array(d).fill(low), new Array(d).fill(high), start);
}

const coordinates = (point: Point) => Object.values(point);

const ALPHA = [1, 1.2, 3, 3.2];
const STEEPNESS = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [
  17,
  8,
  0.05,
  10,
  0.1,
  14,
]];
const CENTRES = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];

/** The four problems of the golden figures, with the same boxes and starts as `tests/testdata/search/make_golden.py`. */
export const STANDARD_FUNCTIONS: Readonly<Record<string, StandardFunction>> = {
  sphere: {
    name: "sphere",
    space: cube(5, -5.12, 5.12, [2.5, -3.5, 1.5, -4, 3]),
    optimum: 0,
    score: (point) => -coordinates(point).reduce((sum, x) => sum + x * x, 0),
  },
  rosenbrock: {
    name: "rosenbrock",
    space: cube(5, -2.048, 2.048, [-1.2, 1, -1.2, 1, -1.2]),
    optimum: 0,
    score(point) {
      const x = coordinates(point);
      return -x.slice(1).reduce((sum, b, i) => sum + 100 * (b - x[i]! ** 2) ** 2 + (1 - x[i]!) ** 2, 0);
    },
  },
  branin: {
    name: "branin",
    space: continuousSpace([-5, 0], [10, 15], [2.5, 7.5]),
    optimum: -0.39788735772973816,
    score(point) {
      const [a, b] = coordinates(point) as [number, number];
      const bowl = b - 5.1 / (4 * Math.PI ** 2) * a * a + 5 / Math.PI * a - 6;
      return -(bowl * bowl + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) + 10);
    },
  },
  hartmann6: {
    name: "hartmann6",
    space: cube(6, 0, 1, new Array(6).fill(0.5)),
    optimum: 3.322368011415515,
    score(point) {
      const x = coordinates(point);
      return ALPHA.reduce((sum, alpha, i) => {
        const exponent = x.reduce((s, v, j) => s + STEEPNESS[i]![j]! * (v - CENTRES[i]![j]!) ** 2, 0);
        return sum + alpha * Math.exp(-exponent);
      }, 0);
    },
  },
};
