import assert from "node:assert/strict";
import { join } from "node:path";
import { appendLines } from "../../lib/base/artefacts.ts";
import {
  type Lens,
  openJournal,
  openLens,
  readScratchpad,
  recordManifest,
  VIEW_COLUMNS,
  type ViewName,
  type ViewTable,
} from "../../lib/scratchpad/mod.ts";
import { LINE_SOURCES } from "../../lib/scratchpad/view_sources.ts";
import { CALL_RECORD } from "../../lib/records/call.ts";
import { Trial } from "../../lib/records/trial.ts";
import { manifest, runEpisode, runStudy } from "./scripted_study.ts";

const VIEWS = Object.entries(VIEW_COLUMNS) as [ViewName, ViewTable][];
const count = async (lens: Lens, view: string) =>
  (await lens.query<{ n: number }>(`SELECT count(*) AS n FROM ${view}`))[0]!.n;

function studies(...names: string[]): string {
  const root = Deno.makeTempDirSync();
  for (const name of names) {
    using journal = openJournal(join(root, name));
    runStudy(journal, 7);
  }
  return root;
}

Deno.test("every view has the documented columns, with their types, in their order, even without a single file", async () => {
  for (const root of [join(Deno.makeTempDirSync(), "not there"), studies("a")]) {
    using lens = await openLens(root);
    for (const [view, { columns }] of VIEWS) {
      const found = await lens.query(`DESCRIBE ${view}`);
      assert.deepEqual(
        found.map((row) => [row.column_name, String(row.column_type).replaceAll('"', "")]),
        columns.map(({ name, type }) => [name, type]),
        view,
      );
      assert.ok(await count(lens, view) >= 0);
      for (const { name, doc } of columns) assert.ok(doc.length > 3, `${view}.${name} has no documentation`);
    }
  }
});

Deno.test("a missing folder and empty files give empty views", async () => {
  const root = Deno.makeTempDirSync();
  Deno.mkdirSync(join(root, "empty"));
  for (const { file } of Object.values(LINE_SOURCES)) Deno.writeTextFileSync(join(root, "empty", file), "");
  for (const folder of [root, join(root, "nowhere")]) {
    using lens = await openLens(folder);
    for (const [view] of VIEWS) assert.equal(await count(lens, view), 0, view);
  }
});

Deno.test("rows of all studies stand together, each with the name of its study", async () => {
  using lens = await openLens(studies("plain", "with [brackets] and 'quotes' *"));
  assert.deepEqual(await lens.sql`SELECT study, count(*) AS n FROM episodes GROUP BY ALL ORDER BY ALL`, [
    { study: "plain", n: 7 },
    { study: "with [brackets] and 'quotes' *", n: 7 },
  ]);
});

Deno.test("a results folder whose name is a glob pattern matches itself alone", async () => {
  const root = Deno.makeTempDirSync();
  for (const name of ["r[ab]*", "ra-other"]) {
    using journal = openJournal(join(root, name, "study"));
    runStudy(journal, name === "ra-other" ? 3 : 1);
  }
  using lens = await openLens(join(root, "r[ab]*"));
  assert.equal(await count(lens, "episodes"), 1);
});

Deno.test("episodes and proposals say what the records say", async () => {
  const root = studies("a");
  using lens = await openLens(root);
  const { episodes } = readScratchpad(join(root, "a"));
  const rows = await lens.query("SELECT * FROM episodes ORDER BY episode_index");
  assert.deepEqual(
    rows.map((
      row,
    ) => [row.id, row.decision, row.params_after, row.params_proposed, row.selection_low, row.case_ids]),
    episodes.map((e) => [
      e.id,
      e.decision,
      e.params_after,
      e.params_proposed,
      e.measured.selection?.low ?? null,
      e.failures.map((failure) => failure.case_id),
    ]),
  );
  assert.equal(rows[4]!.diagnosis, null, "a failed episode has no proposal");
  const changes = await lens.query("SELECT * FROM proposals WHERE episode = 'e0000'");
  assert.deepEqual(changes, [{
    study: "a",
    episode: "e0000",
    episode_index: 0,
    agent: "analyst",
    decision: "accepted",
    param: "boost_chat_file",
    direction: "decrease",
    magnitude: "small",
    rationale: "it outweighs structure",
    value_before: 20,
    value_proposed: 20 / 1.1,
    value_after: 20 / 1.1,
  }]);
  assert.equal(await count(lens, "proposals"), 6);
});

