/** Plotly figures where hover and zoom matter: the MIME type for front ends that know it, HTML with a script for the rest. */
import { gzipSync } from "node:zlib";
import { createRequire } from "node:module";
import { contentHash } from "../base/canonical.ts";
import { escapeHtml, escapeMarkdown } from "./escape.ts";
import { CATEGORIES, NEUTRAL_INK } from "./palette.ts";
import { View } from "./view.ts";

/** A Plotly figure as its JSON schema has it. */
export interface PlotlyFigure {
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly layout?: Readonly<Record<string, unknown>>;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** Whether a value is a Plotly figure: `data` is a list of objects, and `layout` or a trace `type` is there. */
export function isPlotlyFigure(value: unknown): value is PlotlyFigure {
  if (typeof value !== "object" || value === null || !Array.isArray((value as PlotlyFigure).data)) {
    return false;
  }
  const { data, layout } = value as PlotlyFigure;
  return data.every((trace) => typeof trace === "object" && trace !== null) &&
    (typeof layout === "object" || data.some((trace) => typeof trace.type === "string"));
}

/**
 * The library itself (cartesian bundle, gzipped, about 0.65 MB), to be shown once a notebook. Figures on the same page wait
 * for it. No network.
 */
export async function plotlyInit(): Promise<View> {
  const file = createRequire(import.meta.url).resolve("plotly.js-cartesian-dist-min");
  const packed = gzipSync(await Deno.readFile(file), { level: 9 }).toString("base64");
  const script = `(async () => {
if (window.Plotly) return;
const bytes = Uint8Array.from(atob("${packed}"), (c) => c.charCodeAt(0));
const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
const element = document.createElement("script");
element.textContent = await new Response(stream).text();
document.head.appendChild(element);
})();`;
  const size = `${Math.round(packed.length / 1024)} KB`;
  return new View({
    html: `<script>${script}</script><small style="opacity:.8">Plotly embedded (${size})</small>`,
    text: `[Plotly embedded, ${size}]`,
  });
}

const AXIS = { gridcolor: "rgba(128,128,128,0.3)", zerolinecolor: "rgba(128,128,128,0.6)" };

/** Reads on light and on dark; a figure's own layout wins over it, member by member. */
const TEMPLATE = {
  paper_bgcolor: "rgba(0,0,0,0)",
  plot_bgcolor: "rgba(0,0,0,0)",
  font: { color: NEUTRAL_INK },
  colorway: CATEGORIES,
  xaxis: AXIS,
  yaxis: AXIS,
};

let figures = 0;

/**
 * Renders a figure. Its ground is transparent and its ink neutral unless the layout says otherwise.
 *
 * @param alt what one sees, in a sentence; also what stands there without scripts
 * @throws {TypeError} without alt text, or for values JSON cannot write (NaN: use null for a gap)
 */
export function plotlyView(figure: PlotlyFigure, alt: string): View {
  if (!alt?.trim()) throw new TypeError(`Cannot show a Plotly figure without alt text: give { alt: "…" }`);
  const layout = {
    height: 380,
    margin: { t: 40, r: 20 },
    template: { layout: TEMPLATE },
    ...figure.layout,
  };
  const config = { responsive: true, displaylogo: false, ...figure.config };
  const whole = { data: figure.data, layout, config };
  const id = `plotly-${contentHash(whole).slice(0, 12)}-${++figures}`;
  const json = JSON.stringify(whole).replace(/</g, "\\u003c").replace(/[\u2028\u2029]/g, " ");
  const html =
    `<div id="${id}" role="img" aria-label="${escapeHtml(alt)}" style="min-height:${
      Number(layout.height)
    }px">` +
    `<noscript>${escapeHtml(alt)} (interactive: needs scripts)</noscript></div><script>(() => {
const figure = ${json};
let tries = 200;
const draw = () => {
  const element = document.getElementById("${id}");
  if (window.Plotly && element) Plotly.newPlot(element, figure.data, figure.layout, figure.config);
  else if (tries-- > 0) setTimeout(draw, 100);
  else if (element) element.textContent = "Plotly is not loaded: run the cell that shows plotlyInit(), and trust the notebook.";
};
draw();
})();</script>`;
  return new View({
    html,
    text: `[interactive figure: ${alt}]`,
    markdown: `*Interactive figure: ${escapeMarkdown(alt)}*\n`,
    data: { "application/vnd.plotly.v1+json": whole },
  });
}
