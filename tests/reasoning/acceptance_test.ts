import assert from "node:assert/strict";
import { randomNormal, randomStream } from "../../lib/base/random.ts";
import { SPEC } from "../../lib/formula/builtins.ts";
import { searchSpace } from "../../lib/formula/parameters.ts";
import { defaultPoint, stepParameter } from "../../lib/records/space.ts";
import type { CaseScore } from "../../lib/metrics/mod.ts";
import { foldScratchpad } from "../../lib/scratchpad/fold.ts";
import { judge } from "../../lib/reasoning/acceptance.ts";
import { candidateOf } from "../../lib/reasoning/candidate.ts";
import { confirmChange, harmedStrata } from "../../lib/reasoning/confirm.ts";
import { dealBlocks, Panel } from "../../lib/reasoning/panel.ts";
import { runRace } from "../../lib/reasoning/race.ts";
import { Scorer } from "../../lib/reasoning/scorer.ts";
import { lookLevel } from "../../lib/reasoning/spending.ts";
import { syntheticArenas } from "./synthetic.ts";

type Difference = CaseScore & { intent: string };

/** Differences of `commits` commits a repository, three cases each, drawn around a mean. */
function differences(
  mean: number,
  name: string,
  options: { repos?: number; commits?: number; sd?: number } = {},
): Difference[] {
  const { repos = 3, commits = 30, sd = 0.1 } = options, random = randomStream(9, name);
  return Array.from({ length: repos * commits }, (_, i) => {
    const repo = `r${i % repos}`, shared = mean + sd * randomNormal(random);
    return [0, 1, 2].map((k) => ({
      repo,
      commit: `c${i}`,
      case_id: `${i}.${k}`,
      intent: i % 2 ? "debug" : "extend",
      value: shared + 0.05 * randomNormal(random),
    }));
  }).flat();
}

const confirm = (d: Difference[], level = 0.02, more = {}) =>
  confirmChange(d, { seed: 1, stream: "t", level, resamples: 1000, ...more });

Deno.test("levels of looks that accept nothing sum to alpha, and no look goes above it", () => {
  let sum = 0;
  for (let k = 1; k <= 200_000; k++) sum += lookLevel(k, 0, 0.05);
  assert.ok(sum < 0.05 && sum > 0.0498, `${sum}`);
  assert.equal(lookLevel(1, 50, 0.05), 0.05);
  assert.ok(lookLevel(12, 3, 0.05) > lookLevel(12, 2, 0.05));
  for (const [look, accepted, alpha] of [[0, 0, 0.05], [1, -1, 0.05], [1, 0, 0], [1, 0, 0.6]] as const) {
    assert.throws(() => lookLevel(look, accepted, alpha), RangeError);
  }
});

Deno.test("a clear gain is accepted, a clear loss rejected, noise and nothing are lateral", () => {
  assert.equal(confirm(differences(0.06, "gain")).decision, "accepted");
  assert.equal(confirm(differences(-0.06, "loss")).decision, "rejected");
  assert.equal(confirm(differences(0.002, "noise")).decision, "lateral");
  assert.equal(
    confirm(differences(0, "nothing", { sd: 0 }).map((d) => ({ ...d, value: 0 }))).decision,
    "lateral",
  );
  assert.equal(confirm(differences(0.06, "gain"), 0.02, { noiseFloor: 0.1 }).decision, "lateral");
});

Deno.test("a gain that harms a repository or an intent is rejected, and the stratum is named", () => {
  const gain = differences(0.08, "gain");
  const repo = gain.map((d) => d.repo === "r1" ? { ...d, value: d.value! - 0.16 } : d);
  assert.match(confirm(repo).reasons[0]!, /^repository r1 is harmed/);
  assert.equal(confirm(repo).decision, "rejected");
  const intent = gain.map((d) => d.intent === "debug" ? { ...d, value: d.value! - 0.14 } : d);
  assert.equal(harmedStrata(intent)[0]!.stratum, "intent debug");
  assert.deepEqual(harmedStrata(gain), []);
  // Seven commits say nothing of a stratum, however bad they are.
  const few = differences(-0.5, "few", { repos: 1, commits: 7, sd: 0.01 });
  assert.deepEqual(harmedStrata(few.map((d) => ({ ...d, intent: d.commit }))), []);
});

