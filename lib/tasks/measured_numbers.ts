/** Numbers and tables as the measured pages print them. */

/** Three decimals; nothing where there is no number. */
export const three = (x: number | undefined | null) => x === undefined || x === null ? "" : x.toFixed(3);

/** Three decimals with a sign; the minus is typographic. */
export const signed = (x: number) => (x >= 0 ? "+" : "−") + Math.abs(x).toFixed(3);

/** The ends of an interval; nothing where there is none. */
export const within = (i: { low: number; high: number } | null | undefined) =>
  i ? `${three(i.low)} – ${three(i.high)}` : "";

/** A Markdown table whose first column is words and whose others are numbers. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, i) => i === 0 ? "---" : "---:")), ...rows.map(line)].join("\n");
}
