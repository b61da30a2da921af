/** Numbers as reports write them. */

/** A number with so many decimals at most. */
export const round = (x: number, digits = 3): number => Number(x.toFixed(digits));

/** A difference with its sign and three decimals; the minus is typographic. */
export const signed = (x: number): string => (x >= 0 ? "+" : "−") + Math.abs(x).toFixed(3);

/** A count with its noun: "1 case", "1,200 cases". */
export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
