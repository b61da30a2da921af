/** `deno task docs`: fills the generated parts of the README and writes the pages of languages and views. `--check` only compares. */
import { join } from "node:path";
import { writeTextAtomic } from "../base/artefacts.ts";
import { DATA_DIR, PROJECT_ROOT } from "../base/paths.ts";
import { SPEC } from "../formula/builtins.ts";
import { formatNumber } from "../formula/print.ts";
import { searchSpace } from "../formula/parameters.ts";
import { viewPage } from "../scratchpad/view_page.ts";
import { languagePage } from "../wisdom/language_page.ts";
import { type Command, runCommand } from "./command.ts";

export const DOCS: Command = {
  name: "docs",
  summary:
    "Fills the generated parts of the README and writes data/languages.md and data/views.md, from the code and from data/measured.",
  options: { check: { type: "boolean", help: "write nothing; fail when something is out of date" } },
  examples: ["deno task docs", "deno task docs --check"],
};

/** The 17 parameters as a Markdown table. */
export function parameterTable(): string {
  const rows = searchSpace(SPEC).map((p) =>
    `| \`${p.name}\` | ${formatNumber(p.default)} | ${formatNumber(p.low)} – ${formatNumber(p.high)} | ${
      p.integer ? "whole" : p.scale
    } | ${p.layer} | ${p.description} |`
  );
  return [
    "| parameter | default | range | scale | layer | what it does |",
    "| --- | ---: | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

/** Puts a text between its two markers. @throws {SyntaxError} when the page lacks them */
export function fillMarkers(page: string, name: string, text: string): string {
  const begin = `<!-- ${name}:begin -->`, end = `<!-- ${name}:end -->`;
  const from = page.indexOf(begin), to = page.indexOf(end);
  if (from < 0 || to < from) throw new SyntaxError(`The page lacks the markers ${begin} and ${end}`);
  return page.slice(0, from + begin.length) + "\n" + text.trim() + "\n" + page.slice(to);
}

/** The README as it should be. */
export function renderReadme(readme: string): string {
  let measured = "";
  try {
    measured = Deno.readTextFileSync(join(DATA_DIR, "measured", "summary.md"));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return fillMarkers(fillMarkers(readme, "parameters", parameterTable()), "measured", measured);
}

/** Every generated paper: its path from the root, and what it should say. */
export function generatedPapers(): Readonly<Record<string, string>> {
  const readme = Deno.readTextFileSync(join(PROJECT_ROOT, "README.md"));
  return {
    "README.md": renderReadme(readme),
    "data/languages.md": languagePage(),
    "data/views.md": viewPage(),
  };
}

/** The text of a paper; undefined where it is not there yet. */
function standing(name: string): string | undefined {
  try {
    return Deno.readTextFileSync(join(PROJECT_ROOT, name));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

if (import.meta.main) {
  await runCommand(DOCS, ({ values }) => {
    const stale = Object.entries(generatedPapers()).filter(([name, text]) => standing(name) !== text);
    const names = stale.map(([name]) => name), fresh = stale.length === 0;
    if (fresh) return Promise.resolve({ json: { fresh }, text: "every generated paper is up to date" });
    if (values["check"]) {
      return Promise.resolve({
        json: { fresh, stale: names },
        text: `out of date: ${names.join(", ")}; run deno task docs`,
        exitCode: 1,
      });
    }
    for (const [name, text] of stale) writeTextAtomic(join(PROJECT_ROOT, name), text);
    return Promise.resolve({ json: { fresh, written: names }, text: `written: ${names.join(", ")}` });
  });
}
