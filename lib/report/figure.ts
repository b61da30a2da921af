/** Observable Plot charts as figures: SVG text, an image for notebooks, inline SVG for our own pages. */
import * as Plot from "@observablehq/plot";
import { composeSvg } from "./compose.ts";
import { createDocument } from "./dom.ts";
import { escapeHtml, escapeMarkdown } from "./escape.ts";
import { CATEGORIES, DIVERGING_STOPS, rampColor, SEQUENTIAL_STOPS } from "./palette.ts";
import { FIGURE_FONT_SIZE, svgDocument, svgImage } from "./svg.ts";
import { View } from "./view.ts";

/** What every figure must say beside its marks. */
export interface FigureText {
  /** What one sees, in a sentence, for those who do not. Not the title again. */
  alt: string;
  title?: string;
  caption?: string;
}

/** A picture with its text. `svg` is a document of its own. */
export class Figure extends View {
  constructor(readonly svg: string, readonly width: number, readonly height: number, readonly alt: string) {
    const image = svgImage(svg, alt);
    super({
      html: image,
      pageHtml: `<figure>${svg}</figure>`,
      text: `[figure: ${alt}]`,
      markdown: `*Figure: ${escapeMarkdown(alt)}*\n`,
    });
  }
}

let shared: Document | undefined;

/**
 * Renders Plot options.
 *
 * Where the options name no colours the figure has the kit's: Okabe-Ito categories, blue to yellow for quantities, blue to
 * vermilion for diverging ones. The ground is transparent and the ink neutral, so that it reads on light and dark pages.
 * @throws {TypeError} without alt text
 */
export function figure(options: Plot.PlotOptions, text: FigureText): Figure {
  requireAlt(text.alt);
  const document = shared ??= createDocument();
  const chosen = {
    // Room for an axis label clear of its ticks at this size of letters.
    marginTop: 26,
    marginBottom: 42,
    ...options,
    ...(text.title !== undefined ? { title: text.title } : {}),
    ...(text.caption !== undefined ? { caption: text.caption } : {}),
    style: {
      background: "transparent",
      "--plot-background": "transparent",
      fontSize: `${FIGURE_FONT_SIZE}px`,
      ...styleObject(options.style),
    },
    document,
  } as Plot.PlotOptions;
  let chart = Plot.plot(chosen);
  const color = options.color ?? {};
  if (color.scheme === undefined && color.range === undefined && color.interpolate === undefined) {
    const safe = safeColors(chart.scale("color")?.type ?? undefined);
    if (safe) chart = Plot.plot({ ...chosen, color: { ...color, ...safe } });
  }
  return figureOfElement(chart, text);
}

/** Renders an element that Plot made with a document of its own. @throws {TypeError} without alt text or svg */
export function figureOfElement(element: Element, text: FigureText): Figure {
  requireAlt(text.alt);
  const { content, width, height } = composeSvg(element);
  return new Figure(
    svgDocument(width, height, text.alt, content),
    Math.ceil(width),
    Math.ceil(height),
    text.alt,
  );
}

/** Makes a figure of SVG content drawn by hand. @throws {TypeError} without alt text */
export function figureOfSvg(content: string, width: number, height: number, text: FigureText): Figure {
  requireAlt(text.alt);
  const top = text.title ? 22 : 0;
  const bottom = text.caption ? 20 : 0;
  const label = (y: number, size: number, weight: number, words: string) =>
    `<text x="0" y="${y}" font-size="${size}" font-weight="${weight}">${escapeHtml(words)}</text>`;
  const whole = (text.title ? label(15, 15, 600, text.title) : "") +
    `<g transform="translate(0,${top})">${content}</g>` +
    (text.caption ? label(top + height + 14, 11, 400, text.caption) : "");
  const tall = height + top + bottom;
  return new Figure(svgDocument(width, tall, text.alt, whole), Math.ceil(width), Math.ceil(tall), text.alt);
}

function requireAlt(alt: string | undefined): void {
  if (typeof alt === "string" && alt.trim() !== "") return;
  throw new TypeError(
    `Cannot show a figure without alt text (found ${JSON.stringify(alt)}). ` +
      `Say in a sentence what one sees: show(x, { alt: "NDCG rises with alpha up to 0.9" })`,
  );
}

function safeColors(type: string | undefined): Plot.ScaleOptions | undefined {
  if (type === undefined || type === "identity") return undefined;
  if (type.startsWith("diverging")) return { interpolate: (t: number) => rampColor(t, DIVERGING_STOPS) };
  if (type === "ordinal" || type === "categorical") return { range: [...CATEGORIES] };
  return { interpolate: (t: number) => rampColor(t, SEQUENTIAL_STOPS) };
}

/** Plot takes a style as an object or as CSS text; a text is read into an object. */
function styleObject(style: Plot.PlotOptions["style"]): Record<string, unknown> {
  if (typeof style !== "string") return { ...(style as Record<string, unknown> | null | undefined) };
  return Object.fromEntries(
    style.split(";").map((rule) => rule.split(/:(.*)/s).map((part) => part.trim())).filter(([name]) => name)
      .map(([name, value]) => [name!, value]),
  );
}
