/** Which failures to show: those a move can fix, as different from each other as the list allows, new ones first. */
import { type RandomSource, randomStream } from "../base/random.ts";
import type { Standing } from "./effect.ts";
import { attributePair } from "./attribute.ts";
import type { FailedCase } from "./failures.ts";
import type { Movability } from "./movability.ts";

/** Failures a batch holds: the spec's five. */
export const BATCH_SIZE = 5;

/** A failure that may be shown. */
export interface BatchCandidate extends FailedCase {
  /** factor that carries most of its first failed pair's gap; "" where it has no pair */
  readonly carrier: string;
  /** most nDCG@10 a single measured move adds to it */
  readonly gain: number;
  readonly movable: boolean;
}

/** Options of {@link chooseBatch}. */
export interface BatchOptions {
  readonly seed: number | string;
  /** names the random stream: the episode */
  readonly turn: number;
  /** case ids shown before */
  readonly shown: ReadonlySet<string>;
  readonly size?: number;
}

/** Describes the failures of a panel as candidates. */
export function batchCandidates(
  standing: Standing,
  failures: readonly FailedCase[],
  movability: Movability,
): BatchCandidate[] {
  return failures.map((failed) => {
    const c = standing.panel.cases[failed.place]!, pair = standing.failed[failed.place]![0];
    const carrier = pair === undefined
      ? ""
      : attributePair(c, standing.formula, standing.point, pair).carriers[0] ?? "";
    return {
      ...failed,
      carrier,
      gain: movability.best_gain[failed.place]!,
      movable: movability.movable[failed.place]!,
    };
  });
}

/** What sameness costs, in units of the largest gain: a shown case weighs more than any likeness. */
const COST = { repo: 0.4, intent: 0.25, carrier: 0.5, commit: 1, shown: 3, stuck: 4 } as const;

/**
 * Chooses a batch greedily: each next failure has the best gain less what it shares with those chosen before it.
 *
 * Cases that no single move helps come last, and only when too few others are left. Ties fall by the seeded stream.
 */
export function chooseBatch(candidates: readonly BatchCandidate[], options: BatchOptions): BatchCandidate[] {
  const { size = BATCH_SIZE, shown } = options;
  const random: RandomSource = randomStream(options.seed, `reasoning/batch/${options.turn}`);
  const largest = Math.max(...candidates.map((c) => c.gain), 1e-12);
  const open = candidates.map((candidate) => ({ candidate, jitter: random() * 0.1 }));
  const chosen: BatchCandidate[] = [];
  while (chosen.length < size && open.length > 0) {
    const worth = ({ candidate: c, jitter }: { candidate: BatchCandidate; jitter: number }) => {
      const like = (same: (other: BatchCandidate) => boolean, cost: number) =>
        chosen.filter(same).length * cost;
      return c.gain / largest + jitter -
        like((o) => o.failure.repo_name === c.failure.repo_name, COST.repo) -
        like((o) => o.failure.intent === c.failure.intent, COST.intent) -
        like((o) => o.carrier === c.carrier, COST.carrier) -
        like((o) => o.failure.commit === c.failure.commit, COST.commit) -
        (shown.has(c.failure.case_id) ? COST.shown : 0) - (c.movable ? 0 : COST.stuck);
    };
    const best = open.reduce((a, b) => worth(b) > worth(a) ? b : a);
    chosen.push(best.candidate);
    open.splice(open.indexOf(best), 1);
  }
  return chosen;
}
