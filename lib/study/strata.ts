/** Kinds of cases that a claim may be confined to, by facts as of each case's parent commit. */
import { isTestPath } from "../corpus/path_facts.ts";
import type { Case } from "../records/case.ts";
import { languageOf } from "../repo/languages.ts";
import { isYoungHistory, REPOSITORY_SIZES, STRATA } from "../sensitivity/claim_strata.ts";
import { type HistoryFacts, readHistoryFacts } from "../wisdom/history_facts.ts";
import type { StudyRepository } from "./config.ts";

/** History facts of a case's parent. */
export type HistoryOf = (c: Case) => HistoryFacts;

/** What a case is called under each stratum. `history` is left out where nobody can tell. */
export function strataOf(c: Case, history?: HistoryOf): Record<string, string> {
  const { medium, large } = REPOSITORY_SIZES;
  const facts = history?.(c);
  return {
    intent: c.intent,
    language: languageOf(c.seed_file) ?? "none",
    repo: c.repo,
    seed: isTestPath(c.seed_file) ? "test" : "source",
    size: c.n_files < medium ? "small" : c.n_files < large ? "medium" : "large",
    ...(facts === undefined
      ? {}
      : { history: isYoungHistory(facts.age_days, facts.commit_count) ? "young" : "mature" }),
  };
}

/**
 * Which cases belong to a stratum; every case to an empty one. Histories are read only where the stratum asks for them.
 *
 * @throws {RangeError} for a stratum that does not exist
 */
export async function stratumFilter(
  stratum: Readonly<Record<string, string>>,
  repositories: readonly StudyRepository[],
  cases: readonly Case[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<(c: Case) => boolean> {
  const wanted = Object.entries(stratum);
  for (const [key] of wanted) {
    if (!Object.hasOwn(STRATA, key)) {
      throw new RangeError(`There is no stratum ${key}: one of ${Object.keys(STRATA).join(", ")} is wanted`);
    }
  }
  const history = "history" in stratum ? await historyOf(repositories, cases, options) : undefined;
  return (c) => {
    const own = strataOf(c, history);
    return wanted.every(([key, value]) => own[key] === value);
  };
}

async function historyOf(
  repositories: readonly StudyRepository[],
  cases: readonly Case[],
  options: { readonly signal?: AbortSignal },
): Promise<HistoryOf> {
  const facts = new Map<string, Map<string, HistoryFacts>>();
  for (const repository of repositories) {
    const own = cases.filter((c) => c.repo === repository.name);
    if (own.length > 0) facts.set(repository.name, await readHistoryFacts(repository, own, options));
  }
  return (c) => facts.get(c.repo)!.get(c.parent)!;
}
