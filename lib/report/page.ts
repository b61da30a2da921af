/**
 * One self-contained HTML document: title, contents, sections, provenance.
 *
 * It opens from disk and offline: a content security policy forbids every request, and scripts unless they are asked for.
 */
import { escapeHtml } from "./escape.ts";
import { PAGE_STYLE } from "./page_style.ts";

/** An entry of the table of contents. */
export interface Heading {
  /** The id of an element in the body. */
  readonly id: string;
  /** Plain text. */
  readonly title: string;
  /** 2: a section, 3: within one. */
  readonly level: 2 | 3;
}

/** What a page is made of. */
export interface PageParts {
  /** Plain text, as are `lead` and everything in `provenance`. */
  title: string;
  /** One or two sentences under the title. */
  lead?: string;
  /** HTML. Whoever writes it escapes what is untrusted. */
  body: string;
  /** Left out when there are fewer than two. */
  contents?: readonly Heading[];
  /** Where it comes from: name and value, in order. */
  provenance?: Readonly<Record<string, string>>;
  /** Lets inline scripts of the body run. Default false. Requests stay forbidden. */
  scripts?: boolean;
}

/** Writes the document. */
export function page(parts: PageParts): string {
  const contents = parts.contents && parts.contents.length > 1 ? contentsHtml(parts.contents) : "";
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:${
    parts.scripts ? "; script-src 'unsafe-inline' 'unsafe-eval'; worker-src blob:" : ""
  }`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escapeHtml(parts.title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<div class="page${contents ? " with-contents" : ""}">
<header>
<h1>${escapeHtml(parts.title)}</h1>
${parts.lead ? `<p class="lead">${escapeHtml(parts.lead)}</p>` : ""}
</header>
${contents}
<main>
${parts.body}
</main>
${provenanceHtml(parts.provenance ?? {})}
</div>
</body>
</html>
`;
}

function contentsHtml(headings: readonly Heading[]): string {
  const entries = headings.map((heading) =>
    `<li${heading.level === 3 ? ' class="deep"' : ""}><a href="#${escapeHtml(heading.id)}">${
      escapeHtml(heading.title)
    }</a></li>`
  );
  return `<nav class="contents" aria-label="Contents"><details open><summary>Contents</summary><ol>${
    entries.join("")
  }</ol></details></nav>`;
}

function provenanceHtml(provenance: Readonly<Record<string, string>>): string {
  const rows = Object.entries(provenance).map(([name, value]) =>
    `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`
  );
  return rows.length ? `<footer><strong>Provenance</strong><dl>${rows.join("")}</dl></footer>` : "";
}

/** Makes ids for headings: lower-case words joined by "-", numbered when one comes again. */
export class HeadingIds {
  readonly #used = new Map<string, number>();

  /** The id for the next heading of this title. */
  next(title: string): string {
    const base = title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "") || "section";
    const count = (this.#used.get(base) ?? 0) + 1;
    this.#used.set(base, count);
    return count === 1 ? base : `${base}-${count}`;
  }
}
