/** A report as its three files: page, Markdown, and the figures the Markdown links to. */
import { join } from "node:path";
import { writeTextAtomic } from "../base/artefacts.ts";
import { type Report, reportHtml, reportMarkdown } from "../report/report.ts";

/** Writes NAME.html, NAME.md and figures/NAME-N.svg into a folder. @returns the paths of page and Markdown */
export function writeReportFiles(
  dir: string,
  name: string,
  report: Report,
): { html: string; markdown: string } {
  const html = join(dir, `${name}.html`), markdown = join(dir, `${name}.md`);
  writeTextAtomic(html, reportHtml(report));
  writeTextAtomic(
    markdown,
    reportMarkdown(report, {
      saveFigure: (figure, n) => {
        const file = `figures/${name}-${n}.svg`;
        writeTextAtomic(join(dir, file), figure.svg);
        return file;
      },
    }),
  );
  return { html, markdown };
}
