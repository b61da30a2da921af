/** A grid over two parameters as a heat map with contours. */
import * as Plot from "@observablehq/plot";
import { formatNumber } from "../formula/print.ts";
import type { Heatmap } from "../sensitivity/heatmap.ts";
import { type Figure, figure } from "./figure.ts";
import { NEUTRAL_INK, SEQUENTIAL_STOPS } from "./palette.ts";
import type { PlotlyFigure } from "./plotly.ts";

/** Options of {@link heatmapFigure}. */
export interface HeatmapFigureOptions {
  /** what the values are: "nDCG@10 on train cases" */
  readonly label: string;
  readonly title?: string;
  /** lines drawn between the smallest and the largest value; default 6, 0 for none */
  readonly contours?: number;
}

/**
 * Draws the grid, one cell a pair of values, so that a logarithmic scale takes as much room as a linear one. The ring is the base
 * point, the dot the best cell. A grid without any difference is drawn without contours.
 */
export function heatmapFigure(map: Heatmap, options: HeatmapFigureOptions): Figure {
  const { xs, ys, rows, best, base } = map, { label, contours = 6 } = options;
  const cells = rows.map(({ x, y, value }) => ({ x: xs.indexOf(x), y: ys.indexOf(y), value }));
  const values = rows.map(({ value }) => value), low = Math.min(...values), high = Math.max(...values);
  const place = (x: number, y: number) => [{ x: xs.indexOf(x), y: ys.indexOf(y) }];
  const bestPlace = place(best.x, best.y), basePlace = place(base[map.x]!, base[map.y]!);
  const lines = contours > 0 && high - low > 1e-9 && xs.length > 2 && ys.length > 2
    ? [Plot.contour(values, {
      width: xs.length,
      height: ys.length,
      x1: -0.5,
      x2: xs.length - 0.5,
      y1: -0.5,
      y2: ys.length - 0.5,
      thresholds: Array.from({ length: contours }, (_, i) => low + (high - low) * (i + 1) / (contours + 1)),
      stroke: "white",
      strokeOpacity: 0.8,
    })]
    : [];
  return figure({
    width: 640,
    height: 470,
    marginLeft: 64,
    marginBottom: 48,
    x: axis(map.x, xs),
    y: axis(map.y, ys),
    color: { legend: true, label, type: "linear" },
    marks: [
      Plot.rect(cells, {
        x1: (d) => d.x - 0.5,
        x2: (d) => d.x + 0.5,
        y1: (d) => d.y - 0.5,
        y2: (d) => d.y + 0.5,
        fill: "value",
        // Cells overlap by a hair, or their edges show as a grid.
        inset: -0.4,
      }),
      ...lines,
      Plot.dot(basePlace, { x: "x", y: "y", r: 8, stroke: "white", strokeWidth: 2.5 }),
      Plot.dot(bestPlace, { x: "x", y: "y", r: 4, fill: "white", stroke: NEUTRAL_INK }),
    ],
  }, {
    title: options.title ?? `${label} over ${map.x} and ${map.y}`,
    caption: "Yellow is better. Ring: the base point. Dot: the best cell. Lines: equal values. " +
      "All other parameters stand at the base point.",
    alt: `${label} over ${xs.length} values of ${map.x} and ${ys.length} of ${map.y}, from ${
      low.toFixed(3)
    } to ${high.toFixed(3)}; best at ${map.x} ${formatNumber(best.x)}, ${map.y} ${formatNumber(best.y)}.`,
  });
}

/** The grid as an interactive contour plot: `show(…, { alt })`. Cells stand at their values; a logarithmic range gets a log axis. */
export function heatmapPlotly(map: Heatmap, { label }: Pick<HeatmapFigureOptions, "label">): PlotlyFigure {
  const { xs, ys, rows, base } = map;
  const z = ys.map((_, j) => rows.slice(j * xs.length, (j + 1) * xs.length).map(({ value }) => value));
  const hovertemplate = `${map.x} %{x:.3g}<br>${map.y} %{y:.3g}<br>${label} %{z:.4f}<extra></extra>`;
  return {
    data: [
      {
        type: "contour",
        x: xs,
        y: ys,
        z,
        hovertemplate,
        colorscale: SEQUENTIAL_STOPS.map((color, i) => [i / (SEQUENTIAL_STOPS.length - 1), color]),
        colorbar: { title: { text: label } },
        contours: { coloring: "heatmap" },
        line: { color: "rgba(255,255,255,0.8)", width: 1 },
      },
      {
        type: "scatter",
        mode: "markers",
        name: "base point",
        x: [base[map.x]],
        y: [base[map.y]],
        marker: { symbol: "circle-open", size: 14, color: "white", line: { width: 3 } },
        showlegend: false,
        hoverinfo: "name",
      },
    ],
    layout: {
      title: { text: `${label} over both`, font: { size: 15 } },
      xaxis: plotlyAxis(map.x, xs),
      yaxis: plotlyAxis(map.y, ys),
      height: 460,
    },
  };
}

/** Values that grow by a factor rather than by a step. */
function isLogarithmic(values: readonly number[]): boolean {
  const [first] = values, last = values.at(-1)!, middle = values[Math.floor(values.length / 2)]!;
  if (!(first! > 0) || values.length < 3) return false;
  return Math.abs(middle - Math.sqrt(first! * last)) < Math.abs(middle - (first! + last) / 2);
}

function plotlyAxis(name: string, values: readonly number[]): Record<string, unknown> {
  return { title: { text: name }, type: isLogarithmic(values) ? "log" : "linear", zeroline: false };
}

/** About eight labelled values; positions, not values, are what is drawn. */
function axis(name: string, values: readonly number[]): Plot.ScaleOptions {
  const every = Math.max(1, Math.ceil(values.length / 8));
  return {
    label: name,
    domain: [-0.5, values.length - 0.5],
    ticks: values.flatMap((_, i) => i % every === 0 ? [i] : []),
    tickFormat: (i: number) => Number(values[i]!.toPrecision(2)).toString(),
    grid: false,
  } as Plot.ScaleOptions;
}
