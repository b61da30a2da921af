/** Versions of the wisdom as a table and a figure: what each learned, and its score on cases all of them were scored on. */
import * as Plot from "@observablehq/plot";
import type { Estimate } from "../records/evaluation.ts";
import { type Figure, figure } from "./figure.ts";
import { CATEGORIES, NEUTRAL_RULE } from "./palette.ts";
import { signedInterval } from "./sentences.ts";
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
  return against_parent.low > 0 ? "better" : against_parent.high < 0 ? "worse" : "not told apart";
}

/** The table, oldest version first. */
export function versionsTable(rows: readonly VersionRow[], options: { caption?: string } = {}): Table {
  return table(
    rows.map((row) => ({
      version: row.version,
      "nDCG@10": row.score
        ? `${row.score.mean.toFixed(4)} [${row.score.low.toFixed(4)}, ${row.score.high.toFixed(4)}]`
        : "not scored",
      "minus parent": row.against_parent
        ? signedInterval({ ...row.against_parent, estimate: row.against_parent.mean }, 4)
        : "",
      verdict: verdict(row),
      learned: briefly(row.learned),
    })),
    { title: "Versions of the wisdom", ...options },
  );
}

/** Kinds of lines a release says it learned, of which a table only counts how many are new and how many are gone. */
const COUNTED = ["preset", "rule", "warning"] as const;

/** What was learned in few words: presets, rules and warnings by number, everything else as it is. */
function briefly(learned: readonly string[]): string {
  const kind = (line: string) => COUNTED.find((word) => line.startsWith(`${word} `));
  const rest = learned.filter((line) => kind(line) === undefined).map((line) =>
    line.replace(/^(\d+ parameters moved): .*$/, "$1")
  );
  const counts = COUNTED.flatMap((word) => {
    const own = learned.filter((line) => kind(line) === word);
    const gone = own.filter((line) => line.endsWith(" dropped")).length, fresh = own.length - gone;
    const parts = [...(fresh > 0 ? [`+${fresh}`] : []), ...(gone > 0 ? [`−${gone}`] : [])];
    return parts.length === 0 ? [] : [`${word}s ${parts.join(" ")}`];
  });
  return [...rest, ...counts].join("; ");
}

/**
 * The mean a version had on its successor's sealed cases: the successor's less the difference; null where that is not known.
 * The first version is released before there is a study, and has no score of its own.
 */
export function meanBefore(next: VersionRow | undefined): number | null {
  return next?.score && next.against_parent ? next.score.mean - next.against_parent.mean : null;
}

/**
 * The scores with their intervals, version by version. A version without one stands at {@link meanBefore}, without an interval.
 *
 * @param options.on what they were taken on; default "sealed cases"
 * @returns undefined when no version has a score
 */
export function versionsFigure(
  rows: readonly VersionRow[],
  options: { readonly on?: string } = {},
): Figure | undefined {
  const scored = rows.flatMap(({ version, score }, i) => {
    if (score !== null) return [{ version, mean: score.mean, low: score.low, high: score.high }];
    const mean = meanBefore(rows[i + 1]);
    return mean === null ? [] : [{ version, mean, low: mean, high: mean }];
  });
  if (scored.length === 0) return undefined;
  const color = CATEGORIES[0]!;
  const said = scored.map(({ version, mean, low, high }) =>
    `${version} ${mean.toFixed(3)}${low < high ? ` (${low.toFixed(3)} to ${high.toFixed(3)})` : ""}`
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
    caption: "Dot: mean. Line: 95 % interval.",
  });
}
