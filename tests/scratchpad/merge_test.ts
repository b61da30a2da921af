import assert from "node:assert/strict";
import { foldScratchpad, type NewClaim, type ScratchpadState } from "../../lib/scratchpad/mod.ts";
import { claimEvents, insightsUsed, retiredEvent, updatedEvent } from "../../lib/scratchpad/mod.ts";
import { PARAMS, STUDY } from "./scripted_study.ts";

const EMPTY = foldScratchpad({ episodes: [], insights: [] });
const context = (episode_index = 0) => ({
  study: STUDY,
  episode: null,
  episode_index,
  source: "seed" as const,
  params: PARAMS,
});
const TUNNEL: NewClaim = {
  kind: "interaction",
  text: "low pagerank_alpha + high boost_chat_file = tunnel vision",
};
const AGAIN: NewClaim = {
  kind: "interaction",
  text: "tunnel vision when boost_chat_file is high and pagerank_alpha low",
};

function stateOf(...claims: NewClaim[]): ScratchpadState {
  return foldScratchpad({ episodes: [], insights: claimEvents(EMPTY, claims, context()) });
}

Deno.test("claimEvents() makes an insight of a new claim and one more wording of a known one", () => {
  const state = stateOf(TUNNEL);
  const [merged] = claimEvents(state, [AGAIN], context(1));
  assert.equal(merged!.event, "merged");
  assert.equal(merged!.insight, state.insights[0]!.id);
});

Deno.test("claimEvents() merges paraphrases within one reply and passes over empty text", () => {
  const state = stateOf(TUNNEL, { kind: "interaction", text: "  \n" }, AGAIN);
  assert.equal(state.insights.length, 1);
  assert.deepEqual(state.insights[0]!.paraphrases, [AGAIN.text]);
  assert.deepEqual(state.insights[0]!.params, ["boost_chat_file", "pagerank_alpha"]);
});

Deno.test("claimEvents() never merges across kinds, nor into an insight that was retired", () => {
  const state = stateOf(TUNNEL);
  const [other] = claimEvents(state, [{ ...AGAIN, kind: "failure_pattern" }], context(1));
  assert.equal(other!.event, "created");
  const [made] = claimEvents(EMPTY, [TUNNEL], context());
  const retired = retiredEvent(made!.insight, "wrong", {
    study: STUDY,
    episode: null,
    episode_index: 1,
    order: 0,
  });
  const [fresh] = claimEvents(
    foldScratchpad({ episodes: [], insights: [made!, retired] }),
    [TUNNEL],
    context(2),
  );
  assert.equal(fresh!.event, "created");
  assert.notEqual(fresh!.insight, made!.insight);
});

Deno.test("claimEvents() gives equal events for equal arguments and orders them from firstOrder", () => {
  const once = claimEvents(EMPTY, [TUNNEL, AGAIN], { ...context(), firstOrder: 3 });
  assert.deepEqual(claimEvents(EMPTY, [TUNNEL, AGAIN], { ...context(), firstOrder: 3 }), once);
  assert.deepEqual(once.map((event) => event.order), [3, 4]);
});

Deno.test("updatedEvent() refuses a wording that is another claim", () => {
  const insight = stateOf(TUNNEL).insights[0]!;
  const time = { study: STUDY, episode: null, episode_index: 1, order: 0 };
  assert.equal(updatedEvent(insight, { text: AGAIN.text, reason: "clearer" }, PARAMS, time).event, "updated");
  assert.throws(
    () =>
      updatedEvent(
        insight,
        { text: "high pagerank_alpha + high boost_chat_file = tunnel vision", reason: "?" },
        PARAMS,
        time,
      ),
    /RangeError: Cannot reword .* that is another claim.*supersede it instead/,
  );
});

Deno.test("insightsUsed() credits the shown insights that speak of a moved parameter", () => {
  const state = stateOf(TUNNEL, { kind: "failure_pattern", text: "lock files crowd the top" });
  const [tunnel, locks] = state.insights.map((insight) => insight.id) as [string, string];
  assert.deepEqual(insightsUsed(state, [tunnel, locks], [{ param: "boost_chat_file" }]), [tunnel]);
  assert.deepEqual(insightsUsed(state, [locks], [{ param: "boost_chat_file" }]), []);
  assert.deepEqual(insightsUsed(state, [tunnel], [{ param: "focus_decay" }]), []);
});
