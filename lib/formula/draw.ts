/** A formula as a picture: a tree of text, a page of Markdown, or an SVG drawing. */
import type { Point } from "../records/space.ts";
import { COMBINATORS, type Formula, type ResolvedNode, resolveNodes } from "./document.ts";
import { range } from "./diff.ts";
import { searchSpace, slotsOf } from "./parameters.ts";
import { formatNumber, printFormula, signalLabel } from "./print.ts";

/** A node as it is drawn: what it is, and its numbers. */
interface Labelled {
  readonly title: string;
  readonly note: string;
}

function labelNode(node: ResolvedNode, point: Point | undefined): Labelled {
  const what = node.signal ? signalLabel(node) : node.node.op;
  const numbers = slotsOf(node).map(({ place, binding }) => {
    if (typeof binding === "number") return `${place}=${formatNumber(binding)}`;
    const value = point?.[binding.param];
    return value === undefined ? `${place}:${binding.param}` : `${place}=${formatNumber(value)}`;
  });
  const title = node.id === what || node.id === node.signal?.name ? what : `${node.id}: ${what}`;
  return { title, note: numbers.join("  ") };
}

/** The formula as lines of text, a node a line under its parent. With a point, parameters stand as their values. */
export function drawText(formula: Formula, point?: Point): string {
  const lines: string[] = [];
  const visit = (node: ResolvedNode, first: string, rest: string): void => {
    const { title, note } = labelNode(node, point);
    lines.push(first + title + (note ? `   ${note}` : ""));
    node.children.forEach((child, i) => {
      const last = i === node.children.length - 1;
      visit(child, rest + (last ? "└─ " : "├─ "), rest + (last ? "   " : "│  "));
    });
  };
  visit(resolveNodes(formula), "", "");
  return lines.join("\n") + "\n";
}

/** The formula as a section of Markdown: name, line, tree as nested list, table of parameters. */
export function drawMarkdown(formula: Formula, point?: Point): string {
  const cell = (text: string) => text.replace(/\s+/g, " ").replace(/[\\`*_{}[\]<>|~#]/g, "\\$&");
  const list: string[] = [];
  const visit = (node: ResolvedNode, depth: number): void => {
    const { title, note } = labelNode(node, point);
    const says = node.signal?.description ??
      (node.node.op in COMBINATORS
        ? COMBINATORS[node.node.op as keyof typeof COMBINATORS].description
        : undefined);
    list.push(
      `${"  ".repeat(depth)}- **${cell(title)}**${note ? ` (${cell(note)})` : ""}${
        says ? `: ${cell(says)}` : ""
      }`,
    );
    node.children.forEach((child) => visit(child, depth + 1));
  };
  visit(resolveNodes(formula), 0);
  const rows = searchSpace(formula).map((p) =>
    `| ${cell(p.name)} | ${point ? `${formatNumber(point[p.name] ?? p.default)} | ` : ""}${
      cell(range(p))
    } | ${cell(p.description)} | ${cell(p.layer)} |`
  );
  const head = ["parameter", ...(point ? ["value"] : []), "default and range", "meaning", "layer"];
  return [
    `### ${cell(formula.name)}`,
    "",
    cell(formula.description),
    "",
    "```text",
    printFormula(formula, point),
    "```",
    "",
    ...list,
    "",
    `| ${head.join(" | ")} |`,
    `|${" --- |".repeat(head.length)}`,
    ...rows,
    "",
  ].join("\n");
}

const COLUMN = 250, ROW = 46, BOX = 34, GAP = 34, SIZE = 12;

/**
 * The formula as a standalone SVG drawing, the root at the left, a row a leaf.
 *
 * Ink is `currentColor`, which follows the page's text where the drawing is inlined, with a mid grey for where it is an image; the
 * ground is transparent. All text is escaped.
 */
export function drawSvg(formula: Formula, point?: Point): string {
  const shapes: string[] = [];
  let leaves = 0, deepest = 0;
  const visit = (node: ResolvedNode, depth: number): number => {
    deepest = Math.max(deepest, depth);
    const x = 10 + depth * (COLUMN + GAP);
    const below = node.children.map((child) => visit(child, depth + 1));
    const y = below.length > 0 ? (below[0]! + below.at(-1)!) / 2 : 10 + ROW * leaves++ + ROW / 2;
    for (const end of below) {
      const from = x + COLUMN, bend = from + GAP / 2;
      shapes.push(
        `<path d="M${from} ${y}C${bend} ${y} ${bend} ${end} ${
          from + GAP
        } ${end}" fill="none" stroke="currentColor" stroke-opacity=".45"/>`,
      );
    }
    const { title, note } = labelNode(node, point);
    const middle = x + 8;
    shapes.push(
      `<g><title>${escapeXml(node.signal?.description ?? node.node.op)}</title>` +
        `<rect x="${x}" y="${y - BOX / 2}" width="${COLUMN}" height="${BOX}" rx="${node.signal ? 4 : 15}" ` +
        `fill="currentColor" fill-opacity="${
          node.signal ? ".05" : ".11"
        }" stroke="currentColor" stroke-opacity=".55"/>` +
        `<text x="${middle}" y="${note ? y - 2 : y + 4}" font-size="${SIZE}" font-weight="600">${
          escapeXml(shorten(title, SIZE))
        }</text>` +
        (note
          ? `<text x="${middle}" y="${y + 12}" font-size="${SIZE - 2}" fill-opacity=".75">${
            escapeXml(shorten(note, SIZE - 2))
          }</text>`
          : "") +
        `</g>`,
    );
    return y;
  };
  visit(resolveNodes(formula), 0);
  const width = 20 + (deepest + 1) * COLUMN + deepest * GAP, height = 20 + leaves * ROW;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `role="img" aria-label="${escapeXml(`formula ${formula.name}`)}" ` +
    `style="color:var(--figure-ink,#808080);fill:currentColor;font-family:system-ui,sans-serif;max-width:100%;height:auto">` +
    `${shapes.join("")}</svg>`;
}

/** Shortens text to the width of a box; 0.56 em is the mean advance of the fonts used. */
function shorten(text: string, size: number): string {
  const room = Math.floor((COLUMN - 16) / (size * 0.56));
  return text.length <= room ? text : text.slice(0, room - 1) + "…";
}

const XML: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeXml(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "").replace(/[&<>"']/g, (c) => XML[c]!);
}
