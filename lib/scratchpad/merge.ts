/** New claims against what is known: each becomes a new insight or one more wording of an old one. */
import { contentHash } from "../base/canonical.ts";
import { type Insight, insightEvent, type InsightKind, type InsightTest } from "../records/insight.ts";
import { type Claim, readClaim } from "./claim.ts";
import type { ScratchpadState } from "./fold.ts";
import { isLive } from "./insight_state.ts";
import { claimSimilarity, isSameClaim } from "./similarity.ts";

/** A claim that somebody makes. White space at its ends and repeated inside does not matter. */
export interface NewClaim {
  readonly kind: InsightKind;
  readonly text: string;
}

/** Who speaks, and when. */
export interface ClaimContext {
  readonly study: string;
  /** Id of the episode that will commit the events; null for claims that no episode makes */
  readonly episode: string | null;
  /** Index of that episode, or the number of episodes committed so far */
  readonly episode_index: number;
  readonly source: Extract<Insight, { event: "created" }>["source"];
  /** Names of the space's parameters */
  readonly params: readonly string[];
  /** Place of the first event among those of the same time. Default 0 */
  readonly firstOrder?: number;
}

/** One insight a new claim can turn out to be. */
interface Known {
  id: string;
  kind: InsightKind;
  claim: Claim;
}

/**
 * Turns claims into events: `created` for a new one, `merged` for a paraphrase of a live insight of the same kind or of an
 * earlier claim in the list. Empty claims are passed over. A claim is compared with an insight's wording, never with its
 * paraphrases, so that a chain of small differences cannot drift. Among several the most similar wins, then the oldest.
 *
 * The events are not written: append them to the journal, then name their ids in the episode.
 */
export function claimEvents(
  state: ScratchpadState,
  claims: readonly NewClaim[],
  context: ClaimContext,
): Insight[] {
  const known: Known[] = state.insights.filter(isLive)
    .map(({ id, kind, text }) => ({ id, kind, claim: readClaim(text, context.params) }));
  const { study, episode, episode_index } = context;
  const provenance = episode === null ? [] : [episode];
  const events: Insight[] = [];
  for (const { kind, text: raw } of claims) {
    const text = raw.trim().replace(/\s+/g, " ");
    if (text === "") continue;
    const claim = readClaim(text, context.params);
    const order = (context.firstOrder ?? 0) + events.length;
    const match = bestMatch(known, kind, claim);
    const common = { study, episode, episode_index, order, text, provenance };
    if (match !== undefined) {
      const similarity = claimSimilarity(match.claim, claim);
      events.push(insightEvent({ ...common, event: "merged", insight: match.id, similarity }));
      continue;
    }
    const insight = "i-" + contentHash({ study, kind, text, episode, episode_index }).slice(0, 12);
    events.push(insightEvent({
      ...common,
      event: "created",
      insight,
      kind,
      params: [...claim.params],
      source: context.source,
    }));
    known.push({ id: insight, kind, claim });
  }
  return events;
}

function bestMatch(known: readonly Known[], kind: InsightKind, claim: Claim): Known | undefined {
  let best: Known | undefined, most = -1;
  for (const candidate of known) {
    if (candidate.kind !== kind || !isSameClaim(candidate.claim, claim)) continue;
    const similarity = claimSimilarity(candidate.claim, claim);
    if (similarity > most) [best, most] = [candidate, similarity];
  }
  return best;
}

/** When an event about one insight happens. */
export type EventTime = Pick<ClaimContext, "study" | "episode" | "episode_index"> & {
  readonly order: number;
};

/** The event that a trial or hypothesis tested an insight. */
export function testedEvent(insight: string, test: InsightTest, time: EventTime): Insight {
  return insightEvent({ ...time, event: "tested", insight, test });
}

/**
 * The event that an insight is worded anew.
 *
 * Its tests stay with it, so the new wording must be the same claim.
 * @throws {RangeError} when it is another one: make that a claim of its own and supersede the old one
 */
export function updatedEvent(
  insight: { readonly id: string; readonly text: string },
  change: { readonly text: string; readonly reason: string },
  params: readonly string[],
  time: EventTime,
): Insight {
  if (!isSameClaim(readClaim(insight.text, params), readClaim(change.text, params))) {
    throw new RangeError(
      `Cannot reword ${insight.id} from ${JSON.stringify(insight.text)} to ${JSON.stringify(change.text)}: ` +
        `that is another claim, and tests of the first say nothing of it; supersede it instead`,
    );
  }
  return insightEvent({ ...time, event: "updated", insight: insight.id, ...change });
}

/** The event that another insight says it better. */
export function supersededEvent(insight: string, by: string, reason: string, time: EventTime): Insight {
  return insightEvent({ ...time, event: "superseded", insight, by, reason });
}

/** The event that an insight is withdrawn. */
export function retiredEvent(insight: string, reason: string, time: EventTime): Insight {
  return insightEvent({ ...time, event: "retired", insight, reason });
}

/** Ids of shown insights that speak of a parameter the proposal moves: those that its outcome is credited to. */
export function insightsUsed(
  state: ScratchpadState,
  shown: readonly string[],
  changes: readonly { readonly param: string }[],
): string[] {
  const moved = new Set(changes.map((change) => change.param));
  const byId = new Map(state.insights.map((insight) => [insight.id, insight]));
  return shown.filter((id) => byId.get(id)?.params.some((param) => moved.has(param)) ?? false);
}
