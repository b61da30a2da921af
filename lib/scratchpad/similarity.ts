/** How alike two wordings of an insight are, and when they are one claim. Wrong merging is worse than none: it guards first. */
import { type Claim, readClaim } from "./claim.ts";

/** Similarity from which two wordings that pass the guards are one claim. */
export const SAME_CLAIM = 0.5;

/** The same when both speak of the same two or more parameters: the parameters carry most of the claim. */
export const SAME_CLAIM_INTERACTION = 0.3;

/**
 * Similarity of two claims in [0, 1].
 *
 * 0 whenever they differ in parameters, in the direction of any of them ("high α" against "low α", or one that says a direction
 * and one that does not), in a number, in negation or in polarity. Otherwise the Jaccard index of their content words; 1 when
 * neither has any. Symmetric; 1 for a claim and itself.
 */
export function claimSimilarity(a: Claim, b: Claim): number {
  const guards = ["params", "directions", "freeDirections", "polarity", "numbers"] as const;
  if (a.negated !== b.negated || guards.some((guard) => !equal(a[guard], b[guard]))) return 0;
  const other = new Set(b.words);
  const shared = a.words.filter((word) => other.has(word)).length;
  const all = a.words.length + b.words.length - shared;
  return all === 0 ? 1 : shared / all;
}

/** {@link claimSimilarity} of two texts over a space's parameter names. */
export function textSimilarity(a: string, b: string, params: readonly string[]): number {
  return claimSimilarity(readClaim(a, params), readClaim(b, params));
}

/** Whether two claims are one, said twice. */
export function isSameClaim(a: Claim, b: Claim): boolean {
  return claimSimilarity(a, b) >= (a.params.length >= 2 ? SAME_CLAIM_INTERACTION : SAME_CLAIM);
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
