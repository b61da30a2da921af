/** Positions kept in order along every axis, so that the gaps between neighbours cost no sorting. */

/** A growing list of positions in d dimensions. */
export class SortedAxes {
  readonly positions: (readonly number[])[] = [];
  readonly #orders: number[][];

  constructor(dimensions: number) {
    this.#orders = Array.from({ length: dimensions }, () => []);
  }

  /** Appends a position; equal coordinates stay in order of arrival. */
  add(position: readonly number[]): void {
    const index = this.positions.push(position) - 1;
    this.#orders.forEach((order, axis) => {
      const value = position[axis]!;
      let low = 0, high = order.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (this.positions[order[middle]!]![axis]! <= value) low = middle + 1;
        else high = middle;
      }
      order.splice(low, 0, index);
    });
  }

  /**
   * For each member the larger distance to its two neighbours among the members, in the order of `members`.
   *
   * An outermost member looks inward only; a single one looks at the ends of the range, 0 and 1.
   */
  neighbourGaps(axis: number, members: readonly number[]): Float64Array {
    const gaps = new Float64Array(members.length);
    if (members.length === 1) {
      const value = this.positions[members[0]!]![axis]!;
      return gaps.fill(Math.max(value, 1 - value));
    }
    const slots = new Int32Array(this.positions.length).fill(-1);
    members.forEach((index, slot) => slots[index] = slot);
    let previous = -1, before = 0;
    for (const index of this.#orders[axis]!) {
      const slot = slots[index]!;
      if (slot < 0) continue;
      const value = this.positions[index]![axis]!;
      if (previous >= 0) {
        gaps[slot] = value - before;
        gaps[previous] = Math.max(gaps[previous]!, value - before);
      }
      previous = slot;
      before = value;
    }
    return gaps;
  }
}
