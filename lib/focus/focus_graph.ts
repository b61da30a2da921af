/** Hops over the links of a focus world: widening a fuzzy set, and the files between two of them. */
import type { FocusWorld } from "./focus_world.ts";

/** Longest path `->` follows, in links, and how many of the strongest files of either side it starts from. */
export const PATH_HOPS_LIMIT = 6, PATH_ENDS_LIMIT = 24;

const UNREACHED = 255;

/** What lies around one node: links to each node, and the nodes that were reached, nearest first. */
interface Reach {
  readonly links: Uint8Array;
  readonly order: readonly number[];
}

/** The links of a world, read once: undirected, without loops. */
export class FocusGraph {
  readonly #links: readonly Uint32Array[];

  /** @throws {RangeError} for a neighbour that is no node of the world */
  constructor(world: FocusWorld) {
    const size = world.paths.length, links = Array.from({ length: size }, () => new Set<number>());
    for (let node = 0; node < size; node++) {
      for (const other of world.neighbours(node)) {
        if (!Number.isInteger(other) || other < 0 || other >= size) {
          throw new RangeError(
            `Bad focus world: node ${node} has neighbour ${other}, nodes are 0 to ${size - 1}`,
          );
        }
        if (other === node) continue;
        links[node]!.add(other);
        links[other]!.add(node);
      }
    }
    this.#links = links.map((set) => Uint32Array.from(set).sort());
  }

  /**
   * Every file's best weight within `hops` links, times `decay` for each link. Never below the weights given.
   *
   * Two widenings in a row are one by the sum of their hops.
   */
  widen(weights: Float64Array, hops: number, decay: number): Float64Array {
    let current = weights;
    for (let hop = 0; hop < hops; hop++) {
      const next = Float64Array.from(current);
      this.#links.forEach((links, node) => {
        const passed = current[node]! * decay;
        if (passed > 0) { for (const other of links) next[other] = Math.max(next[other]!, passed); }
      });
      current = next;
    }
    return current;
  }

  /**
   * The files on shortest paths from a file of one fuzzy set to a file of the other.
   *
   * A path of d links between a and b gives each of its files min(from[a], to[b]) * decay^max(0, d - 1), the best path
   * counts. Files in both sets keep the smaller weight, so the result is never below the intersection. Links have no
   * direction, so the two sets may change places. Paths longer than {@link PATH_HOPS_LIMIT} and ends below the
   * {@link PATH_ENDS_LIMIT} strongest (ties: the lower node) do not count.
   */
  between(from: Float64Array, to: Float64Array, decay: number): Float64Array {
    const result = from.map((weight, node) => Math.min(weight, to[node]!));
    const starts = strongest(from).map((node) => ({ node, reach: this.#reach(node) }));
    const stops = strongest(to).map((node) => ({ node, reach: this.#reach(node) }));
    for (const a of starts) {
      for (const b of stops) {
        const length = a.reach.links[b.node]!;
        if (length === UNREACHED) continue;
        const weight = Math.min(from[a.node]!, to[b.node]!) * Math.pow(decay, Math.max(0, length - 1));
        for (const node of a.reach.order) {
          const walked = a.reach.links[node]!;
          if (walked > length) break;
          if (walked + b.reach.links[node]! === length) result[node] = Math.max(result[node]!, weight);
        }
      }
    }
    return result;
  }

  #reach(start: number): Reach {
    const links = new Uint8Array(this.#links.length).fill(UNREACHED), order = [start];
    links[start] = 0;
    for (const node of order) {
      const next = links[node]! + 1;
      if (next > PATH_HOPS_LIMIT) break;
      for (const other of this.#links[node]!) {
        if (links[other] !== UNREACHED) continue;
        links[other] = next;
        order.push(other);
      }
    }
    return { links, order };
  }
}

function strongest(weights: Float64Array): number[] {
  return Array.from(weights.keys()).filter((node) => weights[node]! > 0)
    .sort((a, b) => weights[b]! - weights[a]! || a - b).slice(0, PATH_ENDS_LIMIT);
}
