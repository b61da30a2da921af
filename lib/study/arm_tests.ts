/** Arms tested against the reference, corrected for their number, and pairs that answer a question of their own. */
import type { Interval } from "../metrics/bootstrap.ts";
import { holm } from "../metrics/multiple.ts";
import { normalQuantile } from "../metrics/normal.ts";
import { signFlipTest } from "../metrics/permutation.ts";
import type { Split } from "../records/case.ts";
import {
  blocksOf,
  columnMeans,
  crossedBootstrap,
  type CrossedOptions,
  type SeedTable,
  tableMean,
} from "./crossed_bootstrap.ts";
import { probabilityOfImprovement } from "./robust_summaries.ts";
import { runTable } from "./seed_tables.ts";

/** One arm against the reference arm at the primary budget. */
export interface ArmTest {
  readonly arm: string;
  readonly split: Split;
  /** Arm minus reference */
  readonly difference: Interval;
  /** Sign flips of commits, and Holm's adjustment over all arms on this split */
  readonly p: number;
  readonly p_holm: number;
  /** Sign flips of seeds, exact up to 20 of them; it cannot fall below 2 / 2^seeds */
  readonly p_seeds: number;
  /** Repositories by the sign of the mean difference */
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
  readonly probability_of_improvement: number;
  /** Smallest difference this comparison would have found with 80 % power */
  readonly detectable: number;
  /** "better" or "worse" where Holm's p is below the level and the interval leaves out 0 */
  readonly verdict: "better" | "worse" | "undetermined";
}

/** An arm and its table at the primary budget. */
export interface NamedTable {
  readonly arm: string;
  readonly table: SeedTable;
}

/** One arm against another that it is to be told from, apart from Holm's family. */
export interface PairDifference {
  readonly arm: string;
  readonly against: string;
  readonly split: Split;
  readonly difference: Interval;
}

/** What each pair asks: is it the history, is it the evidence, is it the reasoner in the hybrid? */
const PAIRS = [
  ["analyst", "analyst_no_history"],
  ["analyst", "analyst_permuted"],
  ["hybrid", "cma_es"],
] as const;

/** Differences of the pairs whose arms both ran. */
export function pairDifferences(
  split: Split,
  tables: readonly NamedTable[],
  options: CrossedOptions,
): PairDifference[] {
  const find = (name: string) => tables.find(({ arm }) => arm === name)?.table;
  return PAIRS.flatMap(([arm, against]) => {
    const own = find(arm), other = find(against);
    if (own === undefined || other === undefined) return [];
    return [{ arm, against, split, difference: crossedBootstrap(own, other, options) }];
  });
}

/** Tests every arm but the reference against it. */
export function testArms(
  split: Split,
  tables: readonly NamedTable[],
  reference: string,
  options: CrossedOptions & { readonly significance: number },
): ArmTest[] {
  const base = tables.find(({ arm }) => arm === reference)!.table;
  const others = tables.filter(({ arm }) => arm !== reference);
  const found = others.map(({ arm, table: own }) => {
    const blocks = blocksOf(own.repos);
    const treatment = columnMeans(own.rows, undefined), baseline = columnMeans(base.rows, undefined);
    const differences = treatment.map((value, c) => value - baseline[c]!);
    const weighted = Float64Array.from(differences);
    const byRepository = blocks.map(([from, to]) => {
      for (let c = from; c < to; c++) weighted[c]! /= to - from;
      return differences.subarray(from, to).reduce((a, b) => a + b, 0) / (to - from);
    });
    const seeds = Math.min(own.rows.length, base.rows.length);
    const bySeed = Array.from(
      { length: seeds },
      (_, s) =>
        tableMean({ repos: own.repos, rows: [own.rows[s]!] }) -
        tableMean({ repos: base.repos, rows: [base.rows[s]!] }),
    );
    const difference = crossedBootstrap(own, base, options);
    const reach = (normalQuantile(0.975) + normalQuantile(0.8)) /
      (2 * normalQuantile((1 + difference.level) / 2));
    return {
      arm,
      split,
      difference,
      p: signFlipTest(weighted, {
        seed: options.seed,
        stream: `${options.stream}/flips`,
        resamples: 5 * (options.resamples ?? 2000),
      }).p,
      p_seeds: signFlipTest(bySeed, { seed: options.seed, stream: `${options.stream}/seeds` }).p,
      wins: byRepository.filter((d) => d > 0).length,
      losses: byRepository.filter((d) => d < 0).length,
      ties: byRepository.filter((d) => d === 0).length,
      probability_of_improvement: probabilityOfImprovement(runTable(own), runTable(base)),
      detectable: (difference.high - difference.low) * reach,
    };
  });
  const adjusted = holm(found.map((test) => test.p));
  return found.map((test, i): ArmTest => {
    const sure = adjusted[i]! < options.significance;
    const { low, high } = test.difference;
    return {
      ...test,
      p_holm: adjusted[i]!,
      verdict: sure && low > 0 ? "better" : sure && high < 0 ? "worse" : "undetermined",
    };
  });
}
