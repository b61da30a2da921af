/** A study whose every line is known beforehand: what the journal, the fold and the views are tested with. */
import { type Episode, episodeId } from "../../lib/records/episode.ts";
import { type Estimate, type Evaluation, evaluationId } from "../../lib/records/evaluation.ts";
import { type Failure, failureId } from "../../lib/records/failure.ts";
import type { Insight } from "../../lib/records/insight.ts";
import type { Manifest } from "../../lib/records/manifest.ts";
import type { Proposal } from "../../lib/records/proposal.ts";
import { type Point, pointHash } from "../../lib/records/space.ts";
import { EPISODES, EVALUATIONS, FAILURES, INSIGHTS } from "../../lib/scratchpad/files.ts";
import { foldScratchpad } from "../../lib/scratchpad/fold.ts";
import type { Journal } from "../../lib/scratchpad/journal.ts";
import { claimEvents, type NewClaim, testedEvent } from "../../lib/scratchpad/merge.ts";

export const STUDY = "scripted";
export const PARAMS = [
  "pagerank_alpha",
  "boost_chat_file",
  "focus_decay",
  "focus_max_hops",
  "depth_weight_deep",
];
const START: Point = { pagerank_alpha: 0.85, boost_chat_file: 20 };

export function estimate(mean: number, half = 0.01): Estimate {
  return {
    metric: "ndcg@10",
    mean,
    low: mean - half,
    high: mean + half,
    level: 0.95,
    n_cases: 40,
    n_commits: 20,
    n_repos: 2,
  };
}

export function failure(index: number, params: Point = START): Failure {
  const key = {
    formula_hash: "formula-0",
    point_hash: pointHash(params),
    case_id: `repo@c${index}:src/seed.ts`,
  };
  return {
    record: "failure/1",
    id: failureId(key),
    study: STUDY,
    query: "fix the parser — naïve",
    seed_file: "src/seed.ts",
    expected_top: ["src/a.ts"],
    actual_top: ["src/b.ts", "src/a.ts"],
    ndcg: 0.25,
    commit_context: "fix: the parser",
    repo_name: "repo",
    repo_file_count: 120,
    ...key,
    commit: `c${index}`,
    intent: "debug",
    split: "train",
    kinds: ["low_ndcg", "below_distractor"],
    pairs: [{ missed: "src/a.ts", missed_rank: 2, distractor: "src/b.ts", distractor_rank: 1 }],
  };
}

export function proposal(overrides: Partial<Proposal> = {}): Proposal {
  return {
    record: "proposal/1",
    diagnosis: "The chat boost drowns structure",
    param_interactions: ["low pagerank_alpha + high boost_chat_file = tunnel vision"],
    changes: [{
      param: "boost_chat_file",
      direction: "decrease",
      magnitude: "small",
      rationale: "it outweighs structure",
    }],
    structural_edits: null,
    structural_insights: ["a product of boosts cannot express OR"],
    forecast: { sign: 1, delta_ndcg: 0.01, cases_flipped: ["repo@c0:src/seed.ts"], confidence: 0.6 },
    no_change_reason: null,
    confidence: 0.7,
    ...overrides,
  };
}

/** An episode that starts where `before` ended and is decided as said. */
export function episode(
  index: number,
  before: Episode | undefined,
  decision: Episode["decision"] = "accepted",
  extra: Partial<Episode> = {},
): Episode {
  const params_before = before?.params_after ?? START;
  const judged = decision === "accepted" || decision === "lateral" || decision === "rejected";
  const params_proposed = judged
    ? { ...params_before, boost_chat_file: params_before.boost_chat_file! / 1.1 }
    : null;
  return {
    record: "episode/1",
    id: episodeId(index),
    index,
    study: STUDY,
    agent: "analyst",
    parent: before?.id ?? null,
    failures: [{ failure_id: failure(index, params_before).id, case_id: `repo@c${index}:src/seed.ts` }],
    params_before,
    formula_before: "formula-0",
    proposal: decision === "failed" ? null : proposal(),
    params_proposed,
    formula_proposed: judged ? "formula-0" : null,
    params_after: decision === "accepted" ? params_proposed! : params_before,
    formula_after: "formula-0",
    decision,
    reasons: [`scripted: ${decision}`],
    measured: {
      race: judged ? estimate(0.02) : null,
      selection: judged ? estimate(decision === "accepted" ? 0.015 : -0.02) : null,
    },
    evaluations: { case_evaluations: 80, cached_case_evaluations: 5, selection_queries: judged ? 1 : 0 },
    prompt_hash: "0".repeat(64),
    calls: [`call-${index}`],
    insights_shown: [],
    insights_used: [],
    insight_events: [],
    ...extra,
  };
}

