/** The facts of a case: what heuristics and warnings may ask, from the tree and the history that end at the case's parent. */
import { isTestPath } from "../corpus/path_facts.ts";
import type { Arena } from "../engine/arena.ts";
import type { Case, Intent } from "../records/case.ts";
import { NEVER_DAYS, type Query, type QueryMode, type Snapshot } from "../records/snapshot.ts";
import { languageOf } from "../repo/languages.ts";
import { isYoungHistory } from "../sensitivity/claim_strata.ts";
import { type Facts, readFacts } from "./heuristic_vocabulary.ts";
import type { HistoryFacts } from "./history_facts.ts";

/** What a query says, apart from the tree it is asked of. */
export interface QueryText {
  /** The focus, the commit subject, or the seed's path */
  readonly text: string;
  readonly mentionsFile: boolean;
  readonly mentionsSymbol: boolean;
  /** What the asker says to be after; "explore" where nobody said */
  readonly intent: Intent;
}

/**
 * The facts of one query on one snapshot.
 *
 * @param query without a seed (`seed` -1) the seed facts are those of no file: depth 0, nothing true, counts 0
 */
export function factsOf(snapshot: Snapshot, query: Query, history: HistoryFacts, asked: QueryText): Facts {
  const seed = query.seed, file = snapshot.files[seed];
  const words = asked.text.split(/\s+/).filter((word) => word !== "");
  return readFacts({
    ...treeFacts(snapshot),
    "repo.commit_count": history.commit_count,
    "repo.age_days": history.age_days,
    "repo.contributors": history.contributors,
    "history.exists": history.commit_count > 0,
    "history.is_young": isYoungHistory(history.age_days, history.commit_count),
    "history.median_change_size": history.median_change_size,
    "query.is_symbol": /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(asked.text),
    "query.is_path": words.length === 1 && /[/.]/.test(asked.text) && /^[^\s|&@%()"]+$/.test(asked.text),
    "query.has_message": words.length > 1,
    "query.mentions_file": asked.mentionsFile,
    "query.mentions_symbol": asked.mentionsSymbol,
    "query.word_count": words.length,
    "intent": asked.intent,
    "seed.depth": file === undefined ? 0 : depthOf(file),
    "seed.is_test": file !== undefined && isTestPath(file),
    "seed.is_vendor": file !== undefined && snapshot.depth_class[seed] === 3,
    "seed.has_history": file !== undefined && snapshot.days[seed] !== NEVER_DAYS,
    "seed.churn": file === undefined ? 0 : snapshot.churn[seed]!,
    "seed.degree": file === undefined ? 0 : query.hops.reduce((n, hops) => n + Number(hops === 1), 0),
    "session.chat_files": query.sparse.chat.index.length,
  });
}

/** Whether the asker's intent is told: known to whoever asks ("stated"), or left at "explore" as a tool that is not told sees it. */
export type IntentKnowledge = "stated" | "unstated";

/** How the facts of training cases are read. */
export interface CaseFactsOptions {
  readonly mode: QueryMode;
  /** A case's intent was read off its message, so it counts as told in message mode whatever is said here */
  readonly intent: IntentKnowledge;
  readonly history: (repo: string, parent: string) => HistoryFacts;
}

/** Facts of one case. In seed mode the query is the seed's path; the subject stays unseen. */
export function caseFacts(c: Case, snapshot: Snapshot, query: Query, options: CaseFactsOptions): Facts {
  const message = options.mode === "message";
  return factsOf(snapshot, query, options.history(c.repo, c.parent), {
    text: message ? c.subject : c.seed_file,
    mentionsFile: message ? query.sparse.message_files.index.length > 0 : true,
    mentionsSymbol: message && query.sparse.message_identifiers.index.length > 0,
    intent: message || options.intent === "stated" ? c.intent : "explore",
  });
}

/** Facts of every case of an arena, in its order. */
export function arenaFacts(arena: Arena, options: Omit<CaseFactsOptions, "mode">): Facts[] {
  return arena.groups.flatMap(({ snapshot, cases }) =>
    cases.map((c) => caseFacts(c.case, snapshot, c.query, { ...options, mode: arena.mode }))
  );
}

type TreeFacts = Pick<
  Facts,
  "repo.file_count" | "repo.language" | "repo.median_depth" | "repo.test_share"
>;

const trees = new WeakMap<Snapshot, TreeFacts>();

function treeFacts(snapshot: Snapshot): TreeFacts {
  let facts = trees.get(snapshot);
  if (facts === undefined) {
    const { files } = snapshot;
    const languages = new Map<string, number>();
    for (const file of files) {
      const language = languageOf(file);
      if (language !== undefined) languages.set(language, (languages.get(language) ?? 0) + 1);
    }
    const [language = "none"] = [...languages].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0] ?? [];
    facts = {
      "repo.file_count": files.length,
      "repo.language": language,
      "repo.median_depth": median(files.map(depthOf)),
      "repo.test_share": files.length === 0 ? 0 : files.filter(isTestPath).length / files.length,
    };
    trees.set(snapshot, facts);
  }
  return facts;
}

const depthOf = (file: string): number => file.split("/").length - 1;

/** Median; the mean of the middle two of an even number; 0 of none. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b), middle = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
