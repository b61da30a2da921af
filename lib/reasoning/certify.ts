/** Proofs that no point of the formula's space can help a failure: the formula room's certificates, asked within a small budget. */
import { certifyOrder } from "../formula/certificate.ts";
import { evaluateFormula } from "../ranker/evaluate.ts";
import type { QueryMode } from "../records/snapshot.ts";
import type { Pair, Standing } from "./effect.ts";

/** "infeasible": proven for every point of the space. "orderable": a point was found. "unknown": neither within the budget. */
export type PairVerdict = "orderable" | "infeasible" | "unknown";

/** Says of one failed pair of one case whether any point of the formula's space turns it. */
export type PairCertificate = (standing: Standing, place: number, pair: Pair) => PairVerdict;

/** Boxes a proof may bound: most proofs there are need few. */
const BOXES = 24;

/** The certificate of the formula room. Refutations on a grid alone prove nothing between its points and count as unknown. */
export function orderCertificate(mode: QueryMode, boxes: number = BOXES): PairCertificate {
  return ({ panel, formula }, place, { target, other }) => {
    const { group, own } = panel.cases[place]!;
    const input = { snapshot: group.snapshot, query: own.query };
    const found = certifyOrder(formula, [{ input, target, distractor: other }], {
      mode,
      evaluate: evaluateFormula,
      boxes,
      points: 1,
      boxes_a_point: 1,
    });
    if (found.verdict === "orderable") return "orderable";
    return found.verdict === "infeasible" && found.method === "proof" ? "infeasible" : "unknown";
  };
}

/** What certificates say of stuck failures. A failure is proven when each of its failed pairs is. */
export interface StuckProofs {
  /** failures asked about, the lowest nDCG@10 first */
  readonly checked: number;
  /** places of those that no point of the space helps in any pair */
  readonly proven: readonly number[];
  /** places of those in which some point turns some pair, though no single move does */
  readonly orderable: readonly number[];
}

/** Most failures asked about. */
const MOST_CHECKED = 6;

/** Asks about the worst of the stuck failures, pair by pair, until one pair decides against a proof. */
export function proveStuck(
  standing: Standing,
  stuck: readonly number[],
  certificate: PairCertificate,
): StuckProofs {
  const worst = stuck.toSorted((a, b) => standing.values[a]! - standing.values[b]! || a - b).slice(
    0,
    MOST_CHECKED,
  );
  const proven: number[] = [], orderable: number[] = [];
  for (const place of worst) {
    let verdict: PairVerdict = "infeasible";
    for (const pair of standing.failed[place]!) {
      verdict = certificate(standing, place, pair);
      if (verdict !== "infeasible") break;
    }
    if (standing.failed[place]!.length === 0) verdict = "unknown";
    if (verdict === "infeasible") proven.push(place);
    else if (verdict === "orderable") orderable.push(place);
  }
  return { checked: worst.length, proven, orderable };
}