Deno.test("the insights view and the fold say the same of every insight", async () => {
  const root = studies("a", "b");
  using journal = openJournal(join(root, "b"));
  runStudy(journal, 21);
  using lens = await openLens(root);
  for (const study of ["a", "b"]) {
    const folded = readScratchpad(join(root, study)).insights.map((i) => [
      ...[
        i.id,
        i.kind,
        i.text,
        i.params,
        i.source,
        i.status,
        i.tests.length,
        i.times_claimed,
        i.helpful,
        i.harmful,
      ],
      ...[i.superseded_by, i.retired, i.made_at],
    ]);
    const rows = await lens.sql`SELECT * FROM insights WHERE study = ${study} ORDER BY made_at, id`;
    assert.deepEqual(
      rows.map((r) => [
        ...[
          r.id,
          r.kind,
          r.text,
          r.params,
          r.source,
          r.status,
          r.n_tests,
          r.times_claimed,
          r.helpful,
          r.harmful,
        ],
        ...[r.superseded_by, r.retired, r.made_at],
      ]),
      folded.toSorted((a, b) =>
        Number(a.at(-1)) - Number(b.at(-1)) || (String(a[0]) < String(b[0]) ? -1 : 1)
      ),
    );
    assert.ok(folded.length >= 4);
  }
});

Deno.test("evaluations have a row a metric, manifests a row a run with its latest state, failures their pairs", async () => {
  const root = studies("a");
  {
    using journal = openJournal(join(root, "a"));
    recordManifest(journal, manifest("started", 0));
    recordManifest(journal, manifest("finished", 80));
  }
  using lens = await openLens(root);
  assert.deepEqual(
    await lens
      .sql`SELECT metric, count(DISTINCT id) AS n, count(*) AS rows FROM evaluations GROUP BY ALL ORDER BY ALL`,
    // Five episodes were judged at three different points: the same point on the same cases is the same evaluation.
    [{ metric: "mrr", n: 3, rows: 3 }, { metric: "ndcg@10", n: 3, rows: 3 }],
  );
  assert.deepEqual(await lens.sql`SELECT run, state, command, inputs, budgets, parameters FROM manifests`, [{
    run: "reason-1",
    state: "finished",
    command: ["reason", "--agent", "analyst"],
    inputs: { cases: "cases-0" },
    budgets: [{ unit: "case_evaluations", given: null, used: 80 }],
    parameters: '{"batch":5}',
  }]);
  assert.deepEqual(await lens.sql`SELECT pairs, query FROM failures LIMIT 1`, [{
    pairs: [{ missed: "src/a.ts", missed_rank: 2, distractor: "src/b.ts", distractor_rank: 1 }],
    query: "fix the parser — naïve",
  }]);
});

Deno.test("calls are read as the model room writes them", async () => {
  const root = Deno.makeTempDirSync();
  const call = CALL_RECORD.parse({
    record: "call/1",
    outcome: "ok",
    how: "json",
    model: "m",
    version: null,
    cost_usd: 0.01,
    tokens: { input: 1, output: 2, cache_read: 3, cache_creation: 4 },
    duration_ms: 12.5,
    started_at_s: 1.5,
    detail: null,
    backend: "replay",
    label: "reason",
    episode: 3,
    ordinal: 0,
    attempt: 1,
    prompt_hash: "a".repeat(64),
    prompt_bytes: 10,
    system_hash: "b".repeat(64),
    reply_hash: null,
    replayed: true,
  });
  appendLines(join(root, "s", "calls.jsonl"), [call]);
  using lens = await openLens(root);
  const [row] = await lens.query("SELECT * FROM calls");
  const plain = VIEW_COLUMNS.calls.columns.map(({ name }) => name).filter((name) =>
    name in call
  ) as (keyof typeof call)[];
  assert.ok(plain.length >= 15);
  for (const name of plain) assert.deepEqual(row![name], call[name], name);
  assert.equal(row!.cache_creation_tokens, 4);
});

