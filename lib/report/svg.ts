/** Small pieces of SVG text: standalone documents, wrapped lines of text, the data URL of an image. */
import { escapeHtml } from "./escape.ts";
import { NEUTRAL_INK } from "./palette.ts";

/** Fonts of every figure. */
export const FIGURE_FONT = "system-ui,-apple-system,'Segoe UI',sans-serif";

/** Size of axis and legend text in pixels: a figure that a phone shows at half its width can still be read. */
export const FIGURE_FONT_SIZE = 12;

/**
 * Wraps SVG content into a document of its own with a transparent ground.
 *
 * Its ink is the page's `--figure-ink` where the SVG stands in one of our pages, and a grey that reads on white and on
 * near-black where it is an image, which cannot know its page.
 */
export function svgDocument(width: number, height: number, alt: string, content: string): string {
  const w = Math.ceil(width), h = Math.ceil(height);
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${w}" height="${h}" ` +
    `viewBox="0 0 ${w} ${h}" role="img" aria-label="${escapeHtml(alt)}" ` +
    `style="color:var(--figure-ink,${NEUTRAL_INK});fill:currentColor;font-family:${FIGURE_FONT};max-width:100%;height:auto">` +
    `${content}</svg>`;
}

/** An SVG document as the source of an image. */
export function svgDataUrl(svg: string): string {
  return `data:image/svg+xml;base64,${new TextEncoder().encode(svg).toBase64()}`;
}

/** An `<img>` of an SVG document: the one form that exports, sanitizers and untrusted notebooks all keep. */
export function svgImage(svg: string, alt: string): string {
  return `<img alt="${escapeHtml(alt)}" style="max-width:100%;height:auto" src="${svgDataUrl(svg)}">`;
}

/** Rough width of text in pixels: the mean advance of the fonts above is 0.55 em. */
export function textWidth(text: string, size: number): number {
  return text.length * size * 0.55;
}

/** Breaks text at spaces into lines of at most `width` pixels; a longer word has a line of its own. */
export function wrapText(text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(`${last} ${word}`, size) <= width) {
      lines[lines.length - 1] += ` ${word}`;
    } else lines.push(word);
  }
  return lines;
}

/** Shortens text to `width` pixels, the middle giving way to "…". */
export function fitText(text: string, size: number, width: number): string {
  const room = Math.max(3, Math.floor(width / (size * 0.55)));
  if (text.length <= room) return text;
  const head = Math.floor((room - 1) / 3);
  return `${text.slice(0, head)}…${text.slice(text.length - (room - 1 - head))}`;
}
