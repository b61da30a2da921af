/** What a structure search costs before it has judged anything, so that a budget can be told from one that is too small. */
import type { Formula } from "../formula/document.ts";
import { searchSpace } from "../formula/parameters.ts";
import type { QueryMode } from "../records/snapshot.ts";
import { defaultPoint, type Point } from "../records/space.ts";
import { SCREEN_GRID, SCREEN_SHARE } from "../search/structure_search.ts";
import { structureMoves } from "../search/structure_moves.ts";
import { ascend, type AscendOptions } from "../search/tune.ts";

/** Evaluations over all train cases, about as many as it takes. */
export interface StructureCost {
  /** edits that are screened in the first round */
  readonly edits: number;
  /** tuning the formula the search starts from, at the most */
  readonly start: number;
  /** screening the edits, tuning finalists of middling size and then the winner: what a round takes before its edit is judged */
  readonly round: number;
}

/** Moves tuned on all train cases a round. */
const FINALISTS = 5;

/** What a search from a formula takes to its first judgement; its later rounds take about as much as the first. */
export function structureCost(formula: Formula, mode: QueryMode): StructureCost {
  const names = new Set(searchSpace(formula).map((p) => p.name));
  const moves = structureMoves(formula, mode).map(({ formula: next, asItStands }) => {
    const only = new Set(searchSpace(next).map((p) => p.name).filter((name) => !names.has(name)));
    return {
      screen: SCREEN_SHARE * (asItStands ? 1 : ascentCost(next, { only, sweeps: 1, grid: SCREEN_GRID })),
      finalist: ascentCost(next, { only, sweeps: 2 }),
      winner: ascentCost(next, { sweeps: 1, grid: [] }),
    };
  });
  const total = (of: (move: typeof moves[number]) => number) => moves.reduce((sum, m) => sum + of(m), 0);
  const mean = (of: (move: typeof moves[number]) => number) => total(of) / Math.max(1, moves.length);
  return {
    edits: moves.length,
    start: ascentCost(formula, { sweeps: 3 }),
    round: Math.ceil(total((m) => m.screen) + FINALISTS * mean((m) => m.finalist) + mean((m) => m.winner)),
  };
}

/** What an ascent costs that finds something better in the middle of whatever it tries: no pass is its last, no step leaves the range. */
function ascentCost(formula: Formula, how: AscendOptions): number {
  const space = searchSpace(formula);
  let best = 0;
  const scores = (points: readonly Point[]) =>
    points.map((_, i) => i === Math.floor(points.length / 2) ? ++best : 0);
  return ascend(scores, space, defaultPoint(space), how).evaluations;
}
