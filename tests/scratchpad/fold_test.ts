import assert from "node:assert/strict";
import fc from "fast-check";
import type { Episode } from "../../lib/records/episode.ts";
import type { InsightTest, Verdict } from "../../lib/records/insight.ts";
import {
  claimEvents,
  EPISODES,
  foldScratchpad,
  INSIGHTS,
  openJournal,
  retiredEvent,
  statusOf,
  supersededEvent,
  testedEvent,
  updatedEvent,
} from "../../lib/scratchpad/mod.ts";
import { episode, estimate, PARAMS, runStudy, STUDY } from "./scripted_study.ts";

const SEED = { seed: 4 };

/** The lines of a scripted study of 14 episodes, every decision twice. */
const LINES = (() => {
  using journal = openJournal(Deno.makeTempDirSync());
  runStudy(journal, 14);
  return { episodes: journal.read(EPISODES), insights: journal.read(INSIGHTS) };
})();

/** Episodes with these decisions, one after the other, each starting where the one before it ended. */
function chain(...decisions: Episode["decision"][]): Episode[] {
  return decisions.reduce<Episode[]>((all, decision, i) => [...all, episode(i, all.at(-1), decision)], []);
}

Deno.test("fold: the state of no lines is empty and knows no best point", () => {
  const state = foldScratchpad({ episodes: [], insights: [] });
  assert.deepEqual(state.episodes, []);
  assert.equal(state.best, null);
});

Deno.test("fold: any order of lines, with any of them repeated, gives the same state", () => {
  const state = foldScratchpad(LINES);
  const shuffledTwice = <T>(items: readonly T[]) =>
    fc.shuffledSubarray([...items, ...items], { minLength: 2 * items.length, maxLength: 2 * items.length });
  fc.assert(
    fc.property(shuffledTwice(LINES.episodes), shuffledTwice(LINES.insights), (episodes, insights) => {
      assert.deepEqual(foldScratchpad({ episodes, insights }), state);
    }),
    { ...SEED, numRuns: 50 },
  );
});

Deno.test("fold: every number of episodes folds, and events of later ones count for nothing", () => {
  for (let n = 0; n <= LINES.episodes.length; n++) {
    const episodes = LINES.episodes.slice(0, n);
    const named = new Set(episodes.flatMap((e) => e.insight_events));
    const early = foldScratchpad({ episodes, insights: LINES.insights });
    const own = foldScratchpad({ episodes, insights: LINES.insights.filter((event) => named.has(event.id)) });
    assert.deepEqual({ ...early, ignored_events: null }, { ...own, ignored_events: null });
    assert.equal(early.ignored_events.uncommitted.length, LINES.insights.length - named.size);
    assert.deepEqual(early.ignored_events.orphaned, []);
  }
});

Deno.test("fold: the record is not changed by being folded", () => {
  const before = structuredClone(LINES);
  foldScratchpad(LINES);
  assert.deepEqual(LINES, before);
});

Deno.test("fold: two contents under one id, a missing index and a parent that is not before it are errors", () => {
  const [a, b] = chain("accepted", "rejected") as [Episode, Episode];
  assert.throws(
    () => foldScratchpad({ episodes: [a, { ...a, agent: "claude" }], insights: [] }),
    /RangeError: Cannot fold the study: e0000 stands in it twice/,
  );
  assert.throws(
    () => foldScratchpad({ episodes: [b], insights: [] }),
    /found episode index 1 \(e0001\) where 0 is wanted/,
  );
  assert.throws(
    () => foldScratchpad({ episodes: [{ ...a, parent: "e0007" }], insights: [] }),
    /e0000 starts from e0007, which is not before it/,
  );
});

Deno.test("fold: accepted changes carry the values they moved from and to", () => {
  const episodes = chain("accepted", "rejected", "accepted");
  const { accepted } = foldScratchpad({ episodes, insights: [] });
  assert.deepEqual(accepted.map(({ episode, param, from, to }) => [episode, param, from, to]), [
    ["e0000", "boost_chat_file", 20, 20 / 1.1],
    ["e0002", "boost_chat_file", 20 / 1.1, 20 / 1.1 / 1.1],
  ]);
});

Deno.test("fold: what was judged and not taken is remembered, what was never judged is not", () => {
  const { turned_down } = foldScratchpad({
    episodes: chain("rejected", "lateral", "invalid", "failed"),
    insights: [],
  });
  assert.deepEqual(turned_down.map((t) => [t.episode, t.decision]), [["e0000", "rejected"], [
    "e0001",
    "lateral",
  ]]);
});

