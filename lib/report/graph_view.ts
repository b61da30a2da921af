/** Graphs as pictures: a whole small graph, or the surroundings of one node. */
import { escapeHtml } from "./escape.ts";
import { type Figure, figureOfSvg } from "./figure.ts";
import {
  communities,
  type Graph,
  type Layout,
  layoutGraph,
  neighbourhood,
  type Place,
} from "./graph_layout.ts";
import { category, NEUTRAL_RULE } from "./palette.ts";
import { fitText } from "./svg.ts";
import { counted } from "./values.ts";

/** Options of {@link graphView}. */
export interface GraphOptions {
  /** What one sees. Default: counts of nodes, edges and communities. */
  alt?: string;
  title?: string;
  caption?: string;
  /** Draw only what is near this node; it is drawn larger, with a ring. */
  around?: string;
  /** How many edges away. Default 1. */
  hops?: number;
  layout?: Layout;
  /** Nodes drawn at most: the nearest, then those of highest degree. Default 60. */
  maxNodes?: number;
  /** Pixels. Default 640 × 460. */
  width?: number;
  height?: number;
}

/** Whether a value is a graphology graph (of whatever copy of the library). */
export function isGraph(value: unknown): value is Graph {
  const graph = value as Partial<Graph> | null;
  return typeof graph === "object" && graph !== null && typeof graph.forEachNode === "function" &&
    typeof graph.forEachEdge === "function" && typeof graph.order === "number";
}

/** Room for half of the longest label. */
const MARGIN = 80;

/**
 * Draws a graph. Colour is the Louvain community in the whole graph, size the degree in it, width of a line its `weight`
 * attribute (1 where there is none), an arrow the direction.
 *
 * @throws {RangeError} when `around` names no node
 */
export function graphView(graph: Graph, options: GraphOptions = {}): Figure {
  const near = options.around === undefined
    ? undefined
    : neighbourhood(graph, options.around, options.hops ?? 1);
  const maxNodes = options.maxNodes ?? 60;
  const kept = (near ? [...near.keys()] : graph.nodes())
    .sort((a, b) => (near ? near.get(a)! - near.get(b)! : 0) || graph.degree(b) - graph.degree(a))
    .slice(0, maxNodes);
  const part = induced(graph, kept);
  const group = communities(graph);
  const width = options.width ?? 640, height = options.height ?? 460;
  const margin = options.layout === "circular" ? 170 : MARGIN;
  const places = new Map(
    [...layoutGraph(part, options.layout ?? "force")].map(([node, { x, y }]) =>
      [node, { x: margin + x * (width - 2 * margin), y: 24 + y * (height - 56) }] as const
    ),
  );
  const groups = new Set(kept.map((node) => group.get(node)!)).size;
  const shown = kept.length < graph.order
    ? `${kept.length} of ${counted(graph.order, "node")}`
    : counted(kept.length, "node");
  const counts = `${shown}, ${counted(part.size, "edge")}, ${counted(groups, "community", "communities")}`;
  const where = options.around === undefined ? "Graph" : `Surroundings of ${options.around}`;
  const content = drawEdges(part, places, graph) +
    drawNodes(
      part,
      places,
      graph,
      group,
      options.around,
      options.layout === "circular" ? width / 2 : undefined,
    );
  return figureOfSvg(content, width, height, {
    alt: options.alt ?? `${where}: ${counts}`,
    title: options.title ?? where,
    caption: options.caption ?? counts,
  });
}

function induced(graph: Graph, nodes: readonly string[]): Graph {
  const part = graph.nullCopy();
  const keep = new Set(nodes);
  for (const node of nodes) part.addNode(node);
  graph.forEachEdge((_edge, attributes, source, target) => {
    if (keep.has(source) && keep.has(target) && source !== target) {
      part.mergeEdge(source, target, { weight: attributes.weight });
    }
  });
  return part;
}

const weightOf = (attributes: Record<string, unknown>) =>
  typeof attributes.weight === "number" && attributes.weight > 0 ? attributes.weight : 1;
const px = (value: number) => Math.round(value * 10) / 10;
const radius = (graph: Graph, node: string) => 4 + Math.min(9, Math.sqrt(graph.degree(node)));

function drawEdges(part: Graph, places: ReadonlyMap<string, Place>, whole: Graph): string {
  const weights = part.mapEdges((_edge, attributes) => weightOf(attributes));
  const heaviest = Math.max(...weights), same = heaviest === Math.min(...weights);
  const lines: string[] = [];
  part.forEachEdge((edge, attributes, source, target) => {
    const from = places.get(source)!, to = places.get(target)!;
    const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
    const gap = radius(whole, target) + 3;
    const end = {
      x: to.x - (to.x - from.x) / length * gap,
      y: to.y - (to.y - from.y) / length * gap,
    };
    const width = same ? 1.2 : 0.6 + 2.4 * weightOf(attributes) / heaviest;
    lines.push(
      `<line x1="${px(from.x)}" y1="${px(from.y)}" x2="${px(end.x)}" y2="${px(end.y)}" stroke-width="${
        px(width)
      }"/>`,
    );
    if (part.isDirected(edge)) lines.push(arrow(from, end, length));
  });
  return `<g stroke="${NEUTRAL_RULE}" stroke-opacity="0.7" fill="${NEUTRAL_RULE}">${lines.join("")}</g>`;
}

function arrow(from: Place, tip: Place, length: number): string {
  const ux = (tip.x - from.x) / length, uy = (tip.y - from.y) / length;
  const at = (back: number, side: number) =>
    `${px(tip.x - ux * back - uy * side)},${px(tip.y - uy * back + ux * side)}`;
  return `<polygon stroke="none" points="${at(0, 0)} ${at(6, 2.6)} ${at(6, -2.6)}"/>`;
}

function drawNodes(
  part: Graph,
  places: ReadonlyMap<string, Place>,
  whole: Graph,
  group: ReadonlyMap<string, number>,
  center: string | undefined,
  /** Middle of a circle: labels then stand outside it. */
  middleX: number | undefined,
): string {
  return part.nodes().map((node) => {
    const { x, y } = places.get(node)!, r = radius(whole, node);
    const ring = node === center
      ? `<circle cx="${px(x)}" cy="${px(y)}" r="${
        px(r + 4)
      }" fill="none" stroke="currentColor" stroke-width="2"/>`
      : "";
    const label = fitText(node, 10, 150);
    const side = middleX === undefined || Math.abs(x - middleX) < 12 ? 0 : Math.sign(x - middleX);
    const anchor = side === 0 ? "middle" : side > 0 ? "start" : "end";
    const [dx, dy] = side === 0 ? [0, r + (node === center ? 16 : 11)] : [side * (r + 4), 3.5];
    return `<g><title>${
      escapeHtml(`${node}: degree ${whole.degree(node)}, community ${group.get(node)! + 1}`)
    }</title>` +
      `${ring}<circle cx="${px(x)}" cy="${px(y)}" r="${px(r)}" fill="${category(group.get(node)!)}"/>` +
      `<text x="${px(x + dx)}" y="${px(y + dy)}" font-size="10" text-anchor="${anchor}"${
        node === center ? ' font-weight="700"' : ""
      }>${escapeHtml(label)}</text></g>`;
  }).join("");
}
