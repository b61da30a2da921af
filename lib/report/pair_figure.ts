/** Why one file stands above another, as one bar a factor. */
import * as Plot from "@observablehq/plot";
import { type Figure, figure } from "./figure.ts";
import { CATEGORIES, NEUTRAL_RULE } from "./palette.ts";
import { signed } from "./sentences.ts";

/** A pair taken apart: as `InspectedPair` of study/inspect_failures.ts, or any of that shape. */
export interface PairParts {
  readonly missed: string;
  readonly distractor: string;
  /** ln of the ratio of the scores: the sum of the parts */
  readonly gap: number;
  readonly parts: readonly { readonly factor: string; readonly log_ratio: number }[];
}

/** Draws the factors that differ between the two, in the formula's order. */
export function pairFigure({ missed, distractor, gap, parts }: PairParts): Figure {
  const rows = parts.filter(({ log_ratio }) => Math.abs(log_ratio) > 1e-6)
    .map((part) => ({ ...part, side: part.log_ratio > 0 ? "for the expected file" : "for the other" }));
  const said = rows.map(({ factor, log_ratio }) => `${factor} ${signed(log_ratio, 2)}`).join(", ");
  return figure({
    width: 640,
    height: 60 + 28 * Math.max(1, rows.length),
    marginLeft: 190,
    x: { label: "ln(ratio of the factors)", grid: true },
    y: { label: null, domain: rows.map(({ factor }) => factor) },
    color: {
      legend: true,
      domain: ["for the expected file", "for the other"],
      range: [CATEGORIES[0]!, CATEGORIES[1]!],
    },
    marks: [
      Plot.barX(rows, { x: "log_ratio", y: "factor", fill: "side" }),
      Plot.ruleX([0], { stroke: NEUTRAL_RULE }),
    ],
  }, {
    title: `${missed} against ${distractor}`,
    caption: `The parts sum to ${signed(gap, 3)}: ${
      gap > 0 ? "the expected file" : "the other"
    } stands above.`,
    alt: `Parts of the gap between ${missed} and ${distractor}: ${said || "none"}.`,
  });
}
