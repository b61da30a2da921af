/** Columns of the views of what a study did and learned: episodes, proposals, insights. */
import { column, POINT, STUDY, TEXTS, type ViewColumn, type ViewTable } from "./view_column.ts";

/** Mean, bounds and case count of one of an episode's two paired differences. */
function difference(stage: string, where: string): ViewColumn[] {
  return ["mean", "low", "high"].map((part) =>
    column(
      `${stage}_${part}`,
      "DOUBLE",
      `Paired difference in the metric on ${where}: ${part}`,
      `r.measured.${stage}.${part}`,
    )
  ).concat(column(`${stage}_n_cases`, "INTEGER", `Cases behind it`, `r.measured.${stage}.n_cases`));
}

/** Views by name. */
export const MEMORY_COLUMNS = {
  episodes: {
    row: "one committed episode",
    columns: [
      STUDY,
      column("id", "VARCHAR", "Id of the episode in its study"),
      column("episode_index", "INTEGER", "Place in the study, from 0", `r."index"`),
      column("agent", "VARCHAR", "Who reasoned"),
      column("parent", "VARCHAR", "Episode whose outcome it started from; null for the start"),
      column("decision", "VARCHAR", "accepted, lateral, rejected, invalid or failed"),
      column("reasons", TEXTS, "Why, in sentences"),
      column(
        "failure_ids",
        TEXTS,
        "Failures shown, by failure id",
        "list_transform(r.failures, lambda f: f.failure_id)",
      ),
      column("case_ids", TEXTS, "The same, by case id", "list_transform(r.failures, lambda f: f.case_id)"),
      column("params_before", POINT, "Point the episode started from"),
      column("params_proposed", POINT, "Point that was judged; null when none was"),
      column("params_after", POINT, "Point the episode left as incumbent"),
      column("formula_before", "VARCHAR", "Content hash of the formula it started from"),
      column("formula_proposed", "VARCHAR", "Content hash of the formula that was judged"),
      column("formula_after", "VARCHAR", "Content hash of the formula it left as incumbent"),
      ...difference("race", "fresh train cases"),
      ...difference("selection", "selection cases"),
      column("case_evaluations", "INTEGER", "Cases scored anew", "r.evaluations.case_evaluations"),
      column(
        "cached_case_evaluations",
        "INTEGER",
        "Cases answered from the cache",
        "r.evaluations.cached_case_evaluations",
      ),
      column(
        "selection_queries",
        "INTEGER",
        "Questions put to the selection split",
        "r.evaluations.selection_queries",
      ),
      column(
        "diagnosis",
        "VARCHAR",
        "The reasoner's diagnosis; null without a proposal",
        "r.proposal.diagnosis",
      ),
      column("confidence", "DOUBLE", "Confidence it stated, in [0, 1]", "r.proposal.confidence"),
      column("n_changes", "INTEGER", "Parameters it would move", "len(r.proposal.changes)::INTEGER"),
      column(
        "is_structural",
        "BOOLEAN",
        "Whether it edits the formula",
        "r.proposal.structural_edits IS NOT NULL",
      ),
      column(
        "no_change_reason",
        "VARCHAR",
        "Why nothing was proposed, when nothing was",
        "r.proposal.no_change_reason",
      ),
      column("forecast_sign", "INTEGER", "Stated sign of the change: 1, 0 or -1", "r.proposal.forecast.sign"),
      column(
        "forecast_delta_ndcg",
        "DOUBLE",
        "Stated size of the change in nDCG@10",
        "r.proposal.forecast.delta_ndcg",
      ),
      column(
        "forecast_cases_flipped",
        TEXTS,
        "Cases said to stop failing",
        "r.proposal.forecast.cases_flipped",
      ),
      column(
        "forecast_confidence",
        "DOUBLE",
        "Probability given to the stated sign",
        "r.proposal.forecast.confidence",
      ),
      column("prompt_hash", "VARCHAR", "SHA-256 of the prompt; null when none was made"),
      column("calls", TEXTS, "Ids of the calls made"),
      column("insights_shown", TEXTS, "Insights in the prompt"),
      column("insights_used", TEXTS, "Those the proposal rests on"),
      column("insight_events", TEXTS, "Insight events the episode commits"),
    ],
  },
  proposals: {
    row: "one parameter change of one proposal",
    columns: [
      STUDY,
      column("episode", "VARCHAR", "Episode that proposed it", "r.id"),
      column("episode_index", "INTEGER", "Its place in the study, from 0", `r."index"`),
      column("agent", "VARCHAR", "Who reasoned"),
      column("decision", "VARCHAR", "What became of the whole proposal"),
      column("param", "VARCHAR", "Parameter to move", "change.param"),
      column("direction", "VARCHAR", "increase or decrease", "change.direction"),
      column("magnitude", "VARCHAR", "small, medium or large", "change.magnitude"),
      column("rationale", "VARCHAR", "Why, as the reasoner says", "change.rationale"),
      column("value_before", "DOUBLE", "Value before", "r.params_before[change.param]"),
      column(
        "value_proposed",
        "DOUBLE",
        "Value that was judged; null when none was",
        "r.params_proposed[change.param]",
      ),
      column("value_after", "DOUBLE", "Value the episode left", "r.params_after[change.param]"),
    ],
  },
  insights: {
    row: "one insight as it stands, superseded and retired ones included",
    columns: [
      STUDY,
      column("id", "VARCHAR", "Id of the insight in its study", "id"),
      column(
        "kind",
        "VARCHAR",
        "interaction, failure_pattern, success_pattern or structural_proposal",
        "kind",
      ),
      column("text", "VARCHAR", "Present wording", "text"),
      column("params", TEXTS, "Parameters it speaks of", "params"),
      column("source", "VARCHAR", "Who made the claim", "source"),
      column(
        "status",
        "VARCHAR",
        "untested, supported, refuted or undetermined, over all its tests",
        "status",
      ),
      column("n_tests", "INTEGER", "Tests of it", "n_tests"),
      column(
        "times_claimed",
        "INTEGER",
        "How often the claim was made, paraphrases included",
        "times_claimed",
      ),
      column("helpful", "INTEGER", "Accepted episodes that rest on it", "helpful"),
      column("harmful", "INTEGER", "Rejected episodes that rest on it", "harmful"),
      column(
        "is_live",
        "BOOLEAN",
        "Neither superseded nor retired",
        "superseded_by IS NULL AND retired IS NULL",
      ),
      column("superseded_by", "VARCHAR", "Insight that replaced it", "superseded_by"),
      column("retired", "VARCHAR", "Why it was withdrawn", "retired"),
      column("made_at", "INTEGER", "Episode index at which it was made", "made_at"),
    ],
  },
  insight_events: {
    row: "one event of an insight that counts: of a committed episode, or of none",
    columns: [
      STUDY,
      column("id", "VARCHAR", "Id of the event"),
      column("event", "VARCHAR", "created, merged, tested, updated, superseded or retired"),
      column("insight", "VARCHAR", "Insight it happened to"),
      column("episode", "VARCHAR", "Episode that commits it; null when it stands by itself"),
      column("episode_index", "INTEGER", "Logical time"),
      column("event_order", "INTEGER", "Place among the events of the same time", `r."order"`),
      column("text", "VARCHAR", "Wording made, met or given; null for other events"),
      column("reason", "VARCHAR", "Why it was reworded, replaced or withdrawn"),
      column("similarity", "DOUBLE", "Of a merged wording to the insight"),
      column("test_id", "VARCHAR", "Trial, hypothesis or episode of a test", "r.test.id"),
      column("verdict", "VARCHAR", "What a test said", "r.test.verdict"),
      column("effect_mean", "DOUBLE", "Effect a test measured", "r.test.effect.mean"),
      column("effect_low", "DOUBLE", "Lower bound of the effect", "r.test.effect.low"),
      column("effect_high", "DOUBLE", "Upper bound of the effect", "r.test.effect.high"),
    ],
  },
} as const satisfies Record<string, ViewTable>;
