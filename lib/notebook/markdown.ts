/** An executed notebook as Markdown for a pull request. */
import { fence } from "../report/escape.ts";
import { stripAnsi } from "./ansi.ts";
import { type CellOutput, cellTags, type NotebookDocument, wholeText } from "./document.ts";

/** Options of {@link notebookMarkdown}. */
export interface NotebookMarkdownOptions {
  /** Saves the n-th picture (from 1) and returns the link to it. Without it a picture is given by its alt text. */
  savePicture?: (bytes: Uint8Array, extension: "svg" | "png", n: number) => string;
  /** Lines of a stream that are kept. Default 30; the rest is counted. */
  maxStreamLines?: number;
}

/** Writes the notebook: prose as it is, code folded, outputs as Markdown where they have it, else as text. */
export function notebookMarkdown(notebook: NotebookDocument, options: NotebookMarkdownOptions = {}): string {
  let pictures = 0;
  const save = (base64: string, extension: "svg" | "png") =>
    options.savePicture?.(Uint8Array.fromBase64(base64.replace(/\s/g, "")), extension, ++pictures);
  const parts = notebook.cells.flatMap((cell) => {
    const tags = cellTags(cell), source = wholeText(cell.source);
    if (tags.includes("remove-cell") || cell.cell_type === "raw") return [];
    if (cell.cell_type === "markdown") return [source.trimEnd() + "\n"];
    const code = tags.includes("remove-input") || source.trim() === ""
      ? []
      : [`<details><summary>Code</summary>\n\n${fence(source, "ts")}\n</details>\n`];
    const outputs = tags.includes("remove-output") ? [] : cell.outputs ?? [];
    return [...code, ...outputs.map((output) => outputMarkdown(output, save, options.maxStreamLines ?? 30))];
  });
  return parts.filter(Boolean).join("\n");
}

const PICTURE = /<img\b[^>]*?alt="([^"]*)"[^>]*?src="data:image\/svg\+xml;base64,([^"]+)"/;

function outputMarkdown(
  output: CellOutput,
  save: (base64: string, extension: "svg" | "png") => string | undefined,
  maxLines: number,
): string {
  if (output.output_type === "stream") return fence(firstLines(stripAnsi(wholeText(output.text)), maxLines));
  if (output.output_type === "error") return fence(`${output.ename}: ${stripAnsi(output.evalue)}`);
  const text = (mime: string) => {
    const value = output.data[mime];
    return typeof value === "string" || Array.isArray(value)
      ? wholeText(value as string | string[])
      : undefined;
  };
  const picture = PICTURE.exec(text("text/html") ?? "");
  const link = picture ? save(picture[2]!, "svg") : undefined;
  if (link) return `![${picture![1]!}](${link})\n`;
  const png = text("image/png");
  const pngLink = png ? save(png, "png") : undefined;
  if (pngLink) return `![](${pngLink})\n`;
  const markdown = text("text/markdown");
  if (markdown !== undefined) return markdown;
  const plain = text("text/plain");
  return plain === undefined ? "" : fence(firstLines(stripAnsi(plain), maxLines));
}

function firstLines(text: string, max: number): string {
  const lines = text.trimEnd().split("\n");
  if (lines.length <= max) return lines.join("\n");
  return [...lines.slice(0, max), `… ${lines.length - max} more lines`].join("\n");
}
