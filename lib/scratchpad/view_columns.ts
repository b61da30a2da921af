/** Every column of every view over the studies' files: name, DuckDB type, meaning, and where it comes from. */

/** One column. `sql` is its expression over the view's source, see `view_sources.ts`. */
export interface ViewColumn {
  readonly name: string;
  readonly type: string;
  readonly doc: string;
  readonly sql: string;
}

/** One view: what a row is, and its columns in order. */
export interface ViewTable {
  readonly row: string;
  readonly columns: readonly ViewColumn[];
}

const POINT = "MAP(VARCHAR, DOUBLE)", TEXTS = "VARCHAR[]";

/** A column that is the field of the same name of the parsed line `r`, unless `sql` says otherwise. */
function column(name: string, type: string, doc: string, sql = `r."${name}"`): ViewColumn {
  return { name, type, doc, sql };
}

const STUDY = column("study", "VARCHAR", "Name of the study: the folder the line stands in", "study");

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

/** The views and their columns: the documentation that a test compares with the views themselves. */
export const VIEW_COLUMNS = {
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
  trials: {
    row: "one trial of one arm of a search",
    columns: [
      STUDY,
      column("id", "VARCHAR", "Id of the trial in its study"),
      column("arm", "VARCHAR", "Which sampler or reasoner asked for it"),
      column("trial_index", "INTEGER", "Place in its arm, from 0; 0 is the default point", `r."index"`),
      column("params", POINT, "The point"),
      column("value", "DOUBLE", "The objective, larger is better; null when the trial failed"),
      column("status", "VARCHAR", "How it ended"),
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
  failures: {
    row: "one failed case at one point",
    columns: [
      STUDY,
      column("id", "VARCHAR", "Id of the failure"),
      column("case_id", "VARCHAR", "The case"),
      column("commit", "VARCHAR", "Commit the case was made from", `r."commit"`),
      column("intent", "VARCHAR", "debug, refactor, extend or explore"),
      column("split", "VARCHAR", "Split of the case"),
      column("query", "VARCHAR", "Focus query"),
      column("seed_file", "VARCHAR", "Seed file"),
      column("expected_top", TEXTS, "Files that should rank high"),
      column("actual_top", TEXTS, "Files that did"),
      column("ndcg", "DOUBLE", "nDCG@10 with binary labels, in [0, 1]"),
      column("commit_context", "VARCHAR", "Subject of the commit; untrusted text"),
      column("repo_name", "VARCHAR", "Repository"),
      column("repo_file_count", "INTEGER", "Source files in the tree"),
      column("formula_hash", "VARCHAR", "Formula that failed"),
      column("point_hash", "VARCHAR", "Point that failed"),
      column("kinds", TEXTS, "low_ndcg, below_distractor or both"),
      column("n_pairs", "INTEGER", "Expected files under a distractor", "len(r.pairs)::INTEGER"),
      column(
        "pairs",
        "STRUCT(missed VARCHAR, missed_rank INTEGER, distractor VARCHAR, distractor_rank INTEGER)[]",
        "Each with the best-ranked distractor above it; ranks from 1",
      ),
    ],
  },
  calls: {
    row: "one attempt at one model call",
    columns: [
      STUDY,
      column("backend", "VARCHAR", "Which backend was asked"),
      column("model", "VARCHAR", "The model that answered; null when none did"),
      column("label", "VARCHAR", "What the call was for"),
      column("episode", "INTEGER", "Index of the episode it belongs to; null outside one"),
      column("ordinal", "INTEGER", "How often the prompt had been asked in this episode before"),
      column("attempt", "INTEGER", "Number of the attempt in its call, from 1"),
      column("outcome", "VARCHAR", "ok, or what went wrong"),
      column("how", "VARCHAR", "How the value was read: json, repaired or native"),
      column("cost_usd", "DOUBLE", "Estimate at list price; null when unknown"),
      column("input_tokens", "INTEGER", "Tokens in, cache excluded", "r.tokens.input"),
      column("output_tokens", "INTEGER", "Tokens out", "r.tokens.output"),
      column("cache_read_tokens", "INTEGER", "Tokens read from the cache", "r.tokens.cache_read"),
      column("cache_creation_tokens", "INTEGER", "Tokens put into the cache", "r.tokens.cache_creation"),
      column("duration_ms", "DOUBLE", "How long it took"),
      column("started_at_s", "DOUBLE", "Seconds since the epoch"),
      column("prompt_hash", "VARCHAR", "SHA-256 of the prompt"),
      column("prompt_bytes", "INTEGER", "Its length in UTF-8 bytes"),
      column("reply_hash", "VARCHAR", "SHA-256 of the reply; null when there was none"),
      column("replayed", "BOOLEAN", "Whether a recorded reply was played back"),
      column("detail", "VARCHAR", "What was found, for a person"),
    ],
  },
  evaluations: {
    row: "one metric of one evaluation",
    columns: [
      STUDY,
      column("id", "VARCHAR", "Id of the evaluation"),
      column("ranker", "VARCHAR", "formula, or the name of a baseline"),
      column("formula_hash", "VARCHAR", "Formula; null for a baseline"),
      column("point_hash", "VARCHAR", "Point; null for a baseline"),
      column("params", POINT, "The point itself"),
      column("split", "VARCHAR", "Split of the cases"),
      column("case_set_hash", "VARCHAR", "Which cases"),
      column("n_errors", "INTEGER", "Cases that could not be scored"),
      column("metric", "VARCHAR", "Metric with its cutoff", "metric.metric"),
      column("mean", "DOUBLE", "Mean", "metric.mean"),
      column("low", "DOUBLE", "Lower bound", "metric.low"),
      column("high", "DOUBLE", "Upper bound", "metric.high"),
      column("level", "DOUBLE", "Coverage of the bounds", "metric.level"),
      column("n_cases", "INTEGER", "Cases in the mean", "metric.n_cases"),
      column("n_commits", "INTEGER", "Commits they come from", "metric.n_commits"),
      column("n_repos", "INTEGER", "Repositories they come from", "metric.n_repos"),
    ],
  },
  manifests: {
    row: "one run, as its latest line tells it; state 'started' is a run that goes on or was killed",
    columns: [
      STUDY,
      column("run", "VARCHAR", "Name of the run in its study"),
      column("state", "VARCHAR", "started, finished, interrupted or failed"),
      column("command", TEXTS, "Task and arguments"),
      column("code_commit", "VARCHAR", "Commit of the kit; null outside a checkout", `r.code."commit"`),
      column("code_dirty", "BOOLEAN", "Whether the checkout had changes", "r.code.dirty"),
      column("seed", "VARCHAR", "Seed of the study"),
      column("splits", TEXTS, "Splits the run could read"),
      column("inputs", "MAP(VARCHAR, VARCHAR)", "Hash of each input"),
      column("lock_hash", "VARCHAR", "SHA-256 of deno.lock"),
      column("versions", "MAP(VARCHAR, VARCHAR)", "Version of each program"),
      column(
        "budgets",
        "STRUCT(unit VARCHAR, given DOUBLE, used DOUBLE)[]",
        "What could be spent and what was; given null: no limit",
      ),
      column("parameters", "JSON", "Every option in force", "r.parameters::JSON"),
    ],
  },
} as const satisfies Record<string, ViewTable>;

/** Name of a view. */
export type ViewName = keyof typeof VIEW_COLUMNS;
