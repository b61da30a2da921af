/** Where a study stands: its incumbent and the sample its evidence is drawn from, both read off the committed episodes alone. */
import { randomStream, shuffled } from "../base/random.ts";
import type { Episode } from "../records/episode.ts";
import type { Journal } from "../scratchpad/journal.ts";
import { type Candidate, candidateOf } from "./candidate.ts";
import type { Scorer } from "./scorer.ts";
import { findFormula } from "./versions.ts";

/** The incumbent after the episodes so far, and the id of the episode it came from. */
export function incumbentOf(
  journal: Journal,
  episodes: readonly Episode[],
  start: Candidate,
): { readonly candidate: Candidate; readonly parent: string | null } {
  const last = episodes.at(-1);
  if (last === undefined) return { candidate: start, parent: null };
  const accepted = episodes.findLast((e) => e.decision === "accepted");
  return {
    candidate: candidateOf(findFormula(journal, last.formula_after), last.params_after),
    parent: accepted?.id ?? null,
  };
}

/**
 * Episodes that share one sample while nothing is accepted, in the first stretch and at the most. Each further stretch is twice as long:
 * early on a fresh sample shows new failures, later it mostly costs time.
 */
export const FIRST_STRETCH = 4, LONGEST_STRETCH = 32;

/** Index of the first episode of the stretch that the next episode belongs to. An acceptance ends a stretch and starts over. */
export function stretchStart(episodes: readonly Episode[]): number {
  let start = 0, length = FIRST_STRETCH;
  episodes.forEach((episode, i) => {
    if (episode.decision === "accepted") [start, length] = [i + 1, FIRST_STRETCH];
    else if (i + 1 - start === length) [start, length] = [i + 1, Math.min(2 * length, LONGEST_STRETCH)];
  });
  return start;
}

/** The blocks of a stretch: those evidence is drawn from, and the others in the order an episode races on them. */
export function splitBlocks(
  blocks: readonly Scorer[],
  options: {
    readonly seed: number | string;
    readonly stretch: number;
    readonly turn: number;
    readonly cases: number;
  },
): { readonly sample: readonly Scorer[]; readonly fresh: readonly Scorer[] } {
  const order = shuffled(randomStream(options.seed, `reasoning/sample/${options.stretch}`), blocks);
  const most = Math.max(1, Math.floor(blocks.length * 2 / 5));
  const sample: Scorer[] = [];
  for (let n = 0; sample.length < most && n < options.cases; n += sample.at(-1)!.arena.cases.length) {
    sample.push(order[sample.length]!);
  }
  const rest = order.slice(sample.length);
  return { sample, fresh: shuffled(randomStream(options.seed, `reasoning/race/${options.turn}`), rest) };
}
