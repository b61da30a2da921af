/** What all events say of each insight: where it comes from, what tested it, what it did for those who used it. */
import type { Episode } from "../records/episode.ts";
import type { Insight, InsightKind, InsightStatus, InsightTest } from "../records/insight.ts";

/** One insight as it stands. */
export interface InsightState {
  readonly id: string;
  readonly kind: InsightKind;
  /** The present wording */
  readonly text: string;
  /** Parameters it speaks of */
  readonly params: readonly string[];
  readonly source: Extract<Insight, { event: "created" }>["source"];
  /** Ids of the episodes that made the claim, in order, each once */
  readonly provenance: readonly string[];
  /** Wordings of the same claim that were merged into it */
  readonly paraphrases: readonly string[];
  /** How often the claim was made: 1 and one for each paraphrase */
  readonly times_claimed: number;
  readonly tests: readonly InsightTest[];
  /** As {@link statusOf} says */
  readonly status: InsightStatus;
  /** Accepted episodes whose proposal rests on it */
  readonly helpful: number;
  /** Rejected episodes whose proposal rests on it */
  readonly harmful: number;
  /** Id of the insight that replaced it, or null */
  readonly superseded_by: string | null;
  /** Why it was withdrawn, or null */
  readonly retired: string | null;
  /** Logical times of its making and of the last event or use, see `episode_index` of an event */
  readonly made_at: number;
  readonly last_at: number;
}

/** Insights with the ids of the events that were left out. */
export interface FoldedInsights {
  readonly insights: InsightState[];
  readonly uncommitted: string[];
  readonly orphaned: string[];
}

/**
 * Status after all tests, whatever their order: untested without any; supported or refuted when tests found it and none found
 * the contrary; undetermined when they disagree or none could tell.
 */
export function statusOf(tests: readonly InsightTest[]): InsightStatus {
  if (tests.length === 0) return "untested";
  const supported = tests.some((test) => test.verdict === "supported");
  const refuted = tests.some((test) => test.verdict === "refuted");
  if (supported === refuted) return "undetermined";
  return supported ? "supported" : "refuted";
}

/** Whether it still speaks: neither superseded nor retired. */
export function isLive(insight: InsightState): boolean {
  return insight.superseded_by === null && insight.retired === null;
}

/** Folds events of committed episodes, and of none, into insights. Episodes by index; events in any order, each once. */
export function foldInsights(episodes: readonly Episode[], events: readonly Insight[]): FoldedInsights {
  const committed = new Set(episodes.flatMap((episode) => episode.insight_events));
  const counted: Insight[] = [], uncommitted: string[] = [];
  for (const event of events.toSorted(byLogicalTime)) {
    if (event.episode === null || committed.has(event.id)) counted.push(event);
    else uncommitted.push(event.id);
  }
  const eventsOf = Map.groupBy(counted, (event) => event.insight);
  const used = uses(episodes);
  const insights: InsightState[] = [], orphaned: string[] = [];
  for (const [id, own] of eventsOf) {
    const insight = foldOne(own, used.get(id) ?? []);
    if (insight === undefined) orphaned.push(...own.map((event) => event.id));
    else insights.push(insight);
  }
  return { insights, uncommitted, orphaned };
}

/** A total order of events by content alone; what stands outside an episode comes before the episode of the same time. */
function byLogicalTime(a: Insight, b: Insight): number {
  return a.episode_index - b.episode_index || Number(a.episode !== null) - Number(b.episode !== null) ||
    a.order - b.order || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Episodes whose proposal rests on each insight. */
function uses(episodes: readonly Episode[]): Map<string, Episode[]> {
  const found = new Map<string, Episode[]>();
  for (const episode of episodes) {
    for (const insight of new Set(episode.insights_used)) {
      const list = found.get(insight);
      if (list === undefined) found.set(insight, [episode]);
      else list.push(episode);
    }
  }
  return found;
}

/** One insight from its events in order, or undefined when none of them made it. */
function foldOne(events: readonly Insight[], users: readonly Episode[]): InsightState | undefined {
  const made = events.find((event) => event.event === "created");
  if (made === undefined) return undefined;
  let text = made.text, superseded: string | null = null, retired: string | null = null;
  const provenance = new Set(made.provenance), paraphrases: string[] = [];
  const tests = new Map<string, InsightTest>();
  for (const event of events) {
    switch (event.event) {
      case "created":
        break;
      case "merged":
        paraphrases.push(event.text);
        event.provenance.forEach((episode) => provenance.add(episode));
        break;
      case "tested":
        tests.set(`${event.test.by}/${event.test.id}`, event.test);
        break;
      case "updated":
        text = event.text;
        break;
      case "superseded":
        superseded = event.by;
        break;
      case "retired":
        retired = event.reason;
        break;
    }
  }
  const allTests = [...tests.values()];
  return {
    id: made.insight,
    kind: made.kind,
    text,
    params: made.params,
    source: made.source,
    provenance: [...provenance],
    paraphrases,
    times_claimed: 1 + paraphrases.length,
    tests: allTests,
    status: statusOf(allTests),
    helpful: users.filter((episode) => episode.decision === "accepted").length,
    harmful: users.filter((episode) => episode.decision === "rejected").length,
    superseded_by: superseded,
    retired,
    made_at: made.episode_index,
    last_at: Math.max(
      ...events.map((event) => event.episode_index),
      ...users.map((episode) => episode.index),
    ),
  };
}