Deno.test("strata at the tolerance are called harmed in at most about one of twenty", () => {
  let called = 0;
  for (let i = 0; i < 400; i++) {
    called += harmedStrata(
      differences(-0.01, `edge${i}`, { repos: 1, commits: 10 }).map((d) => ({ ...d, intent: d.commit })),
    ).length;
  }
  assert.ok(called <= 34, `${called} of 400`);
});

Deno.test("a race stops early for losers and winners, and its end decides the rest", () => {
  const blocks = (mean: number, sd = 0.05) =>
    Array.from(
      { length: 12 },
      (_, b) =>
        differences(mean, `race${mean}/${b}`, { repos: 2, commits: 7, sd }).map((d) => ({
          ...d,
          commit: `${b}.${d.commit}`,
        })),
    );
  const lost = runRace(blocks(-0.1)), won = runRace(blocks(0.1));
  assert.deepEqual([lost.outcome, lost.cases], ["lost", 84]);
  assert.deepEqual([won.outcome, won.cases], ["won", 84]);
  const long = runRace(blocks(0.001, 0.4));
  assert.ok(long.cases >= 320 && long.cases < 362, `${long.cases} cases`);
  const idle = runRace(blocks(0).map((b) => b.map((d) => ({ ...d, value: 0 }))));
  assert.equal(idle.outcome, "idle");
  assert.throws(() => runRace([]), /no cases/);
});

/** The factor by which the first look's level is below the most generous one, at which every look of this test is made. */
const ZETA = 2.612375348685488;

Deno.test("of 200 null changes at most one in twenty is accepted, even when every look is made at the most generous level", () => {
  // Rankings of pure noise: no point is better than another, yet every move changes scores.
  let accepted = 0, asked = 0;
  for (let study = 0; study < 10; study++) {
    const { train, selection } = syntheticArenas({
      repos: 2,
      commits: 70,
      files: 14,
      seed: 100 + study,
      informed: false,
    });
    const fresh = dealBlocks(train, { cases: 20, seed: study }), panel = new Panel([new Scorer(selection)]);
    const space = searchSpace(SPEC), incumbent = candidateOf(SPEC, defaultPoint(space));
    const random = randomStream(study, "null moves");
    const state = foldScratchpad({ episodes: [], insights: [] });
    for (let turn = 0; turn < 20; turn++) {
      const point = Object.fromEntries(space.map((p) => [
        p.name,
        random() < 0.5
          ? p.default
          : stepParameter(p, p.default, random() < 0.5 ? "increase" : "decrease", "large"),
      ]));
      const verdict = judge(
        { state, incumbent, candidate: candidateOf(SPEC, point), fresh, selection: panel, seed: study, turn },
        { resamples: 500, alpha: 0.05 * ZETA },
      );
      asked += verdict.selection_queries;
      accepted += Number(verdict.decision === "accepted");
    }
  }
  assert.ok(asked > 30, `only ${asked} of 200 reached the selection split: the test says little`);
  assert.ok(accepted <= 10, `${accepted} of 200 accepted after ${asked} looks`);
});

Deno.test("what repeats a rejection is rejected unmeasured, and a real gain passes both hurdles", () => {
  const { train, selection } = syntheticArenas({ repos: 2, commits: 80, seed: 4 });
  const space = searchSpace(SPEC), incumbent = candidateOf(SPEC, defaultPoint(space));
  const better = candidateOf(SPEC, { ...defaultPoint(space), boost_temporal_coupling: 300 });
  const trial = {
    incumbent,
    candidate: better,
    fresh: dealBlocks(train, { cases: 20, seed: 1 }),
    selection: new Panel([new Scorer(selection)]),
    seed: 1,
    turn: 0,
  };
  const none = foldScratchpad({ episodes: [], insights: [] });
  const won = judge({ ...trial, state: none }, { resamples: 1000 });
  assert.equal(won.decision, "accepted", won.reasons.join(" "));
  assert.equal(won.selection_queries, 1);
  const turned_down = [{
    episode: "e0007",
    decision: "rejected" as const,
    params: { ...better.point, boost_temporal_coupling: 309 },
    formula: better.hash,
    reasons: ["It lost."],
  }];
  const again = judge({ ...trial, state: { ...none, turned_down } });
  assert.deepEqual([again.decision, again.case_evaluations, again.selection_queries], ["rejected", 0, 0]);
  assert.match(again.reasons[0]!, /repeats e0007/);
});
