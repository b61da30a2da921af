/** Counts and couplings as of a commit: worked out by hand. */
import assert from "node:assert/strict";
import {
  ancestryOf,
  countActivity,
  decayWeight,
  indexHistory,
  MAX_COUPLING_FILES,
  RECENT_COMMITS,
} from "../../lib/corpus/ancestry.ts";
import { cochangeLayer, couplingOf, DECAY_SMOOTHING } from "../../lib/corpus/cochange.ts";
import { NEVER_DAYS, type SparseFeature } from "../../lib/records/snapshot.ts";
import { edgesOf } from "../helpers/layers.ts";
import { handHistory, STEP_DAYS } from "../helpers/hand_history.ts";

function asOf(tip: number, rows: readonly (readonly string[])[], options = {}, author = "ada@tea.example") {
  const { history, id } = handHistory(rows, options);
  const index = indexHistory(history, (c) => c.changes);
  const ancestry = ancestryOf(history, tip);
  const now_s = 1_000_000_000 + (tip + 1) * STEP_DAYS * 86_400;
  const activity = countActivity(index, ancestry, now_s, author);
  const positionOf = Int32Array.from(history.file_names, (_, i) => i);
  const coupling = (seed: string) => couplingOf(index, ancestry, activity, id(seed), positionOf);
  const at = (feature: SparseFeature, file: string) => {
    const found = feature.index.indexOf(id(file));
    return found < 0 ? 0 : feature.values[found]!;
  };
  return { history, id, index, ancestry, activity, positionOf, coupling, at };
}

/** G21 of the golden vectors: four commits of three files. */
const G21 = [["A", "B"], ["A", "B", "C"], ["A"], ["B", "C"]];

Deno.test("G21: Jaccard and confidence over the whole history", () => {
  const { coupling, at } = asOf(3, G21);
  for (const name of ["jaccard", "jaccard_500"] as const) {
    assert.equal(at(coupling("A")[name], "B"), 0.5);
    assert.equal(at(coupling("A")[name], "C"), 0.25);
    assert.equal(at(coupling("B")[name], "C"), Math.fround(2 / 3));
    assert.equal(at(coupling("C")[name], "B"), Math.fround(2 / 3), "Jaccard is symmetric");
  }
  assert.equal(at(coupling("A").confidence, "B"), Math.fround(2 / 3));
  assert.equal(at(coupling("C").confidence, "A"), 0.5);
});

Deno.test("G21: as of the fourth commit only the first three count", () => {
  const { coupling, at } = asOf(2, G21);
  assert.equal(at(coupling("A").jaccard, "B"), Math.fround(2 / 3));
  assert.equal(at(coupling("A").jaccard, "C"), Math.fround(1 / 3));
  assert.equal(at(coupling("B").jaccard, "C"), 0.5);
});

Deno.test("decayed coupling weighs commits by age and size, smoothed in the denominator", () => {
  const { coupling, at } = asOf(2, G21);
  // Ages 2, 1, 0 from the first commit on; sizes 2, 3, 1.
  const w = [decayWeight(2, 50, 2), decayWeight(1, 50, 3), decayWeight(0, 50, 1)] as const;
  assert.equal(w[2], 1);
  assert.ok(Math.abs(w[0] - Math.exp(-2 / 50) / Math.log2(3)) < 1e-15);
  const common = w[0] + w[1], a = common + w[2], b = common;
  const wanted = common / (a + b - common + DECAY_SMOOTHING);
  assert.equal(at(coupling("A").decayed_50, "B"), Math.fround(wanted));
  assert.ok(at(coupling("A").decayed_800, "B") > 0 && at(coupling("A").decayed_200, "C") > 0);
});

