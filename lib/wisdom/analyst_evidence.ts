/** What the analyst has before it: a study's memory, its train cases, and which episodes speak of what. */
import type { Formula } from "../formula/document.ts";
import type { Point, SearchSpace } from "../records/space.ts";
import type { NamedScratchpad } from "./draft.ts";
import type { Facts } from "./heuristic_vocabulary.ts";
import type { PointScores } from "./scores.ts";
import type { ScoredStep } from "./single_steps.ts";
import { heldBy } from "./strata.ts";

/** What the analyst looks at. */
export interface AnalystInput {
  readonly scratchpads: readonly NamedScratchpad[];
  readonly formula: Formula;
  readonly space: SearchSpace;
  readonly defaults: Point;
  readonly tuned: Point;
  /** Over train cases of development repositories, and nothing else */
  readonly scores: PointScores;
  /** Facts of those cases as a tool sees them, and as the asker who states an intent does */
  readonly facts: readonly Facts[];
  readonly stated: readonly Facts[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** The input with what all parts of the analyst share. */
export interface AnalystEvidence extends AnalystInput {
  readonly steps: readonly ScoredStep[];
  /** Ids of episodes that speak of any of these parameters or, failing that, failed on cases of this kind; never empty */
  readonly episodesAbout: (parameters: readonly string[], held: readonly boolean[]) => string[];
}

/** Most episodes one item names. */
const MOST_EPISODES = 6;

/** Finds the episodes behind an item: those that moved its parameters, else those that failed on its kind of case, else the last. */
export function episodeFinder({ scratchpads, scores }: AnalystInput): AnalystEvidence["episodesAbout"] {
  const place = new Map(scores.arena.cases.map(({ case: c, index }) => [c.case_id, index]));
  const all = scratchpads.flatMap(({ study, state }) =>
    state.episodes.map((episode) => ({
      id: `${study}/${episode.id}`,
      accepted: episode.decision === "accepted",
      moved: new Set((episode.proposal?.changes ?? []).map(({ param }) => param)),
      cases: episode.failures.flatMap(({ case_id }) => place.get(case_id) ?? []),
    }))
  );
  const some = (episodes: typeof all) =>
    [...episodes.filter((e) => e.accepted), ...episodes.filter((e) => !e.accepted)].slice(0, MOST_EPISODES)
      .map(({ id }) => id).sort();
  return (parameters, held) => {
    const spoke = all.filter(({ moved }) => parameters.some((name) => moved.has(name)));
    if (spoke.length > 0) return some(spoke);
    const failed = all.filter(({ cases }) => cases.some((index) => held[index]));
    return some(failed.length > 0 ? failed : all.slice(-1));
  };
}

/** Where a condition holds, for the tool's facts or the asker's. */
export function heldIn(evidence: AnalystInput, condition: string, stated: boolean): boolean[] {
  return heldBy(condition, stated ? evidence.stated : evidence.facts);
}
