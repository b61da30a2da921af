/** A Plot figure (title, legends, chart, caption, as HTML elements) becomes the content of one SVG. */
import { escapeHtml } from "./escape.ts";
import { FIGURE_FONT_SIZE, textWidth, wrapText } from "./svg.ts";

/** The content of an SVG and its size in pixels. */
export interface SvgContent {
  readonly content: string;
  readonly width: number;
  readonly height: number;
}

const SWATCH = 15;
const LABEL_SIZE = FIGURE_FONT_SIZE;

/**
 * Composes what `Plot.plot` returned: a bare SVG, or a figure whose children are stacked in their order.
 *
 * @throws {TypeError} when there is no SVG in it
 */
export function composeSvg(element: Element): SvgContent {
  if (tagOf(element) === "svg") {
    return {
      content: nested(element, 0, 0),
      width: sizeOf(element, "width"),
      height: sizeOf(element, "height"),
    };
  }
  const children = [...element.children];
  const chart = children.findLast((child) => tagOf(child) === "svg");
  if (!chart) {
    throw new TypeError(`Cannot compose a figure: <${tagOf(element)}> holds no svg, a Plot figure is wanted`);
  }
  const width = sizeOf(chart, "width");
  const stack = new Stack(width);
  for (const child of children) {
    const tag = tagOf(child), text = child.textContent ?? "";
    if (tag === "h2") stack.text(text, 15, 600, 1);
    else if (tag === "h3") stack.text(text, 12, 400, 0.9);
    else if (tag === "figcaption") stack.text(text, 12, 400, 0.9);
    else if (tag === "svg") stack.svg(child, child === chart ? 0 : 12);
    else if (tag === "div") stack.swatches(child);
  }
  return { content: stack.parts.join(""), width, height: stack.y };
}

class Stack {
  y = 0;
  readonly parts: string[] = [];

  constructor(private readonly width: number) {}

  text(text: string, size: number, weight: number, opacity: number): void {
    for (const line of wrapText(text, size, this.width)) {
      this.y += size * 1.35;
      this.parts.push(
        `<text x="0" y="${round(this.y - size * 0.3)}" font-size="${size}" font-weight="${weight}" ` +
          `opacity="${opacity}">${escapeHtml(line)}</text>`,
      );
    }
    this.y += 2;
  }

  svg(svg: Element, x: number): void {
    this.parts.push(nested(svg, x, this.y));
    this.y += sizeOf(svg, "height") + 4;
  }

  /** A legend of Plot's swatches, whose layout is HTML's: set again from left to right. */
  swatches(legend: Element): void {
    let x = 0;
    this.y += 6;
    for (const entry of legend.querySelectorAll("span")) {
      const label = entry.textContent ?? "", swatch = entry.querySelector("svg");
      const width = SWATCH + 6 + textWidth(label, LABEL_SIZE) + 14;
      if (x + width > this.width && x > 0) {
        x = 0;
        this.y += 20;
      }
      if (swatch) this.parts.push(nested(swatch, x, this.y));
      this.parts.push(
        `<text x="${round(x + SWATCH + 6)}" y="${round(this.y + 11)}" font-size="${LABEL_SIZE}">${
          escapeHtml(label)
        }</text>`,
      );
      x += width;
    }
    this.y += 24;
  }
}

const tagOf = (element: Element) => element.tagName.toLowerCase();
const sizeOf = (element: Element, side: "width" | "height") => Number(element.getAttribute(side));
const round = (value: number) => Math.round(value * 10) / 10;

/** An inner svg at a place. Its own style wins over the one Plot's style sheet gives it. */
function nested(svg: Element, x: number, y: number): string {
  const style = [
    svg.getAttribute("style")?.replace(/;?\s*$/, ""),
    `display:inline;max-width:none;height:${sizeOf(svg, "height")}px;overflow:visible`,
  ];
  svg.setAttribute("style", style.filter(Boolean).join(";"));
  return svg.outerHTML.replace("<svg ", `<svg x="${round(x)}" y="${round(y)}" `);
}
