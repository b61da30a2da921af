/** Histories that share commits: a fork beside its original, or a lockbox that was a development repository all along. */
import type { Corpus } from "../corpus/corpus.ts";

/**
 * Checks that no commit makes cases in two corpora: it could then be learned from in one and judged on in the other.
 *
 * @throws {RangeError} naming the two repositories, how many commits they share, and one of them
 */
export function checkDisjoint(corpora: readonly Pick<Corpus, "meta" | "cases">[]): void {
  const owners = new Map<string, string>();
  for (const { meta: { repo }, cases } of corpora) {
    const shared = [...new Set(cases.map((c) => c.commit))].filter((commit) => owners.has(commit));
    if (shared.length > 0) {
      throw new RangeError(
        `${owners.get(shared[0]!)} and ${repo} share ${shared.length} teaching commit${
          shared.length === 1 ? "" : "s"
        }, ${
          shared[0]!.slice(0, 12)
        } for one: what is learned from a commit must not be judged on it. Take one of the two out`,
      );
    }
    for (const { commit } of cases) owners.set(commit, repo);
  }
}
