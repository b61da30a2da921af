/** Versions of the wisdom as a table and a figure: what each learned, and its score on cases all of them were scored on. */
import * as Plot from "@observablehq/plot";
import type { Estimate } from "../records/evaluation.ts";
import { type Figure, figure } from "./figure.ts";
import { CATEGORIES, NEUTRAL_RULE } from "./palette.ts";
import { type Table, table } from "./table.ts";

/** One version with what is known of it. */
export interface VersionRow {
  readonly version: string;
  readonly parent: string | null;
  readonly score: Estimate | null;
  /** Paired difference from the parent */
  readonly against_parent: Estimate | null;
  readonly learned: readonly string[];
  readonly forced: boolean;
}

/** Whether a change is shown, in words. */
function verdict({ parent, against_parent, forced }: VersionRow): string {
  if (parent === null) return "first";
  if (against_parent === null) return "not measured";
  if (forced) return "worse, forced";
  return against_parent.low > 0 ? "better" : "not told apart";
}

/** The table, oldest version first. */
export function versionsTable(rows: readonly VersionRow[], options: { caption?: string } = {}): Table {
  return table(
    rows.map((row) => ({
      version: row.version,
      "ndcg@10": row.score?.mean ?? null,
      low: row.score?.low ?? null,
      high: row.score?.high ?? null,
      "against parent": row.against_parent?.mean ?? null,
      "diff low": row.against_parent?.low ?? null,
      "diff high": row.against_parent?.high ?? null,
      "": verdict(row),
      learned: row.learned.join("; "),
    })),
    { title: "Versions of the wisdom", ...options },
  );
}

/**
 * The scores with their intervals, version by version.
 *
 * @param options.on what they were taken on; default "sealed cases"
 * @returns undefined when no version has a score
 */
export function versionsFigure(
  rows: readonly VersionRow[],
  options: { readonly on?: string } = {},
): Figure | undefined {
  const scored = rows.flatMap(({ version, score }) =>
    score === null ? [] : [{ version, mean: score.mean, low: score.low, high: score.high }]
  );
  if (scored.length === 0) return undefined;
  const color = CATEGORIES[0]!;
  const said = scored.map(({ version, mean, low, high }) =>
    `${version} ${mean.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`
  );
  return figure({
    width: 480,
    height: 300,
    x: { type: "point", domain: scored.map(({ version }) => version), label: "version" },
    y: { label: `nDCG@10 on ${options.on ?? "sealed cases"}`, grid: true, nice: true, zero: false },
    marks: [
      Plot.line(scored, { x: "version", y: "mean", stroke: NEUTRAL_RULE }),
      Plot.ruleX(scored, { x: "version", y1: "low", y2: "high", stroke: color, strokeWidth: 2 }),
      Plot.dot(scored, { x: "version", y: "mean", fill: color, r: 4 }),
    ],
  }, {
    alt: `Mean nDCG@10 of each version of the wisdom with its 95 % interval: ${said.join(", ")}.`,
    title: "What each version scores",
  });
}
