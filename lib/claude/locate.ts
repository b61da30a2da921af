/** Finding the person's own command line of a model. */
import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, isAbsolute, join, sep } from "node:path";
import type { Environment } from "./environment.ts";

/** Where installers put command lines that are not on PATH, below the home folder or absolute. */
const USUAL = [".local/bin", ".claude/local", "/usr/local/bin", ".npm-global/bin"] as const;

/** Options of {@link locateProgram}. */
export interface LocateOptions {
  /** Environment whose PATH, HOME and RIPMAP_LAB_CLI_DIR are read */
  readonly environment: Environment;
  /** An explicit file, instead of looking */
  readonly bin?: string | undefined;
  /** Folders whose programs are ignored: repositories under study must not supply the model */
  readonly notInside?: readonly string[] | undefined;
}

/**
 * Absolute path of the program, or undefined when there is none that may be run.
 *
 * PATH first (relative entries are ignored), then the usual places. Where RIPMAP_LAB_CLI_DIR is set, only that folder is
 * searched and only files in it may be named: this is how tests make sure that no real model can be started.
 */
export function locateProgram(name: string, options: LocateOptions): string | undefined {
  const { environment, bin } = options;
  const only = environment.RIPMAP_LAB_CLI_DIR;
  const suffixes = Deno.build.os === "windows" ? [".exe"] : [""];
  const home = environment.HOME ?? environment.USERPROFILE ?? "";
  const folders = only !== undefined ? [only] : [
    ...(environment.PATH ?? "").split(delimiter),
    ...USUAL.map((place) => isAbsolute(place) ? place : join(home, place)),
  ];
  const candidates = bin !== undefined
    ? [bin]
    : folders.flatMap((folder) => suffixes.map((suffix) => join(folder, name + suffix)));
  return candidates.find((file) =>
    isAbsolute(file) && isProgram(file) && (only === undefined || isInside(file, only)) &&
    !(options.notInside ?? []).some((folder) => isInside(file, folder))
  );
}

/** An executable file that can be started without a shell. */
function isProgram(file: string): boolean {
  if (/\.(?:cmd|bat|ps1)$/i.test(file)) return false;
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function isInside(file: string, folder: string): boolean {
  try {
    const root = realpathSync(folder) + sep;
    return realpathSync(file).startsWith(root) || file.startsWith(root);
  } catch {
    // A folder that does not exist holds nothing.
    return false;
  }
}
