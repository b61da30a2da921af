import assert from "node:assert/strict";
import { join } from "node:path";
import { scriptedModel } from "../../lib/claude/scripted_model.ts";
import { Engine } from "../../lib/engine/engine.ts";
import { DECAYED, SPEC } from "../../lib/formula/builtins.ts";
import { parseFormula } from "../../lib/formula/document.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { Arena } from "../../lib/engine/arena.ts";
import { defaultPoint } from "../../lib/records/space.ts";
import { BEYOND } from "../../lib/reasoning/beyond.ts";
import { FORECASTS } from "../../lib/reasoning/forecast.ts";
import { FORMULAS } from "../../lib/reasoning/versions.ts";
import { analystModel } from "../../lib/reasoning/analyst.ts";
import type { ReasonEvent } from "../../lib/reasoning/options.ts";
import { readRecords, readScratchpad } from "../../lib/scratchpad/read.ts";
import { runStudy, smallStudy } from "./study.ts";
import { syntheticArenas, syntheticCorpora } from "./synthetic.ts";

const temporary = () => Deno.makeTempDirSync();

Deno.test("the analyst improves cases nobody showed it, keeps its best, and no shown case is judged in its episode", async () => {
  const dir = temporary(), size = { repos: 2, commits: 100, seed: 7 };
  const { episodes, state } = await runStudy(
    smallStudy(dir, {
      ...syntheticArenas(size),
      episodes: 8,
      structural: true,
      acceptance: { resamples: 1000 },
    }),
  );
  assert.equal(episodes.length, 8);
  assert.ok(episodes.some((e) => e.decision === "accepted"), episodes.map((e) => e.reasons[0]).join("\n"));
  assert.equal(new Set(episodes.map((e) => e.id)).size, 8);
  const best = state.best!, formulas = readRecords(dir, FORMULAS);
  const shipped = formulas.find((f) => f.id === best.formula)!.formula;
  const others = Arena.load(syntheticCorpora(size), { splits: ["test"], mode: "seed" });
  const before = new Engine(others, SPEC).mean(defaultPoint(searchSpace(SPEC)));
  const after = new Engine(others, shipped).mean(best.params);
  assert.ok(after > before + 0.02, `${before} to ${after}`);
  for (const e of episodes) {
    assert.ok(e.evaluations.selection_queries <= 1);
    if (e.decision !== "accepted") assert.deepEqual(e.params_after, e.params_before);
  }
  assert.match(Deno.readTextFileSync(join(dir, "structural_proposals.md")), /^# Structural proposals/);
  assert.ok(readRecords(dir, FORECASTS).length > 0);
  assert.ok(state.insights.some((i) => i.kind === "success_pattern" && i.status === "supported"));
  Deno.removeSync(dir, { recursive: true });
});

Deno.test("a study in two sittings is the study in one, byte for byte", async () => {
  const [one, two] = [temporary(), temporary()];
  await runStudy(smallStudy(one));
  await runStudy(smallStudy(two, { episodes: 2 }));
  const { episodes } = await runStudy(smallStudy(two));
  assert.equal(episodes.length, 4);
  for (
    const name of ["episodes.jsonl", "failures.jsonl", "insights.jsonl", "forecasts.jsonl", "formulas.jsonl"]
  ) {
    assert.equal(Deno.readTextFileSync(join(two, name)), Deno.readTextFileSync(join(one, name)), name);
  }
  const nothing = await runStudy(smallStudy(two));
  assert.deepEqual([nothing.episodes.length, nothing.state.episodes.length], [0, 6]);
  for (const dir of [one, two]) Deno.removeSync(dir, { recursive: true });
});

Deno.test("failures proven beyond every point are handed on with their pairs, the same in two sittings as in one", async () => {
  const [one, two] = [temporary(), temporary()];
  // One number that cannot change the order of two files: every failure is stuck.
  const formula = parseFormula({
    record: "formula/1",
    name: "churn",
    description: "what changes often",
    root: {
      op: "boost",
      id: "churn_boost",
      peak: { param: "churn_boost", default: 2, low: 1.5, high: 10, scale: "log" },
      term: { op: "signal", id: "churn", signal: "churn", bind: { threshold: 20 } },
    },
  });
  const proven = { formula, certificate: () => "infeasible" as const };
  await runStudy(smallStudy(one, proven));
  await runStudy(smallStudy(two, { ...proven, episodes: 3 }));
  await runStudy(smallStudy(two, proven));
  const beyond = readRecords(one, BEYOND), formulas = readRecords(one, FORMULAS).map((f) => f.id);
  assert.ok(beyond.length > 0);
  for (const { formula_hash, pairs } of beyond) {
    assert.ok(formulas.includes(formula_hash));
    assert.ok(pairs.every((pair) => pair.missed !== pair.distractor));
  }
  for (const name of [BEYOND.name, "structural_proposals.md"]) {
    assert.equal(Deno.readTextFileSync(join(two, name)), Deno.readTextFileSync(join(one, name)), name);
  }
  assert.match(
    Deno.readTextFileSync(join(one, "structural_proposals.md")),
    /^## Beyond every point of formula /m,
  );
  for (const dir of [one, two]) Deno.removeSync(dir, { recursive: true });
});

Deno.test("a recorded study replays without its model, to the same bytes", async () => {
  const [live, replayed] = [temporary(), temporary()];
  await runStudy(smallStudy(live, { episodes: 3 }));
  Deno.mkdirSync(join(replayed, "cassettes"), { recursive: true });
  for (const { name } of Deno.readDirSync(join(live, "cassettes"))) {
    Deno.copyFileSync(join(live, "cassettes", name), join(replayed, "cassettes", name));
  }
  const absent = { ...analystModel(), ask: () => Promise.reject(new Error("the model was asked")) };
  await runStudy(smallStudy(replayed, { episodes: 3, model: absent, recording: "replay" }));
  assert.equal(
    Deno.readTextFileSync(join(replayed, "episodes.jsonl")),
    Deno.readTextFileSync(join(live, "episodes.jsonl")),
  );
  for (const dir of [live, replayed]) Deno.removeSync(dir, { recursive: true });
});

Deno.test("another start in the same folder is refused, and so are too few cases", async () => {
  const dir = temporary();
  await runStudy(smallStudy(dir, { episodes: 1 }));
  await assert.rejects(runStudy(smallStudy(dir, { formula: DECAYED })), /began at another formula or point/);
  await assert.rejects(runStudy(smallStudy(dir, { study: "other" })), /it is small/);
  const few = syntheticArenas({ repos: 1, commits: 6 });
  await assert.rejects(runStudy(smallStudy(temporary(), few)), /allow no interval|train commits/);
  Deno.removeSync(dir, { recursive: true });
});

Deno.test("an unusable reply is a failed episode, a missing login stops the study, and resuming loses nothing", async () => {
  const dir = temporary();
  const nonsense = scriptedModel("stub", Array.from({ length: 9 }, () => "no idea"));
  const { episodes } = await runStudy(
    smallStudy(dir, { episodes: 2, model: nonsense, attempts: { reasks: 1 } }),
  );
  assert.deepEqual(episodes.map((e) => [e.decision, e.proposal, e.calls.length]), [["failed", null, 2], [
    "failed",
    null,
    2,
  ]]);
  const locked = scriptedModel("stub", [{ fails: "auth" }]);
  await assert.rejects(
    runStudy(smallStudy(dir, { model: locked })),
    (error: Error) => error.name === "ClaudeError",
  );
  assert.equal(readScratchpad(dir).episodes.length, 2);
  const { episodes: rest } = await runStudy(smallStudy(dir, { episodes: 3, model: analystModel() }));
  assert.deepEqual(rest.map((e) => e.index), [2]);
  Deno.removeSync(dir, { recursive: true });
});

Deno.test("a prompt that is too long is asked again with shorter tables", async () => {
  const dir = temporary(), sizes: number[] = [];
  const long = scriptedModel("stub", [{ fails: "prompt_too_long" }, "{", "{", "{"]);
  const onEvent = (e: ReasonEvent) => void (e.event === "asking" && sizes.push(e.prompt_bytes));
  await runStudy(smallStudy(dir, { episodes: 1, model: long, onEvent, promptTokens: 16_000 }));
  assert.equal(sizes.length, 2);
  assert.ok(sizes[1]! < sizes[0]!);
  Deno.removeSync(dir, { recursive: true });
});

Deno.test("stopping between steps leaves the episode in flight undone, and patience ends a study", async () => {
  const dir = temporary(), stop = new AbortController();
  const onEvent = (e: ReasonEvent) => void (e.event === "asking" && e.index === 1 && stop.abort());
  await assert.rejects(runStudy(smallStudy(dir, { signal: stop.signal, onEvent })), { kind: "cancelled" });
  assert.equal(readScratchpad(dir).episodes.length, 1);
  const idle = scriptedModel("stub", Array.from({ length: 30 }, () => "no"));
  const tired = temporary();
  const { episodes } = await runStudy(
    smallStudy(tired, { episodes: 9, model: idle, attempts: { reasks: 0 }, patience: 3 }),
  );
  assert.equal(episodes.length, 3);
  for (const d of [dir, tired]) Deno.removeSync(d, { recursive: true });
});

Deno.test("every control runs through the whole loop at the same budget, and the records keep true names", async () => {
  const names = new Set(searchSpace(SPEC).map((p) => p.name));
  for (const control of ["permuted", "anonymous", "shuffled-attribution", "no-history"] as const) {
    const dir = temporary();
    const { episodes } = await runStudy(smallStudy(dir, { control, episodes: 3 }));
    assert.equal(episodes.length, 3, control);
    for (const e of episodes) {
      assert.notEqual(e.decision, "failed", e.reasons[0]);
      for (const c of e.proposal!.changes) assert.ok(names.has(c.param), `${control}: ${c.param}`);
    }
    Deno.removeSync(dir, { recursive: true });
  }
});
