/** What an episode leaves in memory: claims as insights, and tests of those it tested itself. */
import type { Episode } from "../records/episode.ts";
import type { Insight } from "../records/insight.ts";
import type { ScratchpadState } from "../scratchpad/fold.ts";
import { claimEvents, type NewClaim, testedEvent } from "../scratchpad/merge.ts";
import type { EvidenceView } from "./view.ts";

/** Shown failures that must share a carrier before it is called a pattern. */
const PATTERN = 3;

/**
 * Insight events of an episode that is about to be committed.
 *
 * Interactions and structural insights of the reply are claims, untested. A factor that carries the first gap of three or more shown
 * failures is a failure pattern. What an accepted proposal did is a success pattern, and its measured difference on selection
 * tests it.
 */
export function learn(
  state: ScratchpadState,
  episode: Episode,
  evidence: EvidenceView,
  params: readonly string[],
): Insight[] {
  const { proposal } = episode;
  const context = {
    study: episode.study,
    episode: episode.id,
    episode_index: episode.index,
    source: "reasoner",
    params,
  } as const;
  const claims: NewClaim[] = [];
  const carriers = Map.groupBy(evidence.failures, (f) => f.pairs[0]?.carriers[0] ?? "");
  for (const [carrier, failures] of [...carriers].sort(([a], [b]) => a < b ? -1 : 1)) {
    if (carrier === "" || failures.length < PATTERN) continue;
    claims.push({
      kind: "failure_pattern",
      text: `${carrier} puts irrelevant files above relevant ones in most failures`,
    });
  }
  if (proposal !== null) {
    for (const text of proposal.param_interactions) claims.push({ kind: "interaction", text });
    for (const text of proposal.structural_insights) claims.push({ kind: "structural_proposal", text });
  }
  const events = claimEvents(state, claims, context);
  const selection = episode.measured.selection;
  if (episode.decision !== "accepted" || selection === null) return events;
  const won = claimEvents(state, successes(episode), { ...context, firstOrder: events.length });
  const tests = won.map((event, i) =>
    testedEvent(event.insight, { by: "episode", id: episode.id, verdict: "supported", effect: selection }, {
      study: episode.study,
      episode: episode.id,
      episode_index: episode.index,
      order: events.length + won.length + i,
    })
  );
  return [...events, ...won, ...tests];
}

function successes(episode: Episode): NewClaim[] {
  const { changes, structural_edits } = episode.proposal!;
  const steps = changes.map((c) => `${c.direction} ${c.param}`).sort();
  const parts = [
    ...(steps.length > 0 ? [steps.join(" and ")] : []),
    ...(structural_edits === null ? [] : [`edit the formula: ${structural_edits.rationale.split(". ")[0]}`]),
  ];
  return [{ kind: "success_pattern", text: `To ${parts.join(", and ")} improved the ranking`.slice(0, 400) }];
}
