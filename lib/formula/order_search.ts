/** Branch and bound over boxes: a point that orders every pair, a proof that none does, or neither within the budget. */
import type { Point, SearchSpace } from "../records/space.ts";
import { Bounds } from "./bounds.ts";
import { type Box, fixIn, halve, middleOf, pointIn } from "./box.ts";
import type { ResolvedNode } from "./document.ts";
import { balance, combinedSlack, contradict } from "./order_program.ts";
import { relax, type Row, type Transform } from "./relaxation.ts";
import type { Scene } from "./scene.ts";

/** A pair ready to be bounded. */
export interface ScenePair {
  readonly scene: Scene;
  readonly target: number;
  readonly distractor: number;
}

/** What the search works on. */
export interface OrderProblem {
  readonly root: ResolvedNode;
  readonly space: SearchSpace;
  readonly linear: ReadonlyMap<string, Transform>;
  readonly margin: number;
  /** whether a point orders all of these pairs, by the reference evaluation */
  readonly orders: (point: Point, pairs: readonly ScenePair[]) => boolean;
}

/** How a search ended. */
export type SearchEnd =
  | { readonly end: "ordered"; readonly point: Point; readonly boxes: number }
  /** `shares` where the whole box was refuted at once */
  | { readonly end: "refuted"; readonly shares: readonly number[] | undefined; readonly boxes: number }
  | { readonly end: "open"; readonly boxes: number };

/**
 * Looks for a point of a box that orders the pairs, by halving the box until every part is refuted or a point is found.
 *
 * A part is refuted when its inequalities contradict each other. Otherwise their best compromise is tried by the reference
 * evaluation. The part is then halved along the parameter whose uncertainty loosens the inequalities most.
 * @param budget most boxes looked at
 */
export function searchOrder(
  problem: OrderProblem,
  pairs: readonly ScenePair[],
  box: Box,
  budget: number,
): SearchEnd {
  const stack: Box[] = [box];
  let boxes = 0, firstShares: readonly number[] | undefined;
  while (stack.length > 0) {
    if (boxes++ >= budget) return { end: "open", boxes: budget };
    const part = stack.pop()!;
    const rows = rowsOf(problem, pairs, part);
    const shares = contradict(rows, part, problem.linear);
    if (boxes === 1) firstShares = shares;
    if (shares) continue;
    const compromise = balance(rows, part, problem.linear);
    const point = pointIn(problem.space, part, compromise);
    if (problem.orders(point, pairs)) return { end: "ordered", point, boxes };
    const along = loosest(problem, pairs, part, rows);
    if (!along) return { end: "open", boxes };
    const [one, other] = halve(part, along);
    // The half that holds the compromise is looked at first.
    const inOther = point[along.name]! >= other.get(along.name)!.low;
    stack.push(...(inOther ? [one, other] : [other, one]));
  }
  return { end: "refuted", shares: firstShares, boxes };
}

function rowsOf(problem: OrderProblem, pairs: readonly ScenePair[], box: Box): Row[] {
  const bounds = new Map<Scene, Bounds>();
  return pairs.map(({ scene, target, distractor }) => {
    let own = bounds.get(scene);
    if (!own) bounds.set(scene, own = new Bounds(scene, box));
    return relax(problem.root, own, problem.linear, target, distractor, problem.margin);
  });
}

/** The parameter to halve along: fixing it in its middle tightens the inequalities most, pairs that are nearly refuted counting most. */
function loosest(
  { root, space, linear, margin, orders }: OrderProblem,
  pairs: readonly ScenePair[],
  box: Box,
  rows: readonly Row[],
) {
  const even = pairs.map(() => 1 / pairs.length);
  const slack = (of: readonly Row[], at: Box) => combinedSlack(of, even, at, linear);
  const before = slack(rows, box);
  let best: SearchSpace[number] | undefined, most = -Infinity;
  for (const p of space) {
    const range = box.get(p.name)!;
    if (range.low === range.high) continue;
    const width = p.scale === "log"
      ? Math.log(range.high / range.low) / Math.log(p.high / p.low)
      : (range.high - range.low) / (p.high - p.low);
    if (width < 1e-6) continue;
    const fixed = fixIn(box, { [p.name]: middleOf(p, range) });
    const after = slack(rowsOf({ root, space, linear, margin, orders }, pairs, fixed), fixed);
    // Where everything is unbounded the widest range is as good as any.
    const gain = Number.isFinite(before) ? before - after : after < Infinity ? Infinity : 0;
    if (gain > most || (gain === most && best === undefined)) [best, most] = [p, gain];
  }
  return best;
}
