/** `deno task docs`: fills the generated parts of the README: the parameter table, and the measured summary. `--check` only compares. */
import { join } from "node:path";
import { writeTextAtomic } from "../base/artefacts.ts";
import { DATA_DIR, PROJECT_ROOT } from "../base/paths.ts";
import { SPEC } from "../formula/builtins.ts";
import { formatNumber } from "../formula/print.ts";
import { searchSpace } from "../formula/parameters.ts";
import { type Command, runCommand } from "./command.ts";

export const DOCS: Command = {
  name: "docs",
  summary: "Fills the generated parts of the README from the code and from data/measured.",
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

if (import.meta.main) {
  await runCommand(DOCS, ({ values }) => {
    const file = join(PROJECT_ROOT, "README.md");
    const before = Deno.readTextFileSync(file), after = renderReadme(before);
    if (before === after) return Promise.resolve({ json: { fresh: true }, text: "README.md is up to date" });
    if (values["check"]) {
      return Promise.resolve({
        json: { fresh: false },
        text: "README.md is out of date: run deno task docs",
        exitCode: 1,
      });
    }
    writeTextAtomic(file, after);
    return Promise.resolve({ json: { fresh: false, written: "README.md" }, text: "README.md written" });
  });
}
