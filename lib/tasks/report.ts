/** `deno task report`: a study as one self-contained page, and as Markdown. */
import { join } from "node:path";
import { writeTextAtomic } from "../base/artefacts.ts";
import { reportHtml, reportMarkdown } from "../report/report.ts";
import { answer, studyReport } from "../report/study_report.ts";
import { readStudyFacts } from "../study/facts.ts";
import { type Command, runCommand, UsageError } from "./command.ts";

export const REPORT: Command = {
  name: "report",
  summary:
    "Writes a study as one HTML file that opens from disk, offline, and as Markdown for pull requests.",
  positional: "STUDY",
  options: {
    study: { type: "string", value: "NAME", help: "the same as STUDY" },
    out: { type: "string", value: "DIR", writes: "folder", help: "folder to write to (the study's own)" },
  },
  examples: ["deno task report my-project", "deno task report my-project --out /tmp"],
};

/** Writes a study's report. @returns the paths written */
export function writeReport(study: string, out?: string): { html: string; markdown: string; lead: string } {
  const facts = readStudyFacts(study);
  const report = studyReport(facts);
  const html = join(out ?? facts.dir, "report.html"), markdown = join(out ?? facts.dir, "report.md");
  writeTextAtomic(html, reportHtml(report));
  const folder = join(out ?? facts.dir, "figures");
  writeTextAtomic(
    markdown,
    reportMarkdown(report, {
      saveFigure: (figure, n) => {
        writeTextAtomic(join(folder, `figure-${n}.svg`), figure.svg);
        return `figures/figure-${n}.svg`;
      },
    }),
  );
  return { html, markdown, lead: answer(facts) };
}

if (import.meta.main) {
  await runCommand(REPORT, (invocation) => {
    const study = invocation.positionals[0] ?? invocation.values["study"] as string | undefined;
    if (study === undefined) throw new UsageError("no study: name one, as in deno task report my-project");
    const written = writeReport(study, invocation.values["out"] as string | undefined);
    return Promise.resolve({ json: { study, ...written }, text: `${written.lead}\n${written.html}` });
  });
}
