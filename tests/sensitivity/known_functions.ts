/** Functions whose variance decomposition is known in closed form. */
import type { ParameterSpec, Point, SearchSpace } from "../../lib/records/space.ts";

/** A linear, continuous parameter. */
export function parameter(name: string, low: number, high: number, more: Partial<ParameterSpec> = {}) {
  const base = {
    name,
    low,
    high,
    default: low,
    scale: "linear",
    integer: false,
    description: name,
    layer: "",
  };
  return { ...base, ...more } as ParameterSpec;
}

/** d parameters x1 ... xd on [0, 1]. */
export function unitSpace(d: number): SearchSpace {
  return Array.from({ length: d }, (_, j) => parameter(`x${j + 1}`, 0, 1));
}

/** A function of known indices; pairs in lexicographic order. */
export interface KnownFunction {
  space: SearchSpace;
  objective: (point: Point) => number;
  first: number[];
  total: number[];
  second: number[];
}

/** Ishigami and Homma (1990) with a = 7, b = 0.1. */
export function ishigami(): KnownFunction {
  const a = 7, b = 0.1, pi = Math.PI;
  const v1 = (1 + b * pi ** 4 / 5) ** 2 / 2, v2 = a * a / 8, v13 = b * b * pi ** 8 * (1 / 18 - 1 / 50);
  const v = v1 + v2 + v13;
  return {
    space: [1, 2, 3].map((j) => parameter(`x${j}`, -pi, pi)),
    objective: (p) => Math.sin(p.x1!) + a * Math.sin(p.x2!) ** 2 + b * p.x3! ** 4 * Math.sin(p.x1!),
    first: [v1 / v, v2 / v, 0],
    total: [(v1 + v13) / v, v2 / v, v13 / v],
    second: [0, v13 / v, 0],
  };
}

/** Sobol's g-function: the product of (|4x - 2| + a) / (1 + a). */
export function sobolG(a: readonly number[]): KnownFunction {
  const parts = a.map((c) => 1 / (3 * (1 + c) ** 2));
  const v = parts.reduce((product, part) => product * (1 + part), 1) - 1;
  return {
    space: unitSpace(a.length),
    objective: (p) =>
      a.reduce((product, c, j) => product * (Math.abs(4 * p[`x${j + 1}`]! - 2) + c) / (1 + c), 1),
    first: parts.map((part) => part / v),
    total: parts.map((part, j) =>
      part * parts.reduce((product, other, k) => k === j ? product : product * (1 + other), 1) / v
    ),
    second: parts.flatMap((part, i) => parts.slice(i + 1).map((other) => part * other / v)),
  };
}
