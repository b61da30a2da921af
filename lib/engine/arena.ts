/** Cases of chosen splits in memory, ready to be ranked over and over. */
import type { Corpus } from "../corpus/corpus.ts";
import { caseShares } from "../metrics/commits.ts";
import { idealDcg } from "../metrics/ndcg.ts";
import { type Case, judgments, type LabelKind, type Split } from "../records/case.ts";
import type { Query, QueryMode, Snapshot } from "../records/snapshot.ts";

/** Cutoff of the objective. */
export const CUTOFF = 10;

/** One case: its query and, apart from it, where its relevant files stand. */
export interface ArenaCase {
  /** position in {@link Arena.cases} */
  readonly index: number;
  readonly case: Case;
  readonly query: Query;
  /** positions of the relevant files in the snapshot */
  readonly targets: Uint32Array;
  /** their relevance, same order */
  readonly relevance: Float64Array;
  /** DCG@10 of the best possible ranking */
  readonly ideal: number;
}

/** All cases of one commit, over one snapshot. */
export interface ArenaGroup {
  readonly snapshot: Snapshot;
  readonly cases: readonly ArenaCase[];
}

/** Which of a case's relevant files an arena holds. */
export const RELEVANT = ["all", "never_cochanged"] as const;
export type Relevant = typeof RELEVANT[number];

/** Which cases to load. The split has no default: a number must say what it was measured on. */
export interface ArenaOptions {
  readonly splits: readonly Split[];
  readonly mode: QueryMode;
  /** default "binary" */
  readonly labels?: LabelKind;
  /** further choice; default all */
  readonly keep?: (c: Case) => boolean;
  /** which relevant files count; "never_cochanged": those that had never changed with the seed, and only cases that have one. Default "all" */
  readonly relevant?: Relevant;
}

/** A snapshot's graphs take about the memory of so many cases' vectors. */
const SNAPSHOT_AS_CASES = 10;

/** Cases in memory. Groups stand in the order of the corpora and of time inside each. */
export class Arena {
  readonly groups: readonly ArenaGroup[];
  readonly cases: readonly ArenaCase[];
  /** candidates summed over cases */
  readonly nCaseFiles: number;
  /** weight of each case in the macro mean over repositories: the mean is their dot product with the case values */
  readonly shares: Float64Array;
  readonly mode: QueryMode;
  readonly splits: readonly Split[];
  readonly labels: LabelKind;
  readonly relevant: Relevant;
  /** the arena this one is a part of, and which of its groups: what was prepared there serves here. Undefined for a loaded arena */
  readonly origin: { readonly arena: Arena; readonly groups: Uint32Array } | undefined;

  private constructor(groups: readonly ArenaGroup[], options: ArenaOptions, origin?: Arena["origin"]) {
    this.groups = groups;
    this.origin = origin;
    this.cases = groups.flatMap((g) => g.cases);
    this.nCaseFiles = groups.reduce((n, g) => n + g.cases.length * (g.snapshot.files.length - 1), 0);
    this.shares = this.cases.length === 0
      ? new Float64Array(0)
      : caseShares(this.cases.map(({ case: c }) => ({ ...c, value: 0 })));
    this.mode = options.mode;
    this.splits = options.splits;
    this.labels = options.labels ?? "binary";
    this.relevant = options.relevant ?? "all";
  }

  static load(corpora: readonly Corpus[], options: ArenaOptions): Arena {
    const groups = [...groupsOf(corpora, options)];
    let index = 0;
    return new Arena(
      groups.map((g) => ({ ...g, cases: g.cases.map((c) => ({ ...c, index: index++ })) })),
      options,
    );
  }

  /**
   * The same cases as {@link load} in consecutive arenas, each read when it is asked for.
   *
   * @param mostCaseFiles candidates summed over the cases of one arena, a snapshot counting as ten cases; a commit that has more makes an
   *   arena by itself
   */
  static *stream(corpora: readonly Corpus[], options: ArenaOptions, mostCaseFiles: number): Generator<Arena> {
    let groups: ArenaGroup[] = [], held = 0, index = 0;
    for (const group of groupsOf(corpora, options)) {
      const size = (group.cases.length + SNAPSHOT_AS_CASES) * (group.snapshot.files.length - 1);
      if (groups.length > 0 && held + size > mostCaseFiles) {
        yield new Arena(groups, options);
        [groups, held, index] = [[], 0, 0];
      }
      groups.push({ ...group, cases: group.cases.map((c) => ({ ...c, index: index++ })) });
      held += size;
    }
    if (groups.length > 0) yield new Arena(groups, options);
  }

  /** The same arena with some groups only, for races over blocks of cases. */
  subset(keep: (group: ArenaGroup) => boolean): Arena {
    let index = 0;
    const kept = this.groups.flatMap((group, g) => keep(group) ? [g] : []);
    const groups = kept.map((g): ArenaGroup => ({
      snapshot: this.groups[g]!.snapshot,
      cases: this.groups[g]!.cases.map((c) => ({ ...c, index: index++ })),
    }));
    return new Arena(groups, this, {
      arena: this.origin?.arena ?? this,
      groups: Uint32Array.from(kept, (g) => this.origin?.groups[g] ?? g),
    });
  }

  /** Macro mean of one value a case. */
  mean(values: ArrayLike<number>): number {
    let sum = 0;
    for (let i = 0; i < this.shares.length; i++) sum += this.shares[i]! * values[i]!;
    return sum;
  }
}

/** Groups of the chosen cases, block by block as the corpora hold them; every case has index 0. */
function* groupsOf(corpora: readonly Corpus[], options: ArenaOptions): Generator<ArenaGroup> {
  const wanted = new Set(options.splits);
  for (const corpus of corpora) {
    let from = 0;
    for (let b = 0; b < corpus.nBlocks; b++) {
      const nCases = corpus.meta.blocks[b]!.n_cases;
      const cases = corpus.cases.slice(from, from += nCases);
      const chosen = cases.flatMap((c, i) => wanted.has(c.split) && (options.keep?.(c) ?? true) ? [i] : []);
      if (chosen.length === 0) continue;
      const { snapshot, queries } = corpus.read(b);
      const position = new Map(snapshot.files.map((file, i) => [file, i]));
      const group = {
        snapshot,
        cases: chosen.flatMap((i): ArenaCase[] => {
          const c = cases[i]!, all = [...judgments(c, options.labels ?? "binary")];
          const known = new Set(
            options.relevant === "never_cochanged" ? queries[i]!.sparse.jaccard.index : [],
          );
          const relevant = all.filter(([file]) => !known.has(positionIn(position, file, c)));
          if (relevant.length === 0) return [];
          const relevance = Float64Array.from(relevant, ([, r]) => r);
          return [{
            index: 0,
            case: c,
            query: queries[i]!,
            targets: Uint32Array.from(relevant, ([file]) => positionIn(position, file, c)),
            relevance,
            ideal: idealDcg(relevance, CUTOFF),
          }];
        }),
      };
      if (group.cases.length > 0) yield group;
    }
  }
}

/** Where a relevant file stands. @throws {RangeError} when the snapshot lacks it: the corpus's two files do not belong together */
function positionIn(positions: ReadonlyMap<string, number>, file: string, c: Case): number {
  const at = positions.get(file);
  if (at === undefined) {
    throw new RangeError(
      `${c.case_id} expects ${
        JSON.stringify(file)
      }, which its snapshot lacks: delete the corpus in the cache and extract again`,
    );
  }
  return at;
}
