/** The git filter that strips notebooks on their way into the index; the work tree keeps its outputs. */
import { join } from "node:path";
import { runGit } from "../repo/git.ts";

/** The filter's name in `.gitattributes` and in git's configuration. */
export const FILTER_NAME = "ripmap-notebook";
/** The line of `.gitattributes` that applies it. */
export const ATTRIBUTE_LINE = `notebooks/*.ipynb filter=${FILTER_NAME}`;

/** What {@link installFilter} changed. */
export interface FilterInstallation {
  /** The command git will run. */
  readonly command: string;
  /** Whether `.gitattributes` had to be written. */
  readonly wroteAttributes: boolean;
}

/**
 * Installs the clean filter in one checkout's own configuration, and the attribute line where it is missing.
 *
 * The command is the running deno binary on the checkout's own script, relative to the root, where git runs filters. It is
 * marked required, so that a broken filter stops `git add` and never lets outputs through.
 * @throws {GitError} when the folder is no git checkout
 */
export async function installFilter(
  root: string,
  deno: string = Deno.execPath(),
): Promise<FilterInstallation> {
  const command = `"${
    deno.replaceAll("\\", "/")
  }" run --quiet --no-lock -A lib/tasks/notebooks_strip.ts --filter`;
  await runGit(root, ["config", "--local", `filter.${FILTER_NAME}.clean`, command]);
  await runGit(root, ["config", "--local", `filter.${FILTER_NAME}.required`, "true"]);
  return { command, wroteAttributes: addAttribute(join(root, ".gitattributes")) };
}

function addAttribute(file: string): boolean {
  let text = "";
  try {
    text = Deno.readTextFileSync(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  if (text.split("\n").some((line) => line.trim() === ATTRIBUTE_LINE)) return false;
  Deno.writeTextFileSync(file, text.replace(/\n?$/, text === "" ? "" : "\n") + ATTRIBUTE_LINE + "\n");
  return true;
}
