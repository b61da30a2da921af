/** Ends an episode: what the reply asks for is judged, what was learned is noted, one line commits it all. */
import { EditError } from "../formula/edit_schema.ts";
import { FormulaError } from "../formula/document.ts";
import { searchSpace } from "../formula/parameters.ts";
import { type Episode, episodeId } from "../records/episode.ts";
import { EPISODES, FAILURES, INSIGHTS } from "../scratchpad/files.ts";
import type { ScratchpadState } from "../scratchpad/fold.ts";
import type { Journal } from "../scratchpad/journal.ts";
import { insightsUsed } from "../scratchpad/merge.ts";
import { type AcceptanceOptions, judge, type Judgement } from "./acceptance.ts";
import { BEYOND, beyondEveryPoint } from "./beyond.ts";
import { applyProposal, type Candidate } from "./candidate.ts";
import { effectOf } from "./effect.ts";
import type { Evidence, Survey } from "./evidence.ts";
import { FORECASTS, scoreForecast } from "./forecast.ts";
import { learn } from "./learn.ts";
import type { Panel } from "./panel.ts";
import type { Answered } from "./question.ts";
import type { Scorer } from "./scorer.ts";
import { keepFormula } from "./versions.ts";

/** An episode that has its answer. */
export interface Answer {
  readonly journal: Journal;
  readonly state: ScratchpadState;
  readonly study: string;
  readonly agent: string;
  readonly seed: number | string;
  readonly index: number;
  readonly parent: string | null;
  readonly incumbent: Candidate;
  readonly surveyed: Survey;
  /** whether this episode is the one that made the survey, and pays for it */
  readonly paysSurvey: boolean;
  readonly evidence: Evidence;
  readonly answered: Answered;
  readonly fresh: readonly Scorer[];
  readonly selection: Panel;
  readonly acceptance?: AcceptanceOptions;
}

/** What became of a reply, before it is written down. */
interface Outcome extends Omit<Judgement, "decision"> {
  readonly decision: Episode["decision"];
  readonly candidate: Candidate | null;
}

const UNMEASURED = {
  race: null,
  selection: null,
  case_evaluations: 0,
  selection_queries: 0,
  candidate: null,
} as const;

/** Judges and commits. Everything but the episode's own line is written before it, under ids that depend on content alone. */
export function conclude(answer: Answer): Episode {
  const { journal, state, study, index, incumbent, surveyed, evidence, answered } = answer;
  const outcome = decide(answer);
  const after = outcome.decision === "accepted" ? outcome.candidate! : incumbent;
  const draft: Episode = {
    record: "episode/1",
    id: episodeId(index),
    index,
    study,
    agent: answer.agent,
    parent: answer.parent,
    failures: evidence.batch.map(({ failure }) => ({ failure_id: failure.id, case_id: failure.case_id })),
    params_before: { ...incumbent.point },
    formula_before: incumbent.hash,
    proposal: answered.proposal,
    params_proposed: outcome.candidate && { ...outcome.candidate.point },
    formula_proposed: outcome.candidate?.hash ?? null,
    params_after: { ...after.point },
    formula_after: after.hash,
    decision: outcome.decision,
    reasons: [...outcome.reasons],
    measured: { race: outcome.race, selection: outcome.selection },
    evaluations: {
      case_evaluations: outcome.case_evaluations + evidence.case_evaluations +
        (answer.paysSurvey ? surveyed.case_evaluations : 0),
      cached_case_evaluations: answer.paysSurvey ? 0 : surveyed.case_evaluations,
      selection_queries: outcome.selection_queries,
    },
    prompt_hash: answered.prompt_hash,
    calls: [...answered.calls],
    insights_shown: [...answered.insights_shown],
    insights_used: insightsUsed(state, answered.insights_shown, answered.proposal?.changes ?? []),
    insight_events: [],
  };
  const events = learn(state, draft, answered.remembered, searchSpace(incumbent.formula).map((p) => p.name));
  const episode = { ...draft, insight_events: events.map((event) => event.id) };
  if (answer.paysSurvey) journal.append(BEYOND, ...beyondEveryPoint(surveyed));
  journal.append(FAILURES, ...evidence.batch.map(({ failure }) => failure));
  if (outcome.candidate !== null) keepFormula(journal, outcome.candidate.formula);
  const forecast = scoreForecast(episode, improvedCases(answer, outcome.candidate));
  if (forecast !== undefined) journal.append(FORECASTS, forecast);
  journal.append(INSIGHTS, ...events);
  journal.append(EPISODES, episode);
  return episode;
}

function decide(answer: Answer): Outcome {
  const { answered, incumbent, index, acceptance } = answer;
  const { proposal } = answered;
  if (proposal === null) {
    return { ...UNMEASURED, decision: "failed", reasons: [answered.failure ?? "There was no reply."] };
  }
  if (proposal.no_change_reason !== null) {
    return {
      ...UNMEASURED,
      decision: "invalid",
      reasons: [`No change is proposed: ${proposal.no_change_reason}`],
    };
  }
  let candidate: Candidate | undefined;
  try {
    candidate = applyProposal(incumbent, proposal, `study-${episodeId(index)}`);
  } catch (error) {
    if (!(error instanceof EditError || error instanceof FormulaError)) throw error;
    return { ...UNMEASURED, decision: "invalid", reasons: [error.message] };
  }
  if (candidate === undefined) {
    return {
      ...UNMEASURED,
      decision: "invalid",
      reasons: ["The proposal leaves formula and parameters as they are."],
    };
  }
  return { ...judge({ ...answer, candidate, turn: index }, acceptance), candidate };
}

/** Ids of the shown cases that the candidate ranks better. */
function improvedCases({ surveyed, evidence }: Answer, candidate: Candidate | null): ReadonlySet<string> {
  if (candidate === null) return new Set();
  const { gains } = effectOf(surveyed.standing, candidate.formula, candidate.point);
  return new Set(
    evidence.batch.filter(({ place }) => gains[place]! > 0).map(({ failure }) => failure.case_id),
  );
}
