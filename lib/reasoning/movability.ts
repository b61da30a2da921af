/** Which failures a move could fix at all, so that no question is wasted on the others. */
import { searchSpace } from "../formula/parameters.ts";
import { type PairCertificate, proveStuck, type StuckProofs } from "./certify.ts";
import { effectOf, type Standing } from "./effect.ts";
import type { PanelCase } from "./panel.ts";
import type { Vote } from "./gradient.ts";

/** What single moves can do for the failures of a panel. */
export interface Movability {
  /** by case place: most nDCG@10 that one measured move adds to the case, at least 0 */
  readonly best_gain: Float64Array;
  /** by case place: whether some measured move turns one of its failed pairs or raises its score */
  readonly movable: readonly boolean[];
  /** places of failed cases that no measured move helps */
  readonly stuck: readonly number[];
  /** what certificates say of the worst of the stuck; nothing was checked without one */
  readonly proofs: StuckProofs;
  readonly case_evaluations: number;
}

/**
 * Judges every failed case of a panel by the votes and by each parameter at both ends of its range.
 *
 * "Stuck" speaks of single moves on this scan: joint moves may still help, except where a certificate proves the contrary.
 */
export function judgeMovability(
  standing: Standing,
  votes: readonly Vote[],
  isFailed: (c: PanelCase) => boolean,
  certificate?: PairCertificate,
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
  return {
    best_gain,
    movable,
    stuck,
    proofs: certificate
      ? proveStuck(standing, stuck, certificate)
      : { checked: 0, proven: [], orderable: [] },
    case_evaluations: asked,
  };
}