Deno.test("fold: the best point is the largest summed gain, not the last point", () => {
  const [a, b] = chain("accepted", "accepted") as [Episode, Episode];
  // A third episode goes back to the start and wins less than the first two together.
  const c = episode(2, undefined, "accepted", { measured: { race: null, selection: estimate(0.02) } });
  const state = foldScratchpad({ episodes: [a, b, c], insights: [] });
  assert.deepEqual(state.trajectory.map((step) => step.gain), [0.015, 0.03, 0.02]);
  assert.deepEqual(state.best, {
    params: b.params_after,
    formula: "formula-0",
    episode: "e0001",
    gain: 0.03,
  });
});

Deno.test("fold: without an accepted episode the start is the best point", () => {
  const episodes = chain("rejected", "failed");
  assert.deepEqual(foldScratchpad({ episodes, insights: [] }).best, {
    params: episodes[0]!.params_before,
    formula: "formula-0",
    episode: null,
    gain: 0,
  });
});

const aTest = (verdict: Verdict, id: string): InsightTest => ({
  by: "hypothesis",
  id,
  verdict,
  effect: estimate(0.01),
});

Deno.test("statusOf() is untested without tests, undetermined when tests disagree, and blind to their order", () => {
  const of = (...verdicts: Verdict[]) => statusOf(verdicts.map((verdict, i) => aTest(verdict, `h${i}`)));
  assert.equal(of(), "untested");
  assert.equal(of("supported", "undetermined"), "supported");
  assert.equal(of("refuted", "undetermined"), "refuted");
  assert.equal(of("supported", "refuted"), "undetermined");
  assert.equal(of("refuted", "supported", "supported"), "undetermined");
  assert.equal(of("undetermined"), "undetermined");
});

Deno.test("fold: events outside episodes make, reword, replace and withdraw insights", () => {
  const state0 = foldScratchpad({ episodes: [], insights: [] });
  const context = { study: STUDY, episode: null, episode_index: 0, source: "seed" as const, params: PARAMS };
  const [old, better, gone] = claimEvents(state0, [
    { kind: "interaction", text: "extreme focus_decay and focus_max_hops create blind spots" },
    { kind: "interaction", text: "high focus_decay hides distant callers" },
    { kind: "failure_pattern", text: "generated lock files crowd the top" },
  ], context);
  const at = (order: number) => ({ study: STUDY, episode: null, episode_index: 1, order });
  const text = "extreme focus_decay and focus_max_hops create blind spots far away";
  const { insights, ignored_events } = foldScratchpad({
    episodes: [],
    insights: [
      old!,
      better!,
      gone!,
      updatedEvent(
        { id: old!.insight, text: "extreme focus_decay and focus_max_hops create blind spots" },
        {
          text,
          reason: "says where",
        },
        PARAMS,
        at(0),
      ),
      supersededEvent(old!.insight, better!.insight, "the second is testable", at(1)),
      retiredEvent(gone!.insight, "lock files are no longer candidates", at(2)),
      testedEvent(better!.insight, aTest("supported", "h1"), at(3)),
      testedEvent(better!.insight, aTest("supported", "h1"), at(4)),
      testedEvent("i-nowhere", aTest("refuted", "h2"), at(5)),
    ],
  });
  assert.deepEqual(insights.map((i) => [i.text, i.status, i.superseded_by, i.retired]), [
    [text, "untested", better!.insight, null],
    ["high focus_decay hides distant callers", "supported", null, null],
    ["generated lock files crowd the top", "untested", null, "lock files are no longer candidates"],
  ]);
  assert.equal(insights[1]!.tests.length, 1, "one hypothesis told twice is one test");
  assert.equal(ignored_events.orphaned.length, 1);
});

Deno.test("fold: helpful and harmful are counted from what became of the episodes that rest on an insight", () => {
  const [made] = claimEvents(foldScratchpad({ episodes: [], insights: [] }), [
    { kind: "interaction", text: "high boost_chat_file drowns structure" },
  ], { study: STUDY, episode: null, episode_index: 0, source: "seed", params: PARAMS });
  const use = { insights_shown: [made!.insight], insights_used: [made!.insight] };
  let last: Episode | undefined;
  const episodes = (["accepted", "rejected", "rejected", "lateral", "invalid"] as const).map((decision, i) =>
    last = episode(i, last, decision, use)
  );
  const [insight] = foldScratchpad({ episodes, insights: [made!] }).insights;
  assert.deepEqual([insight!.helpful, insight!.harmful, insight!.last_at], [1, 2, 4]);
});
