/** `deno task notebooks:check`: types, lint, conventions and stripped outputs of notebooks. */
import { parseArgs } from "node:util";
import { findNotebooks, NOTEBOOKS_DIR } from "../notebook/catalogue.ts";
import { counted } from "../report/values.ts";
import { checkNotebooks, formatProblem } from "../notebook/check.ts";

const HELP = `deno task notebooks:check [NAME…] [--dir DIR] [--allow-outputs] [--help]

Type-checks and lints notebooks cell by cell; says notebook, cell, line and column. Exit code 1 when something is wrong.
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
      console.error(`${counted(files.length, "notebook")}, ${counted(problems.length, "problem")}`);
      if (problems.length > 0) Deno.exit(1);
    }
  } catch (error) {
    console.error(error instanceof Error ? `error: ${error.message}` : error);
    Deno.exit(2);
  }
}
