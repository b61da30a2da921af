import assert from "node:assert/strict";
import fc from "fast-check";
import { isYoungHistory } from "../../lib/sensitivity/claim_strata.ts";
import { factsOf, median } from "../../lib/wisdom/facts.ts";
import { historyFactsAt, NO_HISTORY } from "../../lib/wisdom/history_facts.ts";
import { randomInput } from "../helpers/arbitrary_snapshot.ts";
import { handHistory } from "../helpers/hand_history.ts";
import type { History } from "../../lib/repo/log.ts";

const ASKED = { text: "src/a.py", mentionsFile: true, mentionsSymbol: false, intent: "explore" } as const;

/** The definition, told plainly: collect the ancestors, then count. */
function recount(history: History, tip: number, now_s: number) {
  const seen = new Set<number>(), open = [tip];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    open.push(...history.commits[at]!.parents);
  }
  const own = [...seen].map((i) => history.commits[i]!).filter((c) => c.parents.length <= 1);
  const oldest = Math.min(...own.map((c) => c.committed_at_s));
  return {
    commit_count: own.length,
    age_days: own.length === 0 ? 0 : Math.max(0, (now_s - oldest) / 86400),
    contributors: new Set(own.map((c) => c.author_email)).size,
    median_change_size: median(own.map((c) => c.changes.length).filter((n) => n > 0)),
  };
}

/** Random commits whose parents stand before them. */
const dags = fc.array(
  fc.record({
    parents: fc.array(fc.nat(7), { maxLength: 2 }),
    files: fc.nat(4),
    author: fc.constantFrom("a@x", "b@x", "c@x"),
    day: fc.nat(400),
  }),
  { minLength: 1, maxLength: 14 },
).map((rows): History => {
  const { history } = handHistory(rows.map(({ files }) => ["a", "b", "c", "d"].slice(0, files)));
  const commits = history.commits.map((commit, i) => ({
    ...commit,
    parents: [...new Set(rows[i]!.parents.map((back) => i - 1 - back).filter((p) => p >= 0))],
    author_email: rows[i]!.author,
    committed_at_s: rows[i]!.day * 86400,
  }));
  return { ...history, commits };
});

Deno.test("history facts are counts over the ancestors of each tip, in whatever order tips are asked", () => {
  fc.assert(
    fc.property(dags, fc.array(fc.nat(13), { minLength: 1, maxLength: 6 }), (history, picks) => {
      const tips = picks.map((p) => p % history.commits.length);
      const now_s = 500 * 86400;
      const found = historyFactsAt(history, tips.map((tip) => ({ sha: history.commits[tip]!.sha, now_s })));
      for (const tip of tips) {
        assert.deepEqual(found.get(history.commits[tip]!.sha), recount(history, tip, now_s));
      }
    }),
    { seed: 7, numRuns: 300 },
  );
});

Deno.test("what comes after a commit changes nothing that is said of it", () => {
  fc.assert(
    fc.property(dags, fc.nat(13), (history, pick) => {
      const tip = pick % history.commits.length, { sha } = history.commits[tip]!;
      const cut = { ...history, commits: history.commits.slice(0, tip + 1) };
      const at = [{ sha, now_s: 1e9 }];
      assert.deepEqual(historyFactsAt(cut, at), historyFactsAt(history, at));
    }),
    { seed: 7, numRuns: 200 },
  );
  assert.throws(
    () => historyFactsAt(handHistory([["a"]]).history, [{ sha: "f".repeat(40), now_s: 0 }]),
    /hold it/,
  );
});

Deno.test("every query has every fact, with and without a seed", () => {
  for (let seed = 0; seed < 20; seed++) {
    const { snapshot, query } = randomInput(9, seed);
    const facts = factsOf(snapshot, query, NO_HISTORY, ASKED);
    assert.equal(facts["repo.file_count"], 9);
    assert.equal(facts["history.exists"], false);
    assert.equal(facts["history.is_young"], isYoungHistory(0, 0));
    assert.equal(facts["seed.degree"], query.hops.filter((h) => h === 1).length);
    assert.equal(facts["query.is_path"], true);
    assert.equal(facts["query.word_count"], 1);
    const seedless = factsOf(snapshot, { ...query, seed: -1 }, NO_HISTORY, { ...ASKED, text: "" });
    assert.deepEqual(
      [seedless["seed.churn"], seedless["seed.has_history"], seedless["query.word_count"]],
      [0, false, 0],
    );
  }
});

Deno.test("a query is a symbol, a path or running text by its shape", () => {
  const { snapshot, query } = randomInput(4, 1);
  const said = (text: string) => {
    const facts = factsOf(snapshot, query, NO_HISTORY, { ...ASKED, text });
    return [facts["query.is_symbol"], facts["query.is_path"], facts["query.has_message"]];
  };
  assert.deepEqual(said("parseConfig"), [true, false, false]);
  assert.deepEqual(said("lib/base.ts"), [false, true, false]);
  assert.deepEqual(said("fix the parser"), [false, false, true]);
  assert.deepEqual(said(""), [false, false, false]);
});
