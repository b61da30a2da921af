/** Points of the whole space drawn at random: what a verdict that is no proof has to survive. */
import { randomStream } from "../base/random.ts";
import { fromUnit, type Point } from "../records/space.ts";
import type { OrderProblem, ScenePair } from "./order_search.ts";

/**
 * Gives a search among points drawn once: the first that orders all of some pairs by the reference evaluation, undefined where none does.
 *
 * What a point does to a pair is evaluated when it is first asked and kept, so that subsets of the pairs cost little more than all of them.
 * @param draws how many points; 0 finds nothing
 */
export function orderDraws(
  { space, orders }: OrderProblem,
  draws: number,
  seed: number | string,
): (pairs: readonly ScenePair[]) => Point | undefined {
  const random = randomStream(seed, "formula/certificate/draws");
  const points = Array.from(
    { length: draws },
    () => Object.fromEntries(space.map((p) => [p.name, fromUnit(p, random())])),
  );
  const known = points.map(() => new Map<ScenePair, boolean>());
  const ordersOne = (i: number, pair: ScenePair): boolean => {
    let holds = known[i]!.get(pair);
    if (holds === undefined) known[i]!.set(pair, holds = orders(points[i]!, [pair]));
    return holds;
  };
  return (pairs) => points.find((_, i) => pairs.every((pair) => ordersOne(i, pair)));
}