export function evaluation(params: Point): Evaluation {
  const key = {
    ranker: "formula",
    formula_hash: "formula-0",
    point_hash: pointHash(params),
    split: "selection" as const,
    case_set_hash: "cases-0",
  };
  return {
    record: "evaluation/1",
    id: evaluationId(key),
    study: STUDY,
    ...key,
    params: { ...params },
    n_cases: 40,
    n_errors: 1,
    metrics: [estimate(0.3), { ...estimate(0.4), metric: "mrr" }],
  };
}

export function manifest(state: Manifest["state"], used: number): Manifest {
  return {
    record: "manifest/1",
    id: `reason-1/${state}`,
    run: "reason-1",
    study: STUDY,
    state,
    command: ["reason", "--agent", "analyst"],
    code: { commit: "abc", dirty: false },
    seed: 7,
    splits: ["train", "selection"],
    inputs: { cases: "cases-0" },
    lock_hash: null,
    versions: { deno: "2.9.6" },
    budgets: [{ unit: "case_evaluations", given: null, used }],
    parameters: { batch: 5 },
  };
}

const DECISIONS = ["accepted", "rejected", "lateral", "accepted", "failed", "rejected", "invalid"] as const;

/** Claims of the scripted reasoner: the second of each pair says the first again. */
const CLAIMS: readonly NewClaim[] = [
  { kind: "interaction", text: "low pagerank_alpha + high boost_chat_file = tunnel vision" },
  { kind: "interaction", text: "tunnel vision when boost_chat_file is high and pagerank_alpha low" },
  { kind: "failure_pattern", text: "vendored copies outrank the expected test files" },
  { kind: "structural_proposal", text: "a product of boosts cannot express OR" },
  { kind: "success_pattern", text: "lower depth_weight_deep helps nested packages" },
];

/** Does the next episode of the scripted study, as the loop would: everything else first, the episode line last. */
export function runEpisode(journal: Journal): void {
  const done = journal.read(EPISODES);
  const state = foldScratchpad({ episodes: done, insights: journal.read(INSIGHTS) });
  const index = done.length, last = done.at(-1);
  const decision = DECISIONS[index % DECISIONS.length]!;
  const shown = state.insights.map((insight) => insight.id);
  const used = shown.filter((_, i) => i % 2 === index % 2);
  const draft = episode(index, last, decision, { insights_shown: shown, insights_used: used });
  journal.append(FAILURES, failure(index, draft.params_before));
  if (draft.params_proposed !== null) journal.append(EVALUATIONS, evaluation(draft.params_proposed));
  const time = { study: STUDY, episode: draft.id, episode_index: index };
  const events: Insight[] = claimEvents(state, [CLAIMS[index % CLAIMS.length]!], {
    ...time,
    source: "reasoner",
    params: PARAMS,
  });
  const tested = state.insights[0];
  if (tested !== undefined && index % 3 === 2) {
    events.push(testedEvent(tested.id, {
      by: "hypothesis",
      id: `h-${index}`,
      verdict: index % 2 === 0 ? "supported" : "undetermined",
      effect: estimate(0.01),
    }, { ...time, order: events.length }));
  }
  journal.append(INSIGHTS, ...events);
  journal.append(EPISODES, { ...draft, insight_events: events.map((event) => event.id) });
}

/** Runs the scripted study from where it stands to `n` episodes. */
export function runStudy(journal: Journal, n: number): void {
  while (journal.read(EPISODES).length < n) runEpisode(journal);
}
