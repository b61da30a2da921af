/** Two parameters on a full grid, everything else at a base point: rows for heat maps and contours. */
import { spellingHint } from "../base/spelling.ts";
import { parsePoint, type Point, type SearchSpace } from "../records/space.ts";
import { evaluatePoints, type EvaluationOptions, type Objective } from "./evaluation.ts";
import { valueGrid } from "./oat.ts";

/** One cell of the grid. */
export interface HeatmapRow {
  readonly x: number;
  readonly y: number;
  readonly value: number;
}

/** A complete rectangular grid. */
export interface Heatmap {
  readonly x: string;
  readonly y: string;
  /** Ascending values of the two axes; the base point's are among them */
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  /** `xs.length * ys.length` cells, x running fastest: a contour takes the values as they come */
  readonly rows: readonly HeatmapRow[];
  /** The cell of the largest value, the first of several */
  readonly best: HeatmapRow;
  readonly base: Point;
  readonly evaluations: number;
}

/** Options of {@link heatmap}. */
export interface HeatmapOptions extends EvaluationOptions {
  /** Values an axis, evenly spaced on its parameter's scale; an integer with fewer values gives fewer. Default 15 */
  readonly levels?: number;
}

/**
 * Evaluates a grid over two parameters.
 *
 * @throws {RangeError} when the two are the same or not of the space, and as {@link evaluatePoints} does
 */
export async function heatmap(
  space: SearchSpace,
  objective: Objective,
  axes: readonly [string, string],
  base: Point,
  options: HeatmapOptions = {},
): Promise<Heatmap> {
  const [x, y] = axes, origin = parsePoint(space, base);
  if (x === y) throw new RangeError(`A heat map of ${x} against itself is a line: name two parameters`);
  const [xs, ys] = axes.map((name) => {
    const p = space.find((p) => p.name === name);
    if (p === undefined) {
      throw new RangeError(`No parameter ${name}${spellingHint(name, space.map((p) => p.name))}`);
    }
    return valueGrid(p, origin[name]!, options.levels ?? 15);
  }) as [number[], number[]];
  const cells = ys.flatMap((yValue) => xs.map((xValue) => [xValue, yValue] as const));
  const points = cells.map(([xValue, yValue]) => ({ ...origin, [x]: xValue, [y]: yValue }));
  const { outcomes, evaluations } = await evaluatePoints(space, objective, points, options);
  const rows = cells.map(([xValue, yValue], i) => ({ x: xValue, y: yValue, value: outcomes[i]!.mean }));
  const best = rows.reduce((top, row) => row.value > top.value ? row : top);
  return { x, y, xs, ys, rows, best, base: origin, evaluations };
}
