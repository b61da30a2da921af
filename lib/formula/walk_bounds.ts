/**
 * Sound bounds of a walk over ranges of its coordinates.
 *
 * Before normalisation a walk's value is a sum over restart groups, linear in their weights and rising with alpha, since no path
 * contributes less when edges are followed more often. A value, and the ratio of two, is then a ratio of two such sums: in each weight it
 * only rises or only falls, so its extremes lie at corners of the weights, and the ends of alpha bound its two sums.
 */
import { DEPTH_COORDINATES } from "../signals/signal.ts";
import { corners, exactly, type Interval } from "./box.ts";
import { logRatio } from "./box_arithmetic.ts";
import type { ResolvedNode } from "./document.ts";
import { RESTART_GROUPS, type Scene } from "./scene.ts";

/** Relative slack of walk values: power iteration stops at 1e-12, and twins differ in their last digits. */
export const WALK_SLACK = 1e-9;

/** Ranges of a walk's coordinates, by name. */
export type WalkRanges = ReadonlyMap<string, Interval>;

/** Range of a walk's value at a file. While shares are open, only a file's own restarts and the number of files are known. */
export function boundWalk(scene: Scene, node: ResolvedNode, at: WalkRanges, file: number): Interval {
  const alpha = at.get("alpha")!,
    n = scene.files,
    shares = fixedShares(at),
    weights = weightCorners(scene, at);
  if (!shares) {
    const groups = scene.groups();
    const own = weights.map((w) => w[groups[file]!]! / groups.reduce((sum, g) => sum + w[g]!, 0));
    return { low: n * (1 - alpha.high) * Math.min(...own) * (1 - WALK_SLACK), high: n * (1 + WALK_SLACK) };
  }
  const least = scene.responses(node, alpha.low, shares), most = scene.responses(node, alpha.high, shares);
  const lows = weights.map((w) =>
    weigh(w, (g) => least.columns[g]![file]!) / weigh(w, (g) => most.totals[g]!)
  );
  const highs = weights.map((w) =>
    weigh(w, (g) => most.columns[g]![file]!) / weigh(w, (g) => least.totals[g]!)
  );
  return {
    low: n * Math.min(...lows) * (1 - WALK_SLACK),
    high: n * Math.min(1, Math.max(...highs)) * (1 + WALK_SLACK),
  };
}

/** The most that the logarithm of a's value over b's can be; Infinity while shares are open and nothing else is known. */
export function boundWalkGap(
  scene: Scene,
  node: ResolvedNode,
  at: WalkRanges,
  a: number,
  b: number,
): number {
  if (scene.areTwins(node, a, b)) return 2 * WALK_SLACK;
  const shares = fixedShares(at), alpha = at.get("alpha")!;
  if (!shares) return logRatio(boundWalk(scene, node, at, a).high, boundWalk(scene, node, at, b).low);
  const most = scene.responses(node, alpha.high, shares), least = scene.responses(node, alpha.low, shares);
  // The normalisation is the same for both files and cancels.
  const gaps = weightCorners(scene, at).map((w) =>
    logRatio(weigh(w, (g) => most.columns[g]![a]!), weigh(w, (g) => least.columns[g]![b]!))
  );
  return Math.max(...gaps) + 2 * WALK_SLACK;
}

/** A walk's shares where they are all fixed. */
function fixedShares(at: WalkRanges): Record<string, number> | undefined {
  const others = new Set<string>(["alpha", "chat_multiplier", ...DEPTH_COORDINATES]);
  const shares = [...at].filter(([place]) => !others.has(place));
  if (shares.some(([, r]) => r.low < r.high)) return undefined;
  return Object.fromEntries(shares.map(([place, r]) => [place, r.low]));
}

/** Weight of each restart group at every corner of the weights' ranges; of classes without files one corner is enough. */
function weightCorners(scene: Scene, at: WalkRanges): number[][] {
  const present = new Set(scene.groups());
  const ranges = DEPTH_COORDINATES.map((place, c): [string, Interval] => {
    const range = at.get(place)!;
    return [place, present.has(c) || present.has(c + 4) ? range : exactly(range.low)];
  });
  return [...corners([...ranges, ["chat_multiplier", at.get("chat_multiplier")!]])].map((corner) =>
    Array.from(
      { length: RESTART_GROUPS },
      (_, g) => corner[DEPTH_COORDINATES[g % 4]!]! * (g >= 4 ? corner["chat_multiplier"]! : 1),
    )
  );
}

function weigh(weights: readonly number[], of: (group: number) => number): number {
  return weights.reduce((sum, w, g) => sum + w * of(g), 0);
}
