/** A report as files: page, Markdown, and the figures the Markdown links to. */
import { basename, dirname, join } from "node:path";
import { writeTextAtomic } from "../base/artefacts.ts";
import { type Report, reportHtml, reportMarkdown } from "../report/report.ts";
import type { Option } from "./command.ts";

/** Option of tasks whose Markdown may be committed: numbers and names of repositories, nothing of their content. */
export const OUT_OPTION: Option = {
  type: "string",
  value: "FILE.md",
  writes: "file",
  help: "write the report's Markdown there too, its figures in figures/ beside it",
};

/** Writes NAME.html, NAME.md and figures/NAME-N.svg into a folder, and the Markdown once more where `out` says. @returns the first two paths */
export function writeReportFiles(
  dir: string,
  name: string,
  report: Report,
  out?: string,
): { html: string; markdown: string } {
  const html = join(dir, `${name}.html`), markdown = join(dir, `${name}.md`);
  writeTextAtomic(html, reportHtml(report));
  for (const file of out === undefined ? [markdown] : [markdown, out]) writeMarkdown(file, report);
  return { html, markdown };
}

function writeMarkdown(file: string, report: Report): void {
  const stem = basename(file, ".md");
  const text = reportMarkdown(report, {
    saveFigure: (figure, n) => {
      const link = `figures/${stem}-${n}.svg`;
      writeTextAtomic(join(dirname(file), link), figure.svg);
      return link;
    },
  });
  writeTextAtomic(file, text);
}
