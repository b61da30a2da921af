/** Failed cases of a panel as records: the spec's RankingFailure, with nothing made up. */
import { CUTOFF } from "../engine/arena.ts";
import { formulaHash } from "../formula/formula_hash.ts";
import { type Failure, failureId, type FailureKind } from "../records/failure.ts";
import { pointHash } from "../records/space.ts";
import type { QueryMode } from "../records/snapshot.ts";
import type { Standing } from "./effect.ts";

/** Below this nDCG@10 a case has failed whatever stands above what. */
export const FAILED_BELOW = 0.5;

/** Options of {@link collectFailures}. */
export interface CollectOptions {
  readonly study: string;
  readonly mode: QueryMode;
  /** Most records a (repository, intent) stratum may give, the lowest nDCG first. Default: all */
  readonly perStratum?: number;
}

/** A failure and its place in the panel. */
export interface FailedCase {
  readonly place: number;
  readonly failure: Failure;
}

/** How a case fails, by the spec's two ways; empty: it does not. */
export function failureKinds(standing: Standing, place: number): FailureKind[] {
  const kinds: FailureKind[] = [];
  if (standing.values[place]! < FAILED_BELOW) kinds.push("low_ndcg");
  if (standing.failed[place]!.length > 0) kinds.push("below_distractor");
  return kinds;
}

/**
 * Collects the failed cases of a panel: nDCG@10 below 0.5, or an expected file under a distractor.
 *
 * The query is the true one: the seed file, and in "message" mode the commit's subject. Ordered by repository, intent, nDCG and
 * case id, so equal standings give equal lists.
 */
export function collectFailures(standing: Standing, options: CollectOptions): FailedCase[] {
  const { perStratum = Infinity } = options;
  const formula_hash = formulaHash(standing.formula), point_hash = pointHash(standing.point);
  const all = standing.panel.cases.flatMap(({ place }) => {
    const kinds = failureKinds(standing, place);
    return kinds.length === 0
      ? []
      : [{ place, failure: failureOf(standing, place, kinds, formula_hash, point_hash, options) }];
  });
  all.sort(({ failure: a }, { failure: b }) =>
    compare(a.repo_name, b.repo_name) || compare(a.intent, b.intent) || a.ndcg - b.ndcg ||
    compare(a.case_id, b.case_id)
  );
  const counts = new Map<string, number>();
  return all.filter(({ failure }) => {
    const stratum = `${failure.repo_name}\n${failure.intent}`, n = (counts.get(stratum) ?? 0) + 1;
    counts.set(stratum, n);
    return n <= perStratum;
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function failureOf(
  standing: Standing,
  place: number,
  kinds: FailureKind[],
  formula_hash: string,
  point_hash: string,
  { study, mode }: CollectOptions,
): Failure {
  const { own, group } = standing.panel.cases[place]!;
  const { files } = group.snapshot, c = own.case;
  const ranks = standing.ranks[place]!, top = [...standing.top[place]!];
  const rankOf = new Map([...own.targets].map((file, k) => [file, ranks[k]!]));
  const expected = [...own.targets].sort((a, b) => rankOf.get(a)! - rankOf.get(b)!);
  return {
    record: "failure/1",
    id: failureId({ formula_hash, point_hash, case_id: c.case_id }),
    study,
    query: mode === "message" ? `${c.seed_file}: ${c.subject}` : c.seed_file,
    seed_file: c.seed_file,
    expected_top: expected.map((file) => files[file]!),
    actual_top: top.slice(0, CUTOFF).map((file) => files[file]!),
    ndcg: standing.values[place]!,
    commit_context: c.subject,
    repo_name: c.repo,
    repo_file_count: files.length,
    case_id: c.case_id,
    commit: c.commit,
    intent: c.intent,
    split: c.split,
    formula_hash,
    point_hash,
    kinds,
    pairs: standing.failed[place]!.map(({ target, other }) => ({
      missed: files[target]!,
      missed_rank: rankOf.get(target)!,
      distractor: files[other]!,
      distractor_rank: top.indexOf(other) + 1,
    })),
  };
}
