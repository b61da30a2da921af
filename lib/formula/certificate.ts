/** Expressivity certificates: can any point of a formula's space put these files above those, and if not, which of them clash? */
import { randomIndex, randomStream, shuffled } from "../base/random.ts";
import { fromUnit, type Point, type SearchSpace } from "../records/space.ts";
import type { QueryMode } from "../records/snapshot.ts";
import type { SignalInput } from "../signals/signal.ts";
import { type Box, fixIn, fullBox } from "./box.ts";
import { type Formula, type ResolvedNode, resolveNodes } from "./document.ts";
import { orderDraws } from "./order_draws.ts";
import { type OrderProblem, type ScenePair, searchOrder } from "./order_search.ts";
import { searchSpace } from "./parameters.ts";
import { linearParameters } from "./relaxation.ts";
import { Scene } from "./scene.ts";

/** One wish: on this query the target file is to score higher than the distractor. Both are positions in the snapshot. */
export interface PairConstraint {
  readonly input: SignalInput;
  readonly target: number;
  readonly distractor: number;
}

/** The reference evaluation (`ranker/evaluate.ts`), handed in because the ranker stands above this room. */
export type Evaluate = (
  formula: Formula,
  point: Point,
  input: SignalInput,
  mode: QueryMode,
) => ReadonlyMap<string, Float64Array>;

/** How hard to look. */
export interface CertificateOptions {
  readonly mode: QueryMode;
  readonly evaluate: Evaluate;
  /** by what factor over 1 the target must win; far above rounding. Default 1e-6 */
  readonly margin?: number;
  /** boxes bounded in the proof. Default 200 */
  readonly boxes?: number;
  /** points of the grid over the parameters that are not linear. Default 32 */
  readonly points?: number;
  /** boxes bounded at each point of the grid. Default 20 */
  readonly boxes_a_point?: number;
  /** points drawn from the whole space that a verdict of the grid has to survive. Default 0 */
  readonly draws?: number;
  /** of the grid's Latin hypercube and the draws. Default 0 */
  readonly seed?: number | string;
}

/** The parameters a grid ran over and how many points it had; the rest was treated whole at each of them. */
export interface Resolution {
  readonly points: number;
  readonly parameters: readonly string[];
  /** points of the whole space that were tried besides; absent: none */
  readonly draws?: number;
}

/**
 * What is known of a set of pairs.
 *
 * "orderable": `witness` orders every pair, and the reference evaluation says so. "infeasible": no point does; `core` are positions
 * of pairs that clash already among themselves, and `method` says how that is known. "proof": sound bounds cover the whole space.
 * "grid": at every point of a grid over the parameters that are not linear, sound bounds rule out all values of the others, and no point
 * drawn from the whole space orders the pairs; between the points nothing is known. "undetermined": neither was found within the budget.
 */
export type Certificate =
  | {
    readonly verdict: "orderable";
    readonly witness: Point;
    readonly margin: number;
    readonly boxes: number;
  }
  | {
    readonly verdict: "infeasible";
    readonly method: "proof" | "grid";
    readonly core: readonly number[];
    /** "witnessed": without any one pair of the core a point orders the rest; "method": without it this method no longer refutes */
    readonly irreducible: "witnessed" | "method";
    /** where one inequality refutes the core: shares of its pairs whose mean gap never reaches what is needed */
    readonly shares?: readonly number[];
    readonly resolution?: Resolution;
    readonly margin: number;
    readonly boxes: number;
  }
  | {
    readonly verdict: "undetermined";
    readonly resolution: Resolution;
    readonly margin: number;
    readonly boxes: number;
  };

/**
 * Decides whether one point of a formula's space orders all pairs at once.
 *
 * First by branch and bound over the whole space, then over a grid of the parameters that do not enter linearly. An infeasible set is
 * thinned by deletion: a pair without which the rest is still refuted is dropped, so the core is irreducible, not smallest.
 * An empty list is orderable by every point. Bounds are computed in floating point; the margin stands for what rounding may hide.
 * @throws {RangeError} for a pair outside its snapshot, of a file with itself, or with the seed, which is never ranked
 */
