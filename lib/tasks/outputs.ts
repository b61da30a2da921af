/** Where a task is asked to write, looked at before it begins: an hour's work is not to end at a folder's name. */
import { dirname, resolve } from "node:path";

/** Why a path cannot be written as a file, or as a folder; undefined where it can, and where none is named. */
export function outputFault(path: string | undefined, as: "file" | "folder"): string | undefined {
  if (path === undefined) return undefined;
  if (path === "") return `nothing is named: the ${as} to write is wanted`;
  const there = kindOf(path);
  if (as === "file" && there === undefined && path.endsWith("/")) {
    return `${path} is the name of a folder: a file is wanted`;
  }
  if (there !== undefined && there !== as) return `${path} is a ${there}: a ${as} is wanted`;
  for (let above = dirname(resolve(path)); there === undefined; above = dirname(above)) {
    const kind = kindOf(above);
    if (kind === "file") return `${path} cannot be made: ${above} is a file`;
    if (kind === "folder" || above === dirname(above)) break;
  }
  return undefined;
}

/** What stands at a path. Special files, such as /dev/stdout, are written to as files. */
function kindOf(path: string): "file" | "folder" | undefined {
  try {
    return Deno.statSync(path).isDirectory ? "folder" : "file";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return undefined;
    throw error;
  }
}
