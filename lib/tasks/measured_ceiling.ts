/** The part of a study's measured figures that says how much its formula leaves on the table. */
import type { CeilingFile } from "../study/ceiling_file.ts";
import { NEVER_COCHANGED } from "../study/rankers.ts";
import type { SplitTable } from "../study/table.ts";

/** Sections in Markdown. @param split how a table is printed */
export function ceilingMarkdown(
  { columns, learned, skipped, reference, reached, tables }: CeilingFile,
  split: (table: SplitTable, reference: string) => string,
): string[] {
  const share = (measure: string) => {
    const own = reached[measure];
    return own === undefined ? "" : `${(100 * own).toFixed(0)} %`;
  };
  const test = tables.find((t) => t.split === "test");
  return [
    "## A learned bound on the same signals",
    `Rankers fitted to ${columns.length} columns of all signals on train cases and stopped by selection cases: an instrument, not a product. ` +
    `On test cases \`${reference}\` reaches ${share("ndcg@10")} of the best learned nDCG@10, and ${
      share(NEVER_COCHANGED)
    } of it among never-co-changed pairs.` +
    (skipped === null ? "" : " Boosted trees were skipped: LightGBM was not at hand."),
    learned.map((l) =>
      `- ${l.name.replaceAll("_", " ")}: ${l.rounds} rounds, ${
        l.selection.toFixed(3)
      } on selection, by ${l.made_by}` +
      (l.importance.length === 0
        ? ""
        : `; splits on ${
          l.importance.slice(0, 6).map((i) => `${i.column} (${(100 * i.share).toFixed(0)} %)`).join(", ")
        }`)
    ).join("\n"),
    ...(test ? [split(test, reference)] : []),
  ];
}
