/** An executed notebook as one self-contained HTML file: code folded, outputs open, mathematics as MathML. */
import { escapeHtml } from "../report/escape.ts";
import { page } from "../report/page.ts";
import { ansiHtml } from "./ansi.ts";
import {
  type CellOutput,
  cellTags,
  type NotebookCell,
  type NotebookDocument,
  notebookTitle,
  wholeText,
} from "./document.ts";
import { highlightCode } from "./highlight.ts";
import { type PictureSource, Prose } from "./prose.ts";

/** Options of {@link notebookHtml}. */
export interface HtmlOptions {
  /** Default: the first level-1 heading, else "Notebook". */
  title?: string;
  /** Footer: name and value. */
  provenance?: Readonly<Record<string, string>>;
  /** Pictures that Markdown cells name. Default: none can be had. */
  picture?: PictureSource;
  /** Shows the code instead of folding it. Default false. */
  openCode?: boolean;
}

/** MIME types from best to worst for a page. A plotly figure has its HTML. */
const ORDER = [
  "text/html",
  "image/svg+xml",
  "image/png",
  "image/jpeg",
  "text/markdown",
  "text/latex",
  "application/json",
  "text/plain",
];

/**
 * Renders a notebook as it is; outputs are not checked. Cells tagged `remove-cell`, `remove-input`, `remove-output` and
 * `hide-input` are honoured.
 *
 * HTML outputs are the notebook's own and stand as they are; the page's policy forbids requests, and scripts unless an output
 * brings one.
 */
export function notebookHtml(notebook: NotebookDocument, options: HtmlOptions = {}): string {
  const prose = new Prose(options.picture ?? (() => undefined));
  const body = notebook.cells.map((cell) => cellHtml(cell, prose, options.openCode ?? false)).join("\n");
  return page({
    title: options.title ?? notebookTitle(notebook) ?? "Notebook",
    body,
    contents: prose.headings,
    ...(options.provenance ? { provenance: options.provenance } : {}),
    scripts: body.includes("<script"),
  });
}

function cellHtml(cell: NotebookCell, prose: Prose, openCode: boolean): string {
  const tags = cellTags(cell), source = wholeText(cell.source);
  if (tags.includes("remove-cell") || cell.cell_type === "raw") return "";
  if (cell.cell_type === "markdown") return `<div class="prose">${prose.render(source)}</div>`;
  const open = openCode && !tags.includes("hide-input") ? " open" : "";
  const label = cell.execution_count ? `Code [${cell.execution_count}]` : "Code";
  const input = tags.includes("remove-input") || source.trim() === ""
    ? ""
    : `<details class="code"${open}><summary>${label}</summary>` +
      `<pre class="source"><code>${highlightCode(source, "typescript")}</code></pre></details>`;
  const outputs = tags.includes("remove-output")
    ? ""
    : (cell.outputs ?? []).map((o) => outputHtml(o, prose)).join("\n");
  return input + outputs;
}

function outputHtml(output: CellOutput, prose: Prose): string {
  if (output.output_type === "stream") {
    const loud = output.name === "stderr" ? " stderr" : "";
    return `<pre class="stream${loud}" tabindex="0">${ansiHtml(wholeText(output.text))}</pre>`;
  }
  if (output.output_type === "error") {
    const text = output.traceback.join("\n").trim() || `${output.ename}: ${output.evalue}`;
    return `<pre class="error">${ansiHtml(text)}</pre>`;
  }
  const mime = ORDER.find((type) => type in output.data);
  if (!mime) return "";
  const value = output.data[mime];
  if (mime === "application/json") return `<pre>${escapeHtml(JSON.stringify(value, null, 2))}</pre>`;
  const text = wholeText(value as string | string[]);
  switch (mime) {
    case "text/html":
      return `<div class="output">${inlineFigures(text)}</div>`;
    case "image/svg+xml":
      return `<div class="output"><figure>${text}</figure></div>`;
    case "image/png":
    case "image/jpeg":
      return `<div class="output"><img alt="" src="data:${mime};base64,${text.replace(/\s/g, "")}"></div>`;
    case "text/markdown":
    case "text/latex":
      return `<div class="prose">${prose.render(text)}</div>`;
    default:
      return `<pre>${ansiHtml(text)}</pre>`;
  }
}

const FIGURE = /<img alt="[^"]*"[^>]*? src="data:image\/svg\+xml;base64,([A-Za-z0-9+/=]+)">/g;

/** Figures of `show()` leave their image and stand in the page, where they take its ink. */
function inlineFigures(html: string): string {
  return html.replace(
    FIGURE,
    (_image, base64: string) => `<figure>${new TextDecoder().decode(Uint8Array.fromBase64(base64))}</figure>`,
  );
}
