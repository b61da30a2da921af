/** A layer of a snapshot as a graph to look at. */
import { DirectedGraph } from "graphology";
import type { LayerName, Snapshot } from "../records/snapshot.ts";
import type { Graph } from "./graph_layout.ts";

/** Files drawn at most. */
const MOST_NODES = 400;

/**
 * The surroundings of a file in one layer: nodes are paths, edges carry `weight`. Edges are followed either way, nearest files first,
 * until the hops or {@link MOST_NODES} files are reached; a file without edges stands alone.
 *
 * @param seed position of the file in the snapshot
 */
export function snapshotGraph(snapshot: Snapshot, layer: LayerName, seed: number, hops = 2): Graph {
  const { offsets, targets, weights } = snapshot.layers[layer];
  const edges: [from: number, to: number, weight: number][] = [];
  for (let from = 0; from < snapshot.files.length; from++) {
    for (let k = offsets[from]!; k < offsets[from + 1]!; k++) edges.push([from, targets[k]!, weights[k]!]);
  }
  const near = new Set([seed]);
  for (let hop = 0, edge = [seed]; hop < hops && edge.length > 0; hop++) {
    const reached = new Set(edge);
    const next = edges.flatMap(([a, b]) => reached.has(a) ? [b] : reached.has(b) ? [a] : [])
      .filter((file) => !near.has(file));
    edge = [...new Set(next)].slice(0, MOST_NODES - near.size);
    for (const file of edge) near.add(file);
  }
  const graph = new DirectedGraph();
  for (const file of near) graph.addNode(snapshot.files[file]!);
  for (const [from, to, weight] of edges) {
    if (near.has(from) && near.has(to)) {
      graph.mergeEdge(snapshot.files[from]!, snapshot.files[to]!, { weight });
    }
  }
  return graph as unknown as Graph;
}
