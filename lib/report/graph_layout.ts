/** Where the nodes of a drawn graph stand. Deterministic: the same graph always looks the same. */
import louvainModule from "graphology-communities-louvain";
import forceAtlas2Module from "graphology-layout-forceatlas2";
import type { AbstractGraph } from "graphology-types";
import { randomStream } from "../base/random.ts";

/** A graphology graph, of whatever class. */
export type Graph = AbstractGraph;

// The packages' types describe an ES module; what arrives is the function itself.
const louvain = louvainModule as unknown as (
  graph: Graph,
  options: { rng: () => number },
) => Record<string, number>;
const forceAtlas2 = forceAtlas2Module as unknown as {
  (graph: Graph, options: { iterations: number; settings: object }): Record<string, Place>;
  inferSettings(order: number): object;
};

/** A place in a unit square, y downwards. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** How nodes are placed: by springs, or evenly round a circle in the graph's order. */
export type Layout = "force" | "circular";

const FORCE_STEPS = 200;

/** Places every node in the unit square. One node stands in the middle; an empty graph has no places. */
export function layoutGraph(graph: Graph, layout: Layout): Map<string, Place> {
  const nodes = graph.nodes();
  const round = new Map(nodes.map((node, i) => {
    const angle = 2 * Math.PI * i / Math.max(1, nodes.length);
    return [node, { x: Math.cos(angle), y: Math.sin(angle) }];
  }));
  if (layout === "circular" || nodes.length < 3) return fitSquare(round);
  const positions = graph.copy();
  positions.forEachNode((node) => positions.mergeNodeAttributes(node, round.get(node)!));
  const found = forceAtlas2(positions, {
    iterations: FORCE_STEPS,
    settings: { ...forceAtlas2.inferSettings(nodes.length), gravity: 1, scalingRatio: 10 },
  });
  return fitSquare(new Map(Object.entries(found)));
}

function fitSquare(places: ReadonlyMap<string, Place>): Map<string, Place> {
  const scaleOf = (pick: (place: Place) => number) => {
    const values = [...places.values()].map(pick);
    const low = Math.min(...values), span = Math.max(...values) - low;
    return (value: number) => span === 0 ? 0.5 : (value - low) / span;
  };
  const x = scaleOf((place) => place.x), y = scaleOf((place) => place.y);
  return new Map([...places].map(([node, place]) => [node, { x: x(place.x), y: y(place.y) }]));
}

/** The nodes within `hops` edges of a node, in either direction, with their distance. @throws {RangeError} for an unknown node */
export function neighbourhood(graph: Graph, node: string, hops: number): Map<string, number> {
  if (!graph.hasNode(node)) {
    throw new RangeError(
      `Cannot show the surroundings of "${node}": the graph of ${graph.order} nodes does not have it`,
    );
  }
  const distance = new Map([[node, 0]]);
  for (const [current, steps] of distance) {
    if (steps === hops) continue;
    for (const next of graph.neighbors(current)) {
      if (!distance.has(next)) distance.set(next, steps + 1);
    }
  }
  return distance;
}

/** Louvain communities, numbered from 0 by size (largest first, ties by first node). Direction is ignored. */
export function communities(graph: Graph): Map<string, number> {
  if (graph.order === 0) return new Map();
  const found = graph.size === 0
    ? Object.fromEntries(graph.nodes().map((node, i): [string, number] => [node, i]))
    : louvain(graph, { rng: randomStream(0, "communities") });
  const groups = Map.groupBy(graph.nodes(), (node) => found[node]!);
  const order = [...groups.values()].sort((a, b) => b.length - a.length);
  return new Map(order.flatMap((nodes, i) => nodes.map((node) => [node, i] as const)));
}
