import assert from "node:assert/strict";
import { expectedMaximum, overtuning } from "../../lib/reasoning/overtuning.ts";
import { calibrate, forecastRecord, ForecastScore, scoreForecast } from "../../lib/reasoning/forecast.ts";
import { ticketsMarkdown } from "../../lib/reasoning/tickets.ts";
import { foldScratchpad } from "../../lib/scratchpad/fold.ts";
import { randomNormal, randomStream } from "../../lib/base/random.ts";
import { episode, estimate, proposal } from "../scratchpad/scripted_study.ts";

const scored = (said: -1 | 0 | 1, found: number, confidence: number): ForecastScore => ({
  record: "forecast/1",
  id: `e${said}${found}${confidence}`,
  basis: "selection",
  sign_said: said,
  sign_found: Math.sign(found) as -1 | 0 | 1,
  delta_said: said * 0.02,
  delta_found: found,
  confidence,
  flips_said: 2,
  flips_found: 4,
  flips_both: 1,
});

Deno.test("a forecast is scored on the best measurement there is, and not at all without one", () => {
  const told = episode(0, undefined, "accepted");
  const score = scoreForecast(told, new Set(["repo@c0:src/seed.ts", "another"]))!;
  ForecastScore.parse(score);
  assert.deepEqual([score.basis, score.sign_found, score.delta_found], ["selection", 1, 0.015]);
  assert.deepEqual([score.flips_said, score.flips_found, score.flips_both], [1, 2, 1]);
  const raced = { ...told, measured: { race: estimate(-0.02), selection: null } };
  assert.deepEqual([scoreForecast(raced, new Set())!.basis, scoreForecast(raced, new Set())!.sign_found], [
    "race",
    -1,
  ]);
  assert.equal(scoreForecast(episode(0, undefined, "failed"), new Set()), undefined);
  assert.equal(scoreForecast(episode(0, undefined, "invalid"), new Set()), undefined);
});

Deno.test("sign accuracy, Brier score, flips and reliability are those computed by hand", () => {
  const record = forecastRecord([
    scored(1, 0.01, 0.9),
    scored(1, -0.01, 0.9),
    scored(-1, -0.03, 0.6),
    scored(1, 0.02, 1),
  ]);
  assert.equal(record.sign_accuracy, 0.75);
  assert.ok(Math.abs(record.brier! - (0.01 + 0.81 + 0.16 + 0) / 4) < 1e-12);
  assert.deepEqual([record.flip_precision, record.flip_recall], [0.5, 0.25]);
  assert.deepEqual(record.bins.map((b) => [b.low, b.n, b.came_true]), [[0.6, 1, 1], [0.9, 3, 2 / 3]]);
  assert.deepEqual(forecastRecord([]), {
    n: 0,
    sign_accuracy: null,
    brier: null,
    delta_error: null,
    flip_precision: null,
    flip_recall: null,
    bins: [],
  });
});

Deno.test("a forecaster without a record is a coin, and its record moves it towards its hits and its real sizes", () => {
  assert.deepEqual(calibrate({ confidence: 0.95, delta_ndcg: 0.05 }, []), { confidence: 0.5, delta_ndcg: 0 });
  const misses = Array.from({ length: 12 }, () => scored(1, -0.01, 0.9));
  const hits = Array.from({ length: 12 }, () => scored(1, 0.02, 0.9));
  assert.equal(calibrate({ confidence: 0.9, delta_ndcg: 0.02 }, misses).confidence, 2 / 16);
  assert.ok(calibrate({ confidence: 0.9, delta_ndcg: 0.02 }, misses).delta_ndcg < 0);
  const good = calibrate({ confidence: 0.9, delta_ndcg: 0.02 }, hits);
  assert.equal(good.confidence, 14 / 16);
  assert.ok(Math.abs(good.delta_ndcg - 0.02 * 12 / 16) < 1e-12);
  assert.equal(
    calibrate({ confidence: 0.5, delta_ndcg: 0 }, misses).confidence,
    0.5,
    "far confidences say nothing of it",
  );
});

Deno.test("the largest of k normals has the expectation of the tables", () => {
  for (
    const [k, wanted] of [[0, 0], [1, 0], [2, 0.5641896], [3, 0.8462844], [5, 1.1629645], [20, 1.8674751], [
      100,
      2.5075936,
    ]] as const
  ) {
    assert.ok(Math.abs(expectedMaximum(k) - wanted) < 1e-6, `${k}: ${expectedMaximum(k)}`);
  }
  assert.throws(() => expectedMaximum(1.5), RangeError);
});

Deno.test("the overtuning meter tells choice from gain", () => {
  const draw = (mean: number, name: string) => {
    const random = randomStream(5, name);
    return Array.from({ length: 120 }, (_, i) => ({
      repo: `r${i % 2}`,
      commit: `c${i}`,
      case_id: `${i}`,
      value: mean + 0.1 * randomNormal(random),
    }));
  };
  const luck = overtuning({
    selection: draw(0.03, "a"),
    heldOut: draw(-0.02, "b"),
    looks: 20,
    seed: 1,
    resamples: 2000,
  });
  assert.ok(Math.abs(luck.optimism - (luck.selection_gain - luck.held_out_gain)) < 1e-12);
  assert.ok(luck.chance_worse > 0.9 && luck.optimism > 0.03);
  assert.ok(Math.abs(luck.null_gain - 1.867 * 0.1 / Math.sqrt(120)) < 0.003, `${luck.null_gain}`);
  const gain = overtuning({
    selection: draw(0.05, "c"),
    heldOut: draw(0.05, "d"),
    looks: 3,
    seed: 1,
    resamples: 2000,
  });
  assert.equal(gain.chance_worse, 0);
  assert.throws(
    () => overtuning({ selection: [], heldOut: draw(0, "e"), looks: 1, seed: 1 }),
    /some of both/,
  );
});

Deno.test("tickets hold evidence, limitation, proposal, impact and status, and no markup of a model's", () => {
  const edited = episode(0, undefined, "rejected", {
    proposal: proposal({
      changes: [],
      structural_edits: {
        edits: [{ edit: "drop_term", id: "churn" }],
        rationale: "# churn\n<img src=x> drowns *all*",
      },
    }),
  });
  const state = foldScratchpad({ episodes: [edited], insights: [] });
  const text = ticketsMarkdown(state);
  for (const field of ["Evidence", "Limitation", "Proposal", "Impact", "Status"]) {
    assert.match(text, new RegExp(`- ${field}: `));
  }
  assert.match(text, /"edit":"drop_term"/);
  assert.match(text, /Status: rejected/);
  assert.doesNotMatch(text, /(?<!\\)<img|^# churn/m);
  assert.equal(ticketsMarkdown(state), text);
});

Deno.test("failures proven beyond every point are a ticket with each pair that was proven", () => {
  const state = foldScratchpad({ episodes: [], insights: [] });
  const proof = (id: string, case_id: string) => ({
    record: "beyond/1" as const,
    id,
    case_id,
    formula_hash: "f".repeat(64),
    pairs: [{ missed: "a.ts", distractor: "*b*.ts" }],
  });
  const text = ticketsMarkdown(state, [proof("1", "r@c:x"), proof("2", "r@c:x"), proof("3", "r@c:y")]);
  assert.match(text, /^## Beyond every point of formula ffffffffffff: 2 failures$/m);
  assert.equal(text.match(/a\.ts stays below \\\*b\\\*\.ts/g)?.length, 2);
  for (const field of ["Evidence", "Limitation", "Proposal", "Impact", "Status"]) {
    assert.match(text, new RegExp(`- ${field}: `));
  }
});
