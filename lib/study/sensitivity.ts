/** Which parameters of a study's formula matter on its train cases, alone and together. */
import { searchSpace } from "../formula/parameters.ts";
import { defaultPoint, type Point, type SearchSpace } from "../records/space.ts";
import { sobolDesign } from "../search/sobol_sequence.ts";
import { additiveNull, type PairTest } from "../sensitivity/additive_null.ts";
import { latinHypercubeDesign, spaceFillingPoints, type UnitDesign } from "../sensitivity/designs.ts";
import { evaluateTable } from "../sensitivity/evaluation.ts";
import { type Fanova, fanova } from "../sensitivity/fanova.ts";
import { checkInvariance, commonScaling, type InvarianceReport } from "../sensitivity/invariances.ts";
import { type Curve, type Liveness, liveParameters, oneAtATime } from "../sensitivity/oat.ts";
import { type SobolIndices, sobolIndices } from "../sensitivity/sobol_indices.ts";
import type { SplitObjective } from "./objective.ts";

/** Most columns that Sobol's direction numbers are kept for. */
const SOBOL_COLUMNS = 64;

/** Scrambled Sobol points where there are direction numbers for all columns, else a Latin hypercube. */
export const spaceFilling: UnitDesign = (n, d, seed) =>
  d <= SOBOL_COLUMNS ? sobolDesign(n, d, seed) : latinHypercubeDesign(n, d, seed);

/** What was found. */
export interface SensitivityFacts {
  readonly live: readonly Liveness[];
  readonly invariances: readonly InvarianceReport[];
  /** Curves around the defaults */
  readonly curves: readonly Curve[];
  readonly base: Point;
  readonly base_value: number;
  readonly indices: SobolIndices;
  readonly fanova: Fanova;
  /** Every pair of the forest against an additive null */
  readonly pairs: readonly PairTest[];
  readonly evaluations: number;
  /** Median half-width of the 95 % intervals along the curves: smaller changes of the mean could be chance; 0 without clusters */
  readonly detectable: number;
}

/** Options of {@link analyseSensitivity}. */
export interface SensitivityOptions {
  readonly seed: number;
  /** Rows of each base matrix of the Sobol indices, a power of two; (2 d + 2) times as many evaluations. Default 64 */
  readonly rows?: number;
  /** Points the forest is fitted to; default 1024 */
  readonly tableRows?: number;
  /** Forests of the additive null; default 39 */
  readonly refits?: number;
  readonly resamples?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (stage: string, done: number, total: number) => void;
}

/**
 * Measures everything on one objective; evaluations are shared by no two parts, so that each can be read alone.
 *
 * @throws {RangeError} for a formula without parameters
 */
export async function analyseSensitivity(
  objective: SplitObjective,
  options: SensitivityOptions,
): Promise<SensitivityFacts> {
  const { seed, rows = 64, tableRows = 1024, refits = 39, resamples = 1000, signal, onProgress } = options;
  const space = searchSpace(objective.formula), base = defaultPoint(space);
  if (space.length === 0) {
    throw new RangeError(`Cannot analyse ${objective.formula.name}: it has no parameter that could matter`);
  }
  const watch = (stage: string) => ({
    signal,
    progress: (done: number, total: number) => onProgress?.(stage, done, total),
  });
  const { parameters: live, evaluations: forLive } = await liveParameters(space, objective.outcome, base, {
    seed,
    unitDesign: spaceFilling,
    ...watch("live parameters"),
  });
  const invariances = await checkInvariances(objective, space, base, seed, signal);
  const around = await oneAtATime(space, objective.outcome, base, { seed, resamples, ...watch("curves") });
  const indices = await sobolIndices(space, objective.outcome, {
    seed,
    rows,
    secondOrder: true,
    resamples,
    unitDesign: spaceFilling,
    ...watch("Sobol indices"),
  });
  const points = spaceFillingPoints(space, tableRows, `${seed}/table`, spaceFilling);
  const { table, evaluations: forTable } = await evaluateTable(
    space,
    objective.outcome,
    points,
    watch("table"),
  );
  onProgress?.("forest", 0, 1);
  const shares = fanova(space, table, { seed });
  const pairs = space.length < 2
    ? []
    : await additiveNull(space, table, { seed, refits, ...watch("additive null") });
  return {
    live,
    invariances,
    curves: around.curves,
    base,
    base_value: around.value,
    indices,
    fanova: shares,
    pairs,
    evaluations: forLive + invariances.reduce((n, i) => n + i.evaluations, 0) + around.evaluations +
      indices.evaluations + forTable,
    detectable: typicalReach(around.curves),
  };
}

/**
 * Exact invariances that the formula's parameters are known for: the weights of path depths are normalised, so one common factor on
 * all of them must change no case. Held case by case at the defaults and at eight space-filling points.
 */
async function checkInvariances(
  objective: SplitObjective,
  space: SearchSpace,
  base: Point,
  seed: number,
  signal: AbortSignal | undefined,
): Promise<InvarianceReport[]> {
  const weights = space.map((p) => p.name).filter((name) => name.startsWith("depth_weight_"));
  if (weights.length < 2) return [];
  const points = [base, ...spaceFillingPoints(space, 8, `${seed}/invariance`, spaceFilling)];
  return [
    await checkInvariance(
      space,
      async (point) => [...await objective.values(point)],
      commonScaling(weights),
      points,
      { signal },
    ),
  ];
}

/** Median half-width of the intervals of changes along the curves, at points that change something; 0 without intervals. */
function typicalReach(curves: readonly Curve[]): number {
  const widths = curves.flatMap((curve) =>
    curve.points.flatMap(({ interval, change }) =>
      interval === undefined || change === 0 ? [] : [(interval.high - interval.low) / 2]
    )
  ).sort((a, b) => a - b);
  return widths[widths.length >> 1] ?? 0;
}
