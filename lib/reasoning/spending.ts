/** How much error each look at the selection split may cost, so that many looks together stay honest. */

/** Sum of k^-1.5 over k = 1, 2, ...: the Riemann zeta function at 1.5. */
const ZETA = 2.612375348685488;

/**
 * Level of the one-sided test of the k-th look: alpha (accepted + 1) / (zeta(1.5) k^1.5).
 *
 * The LOND rule: among the changes accepted over any number of looks, the expected share of null ones stays at most alpha when the looks
 * are independent or positively dependent. The levels of looks that accept nothing sum to alpha, however many follow; each
 * acceptance buys the later looks as much again. No single look is ever made at a level above alpha.
 * Source: Javanmard & Montanari, "On Online Control of False Discovery Rate", 2015.
 *
 * @param look 1-based number of this look at the selection split
 * @param accepted changes accepted before it
 * @throws {RangeError} for a look below 1, a negative count or an alpha outside (0, 0.5]
 */
export function lookLevel(look: number, accepted: number, alpha: number): number {
  if (!Number.isInteger(look) || look < 1 || !Number.isInteger(accepted) || accepted < 0) {
    throw new RangeError(
      `Cannot spend on look ${look} after ${accepted} acceptances: whole numbers from 1 and 0 are wanted`,
    );
  }
  if (!(alpha > 0 && alpha <= 0.5)) {
    throw new RangeError(`Cannot spend alpha ${alpha}: a number above 0 and at most 0.5 is wanted`);
  }
  return Math.min(alpha, alpha * (accepted + 1) / (ZETA * look ** 1.5));
}
