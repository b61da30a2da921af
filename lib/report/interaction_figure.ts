/** What two parameters do alone and together, as the lines that are parallel when they do not interact. */
import * as Plot from "@observablehq/plot";
import type { JointEffect } from "../sensitivity/joint_effect.ts";
import { CATEGORIES } from "./palette.ts";
import { type Figure, figure } from "./figure.ts";
import { signed } from "./sentences.ts";

/**
 * Draws the four cell means of a claim about two parameters.
 *
 * @param names of the two regions in the order of the effect, as "low pagerank_alpha"
 * @throws {RangeError} for a claim about more than two
 */
export function interactionFigure(
  effect: JointEffect,
  names: readonly [string, string],
  options: { readonly label: string; readonly title?: string },
): Figure {
  const { none, alone, all } = effect.cells, [first, second] = alone;
  if (alone.length !== 2) {
    throw new RangeError(
      `Cannot draw ${alone.length} factors as two lines: a claim about two parameters is wanted`,
    );
  }
  const [a, b] = names, sides = [`not ${a}`, a];
  const points = [
    { at: sides[0], line: `not ${b}`, value: none },
    { at: sides[1], line: `not ${b}`, value: first! },
    { at: sides[0], line: b, value: second! },
    { at: sides[1], line: b, value: all },
  ];
  const { value, interval } = effect.surplus;
  return figure({
    width: 560,
    height: 320,
    marginLeft: 56,
    marginRight: 20,
    x: { type: "point", domain: sides, label: null, padding: 0.3 },
    y: { label: options.label, grid: true, inset: 10 },
    color: { legend: true, domain: [`not ${b}`, b], range: [CATEGORIES[0]!, CATEGORIES[1]!] },
    marks: [
      Plot.line(points, { x: "at", y: "value", stroke: "line", strokeWidth: 2 }),
      Plot.dot(points, { x: "at", y: "value", fill: "line", r: 5 }),
    ],
  }, {
    title: options.title ?? `${a} and ${b}: alone and together`,
    caption: `Surplus ${signed(value, 4)} [${signed(interval.low, 4)}, ${
      signed(interval.high, 4)
    } at 95 %]: what both do beyond the sum of each. Parallel lines: no interaction.`,
    alt: `${options.label}: neither ${none.toFixed(4)}, ${a} ${first!.toFixed(4)}, ${b} ${
      second!.toFixed(4)
    }, both ${all.toFixed(4)}.`,
  });
}
