/** Per-case values grouped into commits of repositories: the one place that knows what is nested in what. */

/** The value of one measure on one case. Recorded as it stands. */
export interface CaseScore {
  readonly repo: string;
  readonly commit: string;
  /** Unique among the cases of its commit */
  readonly case_id: string;
  /** null when the measure is undefined, because the case has no relevant file; then it is counted and left out */
  readonly value: number | null;
  /** Weight of the case, above 0; read under `weights: "case"` only */
  readonly weight?: number;
}

/** How cases are weighted. */
export interface WeightOptions {
  /**
   * "equal" (default): every seed of a commit and every commit of a repository counts the same.
   * "case": seeds count by their weight within a commit, and a commit by the mean weight of its seeds.
   * Repositories always count the same.
   */
  readonly weights?: "equal" | "case";
}

/** Commits with at least one scored case, sorted by repository and commit so that input order cannot move a number. */
export interface CommitTable {
  /** Repositories with a scored case, sorted */
  readonly repos: readonly string[];
  /** Commits of repos[r] are the indices starts[r] to starts[r + 1] - 1; length repos.length + 1 */
  readonly starts: Int32Array;
  /** Commit ids */
  readonly commits: readonly string[];
  /** Mean value of each commit's scored cases */
  readonly values: Float64Array;
  /** Weight of each commit within its repository, above 0; all 1 under equal weights */
  readonly weights: Float64Array;
  /** Number of scored cases of each commit, at least 1 */
  readonly counts: Int32Array;
  /** Cases left out because their value is null, by repository; repositories with none are absent */
  readonly excluded: ReadonlyMap<string, number>;
}

/**
 * Groups case scores into commits.
 *
 * @throws {RangeError} for a value that is not finite, a weight that is not above 0 (under "case"), or a case scored twice
 * @throws {TypeError} for a missing weight under "case"
 */
export function commitTable(scores: readonly CaseScore[], options: WeightOptions = {}): CommitTable {
  const repos: string[] = [], starts: number[] = [], commits: string[] = [];
  const values: number[] = [], weights: number[] = [], counts: number[] = [];
  const excluded = new Map<string, number>();
  for (const score of scores) {
    if (score.value === null) excluded.set(score.repo, (excluded.get(score.repo) ?? 0) + 1);
  }
  for (const group of scoredCommits(scores)) {
    const { repo, commit } = scores[group[0]!]!;
    if (repos.at(-1) !== repo) {
      repos.push(repo);
      starts.push(commits.length);
    }
    let sum = 0, weight = 0;
    for (const i of group) {
      const w = weightOf(scores[i]!, options);
      sum += w * scores[i]!.value!;
      weight += w;
    }
    commits.push(commit);
    values.push(sum / weight);
    weights.push(weight / group.length);
    counts.push(group.length);
  }
  starts.push(commits.length);
  return {
    repos,
    starts: Int32Array.from(starts),
    commits,
    values: Float64Array.from(values),
    weights: Float64Array.from(weights),
    counts: Int32Array.from(counts),
    excluded,
  };
}

/**
 * The share of each case in the macro mean, in input order: the macro mean is their dot product with the values.
 *
 * A search computes these once and then scores every point with one pass over its values. Shares are at least 0, are 0
 * for cases whose value is null, and sum to 1 when any case is scored.
 * @throws {RangeError | TypeError} as {@link commitTable} does
 */
export function caseShares(scores: readonly CaseScore[], options: WeightOptions = {}): Float64Array {
  const table = commitTable(scores, options);
  const shares = new Float64Array(scores.length);
  const groups = scoredCommits(scores);
  for (let r = 0; r < table.repos.length; r++) {
    const from = table.starts[r]!, to = table.starts[r + 1]!;
    const total = table.weights.subarray(from, to).reduce((sum, weight) => sum + weight, 0);
    for (let c = from; c < to; c++) {
      // A commit's share is weights[c] / total, split over its cases by weight; its own weight cancels to one division.
      for (const i of groups[c]!) {
        shares[i] = weightOf(scores[i]!, options) / (table.counts[c]! * total * table.repos.length);
      }
    }
  }
  return shares;
}

/** Indices of scored cases, grouped by commit; groups sorted by repository and commit, cases by id. */
function scoredCommits(scores: readonly CaseScore[]): number[][] {
  const order = scores.map((_, i) => i).sort((i, j) => compareCases(scores[i]!, scores[j]!));
  const groups: number[][] = [];
  let previous: CaseScore | undefined;
  for (const i of order) {
    const score = scores[i]!;
    if (previous !== undefined && compareCases(previous, score) === 0) {
      throw new RangeError(
        `Cannot average ${describeCase(score)}: it is scored twice, one value a case is wanted`,
      );
    }
    const sameCommit = previous?.repo === score.repo && previous.commit === score.commit;
    previous = score;
    if (!sameCommit) groups.push([]);
    if (score.value === null) continue;
    if (!Number.isFinite(score.value)) {
      throw new RangeError(
        `Cannot average ${describeCase(score)}: its value is ${score.value}, ` +
          `a finite number is wanted, or null when no file is relevant`,
      );
    }
    groups.at(-1)!.push(i);
  }
  return groups.filter((group) => group.length > 0);
}

function weightOf(score: CaseScore, options: WeightOptions): number {
  if (options.weights !== "case") return 1;
  if (score.weight === undefined) {
    throw new TypeError(`Cannot weight ${describeCase(score)}: it has no weight, a number above 0 is wanted`);
  }
  if (!(score.weight > 0 && score.weight < Infinity)) {
    throw new RangeError(
      `Cannot weight ${describeCase(score)}: its weight is ${score.weight}, a number above 0 is wanted`,
    );
  }
  return score.weight;
}

/** Names a case in an error message. */
export function describeCase(score: Pick<CaseScore, "repo" | "commit" | "case_id">): string {
  return `case ${score.case_id} of commit ${score.commit} in ${score.repo}`;
}

function compareCases(a: CaseScore, b: CaseScore): number {
  return compareText(a.repo, b.repo) || compareText(a.commit, b.commit) || compareText(a.case_id, b.case_id);
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
