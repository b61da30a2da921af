import assert from "node:assert/strict";
import { Insight, type InsightDraft, insightEvent } from "../../lib/records/insight.ts";

const DRAFT: InsightDraft = {
  event: "created",
  study: "s",
  insight: "i-1",
  episode: "e0000",
  episode_index: 0,
  order: 0,
  kind: "interaction",
  text: "low pagerank_alpha + high boost_chat_file = tunnel vision",
  params: ["boost_chat_file", "pagerank_alpha"],
  source: "reasoner",
  provenance: ["e0000"],
};

Deno.test("insightEvent() gives equal events equal ids and different events different ones", () => {
  const event = insightEvent(DRAFT);
  assert.deepEqual(Insight.parse(event), event);
  assert.equal(insightEvent({ ...DRAFT }).id, event.id);
  assert.notEqual(insightEvent({ ...DRAFT, order: 1 }).id, event.id);
  assert.notEqual(insightEvent({ ...DRAFT, text: "another" }).id, event.id);
});

Deno.test("insightEvent() refuses an event of no known kind and an empty claim", () => {
  assert.throws(() => insightEvent({ ...DRAFT, text: "" }));
  assert.throws(() => insightEvent({ ...DRAFT, event: "forgotten" } as unknown as InsightDraft));
});
