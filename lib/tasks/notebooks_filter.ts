/** `deno task notebooks:filter`: installs the git filter that keeps outputs out of commits. */
import { PROJECT_ROOT } from "../base/paths.ts";
import { ATTRIBUTE_LINE, installFilter } from "../notebook/filter.ts";
import { warningsFor } from "../notebook/kernelspec.ts";

if (import.meta.main) {
  if (Deno.args.includes("--help")) {
    console.log(
      "deno task notebooks:filter\n\nInstalls the git filter that strips notebooks in this checkout.",
    );
  } else {
    try {
      const { command, wroteAttributes } = await installFilter(PROJECT_ROOT);
      console.error(`git strips notebooks with: ${command}`);
      for (const warning of warningsFor(Deno.execPath())) console.error(`warning: ${warning}`);
      if (wroteAttributes) console.error(`wrote .gitattributes: ${ATTRIBUTE_LINE}`);
    } catch (error) {
      console.error(error instanceof Error ? `error: ${error.message}` : error);
      Deno.exit(2);
    }
  }
}
