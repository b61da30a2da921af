/** Sampler against reasoner: who is ahead at a budget. */
import type { Interval } from "../metrics/bootstrap.ts";
import type { Split } from "../records/case.ts";
import { isCandidateReasoner, isReasoner } from "./arms.ts";
import { crossedBootstrap, type CrossedOptions, type SeedTable, tableMean } from "./crossed_bootstrap.ts";

/**
 * The best sampler against the best reasoner at a checkpoint, controls left aside.
 *
 * Best: the highest mean on the cases judged, so each side is flattered by the number of its arms; the test that was registered is
 * another one.
 */
export interface Contest {
  readonly checkpoint: number;
  readonly split: Split;
  readonly classical: { readonly arm: string; readonly score: number };
  readonly reasoner: { readonly arm: string; readonly score: number };
  /** Reasoner minus sampler */
  readonly difference: Interval;
  /** Who is ahead by an interval that leaves out 0 */
  readonly winner: "classical" | "reasoner" | "neither";
}

/** Finds the two and compares them; undefined unless both kinds are there. */
export function contest(
  tables: readonly { readonly arm: string; readonly own: SeedTable }[],
  options: CrossedOptions,
): Omit<Contest, "checkpoint" | "split"> | undefined {
  const best = (of: (arm: string) => boolean) =>
    tables.filter(({ arm }) => of(arm)).map((t) => ({ ...t, score: tableMean(t.own) }))
      .reduce<{ arm: string; own: SeedTable; score: number } | undefined>(
        (a, b) => a === undefined || b.score > a.score ? b : a,
        undefined,
      );
  const sampler = best((arm) => !isReasoner(arm)), reasoner = best(isCandidateReasoner);
  if (sampler === undefined || reasoner === undefined) return undefined;
  const difference = crossedBootstrap(reasoner.own, sampler.own, options);
  return {
    classical: { arm: sampler.arm, score: sampler.score },
    reasoner: { arm: reasoner.arm, score: reasoner.score },
    difference,
    winner: difference.low > 0 ? "reasoner" : difference.high < 0 ? "classical" : "neither",
  };
}
