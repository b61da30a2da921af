/** `scratchpad.json` as the spec has it, derived from the fold. Written for ripmap and for eyes; the lines stay the truth. */
import type { Episode } from "../records/episode.ts";
import type { Failure } from "../records/failure.ts";
import type { InsightKind } from "../records/insight.ts";
import { Distilled, Scratchpad, SpecEpisode, SpecFailure } from "../records/scratchpad.ts";
import type { ScratchpadState } from "./fold.ts";
import { isLive } from "./insight_state.ts";

/** Before distillation there is nothing distilled; the spec's three fields are there and empty. */
const NOTHING_DISTILLED: Distilled = { presets: {}, heuristics: [], warnings: [] };

/**
 * Gives the spec's Scratchpad.
 *
 * Episodes without a proposal (failed, or refused unread) are left out: the spec has no place for them. Insights are the live ones
 * that no test refuted, oldest first, each text followed by its status in brackets, for the spec's strings have no other place.
 * @param failures of the study, by id, see `readFailures`
 * @param distilled presets, heuristics and warnings; without it they are empty
 * @throws {RangeError} when an episode names a failure that is not among them
 */
export function specScratchpad(
  state: ScratchpadState,
  failures: ReadonlyMap<string, Failure>,
  distilled: Distilled = NOTHING_DISTILLED,
): Scratchpad {
  const texts = (kind: InsightKind) =>
    state.insights.filter((insight) =>
      insight.kind === kind && isLive(insight) && insight.status !== "refuted"
    )
      .map((insight) => `${insight.text} [${insight.status}]`);
  return Scratchpad.parse({
    episodes: state.episodes.flatMap((episode) => specEpisode(episode, failures)),
    param_interactions: texts("interaction"),
    failure_patterns: texts("failure_pattern"),
    success_patterns: texts("success_pattern"),
    structural_proposals: texts("structural_proposal"),
    ...distilled,
  });
}

function specEpisode(episode: Episode, failures: ReadonlyMap<string, Failure>): SpecEpisode[] {
  const { proposal } = episode;
  if (proposal === null) return [];
  return [{
    failures: episode.failures.map(({ failure_id }) => {
      const failure = failures.get(failure_id);
      if (failure === undefined) {
        throw new RangeError(
          `Cannot derive the scratchpad: ${episode.id} shows failure ${failure_id}, which is not among the study's ` +
            `${failures.size} failures; restore failures.jsonl`,
        );
      }
      return specFailure(failure);
    }),
    params: episode.params_before,
    reasoning: proposal.diagnosis,
    proposed_changes: Object.fromEntries(
      proposal.changes.map(({ param, direction, magnitude, rationale }) => [
        param,
        [direction, magnitude, rationale] as [string, string, string],
      ]),
    ),
    structural_insights: proposal.structural_insights,
    confidence: proposal.confidence,
  }];
}

function specFailure(failure: Failure): SpecFailure {
  const { query, seed_file, expected_top, actual_top, ndcg, commit_context, repo_name, repo_file_count } =
    failure;
  return { query, seed_file, expected_top, actual_top, ndcg, commit_context, repo_name, repo_file_count };
}
