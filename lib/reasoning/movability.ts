/** Which failures a move could fix at all, so that no question is wasted on the others. */
import { searchSpace } from "../formula/parameters.ts";
import { effectOf, type Pair, type Standing } from "./effect.ts";
import type { PanelCase } from "./panel.ts";
import type { Vote } from "./gradient.ts";

/** Whether any point at all ranks every pair the right way; "unknown" where nothing proves it either way. */
export type JointVerdict = "feasible" | "infeasible" | "unknown";

/** A proof about pairs of cases under a formula, over all points at once. The formula room's certificates fit in here. */
export type JointCertificate = (
  standing: Standing,
  pairs: readonly { readonly place: number; readonly pair: Pair }[],
) => JointVerdict;

/** What single moves can do for the failures of a panel. */
export interface Movability {
  /** by case place: most nDCG@10 that one measured move adds to the case, at least 0 */
  readonly best_gain: Float64Array;
  /** by case place: whether some measured move turns one of its failed pairs or raises its score */
  readonly movable: readonly boolean[];
  /** places of failed cases that no measured move helps */
  readonly stuck: readonly number[];
  /** of the stuck, as a certificate proves it; "unknown" without one */
  readonly joint: JointVerdict;
  readonly case_evaluations: number;
}

/**
 * Judges every failed case of a panel by the votes and by each parameter at both ends of its range.
 *
 * "Stuck" speaks of single moves on this scan: a joint move may still help unless the certificate says "infeasible".
 */
export function judgeMovability(
  standing: Standing,
  votes: readonly Vote[],
  isFailed: (c: PanelCase) => boolean,
  certificate: JointCertificate = () => "unknown",
): Movability {
  const { panel } = standing;
  const best_gain = new Float64Array(panel.size), movable = new Array<boolean>(panel.size).fill(false);
  let asked = 0;
  const take = (gains: Float64Array, turned: Uint16Array) => {
    for (let i = 0; i < panel.size; i++) {
      if (gains[i]! > best_gain[i]!) best_gain[i] = gains[i]!;
      if (gains[i]! > 0 || turned[i]! > 0) movable[i] = true;
    }
  };
  for (const { effect } of votes) take(effect.gains, effect.turned);
  const lively = new Set(votes.map((vote) => vote.param));
  for (const p of searchSpace(standing.formula)) {
    if (!lively.has(p.name)) continue;
    for (const end of [p.low, p.high]) {
      if (end === standing.point[p.name]) continue;
      const { gains, turned } = effectOf(standing, standing.formula, { ...standing.point, [p.name]: end });
      asked += panel.size;
      take(gains, turned);
    }
  }
  const stuck = panel.cases.filter((c) => isFailed(c) && !movable[c.place]).map((c) => c.place);
  const pairs = stuck.flatMap((place) => standing.failed[place]!.map((pair) => ({ place, pair })));
  return {
    best_gain,
    movable,
    stuck,
    joint: pairs.length === 0 ? "unknown" : certificate(standing, pairs),
    case_evaluations: asked,
  };
}
