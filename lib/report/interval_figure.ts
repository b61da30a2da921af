/** Estimates with their intervals, one under the other, on one scale: the figure for "which of these, and how sure". */
import * as Plot from "@observablehq/plot";
import { type Figure, figure } from "./figure.ts";
import { CATEGORIES, NEUTRAL_RULE } from "./palette.ts";
import { textWidth } from "./svg.ts";

/** One line of the figure. */
export interface IntervalRow {
  /** Shown at the left; cut after 56 characters. Names stand once. */
  readonly name: string;
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
  /** Drawn in the second colour. Default false */
  readonly marked?: boolean;
}

/** What an interval figure says beside its marks. */
export interface IntervalText {
  readonly title: string;
  /** Of the horizontal axis, with its unit */
  readonly label: string;
  readonly caption: string;
  /** Begins the alt text; the estimates follow. */
  readonly about: string;
}

const LONGEST = 56, FONT = 12;

/**
 * Draws the rows in the order given; the axis always shows 0.
 *
 * @throws {RangeError} without rows, or for two rows of one name
 */
export function intervalFigure(rows: readonly IntervalRow[], text: IntervalText): Figure {
  if (rows.length === 0) {
    throw new RangeError("Cannot draw intervals of nothing: at least one row is wanted");
  }
  const points = rows.map((row) => ({ ...row, name: cut(row.name) }));
  const twice = points.find(({ name }, i) => points.findIndex((other) => other.name === name) < i);
  if (twice) {
    throw new RangeError(`Cannot draw two rows called "${twice.name}": the figure needs a name for each`);
  }
  const margin = Math.ceil(Math.max(...points.map(({ name }) => textWidth(name, FONT)))) + 20;
  const color = (row: IntervalRow) => row.marked ? CATEGORIES[1]! : CATEGORIES[0]!;
  return figure({
    width: Math.max(640, margin + 380),
    marginLeft: margin,
    height: 26 * points.length + 70,
    x: { label: text.label, grid: true, zero: true },
    y: { label: null, domain: points.map(({ name }) => name) },
    marks: [
      Plot.ruleX([0], { stroke: NEUTRAL_RULE }),
      Plot.ruleY(points, { y: "name", x1: "low", x2: "high", stroke: color, strokeWidth: 2 }),
      Plot.dot(points, { y: "name", x: "estimate", r: 4, fill: color }),
    ],
  }, {
    alt: `${text.about}: ${points.map(({ name, estimate }) => `${name} ${estimate.toFixed(3)}`).join(", ")}.`,
    title: text.title,
    caption: text.caption,
  });
}

const cut = (name: string) => name.length <= LONGEST ? name : `${name.slice(0, LONGEST - 1)}…`;
