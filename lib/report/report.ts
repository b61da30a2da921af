/** A report: sections of views. One source, written as a page for people and as Markdown for pull requests. */
import { escapeHtml, escapeMarkdown, fence } from "./escape.ts";
import { Figure } from "./figure.ts";
import { type Heading, HeadingIds, page } from "./page.ts";
import { View } from "./view.ts";

/** A paragraph of plain text, or anything that can be seen. */
export type Block = string | View;

/** A titled part of a report. */
export interface ReportSection {
  /** Plain text. */
  readonly title: string;
  readonly blocks: readonly Block[];
  /** Sections within this one, one level deep. */
  readonly sections?: readonly ReportSection[];
}

/** A whole report. */
export interface Report {
  readonly title: string;
  /** The answer in a sentence or two. */
  readonly lead?: string;
  readonly sections: readonly ReportSection[];
  readonly provenance: Readonly<Record<string, string>>;
}

/** Code or logs, kept as they are. */
export function codeView(text: string, language = ""): View {
  return new View({
    html: `<pre style="overflow-x:auto">${escapeHtml(text)}</pre>`,
    pageHtml: `<pre class="source">${escapeHtml(text)}</pre>`,
    text,
    markdown: fence(text, language),
  });
}

/** A list of plain texts. */
export function listView(items: readonly string[]): View {
  return new View({
    html: `<ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join("")}</ul>`,
    text: items.map((item) => `- ${item}`).join("\n"),
    markdown: items.map((item) => `- ${escapeMarkdown(item)}`).join("\n") + "\n",
  });
}

/** Something long that is closed until one opens it. In Markdown it is a `<details>`. */
export function foldedView(summary: string, inner: View): View {
  const wrap = (html: string) => `<details><summary>${escapeHtml(summary)}</summary>${html}</details>`;
  return new View({
    html: wrap(inner.html),
    pageHtml: wrap(inner.pageHtml),
    text: `${summary}\n${inner.text}`,
    markdown: `<details><summary>${escapeHtml(summary)}</summary>\n\n${inner.markdown}\n</details>\n`,
  });
}

/** The report as one HTML document. */
export function reportHtml(report: Report): string {
  const ids = new HeadingIds();
  const contents: Heading[] = [];
  const body = report.sections.map((section) => sectionHtml(section, 2, ids, contents)).join("\n");
  return page({
    title: report.title,
    ...(report.lead !== undefined ? { lead: report.lead } : {}),
    body,
    contents,
    provenance: report.provenance,
    scripts: body.includes("<script"),
  });
}

function sectionHtml(section: ReportSection, level: 2 | 3, ids: HeadingIds, contents: Heading[]): string {
  const id = ids.next(section.title);
  contents.push({ id, title: section.title, level });
  const blocks = section.blocks.map((block) =>
    typeof block === "string" ? `<p>${escapeHtml(block)}</p>` : `<div class="output">${block.pageHtml}</div>`
  );
  const inner = (section.sections ?? []).map((s) => sectionHtml(s, 3, ids, contents));
  return `<section><h${level} id="${escapeHtml(id)}">${escapeHtml(section.title)}</h${level}>\n${
    [...blocks, ...inner].join("\n")
  }</section>`;
}

/** Options of {@link reportMarkdown}. */
export interface MarkdownOptions {
  /**
   * Saves the n-th figure (from 1) and returns the link to it. Without it figures are given by their alt text, because
   * hosts strip data URLs.
   */
  saveFigure?: (figure: Figure, n: number) => string;
}

/** The report as Markdown. */
export function reportMarkdown(report: Report, options: MarkdownOptions = {}): string {
  let figures = 0;
  const block = (item: Block): string => {
    if (typeof item === "string") return `${escapeMarkdown(item)}\n`;
    if (item instanceof Figure && options.saveFigure) {
      return `![${escapeMarkdown(item.alt)}](${options.saveFigure(item, ++figures)})\n`;
    }
    return item.markdown;
  };
  const section = (s: ReportSection, depth: number): string[] => [
    `${"#".repeat(depth)} ${escapeMarkdown(s.title)}\n`,
    ...s.blocks.map(block),
    ...(s.sections ?? []).flatMap((inner) => section(inner, depth + 1)),
  ];
  const provenance = Object.entries(report.provenance).map(([name, value]) =>
    `- ${escapeMarkdown(name)}: ${escapeMarkdown(value)}`
  );
  return [
    `# ${escapeMarkdown(report.title)}\n`,
    ...(report.lead ? [`${escapeMarkdown(report.lead)}\n`] : []),
    ...report.sections.flatMap((s) => section(s, 2)),
    ...(provenance.length ? ["---\n", `${provenance.join("\n")}\n`] : []),
  ].join("\n");
}
