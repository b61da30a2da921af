/** Tables of several splits with a breath between them, so that Ctrl-C is heard. */
import type { Corpus } from "../corpus/corpus.ts";
import type { StudyConfig } from "../study/config.ts";
import { makeTable, type SplitTable, type TableOptions } from "../study/table.ts";
import type { Invocation } from "./command.ts";

/** Makes the table of each split, with progress. @throws the signal's reason when interrupted between two splits */
export async function scoreSplits(
  { progress, signal }: Pick<Invocation, "progress" | "signal">,
  config: StudyConfig,
  corpora: readonly Corpus[],
  options: Omit<TableOptions, "onProgress">,
): Promise<SplitTable[]> {
  const tables: SplitTable[] = [];
  for (const split of options.splits) {
    progress.step(`scoring ${split} cases`, 0, 0);
    // Scoring holds the event loop, and signals are events.
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
    tables.push(...makeTable(config, corpora, { ...options, splits: [split] }));
  }
  return tables;
}
