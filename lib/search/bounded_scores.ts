/** The scores a model is fitted to: failed trials and injected points can pull it down only so far. */
import { quantile } from "simple-statistics";
import type { Observation } from "./search_method.ts";

/** Share of the scores that lie below the penalty: the 90th percentile of the losses, as one would say when minimising. */
const PENALTY_QUANTILE = 0.1;

/**
 * Gives every observation a finite score.
 *
 * penalty = the 10th percentile of the finite scores that were not injected (of all finite scores if there is none such,
 * of nothing: 0). A failed trial scores the penalty; an injected one scores at least the penalty; any other keeps its score.
 * Recomputed from the whole list, so the order of telling does not matter.
 * Source: the running-p90 penalty proposed after the composition failure of autoresearch-automl (`centaur.md`).
 */
export function boundedScores(observations: readonly Observation[]): number[] {
  const finite = observations.filter((o) => o.value !== null);
  const own = finite.filter((o) => !o.injected);
  const basis = (own.length > 0 ? own : finite).map((o) => o.value!);
  const penalty = basis.length > 0 ? quantile(basis, PENALTY_QUANTILE) : 0;
  return observations.map((o) =>
    o.value === null ? penalty : o.injected ? Math.max(o.value, penalty) : o.value
  );
}
