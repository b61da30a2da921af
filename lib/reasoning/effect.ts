/** What a change of parameters or formula does to a panel, against the incumbent: means, intervals, pairs fixed and broken. */
import type { Formula } from "../formula/document.ts";
import { commitTable } from "../metrics/commits.ts";
import { ndcgOf, rankOf } from "../engine/engine.ts";
import { CUTOFF } from "../engine/arena.ts";
import type { CaseScore } from "../metrics/commits.ts";
import type { Point } from "../records/space.ts";
import type { Panel, PanelCase } from "./panel.ts";

/** A relevant file and an irrelevant one of the same case, by position in the snapshot. */
export interface Pair {
  readonly target: number;
  readonly other: number;
}

/** Pairs fixed and broken. */
export interface Balance {
  readonly fixes: number;
  readonly breaks: number;
}

/** The effect of one change on one panel. */
export interface Effect extends Balance {
  /** change of the macro mean of nDCG@10 */
  readonly delta: number;
  /** its standard error over commits within repositories */
  readonly se: number;
  readonly by_intent: Readonly<Record<string, Balance>>;
  /** repositories whose mean rose and fell */
  readonly repos_better: number;
  readonly repos_worse: number;
  /** change of each case's nDCG@10, in the panel's order */
  readonly gains: Float64Array;
  /** failed pairs the change turns round, by case place */
  readonly turned: Uint16Array;
}

/** How a panel stands at the incumbent: what every change is compared with. */
export interface Standing {
  readonly panel: Panel;
  readonly formula: Formula;
  readonly point: Point;
  readonly values: Float64Array;
  /** pairs in which the irrelevant file stands above, by case place */
  readonly failed: readonly (readonly Pair[])[];
  /** pairs in which the relevant file stands above, by case place */
  readonly correct: readonly (readonly Pair[])[];
  /** ranks of the targets, by case place */
  readonly ranks: readonly Uint32Array[];
  /** files ranked first, best first, by case place; deep enough to hold every file of a pair that is not a missed one */
  readonly top: readonly Uint32Array[];
}

/**
 * Ranks a panel at the incumbent and lists its pairs.
 *
 * Failed pairs of a relevant file: with the best-ranked irrelevant file, if that stands above; and, beyond rank 10, with the last
 * irrelevant file within it, which it must pass to count. Correct pairs: each relevant file within rank 10 with the best irrelevant
 * file below it.
 */
export function standOf(panel: Panel, formula: Formula, point: Point): Standing {
  const values = new Float64Array(panel.size);
  const failed: Pair[][] = [], correct: Pair[][] = [], ranks: Uint32Array[] = [], top: Uint32Array[] = [];
  panel.visit(formula, point, (c, scores) => {
    const { targets, query } = c.own;
    values[c.place] = ndcgOf(c.own, scores);
    const own = new Set(targets);
    // Deep enough to hold an irrelevant file below every relevant one within the cutoff.
    const first = topFiles(scores, query.seed, CUTOFF + targets.length + 1);
    const rank = Uint32Array.from(targets, (t) => rankOf(t, scores, query.seed, Infinity));
    const lost: Pair[] = [], kept: Pair[] = [];
    const best = first.findIndex((file) => !own.has(file));
    const edge = first.slice(0, CUTOFF).findLastIndex((file) => !own.has(file));
    targets.forEach((target, k) => {
      const at = rank[k]!;
      if (best >= 0 && best + 1 < at) lost.push({ target, other: first[best]! });
      if (at > CUTOFF && edge > best) lost.push({ target, other: first[edge]! });
      if (at > CUTOFF) return;
      const below = first.find((file, place) => place + 1 > at && !own.has(file));
      if (below !== undefined) kept.push({ target, other: below });
    });
    failed.push(lost);
    correct.push(kept);
    ranks.push(rank);
    top.push(first);
  });
  return { panel, formula, point, values, failed, correct, ranks, top };
}

