/** A study with something in its memory: episodes of the embedded analyst where there are too few. */
import { analystModel } from "../reasoning/analyst.ts";
import { LockedError, readScratchpad } from "../scratchpad/mod.ts";
import { readStudyFacts, type StudyFacts } from "./facts.ts";
import type { OpenStudy, Watch } from "./open.ts";
import { trainStudy } from "./train.ts";

/**
 * Runs the analyst until the study has so many episodes (those there are count), and reads the study.
 *
 * While another process writes the study it waits, for a minute at most: two notebooks on one study take turns.
 * It may end with fewer: when no train case fails any more.
 * @throws {LockedError} when another process still writes the study after that minute
 * @throws {RangeError} when the history is too short to reason on
 */
export async function withEpisodes(
  { config, dir, corpora }: OpenStudy,
  episodes: number,
  { signal, onProgress, structural = true }: Watch & {
    /** whether edits of the formula may be proposed; default true */
    readonly structural?: boolean;
  } = {},
): Promise<StudyFacts> {
  const done = readScratchpad(dir).episodes.length;
  if (done < episodes) {
    let finished = done;
    await whenFree(() =>
      trainStudy(config, corpora, {
        dir,
        model: analystModel(),
        episodes,
        structural,
        signal: signal ?? new AbortController().signal,
        onEpisode: () => onProgress?.("episodes", ++finished, episodes),
      })
    );
  }
  return readStudyFacts(config.name);
}

/** How often and how long another writer is waited for. */
const PAUSE_MS = 500, PAUSES = 120;

async function whenFree<T>(run: () => Promise<T>): Promise<T> {
  for (let pause = 0;; pause++) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof LockedError) || pause === PAUSES) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
