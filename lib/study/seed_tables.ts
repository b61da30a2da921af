/** From incumbents to tables of commit values: the shape in which arms are compared. */
import type { Split } from "../records/case.ts";
import { type Point, pointHash } from "../records/space.ts";
import type { ArmRun } from "./arm_run.ts";
import { blocksOf, type SeedTable } from "./crossed_bootstrap.ts";
import { incumbentAt } from "./curves.ts";
import type { CommitCluster } from "./objective.ts";
import type { RunTable } from "./robust_summaries.ts";

/** A split that incumbents were scored on. */
export interface JudgedSplit {
  readonly split: Split;
  readonly clusters: readonly CommitCluster[];
  readonly n_cases: number;
  /** Case values by point hash */
  readonly values: ReadonlyMap<string, Float64Array>;
}

/** All seeds of one arm. */
export interface ArmRuns {
  readonly arm: string;
  readonly runs: readonly ArmRun[];
}

/** Commit values of every seed's incumbent at a checkpoint; where there is none yet, of the defaults. */
export function seedTable(
  side: JudgedSplit,
  runs: readonly ArmRun[],
  checkpoint: number,
  defaults: Point,
): SeedTable {
  return {
    repos: side.clusters.map((c) => c.repo),
    rows: runs.map(({ trials }) => commitValues(side, incumbentAt(trials, checkpoint)?.point ?? defaults)),
  };
}

/** Value of every commit at a point: its cases by their shares. */
export function commitValues(side: JudgedSplit, point: Point): Float64Array {
  const values = side.values.get(pointHash(point));
  if (values === undefined) {
    throw new RangeError(
      `Cannot compare: ${JSON.stringify(point)} was not scored on ${side.split}; score every incumbent first`,
    );
  }
  return Float64Array.from(side.clusters, ({ cases, shares }) => {
    let sum = 0, weight = 0;
    cases.forEach((i, k) => {
      sum += shares[k]! * values[i]!;
      weight += shares[k]!;
    });
    return sum / weight;
  });
}

/** Means by seed and repository, less those of a single-row table. */
export function runTable(table: SeedTable, minus?: SeedTable): RunTable {
  return table.rows.map((row) =>
    blocksOf(table.repos).map(([from, to]) => {
      let sum = 0;
      for (let c = from; c < to; c++) sum += row[c]! - (minus === undefined ? 0 : minus.rows[0]![c]!);
      return sum / (to - from);
    })
  );
}
