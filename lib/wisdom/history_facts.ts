/** What a history says of itself at one of its commits: length, age, people, size of changes. Ancestors only. */
import { join } from "node:path";
import { z } from "zod";
import { readJson, RecordError, writeTextAtomic } from "../base/artefacts.ts";
import { canonicalJson } from "../base/canonical.ts";
import { cacheDir } from "../base/paths.ts";
import { type History, readHistory } from "../repo/log.ts";

const HistoryFactsSchema = z.strictObject({
  /** Non-merge commits, the tip included */
  commit_count: z.int().min(0),
  /** Days from the oldest of them to now, at least 0 */
  age_days: z.number().min(0),
  /** Distinct author addresses, letter case ignored */
  contributors: z.int().min(0),
  /** Median number of files a commit that changes any */
  median_change_size: z.number().min(0),
});
export type HistoryFacts = z.infer<typeof HistoryFactsSchema>;

/** Facts of no history at all. */
export const NO_HISTORY: HistoryFacts = {
  commit_count: 0,
  age_days: 0,
  contributors: 0,
  median_change_size: 0,
};

/**
 * Facts at each of some commits, by name.
 *
 * One pass over the ancestors of each tip that the walk from its predecessor has not seen: a tip that descends from the one
 * before it costs its new commits only.
 * @param tips commits with their "now", in any order
 * @throws {RangeError} for a tip the history does not hold
 */
export function historyFactsAt(
  history: History,
  tips: readonly { readonly sha: string; readonly now_s: number }[],
): Map<string, HistoryFacts> {
  const position = new Map(history.commits.map((commit) => [commit.sha, commit.index]));
  const found = new Map<string, HistoryFacts>();
  let walk = new Walk(history);
  const placed = tips.map(({ sha, now_s }) => {
    const at = position.get(sha);
    if (at === undefined) throw new RangeError(`Cannot describe the history at ${sha}: it does not hold it`);
    return { sha, now_s, at };
  }).sort((a, b) => a.at - b.at);
  for (const { sha, now_s, at } of placed) {
    // Parents stand before children, so a last tip that is an ancestor is met again while walking from this one.
    if (!walk.extendTo(at)) {
      walk = new Walk(history);
      walk.extendTo(at);
    }
    found.set(sha, walk.facts(now_s));
  }
  return found;
}

/** Running counts over the ancestors of a tip that only moves to its own descendants. */
class Walk {
  readonly #seen: Uint8Array;
  readonly #authors = new Set<string>();
  readonly #sizes = new Map<number, number>();
  #count = 0;
  #changing = 0;
  #oldest = Infinity;
  #tip = -1;

  constructor(readonly history: History) {
    this.#seen = new Uint8Array(history.commits.length);
  }

  /** Moves to a tip. False, and unusable from then on, when the tip before is not its ancestor. */
  extendTo(tip: number): boolean {
    let met = this.#tip < 0 || tip === this.#tip;
    if (tip === this.#tip) return true;
    const stack = [tip];
    while (stack.length > 0) {
      const at = stack.pop()!;
      if (at === this.#tip) met = true;
      if (this.#seen[at]) continue;
      this.#seen[at] = 1;
      const commit = this.history.commits[at]!;
      stack.push(...commit.parents);
      if (commit.parents.length > 1) continue;
      this.#count++;
      this.#authors.add(commit.author_email.toLowerCase());
      this.#oldest = Math.min(this.#oldest, commit.committed_at_s);
      if (commit.changes.length > 0) {
        this.#changing++;
        this.#sizes.set(commit.changes.length, (this.#sizes.get(commit.changes.length) ?? 0) + 1);
      }
    }
    this.#tip = tip;
    return met;
  }

  facts(now_s: number): HistoryFacts {
    return {
      commit_count: this.#count,
      age_days: this.#count === 0 ? 0 : Math.max(0, (now_s - this.#oldest) / 86400),
      contributors: this.#authors.size,
      median_change_size: this.#medianSize(),
    };
  }

  #medianSize(): number {
    const sizes = [...this.#sizes].sort((a, b) => a[0] - b[0]);
    const at = (place: number): number => {
      let before = 0;
      for (const [size, count] of sizes) if (place < (before += count)) return size;
      return 0;
    };
    if (this.#changing === 0) return 0;
    return (at((this.#changing - 1) >> 1) + at(this.#changing >> 1)) / 2;
  }
}

/** A repository whose history is to be described. */
export interface DescribedRepository {
  readonly name: string;
  readonly dir: string;
  readonly head: string;
}

/**
 * Reads a repository's history and describes it at the parents of some cases; kept in the cache, so the history is read once a head.
 *
 * @throws {GitError} when git fails; {RangeError} for a parent that is no ancestor of the head
 */
export async function readHistoryFacts(
  repository: DescribedRepository,
  cases: readonly { readonly parent: string; readonly committed_at_s: number }[],
  options: { readonly signal?: AbortSignal; readonly cacheDir?: string } = {},
): Promise<Map<string, HistoryFacts>> {
  const file = join(
    options.cacheDir ?? cacheDir(),
    "history-facts",
    `${repository.name.replaceAll("/", "+")}-${repository.head.slice(0, 16)}.json`,
  );
  const wanted = new Map(cases.map((c) => [c.parent, { sha: c.parent, now_s: c.committed_at_s }]));
  const kept = readKept(file);
  if ([...wanted.keys()].every((sha) => kept.has(sha))) return kept;
  const history = await readHistory(
    repository.dir,
    repository.head,
    options.signal ? { signal: options.signal } : {},
  );
  const found = new Map([...kept, ...historyFactsAt(history, [...wanted.values()])]);
  writeTextAtomic(file, canonicalJson({ record: "history-facts/1", at: Object.fromEntries(found) }) + "\n");
  return found;
}

const Kept = z.strictObject({
  record: z.literal("history-facts/1"),
  at: z.record(z.string(), HistoryFactsSchema),
});

/** What the cache holds; damage costs a second reading, never an answer. */
function readKept(file: string): Map<string, HistoryFacts> {
  try {
    return new Map(Object.entries(readJson(file, Kept).at));
  } catch (error) {
    if (error instanceof RecordError) return new Map();
    throw error;
  }
}
