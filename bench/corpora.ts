/** The corpora a benchmark runs on: a study's, or generated ones of the size the targets speak of. */
import { join } from "node:path";
import { type Corpus, openCorpus } from "../lib/corpus/corpus.ts";
import { loadCorpora } from "../lib/study/open.ts";
import { readStudy } from "../lib/study/config.ts";
import { generateCorpus } from "./generate_corpus.ts";

/** Ten repositories of 6,200 cases and 1.3 million case-files together; a tenth of that in a quick run. */
export function generatedCorpora(folder: string, quick: boolean): Corpus[] {
  return Array.from({ length: quick ? 2 : 10 }, (_, i) => {
    const place = join(folder, `generated-${i}`);
    return openCorpus(place) ?? generateCorpus(place, {
      repo: `generated/${i}`,
      seed: i + 1,
      files: quick ? 80 : 80 + 30 * i,
      commits: quick ? 30 : 208,
      cases: 3,
    });
  });
}

/** Corpora of a study by name, or generated ones kept in a folder. */
export async function benchCorpora(
  study: string,
  folder: string,
  quick: boolean,
): Promise<readonly Corpus[]> {
  return study === "" ? generatedCorpora(folder, quick) : await loadCorpora(readStudy(study));
}
