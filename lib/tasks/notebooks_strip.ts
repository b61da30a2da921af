/** `deno task notebooks:strip`: takes outputs out of notebooks, or is the git filter that does. */
import { parseArgs } from "node:util";
import { findNotebooks, NOTEBOOKS_DIR } from "../notebook/catalogue.ts";
import { writeTextAtomic } from "../base/artefacts.ts";
import { counted } from "../report/values.ts";
import { stripText } from "../notebook/strip.ts";

const HELP = `deno task notebooks:strip [NAME…] [--dir DIR] [--filter] [--help]

Takes outputs, counts and volatile metadata out of notebooks. Cells tagged keep-output keep theirs.
  --filter   read a notebook from stdin, write it stripped to stdout: what git runs (deno task notebooks:filter installs it)
`;

if (import.meta.main) {
  try {
    const { values, positionals } = parseArgs({
      args: Deno.args,
      allowPositionals: true,
      options: {
        dir: { type: "string", default: NOTEBOOKS_DIR },
        filter: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) console.log(HELP);
    else if (values.filter) await filter();
    else strip(findNotebooks(positionals, values.dir));
  } catch (error) {
    console.error(error instanceof Error ? `error: ${error.message}` : error);
    Deno.exit(2);
  }
}

/** What git hands over that is no notebook goes through unchanged, with a word on stderr. */
async function filter(): Promise<void> {
  const text = await new Response(Deno.stdin.readable).text();
  let stripped: string;
  try {
    stripped = stripText(text);
  } catch (error) {
    console.error(
      `notebook filter: left as it is, not a notebook (${(error as Error).message.split("\n")[0]})`,
    );
    stripped = text;
  }
  await new Blob([stripped]).stream().pipeTo(Deno.stdout.writable);
}

function strip(files: readonly string[]): void {
  let changed = 0;
  for (const file of files) {
    const before = Deno.readTextFileSync(file), after = stripText(before);
    if (before === after) continue;
    writeTextAtomic(file, after);
    console.error(`stripped ${file}: ${before.length} to ${after.length} characters`);
    changed++;
  }
  console.error(`${counted(files.length, "notebook")}, ${changed} stripped`);
}
