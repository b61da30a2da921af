import assert from "node:assert/strict";
import { checkDisjoint } from "../../lib/study/disjoint.ts";

type Corpora = Parameters<typeof checkDisjoint>[0];

const corpus = (repo: string, commits: readonly string[]) =>
  ({
    meta: { repo },
    cases: commits.flatMap((commit) => [{ commit, seed_file: "a" }, { commit, seed_file: "b" }]),
  }) as unknown as Corpora[number];

Deno.test("repositories of their own are let through, however many cases a commit makes", () => {
  checkDisjoint([corpus("a", ["1", "2"]), corpus("b", ["3"]), corpus("c", [])]);
});

Deno.test("a fork beside its original is refused by both names and a commit they share", () => {
  assert.throws(
    () =>
      checkDisjoint([
        corpus("up/stream", ["1", "2", "3"]),
        corpus("b", ["9"]),
        corpus("fork", ["4", "2", "3"]),
      ]),
    {
      name: "RangeError",
      message: /^up\/stream and fork share 2 teaching commits, 2 for one: .* Take one of the two out$/,
    },
  );
});