Deno.test("trials are read as the search room writes them", async () => {
  const root = Deno.makeTempDirSync();
  const trial = Trial.parse({
    record: "trial/1",
    study: "s",
    arm: "tpe-1",
    sampler: "tpe",
    seed: 4_294_967_296,
    number: 0,
    origin: "default",
    point: { pagerank_alpha: 0.85 },
    status: "complete",
    value: 0.3,
    error: null,
    formula_hash: "formula-0",
    split: "train",
    case_set_hash: "cases-0",
    case_evaluations: 40,
    spent: {
      theta_evaluations: 1,
      case_evaluations: 40,
      selection_queries: 0,
      model_calls: 2,
      tokens: 3,
      cost_usd: 0.5,
      seconds: 1.5,
    },
  });
  appendLines(join(root, "s", "trials.jsonl"), [trial]);
  using lens = await openLens(root);
  const [row] = await lens.query("SELECT * FROM trials");
  const { record: _, spent, ...plain } = trial;
  const { theta_evaluations, case_evaluations, selection_queries, model_calls, tokens, cost_usd, seconds } =
    spent;
  assert.deepEqual(row, {
    ...plain,
    spent_theta_evaluations: theta_evaluations,
    spent_case_evaluations: case_evaluations,
    spent_selection_queries: selection_queries,
    spent_model_calls: model_calls,
    spent_tokens: tokens,
    spent_usd: cost_usd,
    spent_s: seconds,
  });
});

Deno.test("an open lens sees what a writer adds meanwhile, and a new study, but not a line in flight", async () => {
  const root = studies("a"), file = join(root, "a", "episodes.jsonl");
  using lens = await openLens(root);
  assert.equal(await count(lens, "episodes"), 7);
  {
    using journal = openJournal(join(root, "a"));
    runEpisode(journal);
    assert.equal(await count(lens, "episodes"), 8);
    using other = openJournal(join(root, "b"));
    runEpisode(other);
  }
  assert.equal(await count(lens, "episodes"), 9);
  Deno.truncateSync(file, Deno.statSync(file).size - 5);
  assert.equal(await count(lens, "episodes"), 8);
});

Deno.test("a damaged or foreign line fails the query with file and line, and never shortens a result", async () => {
  const root = studies("a"), file = join(root, "a", "episodes.jsonl");
  const lines = Deno.readTextFileSync(file).split("\n");
  using lens = await openLens(root);
  const write = (second: string) => Deno.writeTextFileSync(file, lines.with(1, second).join("\n"));
  write(lines[1]!.slice(0, 99));
  for (const view of ["episodes", "proposals", "insights"]) {
    await assert.rejects(count(lens, view), /episodes\.jsonl:2: not JSON/, view);
  }
  write('{"record":"trial/1"}');
  await assert.rejects(
    count(lens, "episodes"),
    /episodes\.jsonl:2: record: found trial\/1, wanted episode\/1/,
  );
});

Deno.test("sql`` binds values instead of pasting them and leaves backslashes alone", async () => {
  using lens = await openLens(Deno.makeTempDirSync());
  const hostile = "'; DROP VIEW episodes; --";
  assert.deepEqual(await lens.sql`SELECT ${hostile} AS s, ${2.5} AS x, ${null} AS n, '\x41' AS raw`, [
    { s: hostile, x: 2.5, n: null, raw: "\\x41" },
  ]);
  assert.deepEqual(await lens.query("SELECT $2 || $1 AS s", ["b", "a"]), [{ s: "ab" }]);
});

Deno.test("an integer that JavaScript cannot hold is an error that says what to do", async () => {
  using lens = await openLens(Deno.makeTempDirSync());
  await assert.rejects(lens.sql`SELECT 9007199254740993 AS n`, /RangeError: .*cast it to VARCHAR/);
});
