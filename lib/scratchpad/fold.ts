/** The present state of a study as a pure function of its lines. */
import { canonicalJson } from "../base/canonical.ts";
import type { Episode } from "../records/episode.ts";
import type { Insight } from "../records/insight.ts";
import type { Direction, Magnitude, Point } from "../records/space.ts";
import { foldInsights, type InsightState } from "./insight_state.ts";

/** One parameter that an accepted episode moved. */
export interface AcceptedChange {
  readonly episode: string;
  readonly param: string;
  readonly direction: Direction;
  readonly magnitude: Magnitude;
  /** Values before and after */
  readonly from: number;
  readonly to: number;
}

/** A point and formula that were judged and not taken. */
export interface TurnedDown {
  readonly episode: string;
  readonly decision: "lateral" | "rejected";
  readonly params: Point;
  readonly formula: string;
  readonly reasons: readonly string[];
}

/** One episode's place in the course of the study. */
export interface TrajectoryStep {
  readonly episode: string;
  readonly index: number;
  readonly decision: Episode["decision"];
  /** Where the episode left the incumbent */
  readonly params: Point;
  readonly formula: string;
  /** The episode's own difference on selection cases, with its interval; null when it was not measured there */
  readonly selection: Episode["measured"]["selection"];
  /** Sum of the selection means of the accepted episodes on the way here, this one included */
  readonly gain: number;
}

/** The best point of a study and how it was come by. */
export interface BestPoint {
  readonly params: Point;
  readonly formula: string;
  /** Null while the start is still the best */
  readonly episode: string | null;
  /** Sum of measured selection means on the way from the start. Chosen for being large, so it is optimistic. */
  readonly gain: number;
}

/** All that a study knows. */
export interface ScratchpadState {
  /** By index */
  readonly episodes: readonly Episode[];
  /** In the order they were made; superseded and retired ones included, marked */
  readonly insights: readonly InsightState[];
  readonly accepted: readonly AcceptedChange[];
  readonly turned_down: readonly TurnedDown[];
  readonly trajectory: readonly TrajectoryStep[];
  /** Null before the first episode: no start is known then */
  readonly best: BestPoint | null;
  /** Events that count for nothing, by id: of an episode never committed, or of an insight never made */
  readonly ignored_events: { readonly uncommitted: readonly string[]; readonly orphaned: readonly string[] };
}

/** The lines of a study that its state is made of. */
export interface ScratchpadLines {
  readonly episodes: readonly Episode[];
  readonly insights: readonly Insight[];
}

/**
 * Folds lines into state. The result depends on the set of lines only: their order and exact repetitions change nothing.
 *
 * A prefix of what a writer appended always folds, so a study can be read at any moment and after any crash.
 * @throws {RangeError} when two episodes share an index, an index is missing, or an episode starts from one that is not before it
 */
export function foldScratchpad(lines: ScratchpadLines): ScratchpadState {
  const episodes = distinct(lines.episodes).sort((a, b) => a.index - b.index);
  checkChain(episodes);
  const { insights, uncommitted, orphaned } = foldInsights(episodes, distinct(lines.insights));
  const trajectory = followTrajectory(episodes);
  return {
    episodes,
    insights,
    accepted: episodes.filter((e) => e.decision === "accepted").flatMap(acceptedChanges),
    turned_down: episodes.flatMap(turnedDown),
    trajectory,
    best: bestOf(episodes, trajectory),
    ignored_events: { uncommitted, orphaned },
  };
}

/** Each id once. @throws {RangeError} for one id with two contents */
function distinct<T extends { readonly id: string }>(records: readonly T[]): T[] {
  const byId = new Map<string, T>();
  for (const record of records) {
    const before = byId.get(record.id);
    if (before !== undefined && before !== record && canonicalJson(before) !== canonicalJson(record)) {
      throw new RangeError(`Cannot fold the study: ${record.id} stands in it twice with different content`);
    }
    byId.set(record.id, record);
  }
  return [...byId.values()];
}

function checkChain(episodes: readonly Episode[]): void {
  const before = new Set<string>();
  episodes.forEach((episode, i) => {
    if (episode.index !== i) {
      throw new RangeError(
        `Cannot fold the study: found episode index ${episode.index} (${episode.id}) where ${i} is wanted; ` +
          `an episode is missing or two share an index`,
      );
    }
    if (episode.parent !== null && !before.has(episode.parent)) {
      throw new RangeError(
        `Cannot fold the study: ${episode.id} starts from ${episode.parent}, which is not before it`,
      );
    }
    before.add(episode.id);
  });
}

function acceptedChanges(episode: Episode): AcceptedChange[] {
  return (episode.proposal?.changes ?? []).flatMap(({ param, direction, magnitude }) => {
    const from = episode.params_before[param], to = episode.params_after[param];
    // A structural edit may add or drop the very parameter: then there is no move to remember.
    if (from === undefined || to === undefined) return [];
    return [{ episode: episode.id, param, direction, magnitude, from, to }];
  });
}

function turnedDown(episode: Episode): TurnedDown[] {
  const { decision, params_proposed: params, formula_proposed: formula } = episode;
  if ((decision !== "lateral" && decision !== "rejected") || params === null || formula === null) return [];
  return [{ episode: episode.id, decision, params, formula, reasons: episode.reasons }];
}

function followTrajectory(episodes: readonly Episode[]): TrajectoryStep[] {
  const gains = new Map<string | null, number>([[null, 0]]);
  return episodes.map((episode) => {
    const { id, index, decision, parent, measured } = episode;
    const won = decision === "accepted" ? measured.selection?.mean ?? 0 : 0;
    const gain = gains.get(parent)! + won;
    gains.set(id, gain);
    return {
      episode: id,
      index,
      decision,
      params: episode.params_after,
      formula: episode.formula_after,
      selection: measured.selection,
      gain,
    };
  });
}

/** The largest gain; of equals the earliest, so that an episode which changed nothing never displaces what it started from. */
function bestOf(episodes: readonly Episode[], trajectory: readonly TrajectoryStep[]): BestPoint | null {
  const first = episodes[0];
  if (first === undefined) return null;
  let best: BestPoint = {
    params: first.params_before,
    formula: first.formula_before,
    episode: null,
    gain: 0,
  };
  for (const { params, formula, episode, gain } of trajectory) {
    if (gain > best.gain) best = { params, formula, episode, gain };
  }
  return best;
}
