/**
 * Searching structure and parameters together: greedy, on train cases; every accepted edit is confirmed on selection cases.
 *
 * A round screens all moves on a part of the train commits with only their new numbers tuned (those of another combinator, and of two
 * boosts made one, as they start), tunes those of the few best on all of train,
 * the winner as a whole, and puts it to selection: it is kept if its paired interval there lies above zero. An edit that is merely better
 * there stays on probation: up to MOST_TOGETHER edits are judged as one, since several small gains may show where none does alone. Moves
 * that drop a term are kept when they cost nothing on train and selection does not object, so formulas stay small.
 */
import { randomStream } from "../base/random.ts";
import { Arena } from "../engine/arena.ts";
import { Engine } from "../engine/engine.ts";
import { amongNeverCochanged } from "../engine/never_cochanged.ts";
import { neutralPoint } from "../formula/carry.ts";
import type { Formula } from "../formula/document.ts";
import { searchSpace } from "../formula/parameters.ts";
import { bootstrapDifference, type CaseScore, type Interval } from "../metrics/mod.ts";
import type { Point } from "../records/space.ts";
import type { RecordedAscents } from "./recorded_ascents.ts";
import type { Move } from "./structure_move.ts";
import { structureMoves } from "./structure_moves.ts";
import { ascend } from "./tune.ts";

/** What the search works with. */
export interface StructureOptions {
  readonly train: Arena;
  readonly selection: Arena;
  readonly start: Formula;
  readonly point: Point;
  /** score evaluations over the train cases; screening on a part counts by that part */
  readonly budget: number;
  readonly seed: number;
  /** rounds at most; default 20 */
  readonly rounds?: number;
  /** moves tuned on all train cases a round; default 5 */
  readonly finalists?: number;
  /** rejections without an acceptance between that end the search; default 8 */
  readonly patience?: number;
  /** where ascents are kept, so that a search that is stopped can go on; default: nowhere */
  readonly ascents?: RecordedAscents;
  readonly signal?: AbortSignal;
  readonly onStep?: (step: StructureStep, spent: number) => void;
  readonly onProgress?: (what: string, done: number, total: number) => void;
}

/** One judged round. */
export interface StructureStep {
  readonly round: number;
  readonly move: string;
  readonly edits: Move["edits"];
  /** "pending": better on selection, but not beyond doubt, so the next edit is tried on top and both are judged together */
  readonly decision: "accepted" | "pending" | "rejected";
  /** train mean before and after this edit */
  readonly train: readonly [number, number];
  /** paired difference on selection cases from the formula last accepted, pending edits included */
  readonly selection: Interval;
  readonly formula: Formula;
  readonly point: Point;
}

/** A formula, tuned, with its train mean. */
interface Stand {
  readonly formula: Formula;
  readonly point: Point;
  readonly value: number;
}

/** Where the search ended, and how it got there. */
export interface StructureResult {
  readonly formula: Formula;
  readonly point: Point;
  readonly steps: readonly StructureStep[];
  /** train evaluations spent, in whole passes over the train cases */
  readonly spent: number;
}

/** Share of train commits moves are screened on. */
export const SCREEN_SHARE = 0.35;
/** A term that costs less than this on train when dropped is not worth its place. */
const SIMPLER = 3e-4;
/** Edits judged together at most. */
const MOST_TOGETHER = 3;
/** Positions a new number is screened at. */
export const SCREEN_GRID = [0.1, 0.3, 0.5, 0.7, 0.9];

