/** Linear programs over the inequalities of pairs: a proof that no point of a box orders them all, or a point that may. */
import { solve } from "yalps";
import type { Box } from "./box.ts";
import { linearRange, type Row, type Transform, untransformed } from "./relaxation.ts";

/**
 * Shares of the pairs, adding up to 1, with which their inequalities contradict each other over the box; undefined where the program
 * finds none.
 *
 * The shares come from a solver, the proof does not: {@link combinedSlack} is computed from them directly, and below 0 it says that the
 * weighted mean of the pairs' gaps stays below the mean of what they need, wherever in the box.
 */
export function contradict(
  rows: readonly Row[],
  box: Box,
  linear: ReadonlyMap<string, Transform>,
): number[] | undefined {
  const alone = rows.findIndex((row) => combinedSlack([row], [1], box, linear) < 0);
  if (alone >= 0) return rows.map((_, p) => p === alone ? 1 : 0);
  // A row that is bounded by nothing forbids nothing.
  const usable = rows.flatMap((row, p) => row.constant < Infinity ? [p] : []);
  if (usable.length < 2) return undefined;
  const names = [...new Set(usable.flatMap((p) => [...rows[p]!.coefficients.keys()]))];
  const ranges = new Map(names.map((name) => [name, linearRange(box, name, linear.get(name)!)]));
  const variables = new Map<string, Map<string, number>>();
  for (const p of usable) {
    const row = rows[p]!;
    const column = new Map<string, number>([["total", 1]]);
    let slack = row.constant - row.need;
    for (const [name, c] of row.coefficients) {
      slack += c * ranges.get(name)!.low;
      column.set(name, -c);
    }
    variables.set(`share ${p}`, column.set("slack", slack));
  }
  for (const name of names) {
    const { low, high } = ranges.get(name)!;
    variables.set(`rise ${name}`, new Map([[name, 1], ["slack", high - low]]));
  }
  const solution = solve({
    direction: "minimize" as const,
    objective: "slack",
    constraints: new Map<string, { min?: number; equal?: number }>([
      ["total", { equal: 1 }],
      ...names.map((name): [string, { min: number }] => [name, { min: 0 }]),
    ]),
    variables,
  });
  if (solution.status !== "optimal") return undefined;
  const shares = rows.map(() => 0);
  for (const [name, value] of solution.variables) {
    if (name.startsWith("share ")) shares[Number(name.slice(6))] = Math.max(0, value);
  }
  return combinedSlack(rows, shares, box, linear) < 0 ? shares : undefined;
}

/** The largest value over the box of the weighted sum of the rows' bounds, less what they need together. */
export function combinedSlack(
  rows: readonly Row[],
  shares: readonly number[],
  box: Box,
  linear: ReadonlyMap<string, Transform>,
): number {
  let slack = 0;
  const sums = new Map<string, number>();
  rows.forEach((row, p) => {
    const share = shares[p]!;
    if (share === 0) return;
    slack += share * (row.constant - row.need);
    for (const [name, c] of row.coefficients) sums.set(name, (sums.get(name) ?? 0) + share * c);
  });
  for (const [name, c] of sums) {
    const { low, high } = linearRange(box, name, linear.get(name)!);
    slack += Math.max(c * low, c * high);
  }
  return slack;
}

/** Values of the linear parameters at which the smallest slack of the rows is largest: the likeliest point to order every pair. */
export function balance(
  rows: readonly Row[],
  box: Box,
  linear: ReadonlyMap<string, Transform>,
): Map<string, number> {
  const usable = rows.filter((row) => Number.isFinite(row.constant));
  const names = [...new Set(usable.flatMap((row) => [...row.coefficients.keys()]))];
  const ranges = new Map(names.map((name) => [name, linearRange(box, name, linear.get(name)!)]));
  // The slack may be negative and the solver's variables may not: it is counted from a floor below every row.
  const floor = 1 + Math.max(
    0,
    ...usable.map((row) => {
      let least = row.constant - row.need;
      for (const [name, c] of row.coefficients) {
        least += Math.min(c * ranges.get(name)!.low, c * ranges.get(name)!.high);
      }
      return -least;
    }),
  );
  const constraints = new Map<string, { min?: number; max?: number }>();
  const variables = new Map<string, Map<string, number>>([["slack", new Map([["slack", 1]])]]);
  for (const name of names) {
    const { low, high } = ranges.get(name)!;
    variables.set(`x ${name}`, new Map([[`range ${name}`, 1]]));
    constraints.set(`range ${name}`, { max: high - low });
  }
  usable.forEach((row, p) => {
    let constant = row.constant - row.need + floor;
    for (const [name, c] of row.coefficients) {
      constant += c * ranges.get(name)!.low;
      variables.get(`x ${name}`)!.set(`row ${p}`, -c);
    }
    variables.get("slack")!.set(`row ${p}`, 1);
    constraints.set(`row ${p}`, { max: constant });
  });
  // Past a comfortable slack more of it is worth nothing, and the solver need not look for it.
  constraints.set("slack", { max: floor + 1 });
  const solution = solve({ direction: "maximize" as const, objective: "slack", constraints, variables });
  const rise = new Map(solution.variables.map(([name, value]) => [name.slice(2), value]));
  return new Map(names.map((name) => {
    const { low, high } = ranges.get(name)!;
    const x = Math.min(high, low + Math.max(0, rise.get(name) ?? 0));
    return [name, untransformed(linear.get(name)!, x)];
  }));
}