export function certifyOrder(
  formula: Formula,
  pairs: readonly PairConstraint[],
  options: CertificateOptions,
): Certificate {
  const { mode, evaluate, margin = 1e-6, boxes = 200 } = options;
  const root = resolveNodes(formula), space = searchSpace(formula);
  const staged = stage(pairs, mode);
  const problem: OrderProblem = {
    root,
    space,
    linear: linearParameters(root),
    margin,
    orders: (point, some) => ordersAll(formula, root, point, some, mode, evaluate, margin),
  };
  const whole = fullBox(space);
  let spent = 0;
  const prove = (some: readonly ScenePair[]) => {
    const outcome = searchOrder(problem, some, whole, boxes);
    spent += outcome.boxes;
    return outcome;
  };
  const first = prove(staged);
  if (first.end === "ordered") return { verdict: "orderable", witness: first.point, margin, boxes: spent };
  if (first.end === "refuted") {
    const { core, witnessed } = thin(staged, prove);
    const last = prove(core.map((p) => staged[p]!));
    return {
      verdict: "infeasible",
      method: "proof",
      core,
      irreducible: witnessed ? "witnessed" : "method",
      ...(last.end === "refuted" && last.shares ? { shares: last.shares } : {}),
      margin,
      boxes: spent,
    };
  }
  const grid = gridOf(problem, whole, options);
  const drawn = orderDraws(problem, options.draws ?? 0, options.seed ?? 0);
  const walk = (some: readonly ScenePair[]) => {
    let open = false;
    for (const cell of grid.cells) {
      const outcome = searchOrder(problem, some, cell, options.boxes_a_point ?? 20);
      spent += outcome.boxes;
      if (outcome.end === "ordered") return outcome;
      open ||= outcome.end === "open";
    }
    const point = drawn(some);
    if (point) return { end: "ordered" as const, point, boxes: 0 };
    return { end: open ? "open" as const : "refuted" as const, boxes: 0 };
  };
  const { resolution } = grid, outcome = walk(staged);
  if (outcome.end === "ordered") {
    return { verdict: "orderable", witness: outcome.point, margin, boxes: spent };
  }
  if (outcome.end === "open") return { verdict: "undetermined", resolution, margin, boxes: spent };
  const { core, witnessed } = thin(staged, walk);
  const irreducible = witnessed ? "witnessed" : "method";
  return { verdict: "infeasible", method: "grid", core, irreducible, resolution, margin, boxes: spent };
}

function stage(pairs: readonly PairConstraint[], mode: QueryMode): ScenePair[] {
  const scenes = new Map<SignalInput["query"], Scene>();
  return pairs.map(({ input, target, distractor }, p) => {
    const n = input.snapshot.files.length;
    for (const file of [target, distractor]) {
      if (!Number.isInteger(file) || file < 0 || file >= n || file === input.query.seed) {
        throw new RangeError(
          `Cannot order pair ${p}: file ${file} is wanted in 0..${
            n - 1
          } and not the seed ${input.query.seed}`,
        );
      }
    }
    if (target === distractor) {
      throw new RangeError(`Cannot order pair ${p}: file ${target} is both target and distractor`);
    }
    let scene = scenes.get(input.query);
    if (!scene) scenes.set(input.query, scene = new Scene(input, mode));
    return { scene, target, distractor };
  });
}

function ordersAll(
  formula: Formula,
  root: ResolvedNode,
  point: Point,
  pairs: readonly ScenePair[],
  mode: QueryMode,
  evaluate: Evaluate,
  margin: number,
): boolean {
  for (const [scene, some] of Map.groupBy(pairs, (pair) => pair.scene)) {
    const scores = evaluate(formula, point, scene.input, mode).get(root.id)!;
    if (!some.every(({ target, distractor }) => scores[target]! > scores[distractor]! * (1 + margin))) {
      return false;
    }
  }
  return true;
}

/** Drops pairs one by one while the rest is still refuted. */
function thin(
  pairs: readonly ScenePair[],
  decide: (some: readonly ScenePair[]) => { readonly end: "ordered" | "refuted" | "open" },
): { core: number[]; witnessed: boolean } {
  let core = pairs.map((_, p) => p), witnessed = true;
  for (const p of [...core]) {
    const rest = core.filter((other) => other !== p);
    const { end } = rest.length === 0
      ? { end: "ordered" as const }
      : decide(rest.map((other) => pairs[other]!));
    if (end === "refuted") core = rest;
    else if (end === "open") witnessed = false;
  }
  return { core, witnessed };
}

/** Cells that fix every parameter that is not linear: a Latin hypercube, and the defaults. */
function gridOf(
  { space, linear }: OrderProblem,
  whole: Box,
  options: CertificateOptions,
): { cells: Box[]; resolution: Resolution } {
  const curved: SearchSpace = space.filter((p) => !linear.has(p.name));
  const points = Math.max(1, options.points ?? 32) - 1;
  const random = randomStream(options.seed ?? 0, "formula/certificate");
  const strata = curved.map(() => shuffled(random, Array.from({ length: points }, (_, i) => i)));
  const jitter = 1024;
  const cells = Array.from({ length: points }, (_, i) =>
    fixIn(
      whole,
      Object.fromEntries(curved.map((p, j) => [
        p.name,
        fromUnit(p, (strata[j]![i]! + (randomIndex(random, jitter) + 0.5) / jitter) / points),
      ])),
    ));
  cells.unshift(fixIn(whole, Object.fromEntries(curved.map((p) => [p.name, p.default]))));
  const resolution = { points: cells.length, parameters: curved.map((p) => p.name) };
  return { cells, resolution: options.draws ? { ...resolution, draws: options.draws } : resolution };
}
