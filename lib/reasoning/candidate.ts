/** From a checked proposal to the formula and point it asks for. */
import { carryPoint } from "../formula/carry.ts";
import type { Formula } from "../formula/document.ts";
import { applyEdits } from "../formula/edits.ts";
import { formulaHash } from "../formula/formula_hash.ts";
import { searchSpace } from "../formula/parameters.ts";
import type { Proposal } from "../records/proposal.ts";
import { parsePoint, type Point, pointHash, stepParameter } from "../records/space.ts";

/** A formula at a point, with the formula's hash. */
export interface Candidate {
  readonly formula: Formula;
  readonly hash: string;
  readonly point: Point;
}

/** Pairs a formula with a point of it. @throws {RangeError} when the point is not of the formula's space */
export function candidateOf(formula: Formula, point: Point): Candidate {
  return { formula, hash: formulaHash(formula), point: parsePoint(searchSpace(formula), point) };
}

/**
 * Applies a proposal: its steps in the incumbent's space first, then its edits, over which the moved point is carried.
 *
 * @param name what an edited formula is called
 * @returns undefined when the proposal leaves formula and point as they are
 * @throws {EditError} for edits that do not apply
 */
export function applyProposal(incumbent: Candidate, proposal: Proposal, name: string): Candidate | undefined {
  const space = new Map(searchSpace(incumbent.formula).map((p) => [p.name, p]));
  const moved: Record<string, number> = { ...incumbent.point };
  for (const { param, direction, magnitude } of proposal.changes) {
    const spec = space.get(param);
    if (spec === undefined) throw new RangeError(`Cannot move ${param}: the formula has no such parameter`);
    moved[param] = stepParameter(spec, moved[param]!, direction, magnitude);
  }
  let { formula } = incumbent;
  let point: Point = moved;
  if (proposal.structural_edits !== null) {
    formula = applyEdits(incumbent.formula, proposal.structural_edits.edits, {
      name,
      description: `${incumbent.formula.name}, edited`,
    });
    point = carryPoint(incumbent.formula, formula, moved);
  }
  const candidate = candidateOf(formula, point);
  const same = candidate.hash === incumbent.hash && pointHash(candidate.point) === pointHash(incumbent.point);
  return same ? undefined : candidate;
}