/** Runs the search. @throws {RangeError} when the arenas are not exactly of the train and the selection split */
export async function searchStructure(options: StructureOptions): Promise<StructureResult> {
  const { train, selection, seed, budget, rounds = 20, finalists = 5, patience = 8, signal } = options;
  requireSplit(train, "train");
  requireSplit(selection, "selection");
  const random = randomStream(seed, "structure/screen");
  const screened = new Set(train.groups.filter(() => random() < SCREEN_SHARE).map((g) => g.snapshot.commit));
  const screen = train.subset((g) => screened.has(g.snapshot.commit));
  const share = screen.cases.length / train.cases.length;
  let spent = 0;
  const left = () => Math.max(0, Math.floor(budget - spent));
  const tune = (arena: Arena, formula: Formula, point: Point, extra: Parameters<typeof ascend>[3]) => {
    const cost = arena === train ? 1 : share;
    const how = { ...extra, budget: Math.max(1, left() / cost) };
    const make = () => {
      using engine = engineFor(arena, formula);
      return ascend((points) => engine.means(points), searchSpace(formula), point, {
        ...how,
        ...(signal ? { signal } : {}),
      });
    };
    const only = how.only ? [...how.only] : null;
    const result =
      options.ascents?.of({ on: arena === train ? "train" : "screen", formula, point, ...how, only }, make) ??
        make();
    spent += result.evaluations * cost;
    return result;
  };

  let kept: Stand = { formula: options.start, ...tune(train, options.start, options.point, { sweeps: 3 }) };
  let pending: { readonly move: string; readonly stand: Stand }[] = [];
  let refusals = 0;
  const steps: StructureStep[] = [];
  const failed = new Set<string>();
  for (let round = 1; round <= rounds && left() > 0; round++) {
    // Engines give their memory back, and signals are heard, when the event loop turns.
    await new Promise((resolve) => setTimeout(resolve));
    signal?.throwIfAborted();
    const { formula, point, value } = pending.at(-1)?.stand ?? kept;
    const base = meanOf(screen, formula, point);
    const moves = structureMoves(formula, train.mode).filter((m) => !failed.has(m.name));
    const ranked: { move: Move; formula: Formula; point: Point; gain: number; fresh: ReadonlySet<string> }[] =
      [];
    for (const [i, move] of moves.entries()) {
      options.onProgress?.(`round ${round}: screening moves`, i, moves.length);
      signal?.throwIfAborted();
      if (left() === 0) break;
      const fresh = freshOf(move, formula);
      const result = tune(screen, move.formula, startOf(move, formula, point), {
        only: move.asItStands ? new Set() : fresh,
        sweeps: 1,
        grid: SCREEN_GRID,
      });
      ranked.push({ move, formula: move.formula, point: result.point, gain: result.value - base, fresh });
    }
    ranked.sort((a, b) => b.gain - a.gain || (a.move.name < b.move.name ? -1 : 1));
    // Finalists have their new numbers tuned on all train cases; only the winner is then tuned as a whole, from where it stands.
    const tuned = ranked.slice(0, finalists).filter((r) => r.gain > -SIMPLER).map((r) => ({
      ...r,
      ...tune(train, r.formula, r.point, { only: r.fresh, sweeps: 2 }),
    }));
    const simpler = ranked.filter((r) => r.move.kind === "drop" && r.gain > -SIMPLER)[0];
    tuned.sort((a, b) => b.value - a.value);
    const best = tuned[0] ?? simpler;
    if (!best && pending.length === 0) break;
    if (!best) {
      failed.add(pending[0]!.move);
      pending = [];
      continue;
    }
    const chosen = tuned[0] && tuned[0].value > value + SIMPLER ? tuned[0] : simpler ?? best;
    const winner = { ...chosen, ...tune(train, chosen.formula, chosen.point, { sweeps: 1, grid: [] }) };
    if (left() === 0) break;
    const drop = winner.move.kind === "drop";
    // Edits on probation are judged with the ones that follow, always against the formula that was last accepted.
    const difference = compareOn(selection, winner, kept, seed, round);
    const accepted = drop && pending.length === 0
      ? winner.value >= value - SIMPLER && difference.high > 0
      : difference.low > 0;
    const promising = difference.estimate > 0 && winner.value > value + SIMPLER &&
      pending.length + 1 < MOST_TOGETHER;
    const decision = accepted ? "accepted" : promising ? "pending" : "rejected";
    const step: StructureStep = {
      round,
      move: winner.move.name,
      edits: winner.move.edits,
      decision,
      train: [value, winner.value],
      selection: difference,
      formula: winner.formula,
      point: winner.point,
    };
    steps.push(step);
    options.onStep?.(step, spent);
    const stand = { formula: winner.formula, point: winner.point, value: winner.value };
    if (decision === "accepted") {
      kept = stand;
      pending = [];
      failed.clear();
      refusals = 0;
    } else if (decision === "pending") {
      pending = [...pending, { move: step.move, stand }];
    } else {
      failed.add(pending[0]?.move ?? step.move);
      pending = [];
      if (++refusals >= patience) break;
    }
  }
  const last = tune(train, kept.formula, kept.point, { sweeps: 2, grid: [] });
  return { formula: kept.formula, point: last.point, steps, spent };
}

/** Where a move's formula is tuned from: the point of before, with new numbers neutral unless the move says where they start. */
export function startOf({ formula, start }: Move, before: Formula, point: Point): Point {
  const neutral = neutralPoint(before, formula, point);
  const given = Object.entries(start).filter(([name]) => name in neutral);
  return {
    ...neutral,
    ...Object.fromEntries(given.map(([name, v]) => [name, typeof v === "number" ? v : point[v]!])),
  };
}

/** Parameters of a move's formula that the one before lacks, or that start over. */
export function freshOf({ formula, start }: Move, before: Formula): Set<string> {
  const known = new Set(searchSpace(before).map((p) => p.name));
  return new Set(searchSpace(formula).map((p) => p.name).filter((name) => !known.has(name) || name in start));
}

/** Paired difference of two rankers on an arena, a minus b, resampled by commit. */
export function compareOn(
  arena: Arena,
  a: { formula: Formula; point: Point },
  b: { formula: Formula; point: Point },
  seed: number,
  look: number,
): Interval {
  const scores = ({ formula, point }: { formula: Formula; point: Point }): CaseScore[] => {
    using engine = engineFor(arena, formula);
    const values = engine.evaluate(point);
    return arena.cases.map(({ case: { repo, commit, case_id } }, i) => ({
      repo,
      commit,
      case_id,
      value: values[i]!,
    }));
  };
  return bootstrapDifference(scores(a), scores(b), { seed, stream: `structure/${look}`, resamples: 2000 });
}

/** An engine for what the arena's relevant files ask: all pairs, or those that never changed together among themselves. */
export function engineFor(arena: Arena, formula: Formula): Engine {
  return new Engine(arena, arena.relevant === "all" ? formula : amongNeverCochanged(formula));
}

function meanOf(arena: Arena, formula: Formula, point: Point): number {
  using engine = engineFor(arena, formula);
  return engine.mean(point);
}

function requireSplit(arena: Arena, split: "train" | "selection"): void {
  if (arena.splits.length !== 1 || arena.splits[0] !== split) {
    throw new RangeError(
      `A structure search needs an arena of the ${split} split alone: this one holds ${
        arena.splits.join(", ")
      }`,
    );
  }
}
