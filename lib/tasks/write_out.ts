/** Writing to the file that `--out` names. */
import { UsageError } from "./command.ts";

/** Writes to the file wanted. @throws {UsageError} where none can be written, with nothing left behind */
export function writeOut(out: string, write: (file: string) => void): void {
  const wanted = "the name of a file that can be written is wanted";
  if (out === "" || isFolder(out)) {
    throw new UsageError(`--out: ${out === "" ? "the name is empty" : `${out} is a folder`}; ${wanted}`);
  }
  try {
    write(out);
  } catch (cause) {
    const { NotFound, NotADirectory, AlreadyExists, PermissionDenied } = Deno.errors;
    const { message } = cause as Error;
    const unwritable = [NotFound, NotADirectory, AlreadyExists, PermissionDenied].some((type) =>
      cause instanceof type
    ) || /name too long/i.test(message);
    throw unwritable
      ? new UsageError(`--out: ${out} cannot be written (${message}); ${wanted}`, { cause })
      : cause;
  }
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    // Writing tells better than this what is wrong with a path that leads nowhere.
    return path.endsWith("/");
  }
}
