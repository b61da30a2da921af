/** Where the views' rows come from: lines of the studies' files, parsed with explicit types. */
import { VIEW_COLUMNS, type ViewName } from "./view_columns.ts";

/** A file of every study, with the part of its record that the views read, in DuckDB's JSON structure notation. */
interface LineSource {
  readonly file: string;
  readonly record: string;
  readonly structure: unknown;
}

const T = "VARCHAR", N = "DOUBLE", I = "INTEGER", B = "BOOLEAN";
const POINT = "MAP(VARCHAR, DOUBLE)", TEXT_MAP = "MAP(VARCHAR, VARCHAR)";
const ESTIMATE = { metric: T, mean: N, low: N, high: N, level: N, n_cases: I, n_commits: I, n_repos: I };

/** The parsed files, by the name of the table of lines they give. */
export const LINE_SOURCES: Readonly<Record<string, LineSource>> = {
  episode_lines: {
    file: "episodes.jsonl",
    record: "episode/1",
    structure: {
      ...{ id: T, index: I, agent: T, parent: T, decision: T, reasons: [T] },
      failures: [{ failure_id: T, case_id: T }],
      ...{ params_before: POINT, params_proposed: POINT, params_after: POINT },
      ...{ formula_before: T, formula_proposed: T, formula_after: T },
      measured: { race: ESTIMATE, selection: ESTIMATE },
      evaluations: { case_evaluations: I, cached_case_evaluations: I, selection_queries: I },
      proposal: {
        ...{ diagnosis: T, confidence: N, no_change_reason: T },
        changes: [{ param: T, direction: T, magnitude: T, rationale: T }],
        structural_edits: { rationale: T },
        forecast: { sign: I, delta_ndcg: N, cases_flipped: [T], confidence: N },
      },
      ...{ prompt_hash: T, calls: [T], insights_shown: [T], insights_used: [T], insight_events: [T] },
    },
  },
  trial_lines: {
    file: "trials.jsonl",
    record: "trial/1",
    structure: {
      ...{ arm: T, sampler: T, seed: "BIGINT", number: I, origin: T, point: POINT, status: T, value: N },
      ...{ error: T, formula_hash: T, split: T, case_set_hash: T, case_evaluations: I },
      spent: {
        ...{ theta_evaluations: I, case_evaluations: I, selection_queries: I, model_calls: I },
        ...{ tokens: "BIGINT", cost_usd: N, seconds: N },
      },
    },
  },
  insight_lines: {
    file: "insights.jsonl",
    record: "insight/1",
    structure: {
      ...{ id: T, event: T, insight: T, episode: T, episode_index: I, order: I, text: T, reason: T },
      ...{ kind: T, params: [T], source: T, similarity: N, by: T },
      test: { by: T, id: T, verdict: T, effect: ESTIMATE },
    },
  },
  failure_lines: {
    file: "failures.jsonl",
    record: "failure/1",
    structure: {
      ...{ id: T, case_id: T, commit: T, intent: T, split: T, query: T, seed_file: T },
      ...{ expected_top: [T], actual_top: [T], ndcg: N, commit_context: T, repo_name: T, repo_file_count: I },
      ...{ formula_hash: T, point_hash: T, kinds: [T] },
      pairs: [{ missed: T, missed_rank: I, distractor: T, distractor_rank: I }],
    },
  },
  call_lines: {
    file: "calls.jsonl",
    record: "call/1",
    structure: {
      ...{ backend: T, model: T, label: T, episode: I, ordinal: I, attempt: I, outcome: T, how: T },
      ...{ cost_usd: N, duration_ms: N, started_at_s: N, prompt_hash: T, prompt_bytes: I, reply_hash: T },
      tokens: { input: I, output: I, cache_read: I, cache_creation: I },
      ...{ replayed: B, detail: T },
    },
  },
  evaluation_lines: {
    file: "evaluations.jsonl",
    record: "evaluation/1",
    structure: {
      ...{ id: T, ranker: T, formula_hash: T, point_hash: T, params: POINT, split: T, case_set_hash: T },
      ...{ n_errors: I, metrics: [ESTIMATE] },
    },
  },
  manifest_lines: {
    file: "manifests.jsonl",
    record: "manifest/1",
    structure: {
      ...{ run: T, state: T, command: [T], code: { commit: T, dirty: B }, seed: T, splits: [T] },
      ...{ inputs: TEXT_MAP, lock_hash: T, versions: TEXT_MAP, parameters: "JSON" },
      budgets: [{ unit: T, given: N, used: N }],
    },
  },
};

/** Rows of each view that is more than one row a line. `r` is the parsed line, `study` its folder, `line_no` its number. */
const VIEW_SOURCES: Readonly<Record<ViewName, string>> = {
  episodes: "episode_lines",
  proposals: "(SELECT study, r, unnest(r.proposal.changes) AS change FROM episode_lines)",
  trials: "trial_lines",
  insights: "insight_states",
  insight_events: "counted_insight_lines",
  failures: "failure_lines",
  calls: "call_lines",
  evaluations: "(SELECT study, r, unnest(r.metrics) AS metric FROM evaluation_lines)",
  manifests:
    "(SELECT * FROM manifest_lines QUALIFY row_number() OVER (PARTITION BY study, r.run ORDER BY line_no DESC) = 1)",
};

