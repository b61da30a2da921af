/** Arithmetic of bounds, where 0 and infinity meet. */

/** A product in which 0 times anything is 0: bounds may be infinite, values never are. */
export function times(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : a * b;
}

/** ln(a / b) for bounds: -Infinity where a is 0, else Infinity where b is. */
export function logRatio(a: number, b: number): number {
  return a === 0 ? -Infinity : b === 0 ? Infinity : Math.log(a) - Math.log(b);
}

/** A sum in which -Infinity, a factor that is 0, wins. */
export function addGaps(gaps: readonly number[]): number {
  return gaps.includes(-Infinity) ? -Infinity : gaps.reduce((sum, gap) => sum + gap, 0);
}
