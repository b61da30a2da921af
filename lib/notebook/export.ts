/** Executed notebooks as files to share: HTML for people, Markdown with its pictures for pull requests. */
import { existsSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import { writeBytesAtomic, writeTextAtomic } from "../base/artefacts.ts";
import { notebookName, readNotebook } from "./document.ts";
import { notebookHtml } from "./html.ts";
import { notebookMarkdown } from "./markdown.ts";
import { provenanceRows } from "./provenance.ts";

/** A page without plotly stays below this; a larger one is reported. */
export const MAX_PAGE_BYTES = 3_000_000;

/** A file that was written. */
export interface ExportedFile {
  readonly file: string;
  readonly bytes: number;
  /** Why it is larger than it should be, or undefined. */
  readonly warning: string | undefined;
}

const PICTURE_TYPES: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".svg": "image/svg+xml",
  ".webp": "image/webp",
};

/**
 * Writes `<name>.html` beside an executed notebook.
 *
 * @param pictures the folder Markdown pictures are relative to. Default: the notebook's
 */
export function exportHtml(executed: string, pictures: string = dirname(executed)): ExportedFile {
  const notebook = readNotebook(executed);
  const html = notebookHtml(notebook, {
    provenance: provenanceRows(executed, notebook),
    picture: (href) => localPicture(pictures, href),
  });
  const file = executed.replace(/\.ipynb$/, ".html");
  writeTextAtomic(file, html);
  const bytes = new TextEncoder().encode(html).length;
  const large = bytes > MAX_PAGE_BYTES;
  const warning = large
    ? `${file} has ${(bytes / 1e6).toFixed(1)} MB, above ${MAX_PAGE_BYTES / 1e6} MB: show less`
    : undefined;
  return { file, bytes, warning };
}

/** Writes `<name>.md` beside an executed notebook, and its pictures into `<name>_files`. */
export function exportMarkdown(executed: string): ExportedFile {
  const folder = `${notebookName(executed)}_files`;
  const markdown = notebookMarkdown(readNotebook(executed), {
    savePicture: (bytes, extension, n) => {
      const name = `${folder}/figure_${n}.${extension}`;
      writeBytesAtomic(join(dirname(executed), name), bytes);
      return name;
    },
  });
  const file = executed.replace(/\.ipynb$/, ".md");
  writeTextAtomic(file, markdown);
  return { file, bytes: new TextEncoder().encode(markdown).length, warning: undefined };
}

/** A picture file as a data URL; undefined for other places, other types and files outside the folder. */
function localPicture(folder: string, href: string): string | undefined {
  const type = PICTURE_TYPES[extname(href).toLowerCase()];
  const file = resolve(folder, decodeURI(href));
  if (!type || /^[a-z]+:/i.test(href) || !file.startsWith(resolve(folder)) || !existsSync(file)) {
    return undefined;
  }
  return `data:${type};base64,${Deno.readFileSync(file).toBase64()}`;
}
