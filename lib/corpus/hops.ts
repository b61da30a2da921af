/** Breadth-first distances in the undirected reference graph. */
import type { EdgeLayer } from "../records/snapshot.ts";

/** Neighbours of every file with directions forgotten. */
export function undirected(layer: EdgeLayer): readonly (readonly number[])[] {
  const n = layer.offsets.length - 1;
  const rows: Set<number>[] = Array.from({ length: n }, () => new Set());
  for (let i = 0; i < n; i++) {
    for (let e = layer.offsets[i]!; e < layer.offsets[i + 1]!; e++) {
      const j = layer.targets[e]!;
      rows[i]!.add(j);
      rows[j]!.add(i);
    }
  }
  return rows.map((row) => [...row]);
}

/** Hops from the seed: 0 for the seed, `unreached` where no path leads. Distances beyond 254 count as unreached. */
export function hopsFrom(
  neighbours: readonly Iterable<number>[],
  seed: number,
  unreached: number,
): Uint8Array {
  const hops = new Uint8Array(neighbours.length).fill(unreached);
  hops[seed] = 0;
  let frontier = [seed];
  for (let distance = 1; frontier.length > 0 && distance < unreached; distance++) {
    const next: number[] = [];
    for (const file of frontier) {
      for (const other of neighbours[file]!) {
        if (hops[other] === unreached) {
          hops[other] = distance;
          next.push(other);
        }
      }
    }
    frontier = next;
  }
  return hops;
}
