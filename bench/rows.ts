/** Rows of the benchmark's table. */

/** One figure with its target. */
export interface BenchRow {
  readonly figure: string;
  readonly value?: number;
  readonly unit?: string;
  readonly target?: string;
  /** whether the target is met; undefined without one or without a value */
  readonly met?: boolean;
  /** why there is no value */
  readonly skipped?: string;
}

/** A measured figure. @param sense whether the target is the least or the most it should be */
export function row(
  figure: string,
  value: number,
  unit: string,
  target?: number,
  sense?: "least" | "most",
): BenchRow {
  if (target === undefined) return { figure, value, unit };
  const met = sense === "least" ? value >= target : value <= target;
  return { figure, value, unit, target: `${sense === "least" ? "at least" : "at most"} ${target}`, met };
}

/** A figure that was not measured. */
export const skipped = (figure: string, why: string): BenchRow => ({ figure, skipped: why });

/** Rows as a Markdown table. */
export function tableText(rows: readonly BenchRow[]): string {
  const number = (v: number) => v >= 100 ? v.toFixed(0) : v >= 1 ? v.toFixed(2) : v.toPrecision(3);
  const lines = rows.map((r) =>
    `| ${r.figure} | ${r.value === undefined ? `skipped: ${r.skipped}` : `${number(r.value)} ${r.unit}`} | ${
      r.target ?? ""
    } | ${r.met === undefined ? "" : r.met ? "yes" : "no"} |`
  );
  return ["| figure | measured | target | met |", "| --- | --- | --- | --- |", ...lines].join("\n");
}