/** The `k` best candidates, best first; ties in the snapshot's order; the seed is none. */
export function topFiles(scores: Float64Array, seed: number, k: number): Uint32Array {
  const best: number[] = [];
  for (let i = 0; i < scores.length; i++) {
    if (i === seed) continue;
    const s = scores[i]!;
    if (best.length === k && s <= scores[best[k - 1]!]!) continue;
    let at = best.length;
    while (at > 0 && scores[best[at - 1]!]! < s) at--;
    best.splice(at, 0, i);
    if (best.length > k) best.pop();
  }
  return Uint32Array.from(best);
}

/** Whether the relevant file of a pair stands above the other; equals stand in the snapshot's order. */
export function isAbove({ target, other }: Pair, scores: ArrayLike<number>): boolean {
  const a = scores[target]!, b = scores[other]!;
  return a > b || (a === b && target < other);
}

/** Measures a change on a panel: one evaluation of all its cases. */
export function effectOf(standing: Standing, formula: Formula, point: Point): Effect {
  const { panel } = standing;
  const gains = new Float64Array(panel.size), turned = new Uint16Array(panel.size);
  const byIntent = new Map<string, { fixes: number; breaks: number }>();
  let fixes = 0, breaks = 0;
  panel.visit(formula, point, (c: PanelCase, scores) => {
    gains[c.place] = ndcgOf(c.own, scores) - standing.values[c.place]!;
    const won = standing.failed[c.place]!.filter((pair) => isAbove(pair, scores)).length;
    const lost = standing.correct[c.place]!.filter((pair) => !isAbove(pair, scores)).length;
    turned[c.place] = won;
    fixes += won;
    breaks += lost;
    const intent = byIntent.get(c.own.case.intent) ?? { fixes: 0, breaks: 0 };
    byIntent.set(c.own.case.intent, { fixes: intent.fixes + won, breaks: intent.breaks + lost });
  });
  const { mean, se, repoMeans } = clusteredMean(panel.scores(gains));
  return {
    delta: mean,
    se,
    fixes,
    breaks,
    by_intent: Object.fromEntries([...byIntent].sort(([a], [b]) => a < b ? -1 : 1)),
    repos_better: repoMeans.filter((m) => m > 0).length,
    repos_worse: repoMeans.filter((m) => m < 0).length,
    gains,
    turned,
  };
}

/** A macro mean with its analytic standard error. */
export interface ClusteredMean {
  readonly mean: number;
  /**
   * root of the sum over repositories of s^2 / n, over the number of repositories. A repository of one commit takes the pooled s^2; when
   * all have one, the repositories are the sample; a single commit has 1, the most a difference of nDCG can be off
   */
  readonly se: number;
  readonly repoMeans: readonly number[];
  readonly n_commits: number;
}

/** Macro mean of differences and its standard error, commits being independent within their repository. */
export function clusteredMean(differences: readonly CaseScore[]): ClusteredMean {
  const { starts, values, repos } = commitTable(differences);
  const sizes = repos.map((_, r) => starts[r + 1]! - starts[r]!);
  const repoMeans = repos.map((_, r) => meanOf(values.subarray(starts[r]!, starts[r + 1]!)));
  const squares = repos.map((_, r) => squaresOf(values.subarray(starts[r]!, starts[r + 1]!)));
  const n = values.length, count = repos.length, mean = count === 0 ? 0 : meanOf(repoMeans);
  if (n === count) {
    const se = n < 2 ? 1 : Math.sqrt(squaresOf(repoMeans) / (n - 1) / n);
    return { mean, se, repoMeans, n_commits: n };
  }
  const pooled = squares.reduce((a, b) => a + b, 0) / (n - count);
  const variance = sizes.reduce(
    (sum, size, r) => sum + (size > 1 ? squares[r]! / (size - 1) : pooled) / size,
    0,
  );
  return { mean, se: Math.sqrt(variance) / count, repoMeans, n_commits: n };
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Sum of squared deviations from the mean. */
function squaresOf(values: ArrayLike<number>): number {
  const mean = meanOf(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - mean) ** 2;
  return sum;
}