Deno.test("a seed without identity, and files outside the tree, have no coupling", () => {
  const { index, ancestry, activity, id, coupling, history } = asOf(3, G21);
  const none = couplingOf(index, ancestry, activity, -1, new Int32Array(3));
  assert.equal(none.jaccard.index.length, 0);
  const withoutB = Int32Array.from(history.file_names, (_, i) => i === id("B") ? -1 : i);
  const kept = couplingOf(index, ancestry, activity, id("A"), withoutB);
  assert.deepEqual([...kept.jaccard.index], [id("C")]);
  assert.ok(!coupling("A").jaccard.index.includes(id("A")), "a file is not coupled to itself");
});

Deno.test("commits of more than 20 files count for churn and recency and not for coupling", () => {
  const crowd = Array.from({ length: MAX_COUPLING_FILES + 1 }, (_, i) => `f${i}`);
  const { activity, coupling, id } = asOf(1, [crowd.slice(0, 2), crowd]);
  assert.equal(activity.commits[id("f0")], 2);
  assert.equal(activity.churn[id("f0")], 2);
  assert.equal(activity.coupling[id("f0")], 1);
  assert.deepEqual([...coupling("f0").jaccard.index], [id("f1")]);
  assert.equal(activity.days[id("f20")], STEP_DAYS);
});

Deno.test("days run from the last touch to now, by anyone and by the author; never is NEVER_DAYS", () => {
  const authors = ["ada@tea.example", "ben@tea.example", "ben@tea.example"];
  const { activity, id } = asOf(1, [["A"], ["A", "B"], ["C"]], { authors });
  assert.equal(activity.days[id("A")], STEP_DAYS);
  assert.equal(activity.author_days[id("A")], 2 * STEP_DAYS);
  assert.equal(activity.author_days[id("B")], NEVER_DAYS);
  assert.equal(activity.days[id("C")], NEVER_DAYS);
});

Deno.test("merges count nothing and age nothing", () => {
  const { ancestry, activity, id } = asOf(2, [["A"], ["A"], ["B"]], { merges: [1] });
  assert.deepEqual([...ancestry.line], [0, 2]);
  assert.equal(ancestry.age[0], 1);
  assert.equal(ancestry.includes[1], 1);
  assert.equal(activity.commits[id("A")], 1);
});

Deno.test("churn and jaccard_500 look at the newest 500 ancestors only", () => {
  const rows = [["A", "B"], ...Array.from({ length: RECENT_COMMITS }, () => ["A"])];
  const { activity, coupling, at, id } = asOf(RECENT_COMMITS, rows);
  assert.equal(activity.churn[id("A")], RECENT_COMMITS);
  assert.equal(activity.churn[id("B")], 0);
  assert.equal(activity.commits[id("A")], RECENT_COMMITS + 1);
  assert.equal(at(coupling("A").jaccard_500, "B"), 0);
  assert.equal(at(coupling("A").jaccard, "B"), Math.fround(1 / 501));
});

Deno.test("the co-change layer sums decayed weights both ways and keeps the 20 heaviest edges of a file", () => {
  const { index, ancestry, positionOf, id } = asOf(3, G21);
  const edges = edgesOf(cochangeLayer(index, ancestry, positionOf, 3));
  const weight = (a: string, b: string) => edges.find(([from, to]) => from === id(a) && to === id(b))![2];
  assert.equal(weight("A", "B"), weight("B", "A"));
  assert.equal(weight("A", "B"), Math.fround(decayWeight(3, 200, 2) + decayWeight(2, 200, 3)));
  assert.equal(edges.length, 6);
  const hub = Array.from({ length: 25 }, (_, i) => ["hub", `leaf${i}`]);
  const star = asOf(24, hub);
  const layer = cochangeLayer(star.index, star.ancestry, star.positionOf, 26);
  const kept = edgesOf(layer).filter(([from]) => from === star.id("hub")).map(([, to]) => to);
  assert.deepEqual(
    kept,
    Array.from({ length: 20 }, (_, i) => star.id(`leaf${i + 5}`)),
    "the newest are the heaviest",
  );
});
