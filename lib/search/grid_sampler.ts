/** Grid search that fits its budget: never more levels than can be paid for, never a list of all points. */
import { randomIndex, type RandomSource } from "../base/random.ts";
import type { SearchMethod } from "./search_method.ts";
import type { UnitCube } from "./unit_cube.ts";

/**
 * Chooses how many levels each axis gets so that their product is at most `budget`.
 *
 * Levels are handed out one at a time to the axis that has fewest, in axis order from `first` on (circularly), while the
 * product fits and the axis has values left. With a budget below 2^d some axes keep a single level, their default.
 * Example: budget 20 over three continuous axes gives [3, 3, 2].
 */
export function gridLevels(cube: UnitCube, budget: number, first = 0): number[] {
  const levels = new Array<number>(cube.dimensions).fill(1);
  const order = levels.map((_, i) => (first + i) % levels.length);
  for (let raised = true; raised;) {
    raised = false;
    const fewest = order.toSorted((a, b) => levels[a]! - levels[b]!);
    for (const axis of fewest) {
      const product = levels.reduce((p, n) => p * n, 1) / levels[axis]! * (levels[axis]! + 1);
      if (levels[axis]! + 1 > cube.levels(axis) || product > budget) continue;
      levels[axis]!++;
      raised = true;
      break;
    }
  }
  return levels;
}

/**
 * Visits a budgeted grid in a seeded order.
 *
 * An axis with n >= 2 levels has them from one end of its range to the other; an axis with one level stays at `home`, the
 * position of the default. The order is a full-cycle permutation of the grid's index, so an interrupted grid is no corner of
 * it, and nothing is materialised. A finished grid is followed by another that begins to hand out levels at the first axis
 * the last one left at home.
 */
export function gridSearch(
  cube: UnitCube,
  random: RandomSource,
  options: { budget: number; home: readonly number[] },
): SearchMethod {
  const { budget, home } = options;
  let first = 0, levels: number[] = [], size = 0, index = 0, stride = 1, visited = 0;

  function open(): void {
    if (levels.length > 0) {
      first = (first + Math.max(1, levels.filter((n) => n > 1).length)) % cube.dimensions;
    }
    levels = gridLevels(cube, Math.max(2, budget), first);
    size = levels.reduce((p, n) => p * n, 1);
    visited = 0;
    index = randomIndex(random, size);
    // A stride coprime to the size meets every index once.
    do stride = 1 + randomIndex(random, size); while (commonDivisor(stride, size) !== 1);
  }

  return {
    propose() {
      if (visited === size) open();
      visited++;
      index = (index + stride) % size;
      let rest = index;
      const position = levels.map((n, axis) => {
        const digit = rest % n;
        rest = Math.floor(rest / n);
        return n === 1 ? home[axis]! : digit / (n - 1);
      });
      return { position };
    },
    observe() {},
  };
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
