/** One function for everything a notebook shows. */
import type * as Plot from "@observablehq/plot";
import { type DiffOptions, diffView } from "./diff.ts";
import { duckTable, isDuckResult } from "./duckdb_table.ts";
import { figure, figureOfElement } from "./figure.ts";
import { type GraphOptions, graphView, isGraph } from "./graph_view.ts";
import { broadcastDisplay, inKernel, printText } from "./kernel_display.ts";
import { Live } from "./live.ts";
import { isPlotlyFigure, plotlyInit, plotlyView } from "./plotly.ts";
import { isRanking, ranking } from "./ranking.ts";
import { type Row, table, type TableOptions } from "./table.ts";
import { isTree, treeOfDocument, treeView } from "./tree.ts";
import { stackViews, textView, View } from "./view.ts";

export { costMeter, progress } from "./live.ts";
export { settle } from "./settle.ts";

/** Options of {@link show}: those of the kind of thing it finds. */
export interface ShowOptions extends TableOptions, DiffOptions, Omit<GraphOptions, "title" | "caption"> {
  /** What a figure shows, in a sentence. Needed for plots. */
  alt?: string;
  /** Take the value for this kind instead of what it looks like. */
  as?: "table" | "ranking" | "plot" | "plotly" | "graph" | "diff" | "tree" | "text";
}

/**
 * Shows a value under the current cell; outside a notebook kernel prints its text to stdout.
 *
 * | value | looks like |
 * | --- | --- |
 * | a View, a Live (progress bar, cost meter) | itself |
 * | a DuckDB reader or result | table with the database's types |
 * | rows of {file, rank, score, parts} | ranking with bars |
 * | a list, a Map, another object | table |
 * | Observable Plot options ({marks}) or an element of Plot | figure; `alt` is needed |
 * | a Plotly figure ({data, layout}) | interactive figure; `alt` is needed. The library is embedded with the first one |
 * | a graphology graph | figure; `around` draws the surroundings of a node |
 * | {before, after} | what changed |
 * | {label, children}, {op, …} | tree |
 * | anything else | text |
 *
 * `await` it. An output larger than 5 MB is replaced by a note that says so.
 * @throws {TypeError} for a figure without `alt`
 * @throws {RangeError} for options that name a column, node or part that is not there
 */
export async function show(value: unknown, options: ShowOptions = {}): Promise<void> {
  if (value instanceof Live) return await value.open();
  const view = await viewOf(value, options);
  if (inKernel()) await broadcastDisplay(view.bundle());
  else printText(view.text);
}

/** The view that {@link show} would show: for reports, and for composing several. */
export async function viewOf(value: unknown, options: ShowOptions = {}): Promise<View> {
  const kind = options.as ?? kindOf(value);
  const text = {
    alt: options.alt ?? "",
    ...(options.title !== undefined ? { title: options.title } : {}),
    ...(options.caption !== undefined ? { caption: options.caption } : {}),
  };
  switch (kind) {
    case "view":
      return value as View;
    case "live":
      return (value as Live).view();
    case "duckdb":
      return await duckTable(value as never, options);
    case "ranking":
      return ranking(value as never, options);
    case "plot":
      return figure(value as Plot.PlotOptions, text);
    case "element":
      return figureOfElement(value as Element, text);
    case "plotly":
      return await plotlyOnce(plotlyView(value as never, text.alt));
    case "graph":
      return graphView(value as never, options);
    case "diff": {
      const { before, after } = value as { before: unknown; after: unknown };
      return diffView(before, after, options);
    }
    case "tree":
      return treeView(isTree(value) ? value : treeOfDocument(value), options);
    case "table":
      return table(rowsOf(value), options);
    case "text":
      return textView(typeof value === "string" ? value : Deno.inspect(value, { colors: false, depth: 6 }));
  }
}

type Kind = NonNullable<ShowOptions["as"]> | "view" | "live" | "duckdb" | "element";

function kindOf(value: unknown): Kind {
  if (value instanceof View) return "view";
  if (value instanceof Live) return "live";
  if (typeof value !== "object" || value === null) return "text";
  if (value instanceof Error || value instanceof Date || value instanceof RegExp) return "text";
  if (Array.isArray(value)) return isRanking(value) ? "ranking" : "table";
  return recognisers.find(([, recognise]) => recognise(value))?.[0] ?? "table";
}

type Members = Readonly<Record<string, unknown>>;

/** Asked in this order of an object that is no list; what none of them knows is a table of its members. */
const recognisers: readonly (readonly [Kind, (value: object) => boolean])[] = [
  ["duckdb", isDuckResult],
  ["graph", isGraph],
  ["element", (value) => "tagName" in value && "outerHTML" in value],
  ["plot", (value) => Array.isArray((value as Members).marks)],
  ["plotly", isPlotlyFigure],
  ["diff", (value) => Object.keys(value).length === 2 && "before" in value && "after" in value],
  ["tree", (value) => isTree(value) || typeof (value as Members).op === "string"],
];

/** Lists become rows; values that are no objects stand in a column "value"; an object or a Map has one row a member. */
function rowsOf(value: unknown): Row[] {
  if (Array.isArray(value)) {
    return value.map((item) =>
      typeof item === "object" && item !== null && !Array.isArray(item) ? item : { value: item }
    );
  }
  const entries = value instanceof Map ? [...value] : Object.entries(value as object);
  return entries.map(([name, member]) => ({ name, value: member }));
}

let plotlyEmbedded = false;

/** The first interactive figure of a kernel brings the library along. */
async function plotlyOnce(view: View): Promise<View> {
  if (plotlyEmbedded || !inKernel()) return view;
  plotlyEmbedded = true;
  await broadcastDisplay((await plotlyInit()).bundle());
  return view;
}

/** Several values as one view, one under the other. */
export async function stack(...values: readonly unknown[]): Promise<View> {
  return stackViews(await Promise.all(values.map((value) => viewOf(value))));
}
