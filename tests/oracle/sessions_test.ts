/** Sessions: one author's earlier commits without a long pause. */
import assert from "node:assert/strict";
import { earlierInSession, SESSION_GAP_S } from "../../lib/oracle/sessions.ts";
import type { Commit } from "../../lib/repo/log.ts";

const HOUR = 3600, DAY = 86_400;

/** Commits from [author, hours] rows, in order; the last row is t. */
function sessionOf(rows: readonly (readonly [string, number])[]): number[] {
  const commits = rows.map(([author, hours], index): Commit => ({
    index,
    sha: `${index}`,
    parents: index === 0 ? [] : [index - 1],
    committed_at_s: 100 * DAY + hours * HOUR,
    author_name: author,
    author_email: `${author}@tea.example`,
    subject: "",
    changes: [],
  }));
  return earlierInSession(commits, commits.slice(0, -1).map((c) => c.index), commits.at(-1)!).map((c) =>
    c.index
  );
}

Deno.test("earlierInSession chains commits whose pauses are at most two hours, newest first, without t", () => {
  assert.equal(SESSION_GAP_S, 2 * HOUR);
  assert.deepEqual(sessionOf([["ada", 0], ["ada", 3], ["ada", 5], ["ada", 6.5]]), [2, 1]);
  assert.deepEqual(sessionOf([["ada", 0], ["ada", 2]]), [0], "exactly the gap still belongs");
  assert.deepEqual(sessionOf([["ada", 0], ["ada", 2.01]]), []);
});

Deno.test("earlierInSession sees past other authors' commits and takes nothing from them", () => {
  assert.deepEqual(sessionOf([["ada", 0], ["ben", 0.5], ["cho", 1], ["ada", 1.5]]), [0]);
  assert.deepEqual(sessionOf([["ben", 0], ["ben", 1], ["ada", 1.5]]), []);
  assert.deepEqual(sessionOf([["ada", 0], ["ben", 1], ["ada", 30]]), []);
});

Deno.test("earlierInSession bears clocks that run backwards", () => {
  assert.deepEqual(sessionOf([["ada", 0], ["ada", 9], ["ada", 1]]), [1, 0]);
});

Deno.test("earlierInSession of a first commit is empty", () => assert.deepEqual(sessionOf([["ada", 0]]), []));