const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** A path as a DuckDB glob that matches it alone. */
const escapeGlob = (path: string) => path.replace(/[*?[\]]/g, (c) => c === "]" ? c : `[${c}]`);

/**
 * The table of lines of one file over all studies: `study`, `line_no` (from 1) and `r`, the parsed line.
 *
 * The files are read as text and split here, not with `read_json`: that either fails on a last line that is being written or forgives
 * every damaged line in silence. Here what stands after the last newline is not there yet, and any other line that is not
 * the record it should be is an error with file and line, also in a query that only counts: hence the check in WHERE, where no
 * optimiser drops it. Missing and empty files give no rows.
 */
export function linesSql(name: string, resultsDir: string): string {
  const { file, record, structure } = LINE_SOURCES[name]!;
  const glob = `${escapeGlob(resultsDir)}/*/${file}`;
  return `CREATE VIEW ${name} AS
    SELECT study, line_no, from_json(CASE WHEN fault IS NULL THEN line ELSE error(fault) END, ${
    quote(JSON.stringify(structure))
  }) AS r
    FROM (
      SELECT list_extract(string_split(replace(filename, '\\', '/'), '/'), -2) AS study, line, line_no,
        filename || ':' || line_no || ': ' || CASE
          WHEN NOT json_valid(line) THEN 'not JSON; restore the file from a copy'
          WHEN json_extract_string(line, '$.record') IS DISTINCT FROM ${quote(record)}
            THEN 'record: found ' || coalesce(json_extract_string(line, '$.record'), 'none') || ', wanted ${record}'
          END AS fault
      FROM (
        SELECT filename, unnest(texts) AS line, generate_subscripts(texts, 1) AS line_no
        FROM (SELECT filename, string_split(content, chr(10))[1:-2] AS texts FROM read_text(${quote(glob)}))
      )
    )
    WHERE CASE WHEN fault IS NULL THEN true ELSE error(fault) END`;
}

/** Insight events that count, and insights folded from them by the rules of `insight_state.ts`; a test compares the two. */
export const DERIVED_SQL: readonly string[] = [
  `CREATE VIEW counted_insight_lines AS
    SELECT * FROM insight_lines WHERE r.episode IS NULL OR (study, r.id) IN (
      SELECT (study, unnest(r.insight_events)) FROM episode_lines)`,
  `CREATE VIEW insight_uses AS
    SELECT study, insight, count(*) FILTER (decision = 'accepted') AS helpful,
      count(*) FILTER (decision = 'rejected') AS harmful
    FROM (SELECT study, r.decision AS decision, unnest(list_distinct(r.insights_used)) AS insight FROM episode_lines)
    GROUP BY ALL`,
  `CREATE VIEW insight_tests AS
    SELECT study, r.insight AS insight, r.test.by AS by, r.test.id AS id,
      arg_max(r.test.verdict, (r.episode_index, r.episode IS NOT NULL, r."order")) AS verdict
    FROM counted_insight_lines WHERE r.event = 'tested' GROUP BY ALL`,
  `CREATE VIEW insight_verdicts AS
    SELECT study, insight, count(*) AS n_tests, CASE
        WHEN bool_or(verdict = 'supported') = bool_or(verdict = 'refuted') THEN 'undetermined'
        WHEN bool_or(verdict = 'supported') THEN 'supported' ELSE 'refuted' END AS status
    FROM insight_tests GROUP BY ALL`,
  `CREATE VIEW insight_states AS
    WITH events AS (
      SELECT study, r.insight AS id, r, (r.episode_index, r.episode IS NOT NULL, r."order") AS moment FROM counted_insight_lines
    ), folded AS (
      SELECT study, id,
        arg_min(r.kind, moment) FILTER (r.event = 'created') AS kind,
        arg_max(r.text, moment) FILTER (r.event IN ('created', 'updated')) AS text,
        arg_min(r.params, moment) FILTER (r.event = 'created') AS params,
        arg_min(r.source, moment) FILTER (r.event = 'created') AS source,
        min(r.episode_index) FILTER (r.event = 'created') AS made_at,
        1 + count(*) FILTER (r.event = 'merged') AS times_claimed,
        arg_max(r.by, moment) FILTER (r.event = 'superseded') AS superseded_by,
        arg_max(r.reason, moment) FILTER (r.event = 'retired') AS retired
      FROM events GROUP BY study, id HAVING bool_or(r.event = 'created')
    )
    SELECT folded.* EXCLUDE (times_claimed), times_claimed::INTEGER AS times_claimed,
      coalesce(status, 'untested') AS status, coalesce(n_tests, 0)::INTEGER AS n_tests,
      coalesce(helpful, 0)::INTEGER AS helpful, coalesce(harmful, 0)::INTEGER AS harmful
    FROM folded
    LEFT JOIN insight_verdicts v ON v.study = folded.study AND v.insight = folded.id
    LEFT JOIN insight_uses u ON u.study = folded.study AND u.insight = folded.id`,
];

/** The statement that makes one documented view. */
export function viewSql(name: ViewName): string {
  const columns = VIEW_COLUMNS[name].columns.map(({ name, type, sql }) => `(${sql})::${type} AS "${name}"`);
  return `CREATE VIEW ${name} AS SELECT ${columns.join(", ")} FROM ${VIEW_SOURCES[name]}`;
}
