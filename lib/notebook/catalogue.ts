/** Which notebooks there are, and which one a name means. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_ROOT } from "../base/paths.ts";
import { notebookName } from "./document.ts";

/** The committed notebooks, without outputs. */
export const NOTEBOOKS_DIR: string = join(PROJECT_ROOT, "notebooks");

/** Every notebook of a folder by name, sorted: absolute or relative as the folder is. A missing folder has none. */
export function listNotebooks(folder: string = NOTEBOOKS_DIR): string[] {
  if (!existsSync(folder)) return [];
  return [...Deno.readDirSync(folder)]
    .filter((entry) => entry.isFile && entry.name.endsWith(".ipynb") && !entry.name.startsWith("."))
    .map((entry) => join(folder, entry.name))
    .sort();
}

/**
 * The files that names mean: a path, a full name ("02_failure_inspection", with or without ".ipynb"), or a beginning that
 * only one notebook has ("02"). No names: every notebook.
 *
 * @throws {RangeError} for a name that means none or several, with the names there are
 */
export function findNotebooks(names: readonly string[], folder: string = NOTEBOOKS_DIR): string[] {
  const all = listNotebooks(folder);
  if (names.length === 0) return all;
  return names.map((name) => {
    if (name.endsWith(".ipynb") && existsSync(name)) return name;
    const wanted = notebookName(name);
    const exact = all.filter((file) => notebookName(file) === wanted);
    const found = exact.length > 0 ? exact : all.filter((file) => notebookName(file).startsWith(wanted));
    if (found.length === 1) return found[0]!;
    const known = all.map(notebookName).join(", ") || "none";
    throw new RangeError(
      `${found.length === 0 ? "No notebook" : `${found.length} notebooks`} called "${name}" in ${folder}. ` +
        `There are: ${known}`,
    );
  });
}
