/** `deno task notebooks:check`: types, lint, formatting, conventions and stripped outputs of notebooks. */
import { parseArgs } from "node:util";
import { isFormatted } from "../notebook/formatting.ts";
import { findNotebooks, NOTEBOOKS_DIR } from "../notebook/catalogue.ts";
import { counted } from "../report/values.ts";
import { checkNotebooks, formatProblem } from "../notebook/check.ts";

const HELP = `deno task notebooks:check [NAME…] [--dir DIR] [--allow-outputs] [--help]

Type-checks and lints notebooks cell by cell, and compares their formatting; says notebook, cell, line and column. Exit code 1 when something is wrong.
  --allow-outputs   do not complain about outputs in the files (a work tree you are working in has them)
`;

if (import.meta.main) {
  try {
    const { values, positionals } = parseArgs({
      args: Deno.args,
      allowPositionals: true,
      options: {
        dir: { type: "string", default: NOTEBOOKS_DIR },
        "allow-outputs": { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) console.log(HELP);
    else {
      const files = findNotebooks(positionals, values.dir);
      const problems = await checkNotebooks(files, { stripped: !values["allow-outputs"] });
      for (const problem of problems) console.error(formatProblem(problem));
      const unformatted: string[] = [];
      for (const file of files) if (!await isFormatted(Deno.readTextFileSync(file))) unformatted.push(file);
      for (const file of unformatted) {
        console.error(`${file}: not formatted; run deno fmt --no-config --line-width 110 ${file}`);
      }
      console.error(
        `${counted(files.length, "notebook")}, ${counted(problems.length + unformatted.length, "problem")}`,
      );
      if (problems.length + unformatted.length > 0) Deno.exit(1);
    }
  } catch (error) {
    console.error(error instanceof Error ? `error: ${error.message}` : error);
    Deno.exit(2);
  }
}
